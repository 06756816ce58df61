import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../raft/messages.ts";
import { type SimClock, SimTime } from "../testing/sim/sim-clock.ts";
import { ApplyQueue, type LongApply } from "./apply-queue.ts";

interface Fixture {
  readonly time: SimTime;
  readonly clock: SimClock;
  readonly queue: ApplyQueue;
  readonly events: string[];
  /** What `onApplied` was told last. */
  readonly applied: { index: number };
  readonly state: { isPaused: boolean; failsAt: number; longAt: number; longFails: boolean };
}

/** Applying an entry takes a millisecond. */
function setUp(): Fixture {
  const time = new SimTime();
  const clock = time.createClock();
  const events: string[] = [];
  const applied = { index: 0 };
  const state = { isPaused: false, failsAt: 0, longAt: 0, longFails: false };
  /** Takes a second. */
  const long = (index: number): LongApply => ({
    run: async () => {
      events.push(`${index} runs`);
      await new Promise<void>((resolve) => void clock.setTimer(1000, resolve));
      if (state.longFails) throw new Error(`no ${index}`);
    },
    finish: () => events.push(String(index)),
  });
  const queue = new ApplyQueue({
    clock,
    apply: ({ index }) => {
      if (index === state.failsAt) throw new Error(`no ${index}`);
      if (index === state.longAt) return long(index);
      clock.work(1);
      events.push(String(index));
      return undefined;
    },
    onApplied: (index) => (applied.index = index),
    isPaused: () => state.isPaused,
    onFatal: (error) => events.push(`fatal: ${(error as Error).message}`),
  });
  return { time, clock, queue, events, state, applied };
}

function entries(from: number, to: number): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    return { term: 1, index: from + i, type: "EntryNormal", data: Buffer.alloc(0) } as const;
  });
}

const range = (from: number, to: number): string[] => entries(from, to).map((e) => String(e.index));

test("what fits a slice is applied at once; the rest later, in order, each entry once", async () => {
  const { queue, events, time } = setUp();
  queue.push(entries(1, 3), () => events.push("first done"));
  assert.deepEqual(events, [...range(1, 3), "first done"]);
  events.length = 0;
  queue.push(entries(4, 103), () => events.push("second done"));
  queue.push(entries(104, 106), () => events.push("third done"));
  assert.ok(events.length < 100, "the event loop is given back");
  await time.run(1_000);
  assert.deepEqual(events, [...range(4, 103), "second done", ...range(104, 106), "third done"]);
  assert.ok(queue.isEmpty);
});

test("long entries are not applied by the dozen before the clock is looked at", () => {
  const { queue, events } = setUp();
  const long = entries(1, 40).map((entry) => ({ ...entry, data: Buffer.alloc(20_000) }));
  queue.push(long, () => undefined);
  assert.equal(events.length, 5, "five milliseconds of entries");
});

test("while a long entry is applied nothing else is, and what is before it counts as applied", async () => {
  const { queue, events, time, state, applied } = setUp();
  state.longAt = 3;
  queue.push(entries(1, 3), () => events.push("first done"));
  queue.push(entries(4, 5), () => events.push("second done"));
  queue.resume();
  assert.deepEqual(events, ["1", "2", "3 runs"]);
  assert.equal(applied.index, 2);
  await time.run(2000);
  assert.deepEqual(events.slice(3), ["3", "first done", "4", "5", "second done"]);
  assert.equal(applied.index, 5);
});

test("a snapshot takes the place of what waits behind a long entry, which goes on to its end", async () => {
  const { queue, events, time, state } = setUp();
  state.longAt = 1;
  queue.push(entries(1, 2), () => events.push("done"));
  queue.skipAll();
  const waiting = queue.longApplied().then(() => events.push("no longer"));
  queue.push(entries(8, 9), () => events.push("new done"));
  await time.run(2000);
  await waiting;
  assert.deepEqual(events.slice(0, 3), ["1 runs", "done", "1"]);
  assert.deepEqual(events.filter((each) => each !== "no longer").slice(3), ["8", "9", "new done"]);
});

test("a long entry is not finished after the queue was stopped; one that fails is fatal", async () => {
  const stopped = setUp();
  stopped.state.longAt = 1;
  stopped.queue.push(entries(1, 2), () => stopped.events.push("done"));
  stopped.queue.stop();
  await stopped.time.run(2000);
  assert.deepEqual(stopped.events, ["1 runs"]);
  const failed = setUp();
  Object.assign(failed.state, { longAt: 1, longFails: true });
  failed.queue.push(entries(1, 2), () => failed.events.push("done"));
  await failed.time.run(2000);
  assert.deepEqual(failed.events, ["1 runs", "fatal: no 1"]);
});

test("nothing is applied while it is paused, and resuming goes on where it was", async () => {
  const { queue, events, time, state } = setUp();
  queue.push(entries(1, 100), () => events.push("done"));
  const applied = events.length;
  state.isPaused = true;
  await time.run(100);
  assert.equal(events.length, applied);
  queue.push(entries(101, 101), () => events.push("done too"));
  assert.equal(events.length, applied);
  state.isPaused = false;
  queue.resume();
  await time.run(1_000);
  assert.deepEqual(events, [...range(1, 100), "done", "101", "done too"]);
});

test("a snapshot takes the place of what is queued: done, and not applied", async () => {
  const { queue, events, time } = setUp();
  queue.push(entries(1, 100), () => events.push("done"));
  const applied = events.length;
  queue.push(entries(101, 102), () => events.push("done too"));
  queue.skipAll();
  assert.deepEqual(events.slice(applied), ["done", "done too"]);
  await time.run(100);
  queue.push(entries(200, 200), () => events.push("done again"));
  assert.deepEqual(events.slice(applied + 2), ["200", "done again"]);
});

test("an entry that cannot be applied ends it; so does stopping", async () => {
  const { queue, events, state, time } = setUp();
  state.failsAt = 2;
  queue.push(entries(1, 3), () => events.push("done"));
  queue.push(entries(4, 4), () => events.push("done"));
  await time.run(100);
  assert.deepEqual(events, ["1", "fatal: no 2"]);
  const other = setUp();
  other.queue.push(entries(1, 100), () => other.events.push("done"));
  other.queue.stop();
  const applied = other.events.length;
  await other.time.run(100);
  assert.equal(other.events.length, applied);
});

test("a long entry that fails after the stop is no fault: its store is closed", async () => {
  const { queue, events, state, time } = setUp();
  Object.assign(state, { longAt: 1, longFails: true });
  queue.push(entries(1, 2), () => events.push("done"));
  queue.stop();
  await time.run(2000);
  assert.deepEqual(events, ["1 runs"]);
});
