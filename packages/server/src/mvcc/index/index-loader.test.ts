import assert from "node:assert/strict";
import { test } from "node:test";
import { keyToBytes } from "../../lib/bytes.ts";
import { Prng } from "../../lib/prng.ts";
import { encodePutMeta, encodeTombstoneMeta } from "../key-meta.ts";
import { IndexLoader, type LoadedIndex } from "./index-loader.ts";
import type { KeyIndex } from "./key-index.ts";
import { visitLeases } from "./leaf-writer.ts";
import { TreeIndex } from "./tree-index.ts";

const pause = (): Promise<void> => Promise.resolve();
const PAGE_ENTRIES = 50;

/** Puts entries into pages and these into a loader, as a start does. */
class Feed {
  readonly loader = new IndexLoader();
  #entries: Uint8Array[] = [];

  /** The key's newest version. */
  add(key: string, { main, sub, created, version, lease }: KeyIndex): void {
    const bytes = keyToBytes(key);
    const put = { createRevision: created, version, lease };
    const entry =
      version === 0
        ? encodeTombstoneMeta(main, sub, bytes)
        : encodePutMeta({ main, sub }, put, 100, bytes);
    this.#entries.push(Uint8Array.from(entry));
    if (this.#entries.length === PAGE_ENTRIES) this.#endPage();
  }

  putTogether(): Promise<LoadedIndex> {
    this.#endPage();
    return this.loader.putTogether(pause);
  }

  #endPage(): void {
    if (this.#entries.length > 0) this.loader.add(Buffer.concat(this.#entries.splice(0)));
  }
}

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
  const feed = new Feed();
  for (let main = 2; main < 20_000; main++) {
    const key = `k${prng.nextInt(3000)}`.repeat(1 + prng.nextInt(2));
    const keyIndex = written.getOrCreate(key);
    if (!keyIndex.isDeleted && prng.chance(0.2)) keyIndex.tombstone(main, 1);
    else keyIndex.put(main, 0);
    keyIndex.lease = keyIndex.isDeleted ? 0n : BigInt(prng.nextInt(3));
    feed.add(key, keyIndex);
    if (prng.chance(0.0005)) await feed.putTogether();
  }
  const { leaves, live, size } = await feed.putTogether();
  const leases = new Map<string, bigint>();
  for (const leaf of leaves) visitLeases(leaf, (lease, key) => leases.set(key, lease));
  const loaded = new TreeIndex();
  await loaded.load(leaves, 0, pause);
  assert.equal(loaded.size, written.size);
  assert.equal(size, written.size);
  assert.equal(feed.loader.lastMain, 19_999);
  const inOrder: string[] = [];
  let exist = 0;
  loaded.visit("", undefined, (key, keyIndex) => {
    inOrder.push(key);
    const expected = written.get(key)!;
    assert.deepEqual(historyOf(keyIndex), historyOf(expected), key);
    assert.equal(keyIndex.lease, expected.lease);
    assert.equal(leases.get(key) ?? 0n, expected.lease);
    assert.equal(loaded.get(key), keyIndex);
    exist += keyIndex.isDeleted ? 0 : 1;
    return true;
  });
  assert.equal(live, exist);
  assert.deepEqual(
    inOrder,
    inOrder.toSorted((a, b) => (a < b ? -1 : 1)),
  );
  assert.equal(inOrder.length, written.size);
});

test("a loaded index forgets and creates keys that nobody has asked for", async () => {
  const feed = new Feed();
  const written = new TreeIndex();
  for (let main = 2; main < 5000; main++) {
    written.getOrCreate(`k${main}`).put(main, 0);
    feed.add(`k${main}`, written.get(`k${main}`)!);
  }
  const index = new TreeIndex();
  await index.load((await feed.putTogether()).leaves, 0, pause);
  index.delete("k7");
  assert.equal(index.get("k7"), undefined);
  assert.equal(index.getOrCreate("k8").main, 8);
  assert.equal(index.getOrCreate("new").length, 0);
  assert.equal(index.size, 4998);
});

test("a history that is too long for a block is loaded too, and put together with what follows", async () => {
  const feed = new Feed();
  const written = new TreeIndex();
  const put = (key: string, main: number): void => {
    const keyIndex = written.getOrCreate(key);
    keyIndex.put(main, 0);
    keyIndex.lease = 4n;
    feed.add(key, keyIndex);
  };
  put("a", 2);
  for (let main = 3; main < 100_010; main++) put("b", main);
  put("c", 100_010);
  await feed.putTogether();
  put("b", 100_011);
  const { leaves } = await feed.putTogether();
  const leased: string[] = [];
  for (const leaf of leaves) visitLeases(leaf, (_lease, key) => leased.push(key));
  assert.deepEqual(leased, ["a", "b", "c"]);
  const index = new TreeIndex();
  await index.load(leaves, 0, pause);
  assert.equal(index.get("b")?.length, 100_008);
  assert.equal(index.get("b")?.version, written.get("b")?.version);
  assert.equal(index.get("c")?.main, 100_010);
});
