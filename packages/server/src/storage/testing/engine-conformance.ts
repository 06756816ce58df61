/** What every engine must do, whatever it is made of. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bytesToKey, compareBytes } from "../../lib/bytes.ts";
import { Prng } from "../../lib/prng.ts";
import { ListBatch } from "../engine.ts";
import type { Engine, EngineEntry, EngineOpener, IterateOptions } from "../engine.ts";

export interface EngineSetup {
  readonly open: EngineOpener;
  /** A directory that exists, is empty and is used by nobody else. */
  readonly directory: string;
  cleanUp(): Promise<void>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString("latin1");

function batchOf(puts: Record<string, string>, deletes: readonly string[] = []): ListBatch {
  const batch = new ListBatch();
  for (const [key, value] of Object.entries(puts)) {
    batch.put(bytes(key), bytes(value));
  }
  for (const key of deletes) {
    batch.delete(bytes(key));
  }
  return batch;
}

async function collect(
  engine: Engine,
  options: IterateOptions = {},
  maxItems = 7,
): Promise<string[]> {
  const iterator = engine.iterate(options);
  const found: string[] = [];
  for (;;) {
    const entries: readonly EngineEntry[] = await iterator.next(maxItems);
    if (entries.length === 0) {
      break;
    }
    assert.ok(entries.length <= maxItems);
    found.push(...entries.map(([key, value]) => `${text(key)!}=${text(value)!}`));
  }
  await iterator.close();
  return found;
}

