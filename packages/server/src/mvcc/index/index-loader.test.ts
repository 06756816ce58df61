import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../lib/prng.ts";
import { IndexLoader } from "./index-loader.ts";
import type { KeyIndex } from "./key-index.ts";
import { TreeIndex } from "./tree-index.ts";

const pause = (): Promise<void> => Promise.resolve();

function historyOf(keyIndex: KeyIndex): number[][] {
  return Array.from({ length: keyIndex.length }, (_none, at) => [
    keyIndex.mainAt(at),
    keyIndex.subAt(at),
    keyIndex.createdAt(at),
    keyIndex.versionAt(at),
  ]);
}

test("an index that is loaded equals the one that was written, however often it is put together", async () => {
  const prng = new Prng(5);
  const written = new TreeIndex();
  const loader = new IndexLoader();
  for (let main = 2; main < 20_000; main++) {
    const key = `k${prng.nextInt(3000)}`.repeat(1 + prng.nextInt(2));
    const keyIndex = written.getOrCreate(key);
    if (!keyIndex.isDeleted && prng.chance(0.2)) keyIndex.tombstone(main, 1);
    else keyIndex.put(main, 0);
    const lease = keyIndex.isDeleted ? 0n : BigInt(prng.nextInt(3));
    keyIndex.lease = lease;
    const { sub, created, version } = keyIndex;
    loader.add(key, { main, sub, created, version, lease });
    if (prng.chance(0.0005)) await loader.putTogether(pause);
  }
  const loaded = new TreeIndex();
  await loaded.load(await loader.putTogether(pause), pause);

  assert.equal(loaded.size, written.size);
  const inOrder: string[] = [];
  loaded.visit("", undefined, (key, keyIndex) => {
    inOrder.push(key);
    const expected = written.get(key)!;
    assert.deepEqual(historyOf(keyIndex), historyOf(expected), key);
    assert.equal(keyIndex.lease, expected.lease);
    assert.equal(loaded.get(key), keyIndex);
    return true;
  });
  assert.deepEqual(
    inOrder,
    inOrder.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.equal(inOrder.length, written.size);
});

test("a loaded index forgets and creates keys whose map was never asked for", async () => {
  const loader = new IndexLoader();
  for (let main = 2; main < 5000; main++) {
    loader.add(`k${main}`, { main, sub: 0, created: main, version: 1, lease: 0n });
  }
  const index = new TreeIndex();
  await index.load(await loader.putTogether(pause), pause);
  index.delete("k7");
  assert.equal(index.get("k7"), undefined);
  assert.equal(index.getOrCreate("k8").main, 8);
  assert.equal(index.getOrCreate("k7").length, 0);
  assert.equal(index.size, 4998);
});
