import assert from "node:assert/strict";
import { test } from "node:test";
import { InvariantError } from "../lib/assert.ts";
import { type RaftErrorCode, isRaftError } from "./errors.ts";
import { MemoryStorage } from "./memory-storage.ts";
import { createConfState, EMPTY_BYTES, NO_LIMIT } from "./messages.ts";
import { entriesOf } from "./testing/direct.ts";

function refusal(code: RaftErrorCode): (error: unknown) => boolean {
  return (error) => isRaftError(error, code);
}

/** A snapshot at 3 and entries 4 to 6. */
function createStorage(): MemoryStorage {
  const storage = new MemoryStorage();
  const metadata = { index: 3, term: 3, confState: { ...createConfState(), voters: [1n] } };
  storage.applySnapshot({ metadata, data: EMPTY_BYTES });
  storage.append(entriesOf(4, [4, 5, 6]));
  return storage;
}

function termsOf(storage: MemoryStorage): number[] {
  const entries = storage.entries(storage.firstIndex(), storage.lastIndex() + 1, NO_LIMIT);
  return entries.map(({ term }) => term);
}

test("a new storage holds nothing, from index 1 on", () => {
  const storage = new MemoryStorage();
  assert.deepEqual([storage.firstIndex(), storage.lastIndex(), storage.term(0)], [1, 0, 0]);
  assert.deepEqual(storage.initialState().hardState, { term: 0, vote: 0n, commit: 0 });
});

test("terms are known from the snapshot's index to the last", () => {
  const storage = createStorage();
  assert.deepEqual(
    [3, 4, 6].map((index) => storage.term(index)),
    [3, 4, 6],
  );
  assert.throws(() => storage.term(2), refusal("ErrCompacted"));
  assert.throws(() => storage.term(7), refusal("ErrUnavailable"));
});

test("entries come within the limit, at least one, and not from before the log", () => {
  const storage = createStorage();
  const counts = [0, 40, NO_LIMIT].map((maxBytes) => storage.entries(4, 7, maxBytes).length);
  assert.deepEqual(counts, [1, 2, 3]);
  assert.throws(() => storage.entries(3, 5, NO_LIMIT), refusal("ErrCompacted"));
  assert.throws(() => storage.entries(4, 8, NO_LIMIT), InvariantError);
});

test("an append discards everything from its first index on", () => {
  const cases = [
    { at: 7, terms: [7], expected: [4, 5, 6, 7] },
    { at: 5, terms: [7], expected: [4, 7] },
    { at: 4, terms: [7, 7], expected: [7, 7] },
    { at: 2, terms: [2, 3, 7], expected: [7] },
    { at: 2, terms: [2, 3], expected: [4, 5, 6] },
    { at: 9, terms: [], expected: [4, 5, 6] },
  ];
  for (const { at, terms, expected } of cases) {
    const storage = createStorage();
    storage.append(entriesOf(at, terms));
    assert.deepEqual(termsOf(storage), expected, `at ${at}`);
  }
  assert.throws(() => createStorage().append(entriesOf(8, [8])), InvariantError);
});

test("arrays that were handed out do not change with the log", () => {
  const storage = createStorage();
  const before = storage.entries(4, 7, NO_LIMIT);
  storage.append(entriesOf(5, [9, 9]));
  storage.compact(5);
  assert.deepEqual(
    before.map(({ term }) => term),
    [4, 5, 6],
  );
});

test("compaction keeps the term where the log now begins", () => {
  const storage = createStorage();
  storage.compact(5);
  assert.deepEqual([storage.firstIndex(), storage.term(5), termsOf(storage)], [6, 5, [6]]);
  assert.throws(() => storage.compact(5), refusal("ErrCompacted"));
  assert.throws(() => storage.compact(7), InvariantError);
});

test("a snapshot is of a place in the log, and newer than the last one", () => {
  const storage = createStorage();
  const { metadata } = storage.createSnapshot(5, undefined, Buffer.from("x"));
  assert.deepEqual([metadata.index, metadata.term, metadata.confState.voters], [5, 5, [1n]]);
  assert.deepEqual(termsOf(storage), [4, 5, 6], "the log stays");
  const old = refusal("ErrSnapOutOfDate");
  assert.throws(() => storage.createSnapshot(5, undefined, EMPTY_BYTES), old);
  assert.throws(() => storage.applySnapshot({ metadata, data: EMPTY_BYTES }), old);
  assert.throws(() => storage.createSnapshot(9, undefined, EMPTY_BYTES), InvariantError);
});
