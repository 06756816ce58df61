import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../../lib/assert.ts";
import { NO_LIMIT } from "../messages.ts";
import { Inflights } from "./inflights.ts";
import { formatProgress, Progress } from "./progress.ts";

function progressAt(match: number, next: number): Progress {
  const progress = new Progress(2n, next, new Inflights(4, NO_LIMIT), false);
  progress.match = match;
  return progress;
}

test("the window of messages agrees with a plain list", () => {
  const command = fc.oneof(
    fc.record({ add: fc.nat({ max: 50 }) }),
    fc.record({ free: fc.nat({ max: 30 }) }),
  );
  const limits = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 200 }));
  fc.assert(
    fc.property(limits, fc.array(command, { maxLength: 60 }), ([count, bytes], commands) => {
      const inflights = new Inflights(count, bytes);
      let model: { index: number; size: number }[] = [];
      let index = 0;
      const sum = (): number => model.reduce((total, { size }) => total + size, 0);
      for (const one of commands) {
        if ("free" in one) {
          const to = index - one.free;
          inflights.freeTo(to);
          model = model.filter((message) => message.index > to);
        } else if (inflights.isFull()) {
          assert.throws(() => inflights.add(index + 1, one.add), InvariantError);
        } else {
          index += 1 + (one.add % 3);
          inflights.add(index, one.add);
          model.push({ index, size: one.add });
        }
        assert.deepEqual([inflights.count, inflights.bytes], [model.length, sum()]);
        assert.equal(inflights.isFull(), model.length === count || sum() >= bytes);
      }
    }),
    { numRuns: 1000 },
  );
});

test("a stream runs ahead and pauses when its window is full", () => {
  const progress = progressAt(5, 6);
  progress.becomeReplicate();
  for (let i = 0; i < 4; i++) {
    assert.equal(progress.isPaused(), false);
    progress.sentEntries(2, 10);
  }
  assert.deepEqual([progress.next, progress.isPaused()], [14, true]);
  assert.equal(progress.maybeUpdate(7), true);
  progress.inflights.freeTo(7);
  assert.equal(progress.isPaused(), false);
});

test("a probe pauses after one append with entries", () => {
  const progress = progressAt(5, 6);
  progress.sentEntries(0, 0);
  assert.equal(progress.isPaused(), false);
  progress.sentEntries(3, 10);
  assert.deepEqual([progress.isPaused(), progress.next], [true, 6]);
});

test("an acknowledgement only ever moves match and next up", () => {
  const progress = progressAt(5, 8);
  assert.deepEqual([progress.maybeUpdate(5), progress.match, progress.next], [false, 5, 8]);
  assert.deepEqual([progress.maybeUpdate(6), progress.match, progress.next], [true, 6, 8]);
  assert.deepEqual([progress.maybeUpdate(9), progress.match, progress.next], [true, 9, 10]);
});

test("a rejection moves next down, never to match or below, unless it is stale", () => {
  const cases = [
    { state: "Replicate", match: 5, next: 10, rejected: 5, hint: 5, moved: false, to: 10 },
    { state: "Replicate", match: 5, next: 10, rejected: 9, hint: 7, moved: true, to: 6 },
    { state: "Probe", match: 0, next: 10, rejected: 8, hint: 3, moved: false, to: 10 },
    { state: "Probe", match: 0, next: 10, rejected: 9, hint: 3, moved: true, to: 4 },
    { state: "Probe", match: 0, next: 10, rejected: 9, hint: 20, moved: true, to: 9 },
    { state: "Probe", match: 6, next: 10, rejected: 9, hint: 1, moved: true, to: 7 },
  ];
  for (const { state, match, next, rejected, hint, moved, to } of cases) {
    const progress = progressAt(match, next);
    if (state === "Replicate") {
      progress.becomeReplicate();
      progress.sentEntries(next - match - 1, 1);
    }
    assert.deepEqual([progress.maybeDecrTo(rejected, hint), progress.next], [moved, to]);
  }
});

test("after a snapshot the probe goes on behind it, after a failed one where it was", () => {
  const delivered = progressAt(1, 2);
  delivered.becomeSnapshot(10);
  assert.deepEqual([delivered.isPaused(), delivered.next], [true, 11]);
  delivered.becomeProbe();
  assert.deepEqual([delivered.next, delivered.pendingSnapshot], [11, 0]);
  const failed = progressAt(1, 2);
  failed.becomeSnapshot(10);
  failed.pendingSnapshot = 0;
  failed.becomeProbe();
  assert.equal(failed.next, 2);
});

test("a commit index is worth a message only if it can be news", () => {
  const progress = progressAt(5, 6);
  progress.becomeReplicate();
  progress.sentEntries(4, 1);
  progress.sentCommit(6);
  assert.deepEqual(
    [5, 6, 7, 12].map((commit) => progress.canBumpCommit(commit)),
    [false, false, true, true],
  );
  progress.sentCommit(9);
  assert.equal(progress.canBumpCommit(12), false, "it has been told all that it can use");
});

test("nothing is sent to a member that waits for a snapshot", () => {
  const progress = progressAt(1, 2);
  progress.becomeSnapshot(10);
  assert.throws(() => progress.sentEntries(1, 1), InvariantError);
});

test("a progress in one line", () => {
  const progress = progressAt(1, 2);
  assert.equal(formatProgress(progress), "StateProbe match=1 next=2 inactive");
  progress.recentActive = true;
  progress.isLearner = true;
  progress.becomeReplicate();
  progress.sentEntries(1, 1);
  assert.equal(formatProgress(progress), "StateReplicate match=1 next=3 learner inflight=1");
});
