import assert from "node:assert/strict";
import { test } from "node:test";
import {
  EtcdError,
  EtcdErrors,
  type EtcdStatus,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
} from "@kvorum/proto";
import { describe, hastyClock, rangeRequest, TestStore } from "./testing/test-store.ts";

const { ASCEND, DESCEND, NONE } = RangeRequest_SortOrder;

function isStatus(status: EtcdStatus): (error: unknown) => boolean {
  return (error) => error instanceof EtcdError && error.is(status);
}

test("the first write of an empty store makes revision 2", async () => {
  const t = await TestStore.open();
  assert.equal(t.store.currentRevision, 1);
  assert.equal(t.put("a", "1"), 2);
  assert.deepEqual(describe(t.range("a").kvs), ["a=1@2,2,1"]);
});

test("a put of the same value still makes a revision; a delete starts a new generation", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  t.put("a", "1");
  assert.deepEqual(describe(t.range("a").kvs), ["a=1@2,3,2"]);
  assert.equal(t.delete("a"), 1);
  assert.equal(t.store.currentRevision, 4);
  assert.deepEqual(t.range("a").kvs, []);
  t.put("a", "2");
  assert.deepEqual(describe(t.range("a").kvs), ["a=2@5,5,1"]);
  assert.deepEqual(describe(t.range("a", "", { revision: 3 }).kvs), ["a=1@2,3,2"]);
  assert.equal(t.range("a", "", { revision: 3 }).header?.revision, 5);
});

test("a delete that finds nothing leaves the revision as it is", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  assert.equal(t.delete("b", "z"), 0);
  assert.equal(t.store.currentRevision, 2);
});

test("all deletes of one request share the main revision", async () => {
  const t = await TestStore.open();
  for (const key of ["a", "b", "c"]) {
    t.put(key, key);
  }
  assert.equal(t.delete("a", "c"), 2);
  assert.equal(t.store.currentRevision, 5);
  assert.equal(t.store.keysTotal, 1);
});

test("range ends: none is one key, \\0 is no upper bound, an end below the start is empty", async () => {
  const t = await TestStore.open();
  for (const key of ["a", "b", "c", "\u00ff"]) {
    const txn = t.store.beginWrite();
    txn.put(Buffer.from(key, "latin1"), Buffer.from("v"), 0n);
    txn.end();
  }
  const keys = (key: string, end: string): number => t.range(key, end).kvs.length;
  assert.equal(keys("b", ""), 1);
  assert.equal(keys("b", "\0"), 3);
  assert.equal(keys("\0", "\0"), 4);
  assert.equal(keys("a", "c"), 2);
  assert.equal(keys("c", "a"), 0);
});

test("count knows neither limit nor filters; more says that the limit cut something", async () => {
  const t = await TestStore.open();
  for (const key of ["a", "b", "c", "d"]) {
    t.put(key, key);
  }
  const limited = t.range("a", "z", { limit: 2 });
  assert.deepEqual([limited.kvs.length, limited.count, limited.more], [2, 4, true]);
  const exact = t.range("a", "z", { limit: 4 });
  assert.deepEqual([exact.kvs.length, exact.count, exact.more], [4, 4, false]);
  const filtered = t.range("a", "z", { minModRevision: 4, limit: 1 });
  assert.deepEqual(
    [describe(filtered.kvs), filtered.count, filtered.more],
    [["c=c@4,4,1"], 4, true],
  );
  const counted = t.range("a", "z", { countOnly: true });
  assert.deepEqual([counted.kvs.length, counted.count, counted.more], [0, 4, false]);
});

test("keys_only leaves out value and lease, unless sorted by value: then only the value", async () => {
  const t = await TestStore.open();
  t.put("a", "1", 7n);
  assert.deepEqual(describe(t.range("a", "z", { keysOnly: true }).kvs), ["a=@2,2,1"]);
  const byValue = { keysOnly: true, sortTarget: RangeRequest_SortTarget.VALUE };
  assert.deepEqual(describe(t.range("a", "z", byValue).kvs), ["a=@2,2,1#7"]);
});

test("sorting by each target, and order NONE behaves as ascending", async () => {
  const t = await TestStore.open();
  t.put("a", "3");
  t.put("b", "2");
  t.put("c", "1");
  t.put("b", "9");
  const { KEY, VERSION, CREATE, MOD, VALUE } = RangeRequest_SortTarget;
  const cases: [number, number, string][] = [
    [KEY, NONE, "abc"],
    [KEY, DESCEND, "cba"],
    [VERSION, DESCEND, "bac"],
    [CREATE, DESCEND, "cba"],
    [MOD, ASCEND, "acb"],
    [MOD, NONE, "acb"],
    [VALUE, ASCEND, "cab"],
    [VALUE, DESCEND, "bac"],
  ];
  for (const [sortTarget, sortOrder, expected] of cases) {
    const { kvs } = t.range("a", "z", { sortTarget, sortOrder });
    assert.equal(kvs.map(({ key }) => key.toString()).join(""), expected);
  }
  const descending = { sortTarget: KEY, sortOrder: DESCEND, limit: 1 };
  assert.equal(t.range("a", "z", descending).kvs[0]?.key.toString(), "c");
  // With order NONE the limit comes first: of a and b, a has the lower mod revision.
  const quirk = t.range("a", "z", { sortTarget: VALUE, sortOrder: NONE, limit: 1 });
  assert.deepEqual([quirk.kvs[0]?.key.toString(), quirk.more], ["a", true]);
});

