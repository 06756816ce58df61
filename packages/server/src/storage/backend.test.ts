import assert from "node:assert/strict";
import { test } from "node:test";
import { FaultFileSystem, faultAt } from "../env/testing/fault-file-system.ts";
import type { FileSystem } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { Prng } from "../lib/prng.ts";
import { ringKey } from "./applied-record.ts";
import type { AppliedState, Backend, BucketIterator } from "./backend.ts";
import { engineKey } from "./bucket-iterator.ts";
import { buckets } from "./buckets.ts";
import type { Bucket } from "./buckets.ts";
import { ListBatch } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { MemoryEngines } from "./memory.ts";
import { openBackend } from "./open-backend.ts";

const { lease, auth, keyMeta, keyValue, members } = buckets;
const bytes = (value: string): Uint8Array => Buffer.from(value, "latin1");
const text = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : Buffer.from(value).toString("latin1");

function appliedAt(index: number): () => AppliedState {
  return () => ({ index, term: 2, confState: bytes(`members at ${index}`) });
}

interface Fixture {
  readonly memory: MemoryFileSystem;
  readonly engine: Engine;
  readonly backend: Backend;
}

async function setUp(wrap?: (fs: FileSystem) => FileSystem): Promise<Fixture> {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  await memory.mkdir("store", 0o700);
  await memory.syncDirectory(".");
  return open(memory, wrap);
}

async function open(
  memory: MemoryFileSystem,
  wrap: (fs: FileSystem) => FileSystem = (fs) => fs,
): Promise<Fixture> {
  const engine = await new MemoryEngines(wrap(memory)).open("store");
  return { memory, engine, backend: await openBackend(engine) };
}

async function collect(iterator: BucketIterator): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const entries = await iterator.next(3);
    if (entries.length === 0) {
      await iterator.close();
      return found;
    }
    found.push(...entries.map(([key, value]) => `${text(key)!}=${text(value)!}`));
  }
}

test("reads see what was noted, before, during and after its checkpoint", async () => {
  const { backend } = await setUp();
  const expectAll = async (): Promise<void> => {
    assert.equal(text(backend.get(lease, bytes("a"))), "2");
    assert.equal(text(backend.get(auth, bytes("a"))), "other bucket");
    assert.equal(text(backend.get(keyValue, bytes("r1"))), "one");
    assert.equal(backend.get(lease, bytes("gone")), undefined);
    const keys = ["a", "gone", "never"].map(bytes);
    assert.deepEqual((await backend.getMany(lease, keys)).map(text), ["2", undefined, undefined]);
  };
  backend.put(lease, bytes("a"), bytes("1"));
  backend.put(lease, bytes("gone"), bytes("1"));
  await backend.checkpoint(appliedAt(1));
  backend.put(lease, bytes("a"), bytes("2"));
  backend.put(auth, bytes("a"), bytes("other bucket"));
  backend.append(bytes("r1"), bytes("one"));
  backend.append(bytes("r2"), bytes("two"));
  backend.delete(lease, bytes("gone"));
  await expectAll();
  const writing = backend.checkpoint(appliedAt(2));
  assert.equal(backend.checkpointing, true);
  assert.ok(backend.pendingBytes > 0);
  await expectAll();
  await writing;
  assert.equal(backend.checkpointing, false);
  assert.equal(backend.pendingBytes, 0);
  await expectAll();
  assert.deepEqual(await collect(backend.iterate(keyValue)), ["r1=one", "r2=two"]);
  assert.deepEqual(await collect(backend.iterate(lease)), ["a=2"]);
  await backend.close();
});

