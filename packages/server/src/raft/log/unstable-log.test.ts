import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../../lib/assert.ts";
import { createConfState, type Entry, NO_LIMIT, type Snapshot } from "../messages.ts";
import { entriesOf } from "../testing/direct.ts";
import { UnstableLog } from "./unstable-log.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

function unstable(offset: number, terms: number[], inProgress = false): UnstableLog {
  const log = new UnstableLog(offset, logger);
  if (terms.length > 0) {
    log.truncateAndAppend(entriesOf(offset, terms));
  }
  if (inProgress) {
    log.acceptInProgress();
  }
  return log;
}

function snapshotAt(index: number, term: number): Snapshot {
  return { metadata: { index, term, confState: createConfState() }, data: new Uint8Array(0) };
}

function termsOf(log: UnstableLog): number[] {
  return log.slice(log.offset, log.offset + log.length, NO_LIMIT).map(({ term }) => term);
}

test("an append continues, cuts off or replaces the tail, and voids writes of what it cuts", () => {
  const cases = [
    { at: 8, terms: [2], expected: [1, 1, 1, 2], offset: 5, next: [2] },
    { at: 7, terms: [2, 2], expected: [1, 1, 2, 2], offset: 5, next: [2, 2] },
    { at: 5, terms: [2], expected: [2], offset: 5, next: [2] },
    { at: 4, terms: [2, 2], expected: [2, 2], offset: 4, next: [2, 2] },
  ];
  for (const { at, terms, expected, offset, next } of cases) {
    const log = unstable(5, [1, 1, 1], true);
    log.truncateAndAppend(entriesOf(at, terms));
    assert.deepEqual([termsOf(log), log.offset], [expected, offset]);
    assert.deepEqual(
      log.nextEntries().map(({ term }) => term),
      next,
    );
  }
});

test("an append must not leave a gap", () => {
  assert.throws(() => unstable(5, [1]).truncateAndAppend(entriesOf(7, [1])), InvariantError);
});

test("an acknowledged write is forgotten only if it is of what stands here", () => {
  const cases = [
    { index: 5, term: 1, left: [1, 2] },
    { index: 7, term: 2, left: [] },
    { index: 7, term: 1, left: [1, 1, 2] },
    { index: 8, term: 2, left: [1, 1, 2] },
    { index: 4, term: 1, left: [1, 1, 2] },
  ];
  for (const { index, term, left } of cases) {
    const log = unstable(5, [1, 1, 2], true);
    log.stableTo(index, term);
    assert.deepEqual(termsOf(log), left, `${index}/${term}`);
    assert.deepEqual(log.nextEntries(), []);
  }
});

test("an acknowledgement at a snapshot's index leaves the entries alone", () => {
  const log = unstable(5, []);
  log.restore(snapshotAt(9, 2));
  log.truncateAndAppend(entriesOf(10, [2]));
  log.stableTo(9, 2);
  assert.deepEqual(termsOf(log), [2]);
});

test("a snapshot is handed out once, and goes when it, not another, is acknowledged", () => {
  const log = unstable(5, [1]);
  log.restore(snapshotAt(9, 2));
  assert.deepEqual([log.maybeFirstIndex(), log.maybeLastIndex(), log.maybeTerm(9)], [10, 9, 2]);
  assert.equal(log.nextSnapshot()?.metadata.index, 9);
  log.acceptInProgress();
  assert.equal(log.nextSnapshot(), undefined);
  log.restore(snapshotAt(12, 2));
  log.stableSnapshotTo(9);
  assert.equal(log.nextSnapshot()?.metadata.index, 12);
  log.stableSnapshotTo(12);
  assert.deepEqual([log.snapshot, log.maybeLastIndex(), log.offset], [undefined, undefined, 13]);
});

test("a slice outside of the tail is a broken invariant", () => {
  const log = unstable(5, [1, 1]);
  for (const [lo, hi] of [
    [4, 6],
    [5, 8],
    [7, 6],
  ]) {
    assert.throws(() => log.slice(lo!, hi!, NO_LIMIT), InvariantError);
  }
});

test("any series of appends and acknowledgements agrees with a plain array", () => {
  const step = fc.record({ back: fc.nat({ max: 4 }), count: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const log = new UnstableLog(1, logger);
      let model: Entry[] = [];
      for (const [at, { back, count }] of steps.entries()) {
        const first = Math.max(log.offset, model.length + 1 - back);
        const entries = entriesOf(first, new Array<number>(count).fill(at + 1));
        log.truncateAndAppend(entries);
        model = [...model.slice(0, first - 1), ...entries];
        if (at % 3 === 0) {
          const last = log.slice(log.offset, log.offset + log.length, NO_LIMIT)[count >> 1];
          log.acceptInProgress();
          log.stableTo(last?.index ?? 0, last?.term ?? 0);
        }
        const held = log.slice(log.offset, log.offset + log.length, NO_LIMIT);
        assert.deepEqual(held, model.slice(log.offset - 1));
      }
    }),
  );
});
