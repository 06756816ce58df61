import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import type { Backend } from "./backend.ts";
import { buckets } from "./buckets.ts";
import type { Engine, EngineSnapshot } from "./engine.ts";
import { entryBatches } from "./entry-batches.ts";
import { MemoryEngines } from "./memory.ts";
import { openBackend } from "./open-backend.ts";

const { keyValue } = buckets;

interface Fixture {
  readonly backend: Backend;
  /** Views that were taken of the engine. */
  taken: number;
  /** Those that are still open, with what stands behind them. */
  readonly open: Map<EngineSnapshot, EngineSnapshot>;
  /** Reads without a view. */
  viewless: number;
}

async function setUp(): Promise<Fixture> {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  await memory.mkdir("store", 0o700);
  const engine = await new MemoryEngines(memory).open("store");
  const fixture = { taken: 0, open: new Map<EngineSnapshot, EngineSnapshot>(), viewless: 0 };
  const snapshot = engine.snapshot.bind(engine);
  const getMany = engine.getMany.bind(engine);
  const counted: Engine = Object.assign(engine, {
    snapshot: () => {
      const view: EngineSnapshot = {
        close: () => {
          fixture.open.delete(view);
          return Promise.resolve();
        },
      };
      fixture.taken += 1;
      fixture.open.set(view, snapshot());
      return view;
    },
    getMany: (keys: readonly Uint8Array[], view?: EngineSnapshot) => {
      if (view === undefined) {
        fixture.viewless += 1;
        return getMany(keys);
      }
      const behind = fixture.open.get(view);
      assert.ok(behind !== undefined, "a view is read after its end");
      return getMany(keys, behind);
    },
  });
  return Object.assign(fixture, { backend: await openBackend(counted) });
}

function keyAt(number: number): Buffer {
  const key = Buffer.alloc(17);
  key.writeUInt32BE(number, 4);
  return key;
}

const valueAt = (number: number): Buffer => Buffer.alloc(250, number % 251);

async function append(backend: Backend, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) backend.append(keyAt(number), valueAt(number));
  await checkpoint(backend);
}

function checkpoint(backend: Backend): Promise<void> {
  return backend.checkpoint(() => ({ index: 1, term: 1, confState: new Uint8Array(0) }));
}

async function assertThere(backend: Backend, numbers: readonly number[]): Promise<void> {
  const found = await backend.getMany(keyValue, numbers.map(keyAt));
  for (const [at, number] of numbers.entries()) {
    assert.deepEqual(Buffer.from(found[at]!), valueAt(number), `record ${number}`);
  }
}

test("reads share a view, also across checkpoints, as long as it has what they ask for", async () => {
  const t = await setUp();
  await append(t.backend, 0, 100);
  for (let round = 1; round <= 10; round++) {
    await append(t.backend, round * 100, round * 100 + 100);
    await Promise.all([assertThere(t.backend, [0, 99]), assertThere(t.backend, [50])]);
  }
  assert.deepEqual([t.taken, t.open.size, t.viewless], [1, 1, 0]);
  await assertThere(t.backend, [3, 1099]);
  assert.deepEqual([t.taken, t.open.size, t.viewless], [2, 1, 0]);
  await t.backend.close();
});

test("a view goes after some checkpoints, and not while somebody reads", async () => {
  const t = await setUp();
  await append(t.backend, 0, 100);
  await assertThere(t.backend, [7]);
  for (let round = 1; round < 16; round++) await append(t.backend, round * 100, round * 100 + 1);
  assert.equal(t.open.size, 1);
  const reading = assertThere(t.backend, [8, 42]);
  await Promise.all([append(t.backend, 1600, 1601), reading]);
  assert.deepEqual([t.taken, t.open.size], [1, 0]);
  await assertThere(t.backend, [1600, 0]);
  assert.deepEqual([t.taken, t.open.size, t.viewless], [2, 1, 0]);
  await t.backend.close();
});

test("records that one checkpoint deleted do not come back with those that the next deletes", async () => {
  const t = await setUp();
  await append(t.backend, 0, 100);
  await assertThere(t.backend, [0, 1, 2]);
  for (const gone of [0, 2, 1]) {
    t.backend.delete(keyValue, keyAt(gone));
    await checkpoint(t.backend);
    await assertThere(t.backend, [3, 4]);
  }
  let records = 0;
  for await (const entries of entryBatches(t.backend.iterate(keyValue))) records += entries.length;
  assert.equal(records, 97);
  assert.equal(t.viewless, 0);
  await t.backend.close();
});