test("future and compacted revisions are refused, the compacted revision itself is readable", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  t.put("a", "2");
  t.put("a", "3");
  assert.throws(() => t.range("a", "", { revision: 5 }), isStatus(EtcdErrors.futureRevision));
  await t.store.compact(3);
  assert.throws(() => t.range("a", "", { revision: 2 }), isStatus(EtcdErrors.compacted));
  assert.deepEqual(describe(t.range("a", "", { revision: 3 }).kvs), ["a=2@2,3,2"]);
  assert.throws(() => t.store.compact(3), isStatus(EtcdErrors.compacted));
  assert.throws(() => t.store.compact(9), isStatus(EtcdErrors.futureRevision));
});

test("a store that was never compacted accepts a compaction to 0, once", async () => {
  const t = await TestStore.open();
  await t.store.compact(0);
  assert.throws(() => t.store.compact(0), isStatus(EtcdErrors.compacted));
});

test("a restart finds what a checkpoint holds, leases of keys included", async () => {
  const t = await TestStore.open();
  t.put("a", "1", 5n);
  t.put("b", "2");
  t.delete("b");
  t.put("c", "3", 6n);
  t.put("c", "4");
  await t.checkpoint();
  t.put("lost", "x");
  await t.restart();
  assert.equal(t.store.currentRevision, 6);
  assert.deepEqual(describe(t.range("\0", "\0").kvs), ["a=1@2,2,1#5", "c=4@5,6,2"]);
  assert.deepEqual(describe(t.range("b", "", { revision: 3 }).kvs), ["b=2@3,3,1"]);
  assert.deepEqual([...t.leases.keys], [["a", 5n]]);
  assert.equal(t.store.keysTotal, 2);
});

test("a key's lease follows its newest put", async () => {
  const t = await TestStore.open();
  t.put("a", "1", 5n);
  t.put("a", "2", 6n);
  assert.deepEqual([...t.leases.keys], [["a", 6n]]);
  t.put("a", "3");
  assert.deepEqual([...t.leases.keys], []);
  t.put("a", "4", 5n);
  t.delete("a");
  assert.deepEqual([...t.leases.keys], []);
});

test("the revision never goes back, although compaction removed all there was", async () => {
  // The newest revision is a tombstone; after two compactions nothing is left of it.
  const t = await TestStore.open();
  t.put("a", "1");
  t.delete("a");
  t.put("b", "1");
  t.delete("b");
  await t.store.compact(5);
  await t.checkpoint();
  await t.restart();
  assert.equal(t.store.currentRevision, 5);
  assert.equal(t.store.compactRevision, 5);
});

test("a compaction that a crash interrupted is resumed, and its revision is refused at once", async () => {
  const t = await TestStore.open();
  for (let i = 0; i < 10; i++) {
    t.put("a", String(i));
  }
  t.store.state.pins.pin(1);
  const done = t.store.compact(11);
  await t.checkpoint();
  await t.restart();
  assert.equal(t.store.compactRevision, 11);
  assert.throws(() => t.range("a", "", { revision: 10 }), isStatus(EtcdErrors.compacted));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(t.store.state.index.get("a")?.length, 1);
  assert.deepEqual(t.errors, []);
  void done;
});

test("a lone tombstone is in the index after a restart as before it", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  t.delete("a");
  await t.store.compact(3);
  await t.checkpoint();
  await t.restart();
  const keyIndex = t.store.state.index.get("a");
  assert.deepEqual([keyIndex?.main, keyIndex?.isDeleted, keyIndex?.length], [3, true, 1]);
  t.put("a", "2");
  assert.deepEqual(describe(t.range("a").kvs), ["a=2@4,4,1"]);
});

test("a read in slices sees its revision although all of it is deleted and compacted meanwhile", async () => {
  const t = await TestStore.open({ cacheBytesMax: 0, clock: hastyClock() });
  for (let i = 0; i < 3000; i++) {
    t.put(`k${String(i).padStart(5, "0")}`, String(i));
  }
  await t.checkpoint();
  const reading = t.store.range(rangeRequest("k", "l"));
  assert.ok(reading instanceof Promise);
  t.delete("k", "l");
  t.put("k1", "new");
  const compacted = t.store.compact(t.store.currentRevision);
  const response = await reading;
  assert.equal(response.kvs.length, 3000);
  assert.equal(response.header?.revision, 3001);
  await compacted;
  assert.equal(t.store.state.index.size, 1);
});

test("a point read of a cached value needs no promise, of another one does", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  assert.ok(!(t.store.range(rangeRequest("a")) instanceof Promise));
  await t.checkpoint();
  await t.restart();
  const first = t.store.range(rangeRequest("a"));
  assert.ok(first instanceof Promise);
  assert.deepEqual(describe((await first).kvs), ["a=1@2,2,1"]);
  assert.ok(!(t.store.range(rangeRequest("a")) instanceof Promise));
});

test("closing ends a compaction under way without an alarm, and a restart finishes it", async () => {
  const t = await TestStore.open({ clock: hastyClock() });
  for (let i = 0; i < 2000; i++) {
    t.put(`k${i % 1000}`, String(i));
  }
  void t.store.compact(2001);
  await new Promise((resolve) => setImmediate(resolve));
  await t.checkpoint();
  await t.close();
  await t.restart();
  assert.equal(t.store.compactRevision, 2001);
  await t.store.compact(t.put("z", "1"));
  assert.equal(t.store.state.index.get("k1")?.length, 1);
  assert.equal(t.store.removedTotal, 1000);
  assert.deepEqual(t.errors, []);
});
