import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buckets } from "../storage/buckets.ts";
import { entryBatches } from "../storage/entry-batches.ts";
import { KeyMetaReader } from "./key-meta.ts";
import { revisionMain, revisionSub } from "./revision.ts";
import { describe, hastyClock, TestStore } from "./testing/test-store.ts";

interface Stored {
  /** Numbers of entries of the pages, in order. */
  readonly pages: number[];
  /** `main.sub` of the puts in the pages, and of the records. */
  readonly puts: string[];
  readonly records: string[];
}

/** What the engine holds. Nothing may be pending. */
async function stored({ backend }: TestStore): Promise<Stored> {
  const found: Stored = { pages: [], puts: [], records: [] };
  const meta = new KeyMetaReader();
  for await (const entries of entryBatches(backend.iterate(buckets.keyMeta))) {
    for (const [key, page] of entries) {
      let count = 0;
      meta.open(page);
      while (meta.next()) {
        if (count++ === 0)
          assert.deepEqual([revisionMain(key), revisionSub(key)], [meta.main, meta.sub]);
        if (!meta.isTombstone) found.puts.push(`${meta.main}.${meta.sub}`);
      }
      found.pages.push(count);
    }
  }
  for await (const entries of entryBatches(backend.iterate(buckets.keyValue))) {
    for (const [key] of entries) found.records.push(`${revisionMain(key)}.${revisionSub(key)}`);
  }
  return found;
}

/** Writes `count` revisions of one key, a page each. */
async function writePages(t: TestStore, key: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    t.put(key, `v${i}`);
    await t.checkpoint();
  }
}

test("revisions written between two checkpoints share a page", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  t.put("b", "1");
  t.delete("a");
  await t.checkpoint();
  assert.deepEqual(await stored(t), { pages: [3], puts: ["2.0", "3.0"], records: ["2.0", "3.0"] });
  await t.close();
});

test("a page is full at some kilobytes", async () => {
  const t = await TestStore.open();
  for (let i = 0; i < 30; i++) t.put(`${i}-${"k".repeat(1000)}`, "v");
  await t.checkpoint();
  const { pages } = await stored(t);
  assert.deepEqual(pages, [8, 8, 8, 6]);
  await t.restart();
  assert.equal(t.range("", "\0").count, 30);
  await t.close();
});

test("compaction drops entries with their records and joins what is left", async () => {
  const t = await TestStore.open();
  await writePages(t, "a", 5);
  await writePages(t, "b", 5);
  await t.store.compact(11);
  await t.checkpoint();
  assert.deepEqual(await stored(t), {
    pages: [2],
    puts: ["6.0", "11.0"],
    records: ["6.0", "11.0"],
  });
  await t.close();
});

test("compaction leaves pages above its revision alone, and entries above it where they are", async () => {
  const t = await TestStore.open();
  await writePages(t, "a", 2);
  t.put("a", "3");
  t.put("a", "4");
  await t.checkpoint();
  await writePages(t, "a", 2);
  await t.store.compact(4);
  await t.checkpoint();
  const { pages, records } = await stored(t);
  assert.deepEqual(pages, [2, 1, 1]);
  assert.deepEqual(records, ["4.0", "5.0", "6.0", "7.0"]);
  await t.close();
});

test("a page of which only tombstones go is rewritten too", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  await t.checkpoint();
  t.delete("a");
  t.put("b", "1");
  await t.checkpoint();
  await t.store.compact(4);
  await t.checkpoint();
  assert.deepEqual(await stored(t), { pages: [1], puts: ["4.0"], records: ["4.0"] });
  await t.close();
});

test("a compaction that leaves next to nothing removes a few thousand records a turn", async () => {
  const clock = hastyClock();
  const t = await TestStore.open({ clock });
  const pending: number[] = [];
  for (let i = 0; i < 10_000; i++) t.put("key", "v");
  await t.checkpoint();
  const compacted = t.store.compact(t.store.currentRevision);
  let isOver = false;
  void compacted.then(() => (isOver = true));
  while (!isOver) {
    pending.push(t.backend.pendingBytes);
    await turns(1);
  }
  const growth = pending.map((bytes, at) => bytes - (pending[at - 1] ?? 0));
  assert.ok(pending.at(-1)! > 10_000 * 17, "all are removed");
  assert.ok(Math.max(...growth) < 3500 * 100, `${Math.max(...growth)} bytes in one turn`);
  await t.close();
});

const stepArb = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ op: fc.constant("put"), key: fc.integer({ max: 5, min: 0 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant("delete"), key: fc.integer({ max: 5, min: 0 }) }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant("checkpoint"), key: fc.constant(0) }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant("compact"), key: fc.integer({ max: 9, min: 0 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant("crash"), key: fc.integer({ max: 40, min: 0 }) }),
  },
);

/** Some turns of the event loop, in which background work goes on. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("compactions cut off by crashes leave pages, records and index in agreement", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(stepArb, { maxLength: 60 }), async (steps) => {
      const t = await TestStore.open({ clock: hastyClock() });
      for (const { op, key } of steps) {
        if (op === "put") t.put(`k${key}`, "v".repeat(key));
        else if (op === "delete") t.delete(`k${key}`);
        else if (op === "checkpoint") await t.checkpoint();
        else if (op === "compact") {
          const revision = t.store.currentRevision - key;
          if (revision > t.store.compactRevision && revision > 0) void t.store.compact(revision);
        } else {
          await turns(key);
          await t.restart();
        }
      }
      // There is something to compact, which waits for compactions under way.
      t.put("last", "v");
      const before = describe(t.range("", "\0").kvs);
      await t.store.compact(t.store.currentRevision);
      await t.checkpoint();
      const { puts, records } = await stored(t);
      assert.deepEqual(puts, records);
      assert.equal(records.length, before.length);
      await t.restart();
      assert.deepEqual(describe(t.range("", "\0").kvs), before);
      assert.deepEqual(t.errors, []);
      await t.close();
    }),
    { numRuns: 150 },
  );
});