/** Registers the suite for one implementation. */
export function engineConformance(name: string, setUp: () => Promise<EngineSetup>): void {
  const withEngine = async (body: (engine: Engine, setup: EngineSetup) => Promise<void>) => {
    const setup = await setUp();
    const engine = await setup.open(setup.directory);
    try {
      await body(engine, setup);
    } finally {
      await engine.close();
      await setup.cleanUp();
    }
  };

  describe(`engine ${name}`, () => {
    test("a written batch is read back, key by key and together", () =>
      withEngine(async (engine) => {
        await engine.write(batchOf({ a: "1", b: "2", c: "" }));
        assert.equal(text(engine.get(bytes("a"))), "1");
        assert.equal(text(engine.get(bytes("c"))), "");
        assert.equal(engine.get(bytes("d")), undefined);
        const keys = ["b", "nothing", "a"].map(bytes);
        assert.deepEqual((await engine.getMany(keys)).map(text), ["2", undefined, "1"]);
      }));

    test("the last operation on a key in a batch wins", () =>
      withEngine(async (engine) => {
        const batch = new ListBatch();
        batch.put(bytes("k"), bytes("1"));
        batch.delete(bytes("k"));
        batch.put(bytes("k"), bytes("2"));
        batch.put(bytes("gone"), bytes("1"));
        batch.delete(bytes("gone"));
        await engine.write(batch);
        assert.deepEqual(await collect(engine), ["k=2"]);
      }));

    test("an empty batch is fine", () =>
      withEngine(async (engine) => {
        await engine.write(new ListBatch());
        assert.deepEqual(await collect(engine), []);
      }));

    test("what is durable is there after a reopen", async () => {
      const setup = await setUp();
      const engine = await setup.open(setup.directory);
      await engine.write(batchOf({ a: "1", b: "2" }));
      await engine.write(batchOf({ a: "3" }, ["b"]));
      await engine.close();
      const again = await setup.open(setup.directory);
      assert.deepEqual(await collect(again), ["a=3"]);
      await again.close();
      await setup.cleanUp();
    });

    test("iteration honours bounds, direction and order of unsigned bytes", () =>
      withEngine(async (engine) => {
        await engine.write(batchOf({ "\x00": "0", a: "1", aa: "2", b: "3", "\xff": "4" }));
        const all = ["\x00=0", "a=1", "aa=2", "b=3", "\xff=4"];
        assert.deepEqual(await collect(engine), all);
        assert.deepEqual(await collect(engine, { reverse: true }, 2), [...all].reverse());
        assert.deepEqual(
          await collect(engine, { gte: bytes("a"), lt: bytes("b") }),
          all.slice(1, 3),
        );
        const downwards = { gte: bytes("aa"), lt: bytes("\xff"), reverse: true };
        assert.deepEqual(await collect(engine, downwards), ["b=3", "aa=2"]);
        assert.deepEqual(await collect(engine, { gte: bytes("b"), lt: bytes("a") }), []);
        assert.deepEqual(await collect(engine, { keysOnly: true, lt: bytes("a") }), ["\x00="]);
        const values = await collect(engine, { valuesOnly: true, gte: bytes("a"), lt: bytes("b") });
        assert.deepEqual(values, ["=1", "=2"]);
      }));

    test("a snapshot and an iterator do not see later writes", () =>
      withEngine(async (engine) => {
        await engine.write(batchOf({ a: "1", b: "1" }));
        const snapshot = engine.snapshot();
        const iterator = engine.iterate();
        await engine.write(batchOf({ a: "2", c: "2" }, ["b"]));
        assert.equal(text(engine.get(bytes("a"), snapshot)), "1");
        assert.deepEqual((await engine.getMany([bytes("b")], snapshot)).map(text), ["1"]);
        assert.deepEqual(await collect(engine, { snapshot }), ["a=1", "b=1"]);
        const [first] = await iterator.next(1);
        assert.equal(text(first![1]), "1");
        await iterator.close();
        await snapshot.close();
        await snapshot.close();
        assert.deepEqual(await collect(engine), ["a=2", "c=2"]);
      }));

    test("returned buffers are the caller's, given ones are not kept", () =>
      withEngine(async (engine) => {
        const value = bytes("good");
        const batch = new ListBatch();
        batch.put(bytes("k"), value);
        await engine.write(batch);
        value.fill(0);
        engine.get(bytes("k"))!.fill(0);
        assert.equal(text(engine.get(bytes("k"))), "good");
      }));

    test("a directory is opened only once at a time", () =>
      withEngine(async (engine, setup) => {
        await assert.rejects(setup.open(setup.directory), {
          name: "EngineError",
          code: "engine/locked",
          message: /in use by another process/,
        });
        await engine.write(batchOf({ a: "1" }));
      }));

    test("after close, calls are refused and close is idempotent", () =>
      withEngine(async (engine) => {
        await engine.close();
        await engine.close();
        const closed = { name: "EngineError", code: "engine/closed" };
        assert.throws(() => engine.get(bytes("a")), closed);
        await assert.rejects(engine.write(batchOf({ a: "1" })), closed);
      }));

    test("sizes are told, and compaction keeps the content", () =>
      withEngine(async (engine) => {
        for (let round = 0; round < 5; round++) {
          await engine.write(batchOf({ big: "x".repeat(100_000), [`k${round}`]: "v" }));
        }
        await engine.compactRange();
        assert.ok((await engine.sizeBytes()) > 0);
        assert.ok((await engine.sizeInUseBytes()) <= (await engine.sizeBytes()));
        assert.equal((await collect(engine)).length, 6);
      }));

    test("batches larger than a slice, written at once, arrive whole and in order", () =>
      withEngine(async (engine) => {
        const batches = [0, 1, 2].map((round) => {
          const batch = new ListBatch();
          for (let at = 0; at < 4500; at++) {
            batch.put(bytes(`k${String(at).padStart(5, "0")}`), bytes(String(round)));
          }
          return batch;
        });
        await Promise.all(batches.map((batch) => engine.write(batch)));
        const found = await collect(engine, {}, 1000);
        assert.equal(found.length, 4500);
        assert.ok(found.every((entry) => entry.endsWith("=2")));
      }));

    test("random operations agree with a plain map, also after reopens", async () => {
      const setup = await setUp();
      let engine = await setup.open(setup.directory);
      const model = new Map<string, string>();
      const prng = new Prng(7);
      for (let step = 0; step < 150; step++) {
        const batch = new ListBatch();
        for (let at = prng.nextInt(12); at >= 0; at--) {
          const key = prng.bytes(1 + prng.nextInt(2)).map((byte) => byte & 0x83);
          const value = prng.bytes(prng.nextInt(20));
          if (prng.chance(0.3)) {
            batch.delete(key);
            model.delete(bytesToKey(key));
          } else {
            batch.put(key, value);
            model.set(bytesToKey(key), bytesToKey(value));
          }
        }
        await engine.write(batch);
        if (prng.chance(0.05)) {
          await engine.close();
          engine = await setup.open(setup.directory);
        }
        if (prng.chance(0.2)) {
          const bounds = [prng.bytes(1), prng.bytes(1)].sort(compareBytes);
          const inRange = [...model.keys()]
            .filter((key) => key >= bytesToKey(bounds[0]!) && key < bytesToKey(bounds[1]!))
            .sort()
            .map((key) => `${key}=${model.get(key)!}`);
          assert.deepEqual(await collect(engine, { gte: bounds[0], lt: bounds[1] }), inRange);
        }
      }
      await engine.close();
      await setup.cleanUp();
    });
  });
}
