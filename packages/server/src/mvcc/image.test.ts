import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteRangeRequest, type RangeRequest } from "@kvorum/proto";
import { readFile, replaceFile, tryStat } from "../env/file-io.ts";
import { FaultFileSystem } from "../env/testing/fault-file-system.ts";
import { FrozenBlock } from "./index/frozen-block.ts";
import { LongDelete } from "./long-delete.ts";
import { describe, DIRECTORY, hastyClock, rangeRequest, TestStore } from "./testing/test-store.ts";
import { nextTurn } from "./turn.ts";

const NAME = "index-image";
const path = `${DIRECTORY}/${NAME}`;
const TAKEN = "took the index from its image";
const REFUSED = "the index image cannot be used; reading all keys instead";

/** Some versions, tombstones and leases, all in a checkpoint. */
async function openFilled(options: { clock?: ReturnType<typeof hastyClock> } = {}) {
  const t = await TestStore.open({ images: true, ...options });
  for (let i = 0; i < 300; i++) {
    t.put(`k${i % 200}`, `v${i}`, i % 7 === 0 ? 77n : 0n);
  }
  t.delete("k10", "k15");
  await t.checkpoint();
  return t;
}

function everything(t: TestStore): unknown {
  const { currentRevision, compactRevision, keysTotal } = t.store;
  const leases = [...t.leases.keys].sort(([a], [b]) => (a < b ? -1 : 1));
  const kvs = describe(t.range("\0", "\0").kvs);
  return { currentRevision, compactRevision, keysTotal, kvs, leases };
}

test("a start takes the image of a clean stop, and it is gone then", async () => {
  const t = await openFilled();
  const before = everything(t);
  await t.restart();
  assert.deepEqual(t.logged, [TAKEN]);
  assert.equal(await tryStat(t.fs, path), undefined);
  assert.deepEqual(everything(t), before);
});

test("keys that are only counted stay frozen, and are counted right", async () => {
  const t = await TestStore.open({ images: true });
  for (let i = 0; i < 5000; i++) t.put(`k${i}`, "v");
  t.delete("k2", "k3");
  const revision = t.store.currentRevision;
  for (let i = 0; i < 100; i++) t.put(`k2${i}`, "v");
  await t.checkpoint();
  const wanted: [string, string, Partial<RangeRequest>][] = [
    ["\0", "\0", { limit: 10 }],
    ["\0", "\0", { countOnly: true }],
    ["k15", "k4", { limit: 10 }],
    ["k15", "k4", { countOnly: true }],
    ["k15", "k4", { limit: 10, revision }],
    ["k15", "k4", { countOnly: true, revision }],
  ];
  const expected = wanted.map((range) => t.range(...range));
  await t.restart();
  const frozen = () => {
    const leaves = [...t.store.state.index.leaves()];
    return leaves.filter((leaf) => leaf instanceof FrozenBlock).length / leaves.length;
  };
  for (const [at, [key, end, options]] of wanted.entries()) {
    assert.deepEqual(t.range(key, end, options), expected[at]);
    assert.deepEqual(await t.store.range(rangeRequest(key, end, options)), expected[at]);
    // What existed at an older revision takes a closer look.
    if (options.revision === undefined) assert.ok(frozen() > 0.8, `${frozen()} at ${at}`);
  }
});

test("after a crash the index is read anew, even if an old image is there", async () => {
  const t = await openFilled();
  t.store.close();
  await t.store.leaveImage();
  const image = await readFile(t.fs, path);
  await t.restart();
  t.put("k1", "newer");
  await t.checkpoint();
  const before = everything(t);
  await t.killAndRestart();
  assert.deepEqual(t.logged, [TAKEN]);
  assert.deepEqual(everything(t), before);

  await replaceFile(t.fs, DIRECTORY, NAME, image);
  await t.killAndRestart();
  assert.deepEqual(t.logged, [TAKEN, REFUSED]);
  assert.equal(await tryStat(t.fs, path), undefined);
  assert.deepEqual(everything(t), before);
});

test("a damaged image costs the reading of all keys, and nothing else", async () => {
  const t = await openFilled();
  const before = everything(t);
  t.store.close();
  await t.store.leaveImage();
  const image = await readFile(t.fs, path);
  image[image.length - 9]! ^= 1;
  await replaceFile(t.fs, DIRECTORY, NAME, image);
  await t.killAndRestart();
  assert.deepEqual(t.logged, [REFUSED]);
  assert.deepEqual(everything(t), before);
});

test("what is not wholly in a checkpoint leaves no image", async () => {
  const t = await openFilled();
  t.put("k1", "not durable");
  await t.restart();
  assert.deepEqual(t.logged, []);
  assert.equal(t.store.currentRevision, 302);
});

test("a store in the middle of a long write leaves no image", async () => {
  const t = await openFilled();
  t.store.beginLongWrite().deleteSome("k1", undefined, 10);
  await t.restart();
  assert.deepEqual(t.logged, []);
  assert.equal(t.store.currentRevision, 302);
});

test("what was about to be deleted when the store was closed is in the image as it was", async () => {
  const t = await openFilled();
  const before = everything(t);
  const key = Buffer.from("k");
  const request = DeleteRangeRequest.create({ key, rangeEnd: Buffer.from("l"), prevKv: true });
  const long = LongDelete.tryBegin(t.store, request, { clock: hastyClock(), keysMin: 100 });
  // Apply has stopped; the deletion is still reading what it is to return.
  const run = long!.run();
  t.store.close();
  await assert.rejects(run, /the store is closed/);
  await t.restart();
  assert.deepEqual(t.logged, [TAKEN]);
  assert.deepEqual(everything(t), before);
});

test("an unfinished compaction leaves no image", async () => {
  const clock = hastyClock();
  const t = await openFilled({ clock });
  const compaction = t.store.compact(200);
  await t.checkpoint();
  await nextTurn(clock);
  await t.restart();
  await compaction;
  assert.deepEqual(t.logged, []);
  // The start has gone on with it; the next stop comes at its end.
  await t.store.compact(201);
  await t.checkpoint();
  await t.restart();
  assert.deepEqual(t.logged, [TAKEN]);
  assert.equal(t.store.compactRevision, 201);
});

test("a stop does not fail for an image that cannot be written", async () => {
  const t = await openFilled();
  t.faults = (fs) =>
    new FaultFileSystem(fs, ({ kind }) =>
      kind === "write" || kind === "unlink" ? { kind: "error", code: "ENOSPC" } : undefined,
    );
  await t.restart();
  assert.equal(t.logged.length, 1);
  assert.match(t.logged[0]!, /cannot be written/);
});

test("a stop does not fail for a store that cannot be read any more", async () => {
  const t = await openFilled();
  await t.close();
  await t.store.leaveImage();
  assert.equal(t.logged.length, 1);
  assert.match(t.logged[0]!, /cannot be written/);
});
