/**
 * Loaded into a server before its own code (`node --import <this>?file=<path>`), where it notes how long
 * the event loop was away. A timer is due every two milliseconds; when it comes late, a line is added
 * to the file:
 *
 *     {"atMs": when it came (Unix), "ms": how late, "waitedMs": of that, runnable but without a CPU}
 *
 * `waitedMs` is the machine's doing, not the server's: the kernel counts it for each thread.
 */
import { appendFileSync, openSync, readSync } from "node:fs";

const PERIOD_MS = 2;
const NOTED_MS = 5;
const NANOS_PER_MS = 1e6;

const file = new URL(import.meta.url).searchParams.get("file");
// The main thread has the number of the process.
const schedstat = openSync(`/proc/self/task/${process.pid}/schedstat`);
const text = Buffer.alloc(128);

/** How long this thread has waited for a CPU so far. */
function waitedMs() {
  const length = readSync(schedstat, text, 0, text.length, 0);
  return Number(text.latin1Slice(0, length).split(" ")[1]) / NANOS_PER_MS;
}

let lastMs = performance.now();
let lastWaitedMs = waitedMs();

setInterval(() => {
  const nowMs = performance.now();
  const nowWaitedMs = waitedMs();
  const late = nowMs - lastMs - PERIOD_MS;
  if (late >= NOTED_MS) {
    const stall = { atMs: Date.now(), ms: late, waitedMs: nowWaitedMs - lastWaitedMs };
    appendFileSync(file, `${JSON.stringify(stall)}\n`);
  }
  lastMs = nowMs;
  lastWaitedMs = nowWaitedMs;
}, PERIOD_MS).unref();
