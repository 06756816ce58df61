import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeClock } from "../../env/node-env.ts";
import { FrozenBlock } from "../index/frozen-block.ts";
import { hastyClock, TestStore } from "../testing/test-store.ts";
import { readHistory } from "./history.ts";

const range = { start: "a", end: "z", isPoint: false };

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a compaction during a read waits for it", async () => {
  const t = await TestStore.open();
  for (let i = 0; i < 1200; i++) {
    t.put(`k${i % 5}`, String(i));
  }
  const batches = readHistory(t.store.state, range, 100, {
    clock: hastyClock(),
    withPrevious: false,
  });
  const mains: number[] = [];
  const first = await batches.next();
  assert.ok(first.done !== true);
  mains.push(...first.value.changes.map(({ main }) => main));
  let isCompacted = false;
  const compacted = t.store.compact(1201).then(() => {
    isCompacted = true;
  });
  await turns(30);
  assert.equal(isCompacted, false);
  for await (const { changes } of batches) {
    mains.push(...changes.map(({ main }) => main));
  }
  assert.deepEqual(
    mains,
    Array.from({ length: 1102 }, (_, i) => i + 100),
  );
  await compacted;
});

test("what a start has left frozen is not thawed for what came after it", async () => {
  const t = await TestStore.open({ images: true });
  for (let i = 0; i < 3000; i++) t.put(`k${i}`, "v");
  await t.checkpoint();
  await t.restart();
  const revision = t.store.currentRevision;
  for (const key of ["k77", "k2999", "l"]) t.put(key, "newer");
  const keysFrom = async (from: number): Promise<string[]> => {
    const keys: string[] = [];
    const how = { clock: hastyClock(), withPrevious: false };
    for await (const { changes } of readHistory(t.store.state, range, from, how)) {
      keys.push(...changes.map(({ key }) => key));
    }
    return keys;
  };
  assert.deepEqual(await keysFrom(revision + 1), ["k77", "k2999", "l"]);
  const leaves = [...t.store.state.index.leaves()];
  const frozen = leaves.filter((leaf) => leaf instanceof FrozenBlock);
  assert.ok(frozen.length > leaves.length - 5, `${frozen.length} of ${leaves.length}`);
  assert.deepEqual(await keysFrom(revision), ["k2999", "k77", "k2999", "l"]);
  await t.close();
});

test("a history longer than a walk keeps is cut at a whole revision, and says how far it went", async () => {
  const t = await TestStore.open();
  const txnKeys = 30_000;
  for (let i = 0; i < 4; i++) {
    const txn = t.store.beginWrite();
    for (let key = 0; key < txnKeys; key++) {
      txn.put(Buffer.from(`k${key}`), Buffer.alloc(0), 0n);
    }
    txn.end();
  }
  let from = 1;
  const found: [through: number, changes: number][] = [];
  while (from <= t.store.currentRevision) {
    let changes = 0;
    let through = 0;
    for await (const batch of readHistory(t.store.state, range, from, {
      clock: nodeClock,
      withPrevious: false,
    })) {
      assert.ok(batch.changes.every(({ main }) => main > through && main <= batch.throughRevision));
      changes += batch.changes.length;
      through = batch.throughRevision;
    }
    found.push([through, changes]);
    from = through + 1;
  }
  assert.deepEqual(found, [
    [3, 2 * txnKeys],
    [5, 2 * txnKeys],
  ]);
});
