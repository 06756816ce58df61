import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdErrors, type RangeResponse } from "@kvorum/proto";
import { rangeStream } from "./range-stream.ts";
import { rangeRequest, TestStore } from "./testing/test-store.ts";

async function collect(stream: AsyncIterable<RangeResponse>): Promise<RangeResponse[]> {
  const chunks: RangeResponse[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
  }
  return chunks;
}

async function filled(count: number): Promise<TestStore> {
  const t = await TestStore.open();
  for (let i = 0; i < count; i++) {
    t.put(`k${String(i).padStart(4, "0")}`, "x".repeat(50));
  }
  return t;
}

test("chunks of one revision: ten keys first, then doubling towards the size wanted", async () => {
  const t = await filled(200);
  const stream = rangeStream(t.store, rangeRequest("k", "l"), 10_000);
  const chunks: RangeResponse[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    t.put("k0000", "changed");
    t.put(`k0199+${chunks.length}`, "new");
  }
  assert.deepEqual(
    chunks.map(({ kvs }) => kvs.length),
    [10, 20, 40, 80, 50],
  );
  for (const chunk of chunks.slice(0, -1)) {
    assert.deepEqual([chunk.header, chunk.more, chunk.count], [undefined, false, 0]);
  }
  const last = chunks.at(-1)!;
  assert.deepEqual([last.header?.revision, last.more, last.count], [201, false, 200]);
});

test("a limit cuts the stream, and count goes on", async () => {
  const t = await filled(30);
  const chunks = await collect(rangeStream(t.store, rangeRequest("k", "l", { limit: 13 }), 1e6));
  assert.deepEqual(
    chunks.map(({ kvs }) => kvs.length),
    [10, 3],
  );
  assert.deepEqual([chunks[1]?.more, chunks[1]?.count], [true, 30]);
});

test("an empty range and count_only are one chunk", async () => {
  const t = await filled(30);
  const [empty, ...none] = await collect(rangeStream(t.store, rangeRequest("x", "y"), 1e6));
  assert.deepEqual([empty?.kvs.length, empty?.count, none.length], [0, 0, 0]);
  const counted = await collect(
    rangeStream(t.store, rangeRequest("k", "l", { countOnly: true }), 1e6),
  );
  assert.deepEqual([counted.length, counted[0]?.count, counted[0]?.header?.revision], [1, 30, 31]);
});

test("a compaction between chunks ends the stream", async () => {
  const t = await filled(30);
  const stream = rangeStream(t.store, rangeRequest("k", "l"), 1e6);
  await stream.next();
  t.put("z", "1");
  await t.store.compact(t.store.currentRevision);
  await assert.rejects(stream.next(), { message: EtcdErrors.compacted.message });
});
