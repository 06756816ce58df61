import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isRaftError } from "../errors.ts";
import { MemoryStorage } from "../memory-storage.ts";
import { createConfState, NO_LIMIT } from "../messages.ts";
import { entriesOf } from "../testing/direct.ts";
import { entriesSize, entrySize } from "./entry-size.ts";
import { RaftLog } from "./log.ts";

const logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Entries 11 to 20 in storage, behind a snapshot at 10, and 21 to 30 unstable. */
function createLog(): RaftLog {
  const storage = new MemoryStorage();
  const metadata = { index: 10, term: 1, confState: createConfState() };
  storage.applySnapshot({ metadata, data: new Uint8Array(0) });
  storage.append(entriesOf(11, new Array<number>(10).fill(1)));
  const log = new RaftLog(storage, logger, NO_LIMIT);
  log.append(entriesOf(21, new Array<number>(10).fill(2)));
  return log;
}

test("storage and the unstable tail read as one log", () => {
  const log = createLog();
  assert.deepEqual([log.firstIndex(), log.lastIndex(), log.lastTerm()], [11, 30, 2]);
  const terms = [9, 10, 11, 20, 21, 30, 31].map((index) => log.maybeTerm(index));
  assert.deepEqual(terms, [undefined, 1, 1, 1, 2, 2, undefined]);
});

test("a slice holds the longest run of entries within its limit, but at least one", () => {
  const log = createLog();
  const bounds = fc.tuple(fc.integer({ min: 11, max: 30 }), fc.integer({ min: 11, max: 31 }));
  fc.assert(
    fc.property(bounds, fc.nat({ max: 500 }), ([lo, hi], maxBytes) => {
      fc.pre(lo < hi);
      const entries = log.slice(lo, hi, maxBytes);
      assert.deepEqual(
        entries.map(({ index }) => index),
        Array.from({ length: entries.length }, (_, at) => lo + at),
      );
      assert.ok(entries.length === 1 || entriesSize(entries) <= maxBytes);
      const next = lo + entries.length;
      if (next < hi) {
        const [following] = log.slice(next, next + 1, NO_LIMIT);
        assert.ok(entriesSize(entries) + entrySize(following!) > maxBytes, "nothing more fits");
      }
    }),
    { numRuns: 1000 },
  );
});

test("what is compacted away is refused", () => {
  assert.throws(
    () => createLog().slice(10, 12, NO_LIMIT),
    (error) => isRaftError(error, "ErrCompacted"),
  );
});

test("the search for agreement skips every entry of a later term", () => {
  const log = createLog();
  const cases = [
    { index: 30, term: 2, found: { index: 30, term: 2 } },
    { index: 30, term: 1, found: { index: 20, term: 1 } },
    { index: 30, term: 0, found: { index: 9, term: 0 } },
    { index: 15, term: 5, found: { index: 15, term: 1 } },
    { index: 40, term: 1, found: { index: 40, term: 0 } },
    { index: 5, term: 1, found: { index: 5, term: 0 } },
  ];
  for (const { index, term, found } of cases) {
    assert.deepEqual(log.findConflictByTerm(index, term), found);
  }
});

test("applied, applying and committed never pass one another", () => {
  const log = createLog();
  log.commitTo(25);
  assert.throws(() => log.appliedTo(26, 0), /applied\(26\) is out of range/);
  assert.throws(() => log.acceptApplying(26, 0, true), /applying\(26\) is out of range/);
  log.acceptApplying(24, 0, true);
  log.appliedTo(22, 0);
  assert.throws(() => log.appliedTo(21, 0), /prevApplied\(22\), committed\(25\)/);
  assert.throws(() => log.commitTo(31), /Was the raft log corrupted, truncated, or lost\?/);
  log.commitTo(3);
  assert.equal(log.committed, 25, "and committed never decreases");
});
