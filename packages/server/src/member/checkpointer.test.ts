import assert from "node:assert/strict";
import { test } from "node:test";
import { createConfState, type SnapshotMetadata } from "../raft/messages.ts";
import { SimTime } from "../testing/sim/sim-clock.ts";
import type { WalAppend } from "../wal/wal.ts";
import { Checkpointer } from "./checkpointer.ts";
import { StableLog } from "./stable-log.ts";

const MIB = 1024 * 1024;

function at(index: number): SnapshotMetadata {
  return { index, term: 1, confState: createConfState() };
}

interface Fixture {
  readonly time: SimTime;
  readonly checkpointer: Checkpointer;
  readonly stableLog: StableLog;
  readonly state: { pendingBytes: number; applied: number; fails: boolean };
  readonly events: string[];
}

/** Entries 1 to 100; a checkpoint takes 50 ms and covers what was applied when it began. */
function setUp(): Fixture {
  const time = new SimTime();
  const clock = time.createClock();
  const state = { pendingBytes: 0, applied: 0, fails: false };
  const events: string[] = [];
  const data = Buffer.alloc(0);
  const entries = Array.from({ length: 100 }, (_, i) => {
    return { index: i + 1, term: 1, type: "EntryNormal", data } as const;
  });
  const hardState = { term: 1, vote: 0n, commit: 100 };
  const previous = { index: 0, term: 0 };
  const stableLog = new StableLog({ previous, entries, hardState, checkpoint: at(0) });
  const wal = {
    append: ({ checkpoint }: WalAppend) => {
      events.push(`note ${checkpoint?.index}`);
      return Promise.resolve();
    },
    release: (index: number) => {
      events.push(`release ${index}`);
      return Promise.resolve();
    },
  };
  const checkpointer = new Checkpointer({
    clock,
    backend: () => state,
    stableLog,
    wal,
    checkpoint: async () => {
      const { applied } = state;
      await clock.sleep(50);
      if (state.fails) throw new Error("disk full");
      state.pendingBytes = 0;
      events.push(`checkpoint ${applied}`);
      return at(applied);
    },
    snapshotCount: 20,
    catchupEntries: 5,
    onRelieved: () => events.push("relieved"),
    onFatal: (error) => events.push(`fatal: ${(error as Error).message}`),
  });
  return { time, checkpointer, stableLog, state, events };
}

test("what was applied is durable soon; the log is let go of behind it, and only now and then", async () => {
  const { time, checkpointer, stableLog, state, events } = setUp();
  state.applied = 10;
  checkpointer.applied();
  checkpointer.applied();
  await time.run(1_000);
  assert.deepEqual(events.splice(0), ["checkpoint 10", "relieved"]);
  assert.equal(stableLog.firstIndex(), 1);
  state.applied = 30;
  checkpointer.applied();
  await time.run(2_000);
  assert.deepEqual(events, ["checkpoint 30", "note 30", "relieved", "release 25"]);
  assert.equal(stableLog.firstIndex(), 26);
});

test("much that waits is written at once, and applying waits for it", async () => {
  const { time, checkpointer, state, events } = setUp();
  state.pendingBytes = 200 * MIB;
  assert.ok(checkpointer.isBehind);
  checkpointer.applied();
  await time.run(60);
  assert.deepEqual(events, ["checkpoint 0", "relieved"]);
  assert.ok(!checkpointer.isBehind);
});

test("what background work leaves is written although nothing is applied", async () => {
  const { time, checkpointer, state, events } = setUp();
  checkpointer.tick();
  await time.run(1_000);
  assert.deepEqual(events, []);
  state.pendingBytes = 1;
  checkpointer.tick();
  await time.run(2_000);
  assert.deepEqual(events, ["checkpoint 0", "relieved"]);
});

test("while a snapshot takes over, no checkpoint is taken for one of the old log", async () => {
  const { time, checkpointer, stableLog, state, events } = setUp();
  state.applied = 50;
  checkpointer.applied();
  await time.run(220);
  checkpointer.suspend();
  state.applied = 500;
  checkpointer.applied();
  checkpointer.tick();
  await time.run(1_000);
  assert.deepEqual(events.splice(0), ["checkpoint 50", "relieved"]);
  assert.equal(stableLog.snapshot().metadata.index, 0);
  stableLog.reset(at(500));
  checkpointer.reset(500);
  checkpointer.applied();
  await time.run(2_000);
  assert.deepEqual(events, ["checkpoint 500", "relieved"]);
});

test("a failure ends it, and stopping waits for what is under way", async () => {
  const { time, checkpointer, state, events } = setUp();
  checkpointer.applied();
  await time.run(210);
  let stopped = false;
  void checkpointer.stop().then(() => (stopped = true));
  await time.run(220);
  assert.ok(!stopped);
  await time.run(1_000);
  assert.ok(stopped);
  assert.deepEqual(events, ["checkpoint 0"]);
  const other = setUp();
  other.state.fails = true;
  other.checkpointer.applied();
  await other.time.run(1_000);
  other.checkpointer.applied();
  await other.time.run(2_000);
  assert.deepEqual(other.events, ["fatal: disk full"]);
  assert.equal(state.fails, false);
});
