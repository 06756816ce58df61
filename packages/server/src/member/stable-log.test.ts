import assert from "node:assert/strict";
import { test } from "node:test";
import { isRaftError } from "../raft/errors.ts";
import { createConfState, type Entry } from "../raft/messages.ts";
import { StableLog } from "./stable-log.ts";

function entry(index: number, term = 1, bytes = 10): Entry {
  return { index, term, type: "EntryNormal", data: Buffer.alloc(bytes) };
}

function checkpointAt(index: number, term = 1): ReturnType<StableLog["snapshot"]>["metadata"] {
  return { index, term, confState: createConfState() };
}

/** Entries 6 to 10 after a checkpoint at 5. */
function setUp(): StableLog {
  return new StableLog({
    previous: { index: 5, term: 1 },
    entries: [6, 7, 8, 9, 10].map((index) => entry(index)),
    hardState: { term: 1, vote: 0n, commit: 5 },
    checkpoint: checkpointAt(5),
  });
}

test("it holds what the log holds, and says what it no longer or not yet has", () => {
  const log = setUp();
  assert.deepEqual([log.firstIndex(), log.lastIndex(), log.bytes], [6, 10, 50]);
  assert.deepEqual(
    log.entries(7, 9, 1_000).map(({ index }) => index),
    [7, 8],
  );
  assert.equal(log.entries(6, 11, 25).length, 1, "the first one always, then what fits");
  assert.equal(log.term(5), 1);
  assert.throws(
    () => log.term(4),
    (error) => isRaftError(error, "ErrCompacted"),
  );
  assert.throws(
    () => log.term(11),
    (error) => isRaftError(error, "ErrUnavailable"),
  );
  assert.throws(
    () => log.entries(5, 7, 100),
    (error) => isRaftError(error, "ErrCompacted"),
  );
  assert.throws(() => log.entries(6, 12, 100), /beyond last/);
});

test("appending replaces what stood there, and leaves no gap", () => {
  const log = setUp();
  log.append([entry(8, 2, 1), entry(9, 2, 1)]);
  assert.deepEqual([log.lastIndex(), log.term(7), log.term(8), log.bytes], [9, 1, 2, 22]);
  assert.throws(() => log.append([entry(11, 2)]), /after last/);
  assert.throws(() => log.append([entry(5, 2)]), /below first/);
});

test("it is compacted behind its checkpoint alone", () => {
  const log = setUp();
  assert.throws(() => log.compact(7), /beyond/);
  log.setCheckpoint(checkpointAt(9));
  assert.throws(() => log.setCheckpoint(checkpointAt(8)), /behind/);
  log.compact(7);
  assert.deepEqual([log.firstIndex(), log.term(7), log.bytes], [8, 1, 30]);
  log.compact(6);
  assert.equal(log.firstIndex(), 8);
  log.reset(checkpointAt(20, 3));
  assert.deepEqual([log.firstIndex(), log.lastIndex(), log.term(20), log.bytes], [21, 20, 3, 0]);
  assert.equal(log.snapshot().metadata.index, 20);
});

test("of long entries only a few are packed in one turn, yet as many as have come", () => {
  const log = setUp();
  const data = Buffer.alloc(256 * 1024);
  const long = Array.from({ length: 5000 }, (_none, at): Entry => {
    return { index: 11 + at, term: 1, type: "EntryNormal", data };
  });
  const isPacked = (at: number): boolean => log.entries(11 + at, 12 + at, 1)[0] !== long[at];
  const packed = (): number => long.slice(0, 100).filter((_entry, at) => isPacked(at)).length;
  for (const each of long.slice(0, 4091)) log.append([each]);
  assert.equal(packed(), 0);
  log.append(long.slice(4091, 4092));
  assert.ok(packed() <= 4);
  log.append(long.slice(4092, 4142));
  assert.ok(packed() >= 45 && packed() < 60, `${packed()} packed`);
});
