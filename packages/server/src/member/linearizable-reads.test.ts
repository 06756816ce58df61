import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import { SimTime } from "../testing/sim/sim-clock.ts";
import { LinearizableReads } from "./linearizable-reads.ts";
import { RequestIds } from "./request-ids.ts";

const TIMEOUT_MS = 7_000;
const RETRY_MS = 500;

interface Fixture {
  readonly reads: LinearizableReads;
  readonly state: { applied: number };
}

function setUp(): Fixture {
  const state = { applied: 10 };
  const reads = new LinearizableReads({
    clock: new SimTime().createClock(),
    ids: new RequestIds(1n, 1),
    timeoutMs: TIMEOUT_MS,
    onQueued: () => undefined,
    appliedIndex: () => state.applied,
  });
  return { reads, state };
}

const is = (status: (typeof EtcdErrors)[keyof typeof EtcdErrors]) => (error: unknown) =>
  error instanceof EtcdError && error.is(status);

test("reads that arrive before a round share it; those that arrive during it wait for the next", async () => {
  const { reads } = setUp();
  const [first, second] = [reads.wait(), reads.wait()];
  const round = reads.nextRound()!;
  const later = reads.wait();
  assert.equal(reads.nextRound(), undefined, "one round at a time");
  reads.confirm(round, 10);
  await Promise.all([first, second]);
  assert.ok(!later.isSettled);
  reads.confirm(round, 10);
  assert.ok(!later.isSettled, "confirmed by a round that began before it");
  reads.confirm(reads.nextRound()!, 10);
  await later;
});

test("a confirmed read waits until what was committed then is applied here", async () => {
  const { reads, state } = setUp();
  const read = reads.wait();
  reads.confirm(reads.nextRound()!, 12);
  state.applied = 11;
  reads.applied(11);
  assert.ok(!read.isSettled);
  reads.applied(12);
  await read;
});

test("an answer to an attempt that was given up confirms nothing", async () => {
  const { reads } = setUp();
  const read = reads.wait();
  const first = reads.nextRound()!;
  assert.equal(reads.retry(RETRY_MS - 1, false), undefined);
  const second = reads.retry(RETRY_MS, false)!;
  assert.notDeepEqual(first, second);
  reads.confirm(first, 10);
  assert.ok(!read.isSettled);
  const third = reads.retry(RETRY_MS, true)!;
  reads.confirm(second, 10);
  assert.ok(!read.isSettled);
  reads.confirm(third, 10);
  await read;
});

test("reads end in time: queued, under way, or waiting to be applied", async () => {
  const { reads } = setUp();
  const confirmed = reads.wait();
  reads.confirm(reads.nextRound()!, 99);
  const underWay = reads.wait();
  reads.nextRound();
  const queued = reads.wait();
  assert.equal(reads.retry(TIMEOUT_MS, false), undefined);
  await assert.rejects(Promise.resolve(confirmed), is(EtcdErrors.timeoutWaitAppliedIndex));
  await assert.rejects(Promise.resolve(underWay), is(EtcdErrors.timeout));
  await assert.rejects(Promise.resolve(queued), is(EtcdErrors.timeout));
  const stopped = reads.wait();
  reads.stop();
  await assert.rejects(Promise.resolve(stopped), is(EtcdErrors.stopped));
  await assert.rejects(Promise.resolve(reads.wait()), is(EtcdErrors.stopped));
});

test("what is to be read is read in the turn in which it may be, with whatever comes of it", async () => {
  const { reads, state } = setUp();
  const seen: number[] = [];
  const read = reads.after(() => seen.push(state.applied));
  const failed = reads.after(() => {
    throw new Error("no");
  });
  const later = reads.after(() => Promise.resolve("later"));
  reads.confirm(reads.nextRound()!, 11);
  assert.deepEqual(seen, []);
  state.applied = 12;
  reads.applied(12);
  assert.deepEqual(seen, [12]);
  assert.ok(read.isSettled && failed.isSettled && !later.isSettled);
  await assert.rejects(Promise.resolve(failed), /no/);
  assert.deepEqual([await read, await later], [1, "later"]);
});

test("a fault of whoever takes what was read is heard of", () => {
  const { reads } = setUp();
  const failures: unknown[] = [];
  reads
    .after(() => 1)
    .listen({
      onReply: () => {
        throw new Error("not taken");
      },
      onFailure: (error) => failures.push(error),
    });
  assert.throws(() => reads.confirm(reads.nextRound()!, 10), /not taken/);
  assert.deepEqual(failures, []);
});
