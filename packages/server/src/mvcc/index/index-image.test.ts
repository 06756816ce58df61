import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { File } from "../../env/file-system.ts";
import { readFile, tryStat, writeFully } from "../../env/file-io.ts";
import { MemoryFileSystem } from "../../env/memory-file-system.ts";
import { nodeClock } from "../../env/node-env.ts";
import { FaultFileSystem, mutatingKinds } from "../../env/testing/fault-file-system.ts";
import { Prng } from "../../lib/prng.ts";
import type { ImageOrigin } from "./image-header.ts";
import {
  type ImageFacts,
  readIndexImage,
  removeIndexImage,
  writeIndexImage,
} from "./index-image.ts";
import { visitLeases } from "./leaf-writer.ts";
import { TreeIndex } from "./tree-index.ts";

const directory = "/store";
const path = `${directory}/index-image`;
const origin: ImageOrigin = { checkpoint: 9, appliedIndex: 7, appliedTerm: 3, compactRevision: -1 };
const facts: ImageFacts = { ...origin, currentRevision: 5000, keysTotal: 12 };
const pause = (): Promise<void> => Promise.resolve();

async function createDisk(): Promise<MemoryFileSystem> {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir(directory, 0o700);
  await fs.syncDirectory("/");
  return fs;
}

async function reload(fs: MemoryFileSystem): Promise<TreeIndex> {
  const image = await readIndexImage({ fs, directory }, origin, pause);
  assert.ok(image !== undefined);
  const index = new TreeIndex();
  await index.load(image.blocks, image.header.currentRevision, pause);
  assert.equal(index.size, image.header.size);
  return index;
}

/** Some changes to a key of an index: in turn puts, deletions, and the compaction of one key. */
class Writer {
  readonly index: TreeIndex;
  #main: number;

  constructor(index: TreeIndex, main: number) {
    this.index = index;
    this.#main = main;
  }

  apply({ op, key, lease }: Change): void {
    const main = ++this.#main;
    if (op === "put") {
      const keyIndex = this.index.getOrCreate(key);
      keyIndex.put(main, 0);
      keyIndex.put(main, 1);
      keyIndex.lease = lease;
      return;
    }
    const keyIndex = this.index.get(key);
    if (op === "compact") {
      if (keyIndex?.compact(main, () => undefined) === false) this.index.delete(key);
    } else if (keyIndex?.isDeleted === false) {
      keyIndex.tombstone(main, 3);
      keyIndex.lease = 0n;
    }
  }
}

interface Change {
  readonly op: "put" | "delete" | "compact";
  readonly key: string;
  readonly lease: bigint;
}

function dump(index: TreeIndex, start = "", end?: string): unknown[] {
  const found: unknown[] = [];
  index.visit(start, end, (key, keyIndex) => {
    const { lease, length } = keyIndex;
    for (let at = 0; at < length; at++) {
      const main = keyIndex.mainAt(at);
      const sub = keyIndex.subAt(at);
      found.push([key, main, sub, keyIndex.createdAt(at), keyIndex.versionAt(at), lease]);
    }
    return true;
  });
  return found;
}

/** Any bytes; many of the keys are new, some come again. */
const keyArb = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map((number) => `k${number}`),
  fc
    .uint8Array({ minLength: 1, maxLength: 4 })
    .map((bytes) => Buffer.from(bytes).toString("latin1")),
);
const changeArb: fc.Arbitrary<Change> = fc.record({
  op: fc.constantFrom("put", "put", "put", "put", "delete", "compact"),
  key: keyArb,
  lease: fc.constantFrom(0n, 0n, 0n, 5n, -(2n ** 63n)),
});
const changesArb = fc.array(changeArb, { maxLength: 1200, size: "max" });

