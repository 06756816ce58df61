/**
 * Sessions of bent HTTP/2 frames against the server's transport, for as long as one likes. Fails when
 * one does, or when the heap has grown once all is over.
 *
 * Usage: `node --conditions=source --import tsx test/fuzz/http2.ts [--minutes=10] [--seed=N]`; with a
 * seed, that session alone.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { runFuzzSession } from "../../packages/server/src/rpc/testing/fuzz-session.ts";

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "10" }, seed: { type: "string" } },
});
/** What is compiled and cached on the way is no leak. */
const WARM_SESSIONS = 2000;
const GROWN_MIB_MAX = 8;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const endMs = Date.now() + Number(values.minutes) * 60_000;
const first = Number(values.seed ?? Date.now() % 2 ** 31);

let sessions = 0;
let current = first;
process.on("uncaughtException", (error) => {
  console.error(`seed ${current} failed; repeat it with --seed=${current}`, error);
  process.exit(1);
});
let warmBytes = heapBytes();
for (let seed = first; ; seed++) {
  current = seed;
  await runFuzzSession(seed);
  sessions += 1;
  if (sessions === WARM_SESSIONS) warmBytes = heapBytes();
  if (values.seed !== undefined || Date.now() >= endMs) break;
}
const grownMiB = (heapBytes() - warmBytes) / 2 ** 20;
console.log(`${sessions} sessions from seed ${first}, heap grown by ${grownMiB.toFixed(1)} MiB`);
if (grownMiB > GROWN_MIB_MAX) process.exitCode = 1;