test("packed entries share records, which no later checkpoint touches", async () => {
  const { backend } = await setUp();
  const pack = (key: string, entry: string): void =>
    backend.pack(keyMeta, bytes(key), bytes(entry));
  pack("a", "1");
  pack("b", "2");
  assert.equal(text(backend.get(keyMeta, bytes("a"))), "12");
  pack("c", "3");
  await backend.checkpoint(appliedAt(1));
  pack("d", "4");
  await backend.checkpoint(appliedAt(2));
  assert.deepEqual(await collect(backend.iterate(keyMeta)), ["a=123", "d=4"]);
  const large = "x".repeat(10_000);
  pack("e", "5");
  pack("f", large);
  pack("g", "6");
  await backend.checkpoint(appliedAt(3));
  const all = await collect(backend.iterate(keyMeta, { gte: bytes("e") }));
  assert.deepEqual(all, ["e=5", `f=${large}`, "g=6"]);
  await backend.close();
});

test("iteration honours its range within the bucket", async () => {
  const { backend } = await setUp();
  for (const key of ["a", "b", "c"]) {
    backend.put(members, bytes(key), bytes(key));
  }
  backend.put(buckets.lease, bytes("a"), bytes("x"));
  backend.put(buckets.membersRemoved, bytes("a"), bytes("x"));
  assert.throws(() => backend.iterate(members), { name: "InvariantError" });
  await backend.checkpoint(appliedAt(1));
  const range = { gte: bytes("b"), reverse: true };
  assert.deepEqual(await collect(backend.iterate(members, range)), ["c=c", "b=b"]);
  const keys = { lt: bytes("c"), keysOnly: true };
  assert.deepEqual(await collect(backend.iterate(members, keys)), ["a=", "b="]);
  await backend.close();
});

test("the applied state is stored with the changes it stands for", async () => {
  const { memory, backend } = await setUp();
  assert.equal(backend.loadApplied(), undefined);
  backend.put(lease, bytes("a"), bytes("1"));
  await backend.checkpoint(appliedAt(7));
  backend.put(lease, bytes("a"), bytes("lost"));
  await backend.close();
  const again = await open(memory);
  assert.deepEqual(again.backend.loadApplied(), {
    index: 7,
    term: 2,
    confState: new Uint8Array(bytes("members at 7")),
  });
  assert.equal(text(again.backend.get(lease, bytes("a"))), "1");
  await again.backend.close();
});

test("checkpoints asked for during one share the next, and take what is pending then", async () => {
  const { backend } = await setUp();
  const durable: number[] = [];
  let index = 1;
  const source = (): AppliedState => appliedAt(index)();
  backend.onDurable((applied) => {
    durable.push(applied.index);
  });
  backend.put(lease, bytes("a"), bytes("1"));
  const first = backend.checkpoint(source);
  index = 2;
  const second = backend.checkpoint(source);
  const third = backend.checkpoint(source);
  backend.put(lease, bytes("a"), bytes("3"));
  index = 3;
  await Promise.all([first, second, third]);
  assert.deepEqual(durable, [1, 3]);
  assert.equal(backend.pendingBytes, 0);
  await backend.close();
});

test("a frozen view is exactly its checkpoint, whatever is asked for at the same time", async () => {
  const { backend } = await setUp();
  let index = 0;
  const step = (): void => {
    index += 1;
    backend.put(lease, bytes("index"), bytes(String(index)));
  };
  const source = (): AppliedState => appliedAt(index)();
  step();
  void backend.checkpoint(source);
  step();
  const waiting = backend.checkpoint(source);
  const views = [backend.frozenView(source), backend.frozenView(source)];
  step();
  await waiting;
  step();
  for (const view of await Promise.all(views)) {
    step();
    await backend.checkpoint(source);
    assert.equal(text(view.get(lease, bytes("index"))), String(view.applied.index));
    assert.deepEqual(await collect(view.iterate(lease)), [`index=${view.applied.index}`]);
    await view.close();
  }
  assert.equal(backend.loadApplied()!.index, index);
  await backend.close();
});

