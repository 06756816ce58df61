import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { Backend } from "./backend.ts";
import { buckets } from "./buckets.ts";
import { type Engine, ListBatch } from "./engine.ts";
import { entryBatches } from "./entry-batches.ts";
import { MemoryEngines } from "./memory.ts";
import { openBackend } from "./open-backend.ts";
import { BLOCK_BYTES } from "./record-block.ts";

const { keyValue, keyValueBlocks } = buckets;

interface Fixture {
  readonly memory: MemoryFileSystem;
  readonly engine: Engine;
  readonly backend: Backend;
}

async function setUp(): Promise<Fixture> {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  await memory.mkdir("store", 0o700);
  return open(memory);
}

async function open(memory: MemoryFileSystem): Promise<Fixture> {
  const engine = await new MemoryEngines(memory).open("store");
  return { memory, engine, backend: await openBackend(engine) };
}

function keyAt(number: number): Buffer {
  const key = Buffer.alloc(17);
  key.writeUInt32BE(number, 4);
  return key;
}

const valueAt = (number: number): Buffer => Buffer.alloc(250, number % 251);

function append(backend: Backend, from: number, to: number): void {
  for (let number = from; number < to; number++) {
    backend.append(keyAt(number), valueAt(number));
  }
}

function checkpoint(backend: Backend): Promise<void> {
  return backend.checkpoint(() => ({ index: 1, term: 1, confState: new Uint8Array(0) }));
}

/** Engine keys of a bucket. */
async function keysOf(engine: Engine, bucket: number): Promise<Uint8Array[]> {
  const range = { gte: Uint8Array.of(bucket), lt: Uint8Array.of(bucket + 1) };
  const keys: Uint8Array[] = [];
  for await (const entries of entryBatches(engine.iterate(range))) {
    keys.push(...entries.map(([key]) => key));
  }
  return keys;
}

async function numbersIn(backend: Backend): Promise<number[]> {
  const numbers: number[] = [];
  for await (const entries of entryBatches(backend.iterate(keyValue))) {
    for (const [key, value] of entries) {
      const number = Buffer.from(key).readUInt32BE(4);
      assert.deepEqual(Buffer.from(value), valueAt(number));
      numbers.push(number);
    }
  }
  return numbers;
}

test("many records share an entry of the engine, and each is found, also after a restart", async () => {
  const { memory, backend } = await setUp();
  append(backend, 0, 300);
  await checkpoint(backend);
  append(backend, 300, 20_000);
  await checkpoint(backend);
  await backend.close();
  const again = await open(memory);
  const blocks = await keysOf(again.engine, keyValue);
  assert.ok(blocks.length < 20_000 / 13, `${blocks.length} blocks`);
  assert.ok((await keysOf(again.engine, keyValueBlocks)).length < 10);
  const wanted = [0, 1, 299, 300, 301, 9_999, 19_999, 20_000];
  const found = await again.backend.getMany(keyValue, wanted.map(keyAt));
  for (const [at, number] of wanted.entries()) {
    const expected = number < 20_000 ? valueAt(number) : undefined;
    assert.deepEqual(found[at], expected);
    assert.deepEqual(again.backend.get(keyValue, keyAt(number)), expected);
  }
  assert.equal((await numbersIn(again.backend)).length, 20_000);
  await again.backend.close();
});

test("deleting leaves the other records of a block, and nothing of an empty one", async () => {
  const { memory, engine, backend } = await setUp();
  append(backend, 0, 20_000);
  await checkpoint(backend);
  const isKept = (number: number): boolean => number % 1000 === 7 || number > 19_000;
  for (let number = 0; number < 20_000; number++) {
    if (!isKept(number)) backend.delete(keyValue, keyAt(number));
  }
  assert.equal(backend.get(keyValue, keyAt(8)), undefined);
  await checkpoint(backend);
  const kept = Array.from({ length: 20_000 }, (_none, number) => number).filter(isKept);
  assert.ok((await keysOf(engine, keyValue)).length < 20 + 80);
  assert.ok((await keysOf(engine, keyValueBlocks)).length <= 2);
  append(backend, 20_000, 20_100);
  await checkpoint(backend);
  await backend.close();
  const again = await open(memory);
  assert.deepEqual((await numbersIn(again.backend)).slice(0, kept.length), kept);
  for (const number of [7, 5007, 19_999, 20_099]) {
    assert.deepEqual(again.backend.get(keyValue, keyAt(number)), valueAt(number));
  }
  for (const number of [0, 8, 5006, 18_999]) {
    assert.equal(again.backend.get(keyValue, keyAt(number)), undefined);
  }
  await again.backend.close();
});

