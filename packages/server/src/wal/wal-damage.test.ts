/** Damaged files: found, named, and never explained away as a crash when they cannot be one. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { MemoryFileSystem } from "../env/memory-file-system.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { Prng } from "../lib/prng.ts";
import { dumpWal } from "./dump-wal.ts";
import { WalError } from "./errors.ts";
import { createWal } from "./open-wal.ts";
import { segmentName } from "./segment-header.ts";
import { entries, metadata, sizes, summary, sync, testEnv } from "./testing/wal-fixture.ts";
import { readWal } from "./wal-reader.ts";

interface Original {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly entries: readonly string[];
  /** Where the last group starts in the last file. */
  readonly lastGroup: number;
}

let original: Original;

async function contentOf(fs: MemoryFileSystem, path: string): Promise<Uint8Array> {
  const file = await fs.open(path);
  const bytes = new Uint8Array((await file.stat()).size);
  await file.read(bytes, 0);
  await file.close();
  return bytes;
}

/** What reading says about these files: the entries, or the error. */
async function read(files: ReadonlyMap<string, Uint8Array>): Promise<readonly string[] | Error> {
  const env = testEnv();
  await env.fs.mkdir("wal", 0o700);
  for (const [name, bytes] of files) {
    const file = await env.fs.open(`wal/${name}`, { access: "read-write", create: "must" });
    await file.write(bytes, 0);
    await file.close();
  }
  try {
    return summary((await readWal(env.fs, "wal")).content.entries);
  } catch (error) {
    assert.ok(error instanceof CorruptionError || error instanceof WalError, String(error));
    return error;
  }
}

function changed(name: string, change: (bytes: Uint8Array) => Uint8Array): Map<string, Uint8Array> {
  const files = new Map(original.files);
  files.set(name, change(Uint8Array.from(files.get(name)!)));
  return files;
}

function assertPrefix(found: readonly string[], where: string): void {
  assert.deepEqual(found, original.entries.slice(0, found.length), where);
}

describe("a damaged log", () => {
  before(async () => {
    const env = testEnv();
    const wal = await createWal(env, "wal", metadata, sizes);
    for (let at = 0; at < 8; at++) {
      const hardState = { term: 1, vote: 0n, commit: at };
      await wal.append({ entries: entries(at * 5 + 1, 5, 1, 150 + at), hardState }, sync);
    }
    await wal.close();
    const files = new Map<string, Uint8Array>();
    for (const name of await env.fs.readdir("wal")) {
      files.set(name, await contentOf(env.memory, `wal/${name}`));
    }
    let lastGroup = 0;
    for await (const item of dumpWal(env.fs, "wal")) {
      const isStart = item.kind === "record" && item.offset % 512 === 0;
      lastGroup =
        isStart && item.path.endsWith([...files.keys()].at(-1)!) ? item.offset : lastGroup;
    }
    original = {
      files,
      entries: summary((await readWal(env.fs, "wal")).content.entries),
      lastGroup,
    };
  });

  test("a flipped bit in anything that was durable before the last group is corruption", async () => {
    const prng = new Prng(1);
    const names = [...original.files.keys()];
    assert.ok(names.length >= 2);
    for (let round = 0; round < 400; round++) {
      const name = names[prng.nextInt(names.length)]!;
      const size = name === names.at(-1) ? original.lastGroup : original.files.get(name)!.length;
      const at = prng.nextInt(size);
      const flip = (bytes: Uint8Array): Uint8Array => {
        bytes[at]! ^= 1 << prng.nextInt(8);
        return bytes;
      };
      const found = await read(changed(name, flip));
      assert.ok(found instanceof CorruptionError, `${name} at ${at}`);
      assert.match(found.message, /wal.*corrupt at /);
    }
  });

  test("a zeroed sector in anything that was durable before the last group is corruption", async () => {
    for (const [name, bytes] of original.files) {
      const isLast = name === [...original.files.keys()].at(-1);
      for (let at = 0; at < (isLast ? original.lastGroup : bytes.length); at += 512) {
        const found = await read(changed(name, (copy) => copy.fill(0, at, at + 512)));
        assert.ok(found instanceof CorruptionError, `${name} at ${at}`);
      }
    }
  });

  test("a flipped bit in the last group is corruption, a missing sector of it a torn write", async () => {
    const name = [...original.files.keys()].at(-1)!;
    const { lastGroup } = original;
    for (let at = lastGroup; at < lastGroup + 16; at++) {
      const found = await read(
        changed(name, (bytes) => {
          bytes[at]! ^= 4;
          return bytes;
        }),
      );
      assert.ok(found instanceof CorruptionError, `at ${at}`);
    }
    const found = await read(changed(name, (bytes) => bytes.fill(0, lastGroup, lastGroup + 512)));
    assert.ok(!(found instanceof Error));
    assert.equal(found.length, original.entries.length - 5);
    assertPrefix(found, "torn");
  });

  test("whatever is done to the files, no record behind the first bad one is returned", async () => {
    const prng = new Prng(2);
    const names = [...original.files.keys()];
    const mutate = (bytes: Uint8Array): Uint8Array => {
      const at = prng.nextInt(bytes.length);
      const end = Math.min(bytes.length, at + 1 + prng.nextInt(1200));
      switch (prng.nextInt(5)) {
        case 0:
          return bytes.fill(prng.nextInt(256), at, end);
        case 1:
          return bytes.slice(0, at);
        case 2:
          return bytes.copyWithin(prng.nextInt(bytes.length), at, end);
        case 3:
          bytes.set(prng.bytes(end - at), at);
          return bytes;
        default:
          return Uint8Array.from([...bytes.slice(0, at), ...prng.bytes(8), ...bytes.slice(at)]);
      }
    };
    let readable = 0;
    for (let round = 0; round < 600; round++) {
      const found = await read(changed(names[prng.nextInt(names.length)]!, mutate));
      if (!(found instanceof Error)) {
        readable += 1;
        assertPrefix(found, `round ${round}`);
      }
    }
    assert.ok(readable > 10, `only ${readable} of 600 readable`);
  });

  test("random bytes behind a good header, and as a whole file, give typed errors", async () => {
    const prng = new Prng(3);
    const name = segmentName(0, 1);
    const header = original.files.get(name)!.slice(0, 512);
    for (let round = 0; round < 200; round++) {
      const noise = prng.bytes(prng.nextInt(4000));
      const bytes = round % 2 === 0 ? noise : Uint8Array.from([...header, ...noise]);
      const found = await read(new Map([[name, bytes]]));
      assert.ok(found instanceof Error || found.length === 0, `round ${round}`);
    }
  });
});