test("a failed write poisons the backend and is reported once", async () => {
  let fault = new FaultFileSystem(new MemoryFileSystem({ clock: nodeClock }));
  const { backend } = await setUp((fs) => (fault = new FaultFileSystem(fs)));
  const reports: string[] = [];
  backend.onFatal((error) => {
    reports.push(error.message);
  });
  backend.put(lease, bytes("a"), bytes("1"));
  fault.decide = faultAt(0, { kind: "error", code: "ENOSPC" }, ({ kind }) => kind === "write");
  const failed = { name: "BackendError", message: /storage failed: .*ENOSPC/ };
  const first = backend.checkpoint(appliedAt(1));
  const second = backend.checkpoint(appliedAt(2));
  await assert.rejects(first, failed);
  await assert.rejects(second, failed);
  await assert.rejects(backend.frozenView(appliedAt(3)), failed);
  assert.equal(reports.length, 1);
  assert.equal(text(backend.get(lease, bytes("a"))), "1");
  await backend.close();
});

test("a changed value is noticed by every way of reading", async () => {
  const { backend, engine } = await setUp();
  backend.put(lease, bytes("k1"), bytes("value"));
  await backend.checkpoint(appliedAt(1));
  const key = engineKey(lease, bytes("k1"));
  const stored = engine.get(key)!;
  stored[2]! ^= 1;
  const batch = new ListBatch();
  batch.put(key, stored);
  await engine.write(batch);
  const corrupt = { name: "CorruptionError", message: /bucket lease: corrupt at key 6b31/ };
  assert.throws(() => backend.get(lease, bytes("k1")), corrupt);
  await assert.rejects(backend.getMany(lease, [bytes("k1")]), corrupt);
  await assert.rejects(collect(backend.iterate(lease)), corrupt);
  await backend.close();
});

test("a value moved to another key, or cut short, is noticed", async () => {
  const { backend, engine } = await setUp();
  backend.put(lease, bytes("k1"), bytes("value"));
  await backend.checkpoint(appliedAt(1));
  const stored = engine.get(engineKey(lease, bytes("k1")))!;
  const batch = new ListBatch();
  batch.put(engineKey(lease, bytes("k2")), stored);
  batch.put(engineKey(lease, bytes("k3")), stored.subarray(0, 3));
  await engine.write(batch);
  assert.throws(() => backend.get(lease, bytes("k2")), CorruptionError);
  assert.throws(() => backend.get(lease, bytes("k3")), CorruptionError);
  await backend.close();
});

test("a store in which a durable checkpoint is missing is refused", async () => {
  const { memory, backend, engine } = await setUp();
  for (let index = 1; index <= 5; index++) {
    await backend.checkpoint(appliedAt(index));
  }
  const batch = new ListBatch();
  batch.delete(engineKey(buckets.backend, ringKey(3)));
  await engine.write(batch);
  await backend.close();
  await assert.rejects(open(memory), { name: "CorruptionError", message: /checkpoint .*missing/ });
  await assert.rejects(open(memory), { name: "CorruptionError" });
});

test("after any crash the store is exactly at a checkpoint, never before a durable one", async () => {
  for (let seed = 0; seed < 60; seed++) {
    const prng = new Prng(seed);
    const { memory, backend } = await setUp();
    const history: Map<string, string>[] = [new Map()];
    const model = new Map<string, string>();
    const crashAfter = 1 + prng.nextInt(8);
    let durable = 0;
    for (let index = 1; index <= crashAfter; index++) {
      for (let at = prng.nextInt(60); at >= 0; at--) {
        const key = `k${prng.nextInt(30)}`;
        const value = "v".repeat(prng.nextInt(80));
        if (prng.chance(0.3)) {
          backend.delete(lease, bytes(key));
          model.delete(key);
        } else {
          backend.put(lease, bytes(key), bytes(value));
          model.set(key, value);
        }
      }
      history.push(new Map(model));
      const writing = backend.checkpoint(appliedAt(index));
      if (index < crashAfter) {
        await writing;
        durable = index;
      }
    }
    memory.crash("random", prng);
    const again = await open(memory);
    const index = again.backend.loadApplied()?.index ?? 0;
    assert.ok(index === durable || index === crashAfter, `seed ${seed}: at ${index}`);
    const found = await collect(again.backend.iterate(lease));
    const expected = [...history[index]!.keys()]
      .sort()
      .map((k) => `${k}=${history[index]!.get(k)!}`);
    assert.deepEqual(found, expected, `seed ${seed}`);
    await again.backend.close();
  }
});

