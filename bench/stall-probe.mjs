/**
 * Loaded into a server before its own code (`node --import <this>?file=<path>`), where it notes how long
 * the event loop was away. A timer is due every two milliseconds; when it comes late, a line is added
 * to the file:
 *
 *     {"atMs": when it came (Unix), "ms": how late, "ranMs": …, "waitedMs": …}
 *
 * since the timer before, the thread ran for `ranMs` and was ready to run without a CPU for `waitedMs`,
 * as the kernel counts it: the latter is the machine's doing, not the server's. What neither explains
 * was spent on the disk, or the machine itself was stopped.
 */
import { appendFileSync, openSync, readSync } from "node:fs";

const PERIOD_MS = 2;
const NOTED_MS = 5;
const NANOS_PER_MS = 1e6;

const file = new URL(import.meta.url).searchParams.get("file");
// The main thread has the number of the process.
const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`);
const text = Buffer.alloc(128);

/** How long this thread has run, and how long it has waited for a CPU, so far. */
function threadTimes() {
  const length = readSync(schedstat, text, 0, text.length, 0);
  const [ran, waited] = text.latin1Slice(0, length).split(" ").map(Number);
  return { ranMs: ran / NANOS_PER_MS, waitedMs: waited / NANOS_PER_MS };
}

function since(before, after) {
  return { ranMs: after.ranMs - before.ranMs, waitedMs: after.waitedMs - before.waitedMs };
}

let lastMs = performance.now();
let last = threadTimes();

setInterval(() => {
  const nowMs = performance.now();
  const now = threadTimes();
  const late = nowMs - lastMs - PERIOD_MS;
  if (late >= NOTED_MS) {
    const stall = { atMs: Date.now(), ms: late, ...since(last, now) };
    appendFileSync(file, `${JSON.stringify(stall)}\n`);
  }
  lastMs = nowMs;
  last = now;
}, PERIOD_MS).unref();