test("an index from its image equals the one that was written, and goes on as it would", async () => {
  await fc.assert(
    fc.asyncProperty(changesArb, changesArb, keyArb, keyArb, async (before, after, start, end) => {
      const written = new Writer(new TreeIndex(), 1);
      for (const change of before) written.apply(change);
      const fs = await createDisk();
      await writeIndexImage({ fs, directory }, written.index, facts, pause);
      const loaded = new Writer(await reload(fs), 1 + before.length);
      for (const change of after) {
        written.apply(change);
        loaded.apply(change);
        assert.equal(loaded.index.size, written.index.size);
      }
      // Some leaves were never thawed; the second image takes them as they are.
      await writeIndexImage({ fs, directory }, loaded.index, facts, pause);
      const again = await reload(fs);
      assert.deepEqual(dump(again, start, end), dump(written.index, start, end));
      assert.deepEqual(dump(again), dump(written.index));
      assert.deepEqual(dump(loaded.index), dump(written.index));
    }),
    { numRuns: 30 },
  );
});

test("the leases of an image are those of its keys", async () => {
  const writer = new Writer(new TreeIndex(), 1);
  for (let i = 0; i < 500; i++) {
    writer.apply({ op: "put", key: `k${i}`, lease: i === 5 || i > 400 ? BigInt(i) : 0n });
  }
  const fs = await createDisk();
  await writeIndexImage({ fs, directory }, writer.index, facts, pause);
  const image = await readIndexImage({ fs, directory }, origin, pause);
  const leases: string[] = [];
  for (const block of image!.blocks) {
    visitLeases(block, (lease, key) => leases.push(`${key}=${lease}`));
  }
  const expected = Array.from({ length: 500 }, (_none, i) => i).filter((i) => i === 5 || i > 400);
  assert.deepEqual(leases.sort(), expected.map((i) => `k${i}=${i}`).sort());
});

/** Some slabs, and a key with a history that fills more than one block. */
function largeIndex(): TreeIndex {
  const writer = new Writer(new TreeIndex(), 1);
  for (let i = 0; i < 9000; i++) {
    writer.apply({ op: "put", key: `${i}`.padStart(60, "0"), lease: 0n });
  }
  for (let i = 0; i < 3000; i++) {
    writer.apply({ op: "put", key: "0".padStart(60, "0"), lease: 0n });
  }
  return writer.index;
}

test("an image of many slabs is read whole", async () => {
  const index = largeIndex();
  const fs = await createDisk();
  await writeIndexImage({ fs, directory }, index, facts, pause);
  assert.deepEqual(dump(await reload(fs)), dump(index));
  const { header } = (await readIndexImage({ fs, directory }, origin, pause))!;
  assert.ok(header.slabs > 2);
  assert.equal(header.currentRevision, facts.currentRevision);
  assert.equal(header.keysTotal, facts.keysTotal);
});

async function change(
  fs: MemoryFileSystem,
  action: (file: File, size: number) => Promise<unknown>,
): Promise<void> {
  const file = await fs.open(path, { access: "read-write" });
  await action(file, (await file.stat()).size);
  await file.close();
}

test("an image that is damaged, cut off, too long or something else is refused", async () => {
  const fs = await createDisk();
  const read = () => readIndexImage({ fs, directory }, origin, pause);
  await writeIndexImage({ fs, directory }, largeIndex(), facts, pause);
  const whole = await readFile(fs, path);
  const restore = () => change(fs, (file) => writeFully(file, whole, 0));
  const places = Array.from({ length: 30 }, (_none, i) => Math.floor((i * whole.length) / 30));
  for (const place of [...places, 5, 9, 50, 95, 96, 101, 110, whole.length - 1]) {
    const flipped = Uint8Array.of(whole[place]! ^ 4);
    await change(fs, (file) => writeFully(file, flipped, place));
    await assert.rejects(read(), { name: "ImageError" }, `byte ${place}`);
    await restore();
  }
  for (const length of [0, 8, 95, 96, 300, whole.length - 1]) {
    await change(fs, (file) => file.truncate(length));
    await assert.rejects(read(), { name: "ImageError" }, `${length} bytes`);
    await restore();
  }
  await change(fs, (file, size) => writeFully(file, Uint8Array.of(0), size));
  await assert.rejects(read(), { name: "ImageError" });
  await change(fs, (file) => file.truncate(whole.length));
  await read();
});