test("random changes and reads agree with a plain map", async () => {
  const { backend } = await setUp();
  const prng = new Prng(11);
  const model = new Map<string, string>();
  const names: Bucket[] = [lease, keyValue];
  let revision = 0;
  const running: Promise<void>[] = [];
  for (let step = 0; step < 3000; step++) {
    const bucket = names[prng.nextInt(2)]!;
    const key = `k${prng.nextInt(40)}`;
    const choice = prng.nextInt(5);
    const name = (at: number): string => `r${String(at).padStart(6, "0")}`;
    if (choice === 0) {
      const gone = bucket === keyValue ? name(1 + prng.nextInt(revision || 1)) : key;
      backend.delete(bucket, bytes(gone));
      model.delete(`${bucket}/${gone}`);
    } else if (choice === 1) {
      revision += 1;
      const value = `v${revision}`.repeat(1 + prng.nextInt(400));
      backend.append(bytes(name(revision)), bytes(value));
      model.set(`${keyValue}/${name(revision)}`, value);
    } else {
      backend.put(lease, bytes(key), bytes(`${step}`));
      model.set(`${lease}/${key}`, `${step}`);
    }
    const wanted = prng.chance(0.5) ? key : name(1 + prng.nextInt(600));
    assert.equal(text(backend.get(bucket, bytes(wanted))), model.get(`${bucket}/${wanted}`));
    if (prng.chance(0.02)) {
      running.push(backend.checkpoint(appliedAt(step)));
    }
    if (prng.chance(0.02)) {
      const [value] = await backend.getMany(bucket, [bytes(wanted)]);
      assert.equal(text(value), model.get(`${bucket}/${wanted}`));
    }
  }
  await Promise.all(running);
  await backend.checkpoint(appliedAt(3000));
  const left = (await collect(backend.iterate(keyValue))).map((each) => `${keyValue}/${each}`);
  const records = [...model].filter(([key]) => key.startsWith(`${keyValue}/`));
  assert.deepEqual(
    left,
    records.map(([key, value]) => `${key}=${value}`),
  );
  await backend.close();
});

test("checkpoints and views that wait for the same one follow each other, one by one", async () => {
  const { backend } = await setUp();
  const noted: number[] = [];
  const checkAll = (): void => {
    for (const index of noted) {
      assert.equal(text(backend.get(lease, bytes(`k${index}`))), "noted", `k${index} is readable`);
    }
  };
  const source = (index: number) => (): AppliedState => {
    checkAll();
    noted.push(index);
    backend.put(lease, bytes(`k${index}`), bytes("noted"));
    return appliedAt(index)();
  };
  const durable: number[] = [];
  backend.onDurable(({ index }) => {
    durable.push(index);
    checkAll();
  });
  const first = backend.checkpoint(source(1));
  const views = [backend.frozenView(source(2)), backend.frozenView(source(3))];
  await Promise.all([first, ...views, backend.checkpoint(source(4))]);
  assert.deepEqual(durable, noted);
  for (const view of views) await (await view).close();
  await backend.close();
});

test("closing waits for those that were first, and refuses those that were not", async () => {
  const { backend } = await setUp();
  const first = backend.checkpoint(appliedAt(1));
  const view = backend.frozenView(appliedAt(2)).then((opened) => opened.close());
  const closed = backend.close();
  const second = backend.checkpoint(appliedAt(3));
  await assert.rejects(second, /backend is closed/);
  await Promise.all([first, view.catch(() => undefined), closed]);
});
