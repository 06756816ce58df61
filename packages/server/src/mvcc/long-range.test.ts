import assert from "node:assert/strict";
import { test } from "node:test";
import { RangeRequest_SortOrder, RangeResponse } from "@kvorum/proto";
import type { LongMessage } from "../lib/long-message.ts";
import { LongRangeResponse } from "./long-range.ts";
import { rangeRequest, TestStore } from "./testing/test-store.ts";

const KEYS = 1500;

/** Some in the cache, most read from the engine. */
async function filled(): Promise<TestStore> {
  const t = await TestStore.open({ cacheBytesMax: 20_000 });
  for (let i = 0; i < KEYS; i++) t.put(`k${i}`, `v${i}`.repeat(i % 40), BigInt(i % 3));
  await t.checkpoint();
  return t;
}

/** The message, taken in pieces that end anywhere. */
function whole(message: LongMessage): Buffer {
  const bytes = Buffer.alloc(message.length);
  for (let start = 0, step = 1; start < bytes.length; step = (step * 7) % 1009) {
    const end = Math.min(start + step, bytes.length);
    message.take(bytes, start, end);
    start = end;
  }
  return bytes;
}

test("a long range is what a short one would be, and has it encoded", async () => {
  const t = await filled();
  for (const limit of [0, 1000, KEYS, KEYS + 1]) {
    const request = rangeRequest("", "\0", { limit });
    const long = await t.store.range(request);
    const expected = t.store.rangeSync(request);
    assert.ok(long instanceof LongRangeResponse);
    const { header, more, count, kvs } = long;
    assert.deepEqual({ header, more, count, kvs }, expected);
    assert.deepEqual(RangeResponse.decode(whole(long.encode())), expected);
  }
  await t.close();
});

test("a long range of little keeps little, and says how much", async () => {
  const t = await filled();
  const long = await t.store.range(rangeRequest("", "\0", { limit: 513 }));
  assert.ok(long instanceof LongRangeResponse);
  const { length, keptBytes } = long.encode();
  assert.ok(length < keptBytes && keptBytes < length + 50_000, `${keptBytes} for ${length} bytes`);
  await t.close();
});

test("versions that lie far apart do not keep all that lies between them", async () => {
  const t = await TestStore.open({ cacheBytesMax: 1 });
  for (let i = 0; i < 200; i++) {
    t.put(`wanted${i}`, "value");
    for (let j = 0; j < 10; j++) t.put(`other${i}.${j}`, "o".repeat(300));
  }
  await t.checkpoint();
  const { kvs } = await t.store.range(rangeRequest("wanted", "x"));
  assert.equal(kvs.length, 200);
  const memory = new Set(kvs.map(({ value }) => value.buffer));
  const kept = [...memory].reduce((bytes, { byteLength }) => bytes + byteLength, 0);
  assert.ok(kept < 100_000, `${kept} bytes`);
  await t.close();
});

test("a long range that is sorted, filtered or stripped is encoded too", async () => {
  const t = await filled();
  const requests = [
    { sortOrder: RangeRequest_SortOrder.DESCEND },
    { minModRevision: 100 },
    { keysOnly: true },
    { keysOnly: true, limit: 1000 },
  ];
  for (const options of requests) {
    const request = rangeRequest("", "\0", options);
    const long = await t.store.range(request);
    assert.ok(long instanceof LongRangeResponse);
    const expected = RangeResponse.encode(t.store.rangeSync(request));
    assert.deepEqual(RangeResponse.decode(whole(long.encode())), RangeResponse.decode(expected));
  }
  const request = rangeRequest("", "\0", { countOnly: true });
  assert.deepEqual(await t.store.range(request), t.store.rangeSync(request));
  await t.close();
});
