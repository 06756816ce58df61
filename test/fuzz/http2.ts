/**
 * Sessions of bent HTTP/2 frames against the server's transport, for as long as one likes.
 *
 * Usage: `node --conditions=source --import tsx test/fuzz/http2.ts [--minutes=10] [--seed=N]`; with a
 * seed, that session alone.
 */
import { parseArgs } from "node:util";
import { runFuzzSession } from "../../packages/server/src/rpc/testing/fuzz-session.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } },
});
const endMs = Date.now() + Number(values.minutes) * 60_000;
const first = Number(values.seed ?? Date.now() % 2 ** 31);

let sessions = 0;
let current = first;
process.on("uncaughtException", (error) => {
  console.error(`seed ${current} failed; repeat it with --seed=${current}`, error);
  process.exit(1);
});
const heapBytes = process.memoryUsage().heapUsed;
for (let seed = first; ; seed++) {
  current = seed;
  await runFuzzSession(seed);
  sessions += 1;
  if (values.seed !== undefined || Date.now() >= endMs) break;
}
const grownMiB = (process.memoryUsage().heapUsed - heapBytes) / 2 ** 20;
console.log(`${sessions} sessions from seed ${first}, heap grown by ${grownMiB.toFixed(1)} MiB`);
