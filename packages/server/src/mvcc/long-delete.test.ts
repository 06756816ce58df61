import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteRangeRequest } from "@kvorum/proto";
import { applyDeleteRange } from "./apply-kv.ts";
import { LONG_DELETE_KEYS_MIN, LongDelete, type LongBounds } from "./long-delete.ts";
import { describe, hastyClock, TestStore } from "./testing/test-store.ts";

const KEYS = 5000;

/** `k…` and one key on each side; every tenth has been deleted before, every third has a lease. */
async function filled(): Promise<TestStore> {
  const t = await TestStore.open({ clock: hastyClock(), cacheBytesMax: 50_000 });
  t.put("j", "stays");
  for (let i = 0; i < KEYS; i++) t.put(`k${i}`, `v${i}`, i % 3 === 0 ? 7n : 0n);
  for (let i = 0; i < KEYS; i += 10) t.delete(`k${i}`);
  t.put("l", "stays");
  await t.checkpoint();
  return t;
}

function deletion(prevKv = false): DeleteRangeRequest {
  return DeleteRangeRequest.create({ key: Buffer.from("k"), rangeEnd: Buffer.from("l"), prevKv });
}

const bounds = (): LongBounds => ({ clock: hastyClock(), keysMin: LONG_DELETE_KEYS_MIN });

function begin(t: TestStore, request = deletion()): LongDelete {
  const long = LongDelete.tryBegin(t.store, request, bounds());
  assert.ok(long !== undefined);
  return long;
}

/** Calls `each` between the turns of `work`; returns how often. */
async function during(work: Promise<void>, each: (turn: number) => unknown): Promise<number> {
  let isOver = false;
  let turns = 0;
  void work.then(() => (isOver = true));
  while (!isOver) {
    await each(turns++);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await work;
  return turns;
}

test("nobody sees a long deletion before its end, in which all keys go at once", async () => {
  const t = await filled();
  const before = t.range("", "\0");
  const revision = t.store.currentRevision;
  let changes = 0;
  t.store.setChangeListener((_revision, found) => (changes += found.length));
  const long = begin(t);
  let checkpoint: Promise<void> | undefined;
  const turns = await during(long.run(), (turn) => {
    assert.equal(t.range("", "\0", { countOnly: true }).count, before.count);
    if (turn % 10 === 0) assert.deepEqual(t.range("", "\0"), before);
    if (turn === 3) checkpoint = t.checkpoint();
  });
  await checkpoint;
  assert.ok(turns > 10, `${turns} turns`);
  assert.equal(changes, 0);
  const { deleted, header } = long.finish();
  assert.equal(deleted, KEYS - KEYS / 10);
  assert.equal(header?.revision, revision + 1);
  assert.equal(changes, deleted);
  assert.equal(t.store.keysTotal, 2);
  assert.equal(t.leases.keys.size, 0);
  assert.deepEqual(describe(t.range("", "\0").kvs).length, 2);
  assert.deepEqual(t.range("", "\0", { revision }).kvs, before.kvs);
  await t.close();
});

test("a crash in the middle of a long deletion leaves everything as it was", async () => {
  const t = await filled();
  const before = t.range("", "\0");
  await begin(t).run();
  await t.checkpoint();
  await t.restart();
  assert.deepEqual(t.range("", "\0"), before);
  await t.close();
});

test("a long deletion is stored as a short one is", async () => {
  const [long, short] = await Promise.all([filled(), filled()]);
  const work = begin(long);
  await work.run();
  work.finish();
  applyDeleteRange(short.store, deletion());
  for (const t of [long, short]) {
    t.put("after", "v");
    await t.checkpoint();
    await t.restart();
  }
  assert.deepEqual(await long.store.hashByRevision(0), await short.store.hashByRevision(0));
  assert.deepEqual(describe(long.range("", "\0").kvs), describe(short.range("", "\0").kvs));
  await Promise.all([long.close(), short.close()]);
});

test("a long deletion goes on beside a compaction and a backup's view", async () => {
  const t = await filled();
  const revision = t.store.currentRevision;
  const long = begin(t);
  const running = long.run();
  const view = await t.freeze();
  await Promise.all([running, t.store.compact(revision)]);
  await view.close();
  assert.equal(t.range("", "\0").count, KEYS - KEYS / 10 + 2);
  long.finish();
  assert.equal(t.range("", "\0").count, 2);
  await t.store.compact(t.store.currentRevision);
  await t.checkpoint();
  await t.restart();
  assert.equal(t.range("", "\0").count, 2);
  assert.deepEqual(t.errors, []);
  await t.close();
});

test("a long deletion answers with the previous versions that were asked for", async () => {
  const t = await filled();
  const expected = t.range("k", "l").kvs;
  const long = begin(t, deletion(true));
  await long.run();
  assert.deepEqual(long.finish().prevKvs, expected);
  await t.close();
});

async function waitForWrite({ store }: TestStore): Promise<void> {
  assert.ok(store.longWrite !== undefined);
  await store.longWrite;
}

test("other transactions can wait for the end of a long one", async () => {
  const t = await filled();
  assert.ok(t.store.longWrite === undefined);
  const long = begin(t);
  await long.run();
  let hasEnded = false;
  const waiting = waitForWrite(t).then(() => (hasEnded = true));
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(!hasEnded);
  long.finish();
  await waiting;
  assert.ok(t.store.longWrite === undefined);
  await t.close();
});

test("deletions of few keys are not long", async () => {
  const t = await filled();
  const one = DeleteRangeRequest.create({ key: Buffer.from("k1") });
  const few = DeleteRangeRequest.create({ key: Buffer.from("k1"), rangeEnd: Buffer.from("k2") });
  for (const request of [one, few]) {
    assert.equal(LongDelete.tryBegin(t.store, request, bounds()), undefined);
  }
  await t.close();
});
