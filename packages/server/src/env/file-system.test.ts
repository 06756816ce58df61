import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Prng } from "../lib/prng.ts";
import type { Clock } from "./env.ts";
import { FaultFileSystem, faultAt } from "./testing/fault-file-system.ts";
import { readFile, replaceFile, tryStat, writeFully } from "./file-io.ts";
import type { File } from "./file-system.ts";
import type { CrashOutcome } from "./memory-inode.ts";
import { MemoryFileSystem } from "./memory-file-system.ts";
import { nodeClock } from "./node-env.ts";
import { NodeFileSystem } from "./node-file-system.ts";
import { createPrivateDirectory, ensurePrivateDirectory, parentOf } from "./private-directory.ts";
import { fileSystemConformance } from "./testing/file-system-conformance.ts";

const nothing = (): Promise<void> => Promise.resolve();

/** Completions are all that keeps this process alive, and the real clock's timers do not. */
const clock: Clock = {
  ...nodeClock,
  setTimer: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(handle) };
  },
};

fileSystemConformance("memory", () =>
  Promise.resolve({
    fs: new MemoryFileSystem({ clock, latencyMs: () => 0 }),
    root: "",
    cleanUp: nothing,
  }),
);

fileSystemConformance("fault", () =>
  Promise.resolve({
    fs: new FaultFileSystem(new MemoryFileSystem({ clock: nodeClock })),
    root: ".",
    cleanUp: nothing,
  }),
);

fileSystemConformance("node", async () => {
  const root = await mkdtemp(join(tmpdir(), "kvorum-fs-"));
  return { fs: new NodeFileSystem(), root, cleanUp: () => rm(root, { recursive: true }) };
});

const writable = { access: "read-write", create: "may" } as const;
const full = (byte: number, length = 512): Uint8Array => new Uint8Array(length).fill(byte);

/** A file of 8 durable sectors of ones. */
async function durableFile(fs: MemoryFileSystem): Promise<File> {
  const file = await fs.open("f", writable);
  await file.write(full(1, 4096), 0);
  await file.datasync();
  await fs.syncDirectory("");
  return file;
}

async function sectorsAfter(fs: MemoryFileSystem): Promise<number[]> {
  const content = await readFile(fs, "f");
  return Array.from({ length: content.length / 512 }, (_, at) => {
    const sector = content.subarray(at * 512, (at + 1) * 512);
    assert.ok(sector.every((byte) => byte === sector[0]));
    return sector[0]!;
  });
}

test("unsynced sectors are kept, lost or zeroed one by one; synced ones stay", async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 40; seed++) {
    const fs = new MemoryFileSystem({ clock: nodeClock });
    const file = await durableFile(fs);
    await file.write(full(2, 1536), 1024);
    fs.crash("random", new Prng(seed));
    const sectors = await sectorsAfter(fs);
    assert.deepEqual([...sectors.slice(0, 2), ...sectors.slice(5)], [1, 1, 1, 1, 1]);
    seen.add(sectors.slice(2, 5).join(""));
  }
  assert.ok(seen.size > 15, [...seen].join(" "));
  assert.ok(seen.has("122") || seen.has("112"), "a later sector survives an earlier one");
});

test("a crash loses or keeps all that is unsynced when asked to", async () => {
  const outcomes: [CrashOutcome, number][] = [
    ["lost", 1],
    ["kept", 2],
  ];
  for (const [outcome, expected] of outcomes) {
    const fs = new MemoryFileSystem({ clock: nodeClock });
    const file = await durableFile(fs);
    await file.write(full(2), 0);
    fs.crash(outcome, new Prng(1));
    assert.equal((await sectorsAfter(fs))[0], expected);
  }
});

test("a sync covers what was written before it was called, once it has completed", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const file = await durableFile(fs);
  await file.write(full(2), 0);
  await file.datasync();
  await file.write(full(3), 512);
  void file.datasync();
  fs.crash("lost", new Prng(1));
  assert.deepEqual((await sectorsAfter(fs)).slice(0, 3), [2, 1, 1]);
});

test("a write to a file opened for durable writes is durable when it completes", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await (await durableFile(fs)).close();
  const file = await fs.open("f", { access: "read-write", dataSync: true });
  await file.write(full(5), 1024);
  fs.crash("lost", new Prng(1));
  assert.equal((await sectorsAfter(fs))[2], 5);
});

test("names are durable after a sync of their directory, and a rename is never half done", async () => {
  const seen = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const fs = new MemoryFileSystem({ clock: nodeClock });
    await replaceFile(fs, "", "pointer", full(1));
    const file = await fs.open("next", writable);
    await file.write(full(2), 0);
    await file.sync();
    await fs.rename("next", "pointer");
    fs.crash("random", new Prng(seed));
    const [first] = await readFile(fs, "pointer");
    seen.add(`${(await fs.readdir("")).join()}:${first}`);
  }
  assert.deepEqual([...seen].sort(), ["next,pointer:1", "pointer:1", "pointer:2"]);
});

test("a crash ends open files and calls under way", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const file = await durableFile(fs);
  let settled = 0;
  const count = (): void => {
    settled += 1;
  };
  file.write(full(2), 0).then(count, count);
  fs.crash("kept", new Prng(1));
  file.write(full(3), 0).then(count, count);
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  assert.equal(settled, 0);
  assert.equal((await sectorsAfter(fs))[0], 2);
});

test("faults hit the n-th matching operation only", async () => {
  const fs = new FaultFileSystem(new MemoryFileSystem({ clock: nodeClock }));
  const file = await fs.open("f", writable);
  fs.decide = faultAt(1, { kind: "error", code: "EIO" }, ({ kind }) => kind === "datasync");
  await file.datasync();
  await assert.rejects(file.datasync(), { code: "EIO" });
  await file.datasync();
  fs.decide = faultAt(0, { kind: "short", bytes: 3 }, ({ kind, path }) => kind + path === "writef");
  assert.equal(await file.write(full(7), 0), 3);
  fs.decide = faultAt(0, { kind: "short", bytes: 3 }, ({ kind }) => kind === "write");
  await writeFully(file, full(7), 0);
  assert.deepEqual(await readFile(fs, "f"), full(7));
});

test("private directories are created with their parents and checked when they exist", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  assert.equal(await createPrivateDirectory(fs, "/a/b/c"), true);
  assert.equal(await ensurePrivateDirectory(fs, "/a/b/c"), false);
  fs.crash("lost", new Prng(1));
  assert.equal((await fs.stat("/a/b/c")).mode, 0o700);
  await fs.mkdir("/loose", 0o770);
  await assert.rejects(ensurePrivateDirectory(fs, "/loose"), /must be 700/);
  await (await fs.open("/file", writable)).close();
  await assert.rejects(ensurePrivateDirectory(fs, "/file"), /not a directory/);
  assert.equal(await tryStat(fs, "/none"), undefined);
  const parents = ["/a/b", "/a", "a", "a/b/"].map(parentOf);
  assert.deepEqual(parents, ["/a", "/", ".", "a"]);
});