test("scattered deletions count for the blocks that a checkpoint will write again", async () => {
  const { backend } = await setUp();
  append(backend, 0, 2000);
  await checkpoint(backend);
  for (let number = 0; number < 1000; number++) backend.delete(keyValue, keyAt(number));
  const together = backend.pendingBytes;
  await checkpoint(backend);
  for (let number = 1000; number < 2000; number += 50) backend.delete(keyValue, keyAt(number));
  const scattered = backend.pendingBytes;
  assert.ok(together > 60 * BLOCK_BYTES && together < 150 * BLOCK_BYTES, `${together} bytes`);
  assert.ok(scattered > 20 * BLOCK_BYTES && scattered < 25 * BLOCK_BYTES, `${scattered} bytes`);
  await backend.close();
});

test("a record deleted before its checkpoint never reaches the engine", async () => {
  const { backend } = await setUp();
  append(backend, 0, 30);
  for (let number = 0; number < 25; number++) backend.delete(keyValue, keyAt(number));
  assert.equal(backend.get(keyValue, keyAt(3)), undefined);
  await checkpoint(backend);
  assert.equal(backend.get(keyValue, keyAt(3)), undefined);
  assert.deepEqual(await numbersIn(backend), [25, 26, 27, 28, 29]);
  await backend.close();
});

test("a block of which nothing is left before its checkpoint is not in the directory", async () => {
  const { engine, backend } = await setUp();
  append(backend, 0, 1000);
  await checkpoint(backend);
  append(backend, 1000, 5000);
  for (let number = 1000; number < 4990; number++) backend.delete(keyValue, keyAt(number));
  const checkpointed = checkpoint(backend);
  append(backend, 5000, 5100);
  await checkpointed;
  await checkpoint(backend);
  const blocks: Uint8Array[] = [];
  for await (const pages of entryBatches(backend.iterate(keyValueBlocks))) {
    for (const [, page] of pages) {
      for (let at = 0; at < page.length; at += 1 + page[at]!) {
        blocks.push(page.subarray(at + 1, at + 1 + page[at]!));
      }
    }
  }
  const stored = (await keysOf(engine, keyValue)).map((key) => key.subarray(1));
  assert.deepEqual(
    blocks.map((key) => Buffer.from(key)),
    stored.map((key) => Buffer.from(key)),
  );
  assert.equal((await numbersIn(backend)).length, 1000 + 10 + 100);
  await backend.close();
});

test("records written ahead are there after the checkpoint that they belong to", async () => {
  const { memory, backend } = await setUp();
  append(backend, 0, 500);
  await backend.writeAhead();
  assert.ok(backend.pendingBytes < 20_000, `${backend.pendingBytes} bytes are pending`);
  append(backend, 500, 700);
  await checkpoint(backend);
  await backend.close();
  const again = await open(memory);
  assert.equal((await numbersIn(again.backend)).length, 700);
  assert.deepEqual(again.backend.get(keyValue, keyAt(499)), valueAt(499));
  await again.backend.close();
});

test("a store in which records written ahead are missing is refused", async () => {
  const { memory, backend } = await setUp();
  await backend.close();
  const inner = await new MemoryEngines(memory).open("store");
  let isLossy = false;
  const lossy: Engine = {
    get: (key, snapshot) => inner.get(key, snapshot),
    getMany: (keys, snapshot) => inner.getMany(keys, snapshot),
    write: (batch) => (isLossy ? Promise.resolve() : inner.write(batch)),
    snapshot: () => inner.snapshot(),
    iterate: (options) => inner.iterate(options),
    compactRange: (range) => inner.compactRange(range),
    sizeBytes: () => inner.sizeBytes(),
    sizeInUseBytes: () => inner.sizeInUseBytes(),
    close: () => inner.close(),
  };
  const filled = await openBackend(lossy);
  await checkpoint(filled);
  for (let at = 0; at < 3; at++) {
    append(filled, at * 100, (at + 1) * 100);
    isLossy = at === 1;
    await filled.writeAhead();
  }
  isLossy = false;
  await checkpoint(filled);
  await filled.close();
  await assert.rejects(open(memory), CorruptionError);
});

test("a walk up to a bound ends within a block", async () => {
  const { backend } = await setUp();
  append(backend, 0, 100);
  await checkpoint(backend);
  const iterator = backend.iterate(keyValue, { lt: keyAt(50) });
  const sizes: number[] = [];
  for (let entries = await iterator.next(7); entries.length > 0; entries = await iterator.next(7)) {
    sizes.push(entries.length);
  }
  await iterator.close();
  assert.equal(
    sizes.reduce((sum, size) => sum + size, 0),
    50,
  );
  assert.ok(Math.max(...sizes) <= 7);
  await backend.close();
});

test("a changed bit anywhere in a block is noticed by whoever reads it", async () => {
  const { engine, backend } = await setUp();
  append(backend, 0, 5);
  await checkpoint(backend);
  const [key] = await keysOf(engine, keyValue);
  const block = engine.get(key!)!;
  for (let at = 0; at < block.length; at += 3) {
    const changed = Uint8Array.from(block);
    changed[at]! ^= 1 << (at % 8);
    const batch = new ListBatch();
    batch.put(key!, changed);
    await engine.write(batch);
    await assert.rejects(numbersIn(backend), CorruptionError, `byte ${at}`);
  }
  await backend.close();
});