test("an image of another state of the store is refused", async () => {
  const fs = await createDisk();
  await writeIndexImage({ fs, directory }, largeIndex(), facts, pause);
  for (const name of ["checkpoint", "appliedIndex", "appliedTerm", "compactRevision"] as const) {
    const other = { ...origin, [name]: origin[name] + 1 };
    const reading = readIndexImage({ fs, directory }, other, pause);
    await assert.rejects(reading, { name: "ImageError" }, name);
  }
});

test("a write that fails anywhere leaves no image; one cut off by a crash none or a whole one", async () => {
  const index = largeIndex();
  const prng = new Prng(3);
  let ends = 0;
  for (let step = 0; ends < 2; step++) {
    for (const isCrash of [false, true]) {
      const fs = await createDisk();
      let seen = 0;
      let crash: (() => void) | undefined;
      const crashed = new Promise<void>((resolve) => {
        crash = () => {
          fs.crash("random", prng);
          resolve();
        };
      });
      const faulty = new FaultFileSystem(fs, ({ kind }) => {
        if (!mutatingKinds.has(kind) || seen++ !== step) return undefined;
        return isCrash ? { kind: "last", act: crash! } : { kind: "error", code: "ENOSPC" };
      });
      const writing = writeIndexImage({ fs: faulty, directory }, index, facts, pause);
      const outcome = await Promise.race([
        writing.then(
          () => "written",
          () => "failed",
        ),
        crashed.then(() => "crashed"),
      ]);
      if (outcome === "written") {
        ends++;
        continue;
      }
      assert.equal(outcome, isCrash ? "crashed" : "failed");
      if (isCrash) {
        const image = await readIndexImage({ fs, directory }, origin, pause);
        assert.ok(image === undefined || image.header.size === index.size);
        await removeIndexImage({ fs, directory });
      }
      assert.deepEqual(await fs.readdir(directory), []);
    }
  }
});

test("a removed image does not come back after a crash", async () => {
  const fs = await createDisk();
  await writeIndexImage({ fs, directory }, largeIndex(), facts, pause);
  await removeIndexImage({ fs, directory });
  fs.crash("random", new Prng(1));
  assert.equal(await tryStat(fs, path), undefined);
});

test("no image is made of a key whose history cannot be written in one go", async () => {
  const index = new TreeIndex();
  const keyIndex = index.getOrCreate("k");
  for (let main = 2; main < 100_100; main++) keyIndex.put(main, 0);
  const fs = await createDisk();
  const writing = writeIndexImage({ fs, directory }, index, facts, pause);
  await assert.rejects(writing, { name: "ImageError" });
  assert.deepEqual(await fs.readdir(directory), []);
});

test("a slice of a walk thaws no more long histories than it has time for", async () => {
  const writer = new Writer(new TreeIndex(), 1);
  for (let i = 0; i < 100; i++) {
    const key = `k${100 + i}`;
    for (let put = 0; put < 300; put++) writer.apply({ op: "put", key, lease: 0n });
  }
  const fs = await createDisk();
  await writeIndexImage({ fs, directory }, writer.index, facts, pause);
  const index = await reload(fs);
  const keys: string[] = [];
  let next: string | undefined = "";
  while (next !== undefined) {
    const before = keys.length;
    next = index.visitSlice(next, undefined, 64, (key) => keys.push(key));
    assert.ok(keys.length - before <= 16, `${keys.length - before} keys of 600 revisions`);
  }
  assert.deepEqual(
    keys,
    Array.from({ length: 100 }, (_none, i) => `k${100 + i}`),
  );
  assert.deepEqual(dump(index), dump(writer.index));
});
