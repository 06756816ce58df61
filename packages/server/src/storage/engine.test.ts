import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { File, FileSystem } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { NodeFileSystem } from "../env/node-file-system.ts";
import { classicLevelOpener } from "./classic-level.ts";
import { JoinedBatch, ListBatch } from "./engine.ts";
import { MemoryEngines } from "./memory.ts";
import { engineConformance } from "./testing/engine-conformance.ts";

engineConformance("memory", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await fs.mkdir("store", 0o700);
  const engines = new MemoryEngines(fs);
  return { open: engines.open, directory: "store", cleanUp: () => Promise.resolve() };
});

engineConformance("classic-level", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kvorum-engine-"));
  const open = classicLevelOpener({ clock: nodeClock, fs: new NodeFileSystem() });
  return { open, directory, cleanUp: () => rm(directory, { recursive: true }) };
});

test("joined batches are one, in whatever order it is read", () => {
  const parts = [["a"], [], ["b", "c"], []].map((keys) => {
    const batch = new ListBatch();
    for (const key of keys) batch.put(Buffer.from(key), Buffer.from(`value of ${key}`));
    return batch;
  });
  parts[2]!.delete(Buffer.from("d"));
  const joined = new JoinedBatch(parts);
  assert.equal(joined.size, 4);
  for (const places of [
    [0, 1, 2, 3],
    [3, 0, 2, 1],
  ]) {
    for (const at of places) {
      const key = "abcd"[at]!;
      assert.equal(String(joined.keyAt(at)), key);
      const value = joined.valueAt(at);
      assert.equal(value && String(value), key === "d" ? undefined : `value of ${key}`);
    }
  }
});

test("a store that is only being filled is durable once it is closed, each file of it", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kvorum-filled-"));
  const disk = new NodeFileSystem();
  const synced = new Set<string>();
  const fs: FileSystem = new Proxy<FileSystem>(disk, {
    get: (target, name) => {
      if (name === "syncDirectory") {
        return (path: string) => {
          synced.add(path);
          return target.syncDirectory(path);
        };
      }
      if (name !== "open") return Reflect.get(target, name, target) as unknown;
      return async (path: string) => {
        const file = await target.open(path);
        return Object.assign(Object.create(file) as File, {
          sync: () => {
            synced.add(path);
            return file.sync();
          },
          close: () => file.close(),
        });
      };
    },
  });
  const engine = await classicLevelOpener({ clock: nodeClock, fs, syncOnClose: true })(directory);
  const batch = new ListBatch();
  batch.put(Buffer.from("k"), Buffer.from("v"));
  await engine.write(batch);
  assert.equal(synced.size, 0);
  await engine.close();
  const files = (await disk.readdir(directory)).map((name) => join(directory, name));
  assert.deepEqual(synced, new Set([directory, ...files]));
  await rm(directory, { recursive: true });
});

test("a write that succeeded stays so when the directory cannot be read then", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kvorum-unread-"));
  const disk = new NodeFileSystem();
  let reads = 0;
  const readdir = (): Promise<string[]> => {
    reads++;
    return Promise.reject(Object.assign(new Error("no descriptors"), { code: "EMFILE" }));
  };
  const fs: FileSystem = new Proxy<FileSystem>(disk, {
    get: (target, name) =>
      name === "readdir" ? readdir : (Reflect.get(target, name, target) as unknown),
  });
  const engine = await classicLevelOpener({ clock: nodeClock, fs })(directory);
  for (const key of ["a", "b"]) {
    const batch = new ListBatch();
    batch.put(Buffer.from(key), Buffer.from(key));
    await engine.write(batch);
  }
  assert.ok(reads > 0);
  await assert.rejects(engine.sizeBytes(), { code: "EMFILE" });
  assert.deepEqual(engine.get(Buffer.from("b")), Buffer.from("b"));
  await engine.close();
  await rm(directory, { recursive: true });
});
