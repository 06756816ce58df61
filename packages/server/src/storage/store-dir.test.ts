import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { FaultFileSystem, mutatingKinds } from "../env/testing/fault-file-system.ts";
import type { Fault } from "../env/testing/fault-file-system.ts";
import type { FileSystem } from "../env/file-system.ts";
import { JsonLog } from "../env/json-log.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { createNodeEnv, nodeClock } from "../env/node-env.ts";
import { Prng } from "../lib/prng.ts";
import { buckets } from "./buckets.ts";
import { classicLevelOpener } from "./classic-level.ts";
import { ListBatch } from "./engine.ts";
import { MemoryEngines } from "./memory.ts";
import { openStoreDir } from "./store-dir.ts";
import type { StoreDir, StoreDirOptions } from "./store-dir.ts";

const key = Buffer.from("who");
const applied = (index: number) => () => ({ index, term: 1, confState: new Uint8Array(0) });

function optionsOn(fs: FileSystem, lines: string[] = []): StoreDirOptions {
  const log = new JsonLog({
    clock: nodeClock,
    level: "info",
    write: (line) => {
      lines.push(line);
    },
  });
  return {
    env: { clock: nodeClock, fs, log },
    dataDir: "/data/node1",
    openEngine: new MemoryEngines(fs).open,
  };
}

function nameIn(store: StoreDir): string | undefined {
  const value = store.backend.get(buckets.meta, key);
  return value === undefined ? undefined : Buffer.from(value).toString();
}

async function fill(store: Pick<StoreDir, "backend">, name: string, index: number): Promise<void> {
  store.backend.put(buckets.meta, key, Buffer.from(name));
  await store.backend.checkpoint(applied(index));
}

test("a new data directory gets private directories and an empty store", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const store = await openStoreDir(optionsOn(fs));
  assert.equal(store.backend.loadApplied(), undefined);
  assert.equal(store.walDir, "/data/node1/member/wal");
  assert.equal((await fs.stat("/data/node1")).mode, 0o700);
  assert.equal((await fs.stat("/data/node1/member")).mode, 0o700);
  assert.deepEqual(await fs.readdir("/data/node1/member"), ["STORE", "store-0000000000000001"]);
  await fill(store, "first", 1);
  await store.close();
  const again = await openStoreDir(optionsOn(fs));
  assert.equal(nameIn(again), "first");
  await again.close();
});

test("a staged store takes the place of the live one, and the old files go", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const store = await openStoreDir(optionsOn(fs));
  await fill(store, "old", 1);
  const staged = await store.stageStore();
  await fill(staged, "new", 50);
  assert.equal(nameIn(store), "old");
  await staged.activate();
  assert.equal(nameIn(store), "new");
  assert.equal(store.backend, staged.backend);
  assert.deepEqual(await fs.readdir("/data/node1/member"), ["STORE", "store-0000000000000002"]);
  await store.close();
  const again = await openStoreDir(optionsOn(fs));
  assert.equal(nameIn(again), "new");
  assert.equal(again.backend.loadApplied()!.index, 50);
  await again.close();
});

test("a discarded store leaves nothing behind", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const store = await openStoreDir(optionsOn(fs));
  const staged = await store.stageStore();
  await fill(staged, "new", 50);
  await staged.discard();
  assert.deepEqual(await fs.readdir("/data/node1/member"), ["STORE", "store-0000000000000001"]);
  assert.equal(nameIn(store), undefined);
  await store.close();
});

test("whenever a swap is cut off by a crash, the old store or the new one is there, whole", async () => {
  const outcomes = new Set<string>();
  for (let n = 0; n < 40; n++) {
    for (let seed = 0; seed < 3; seed++) {
      const memory = new MemoryFileSystem({ clock: nodeClock });
      const prepared = await openStoreDir(optionsOn(memory));
      await fill(prepared, "old", 1);
      await prepared.close();
      let seen = 0;
      let activated = false;
      await new Promise<void>((resolve, reject) => {
        const fs = new FaultFileSystem(memory, (operation): Fault | undefined => {
          if (!mutatingKinds.has(operation.kind) || seen++ !== n) {
            return undefined;
          }
          const act = (): void => {
            memory.crash("random", new Prng(seed * 1000 + n));
            resolve();
          };
          return { kind: "last", act };
        });
        const swap = async (): Promise<void> => {
          const store = await openStoreDir(optionsOn(fs));
          const staged = await store.stageStore();
          await fill(staged, "new", 50);
          await staged.activate();
          activated = true;
          await store.close();
        };
        swap().then(resolve, reject);
      });
      const again = await openStoreDir(optionsOn(memory));
      const name = nameIn(again)!;
      assert.ok(name === "new" || (name === "old" && !activated), `operation ${n}: ${name}`);
      assert.equal(again.backend.loadApplied()!.index, name === "new" ? 50 : 1);
      assert.equal((await memory.readdir("/data/node1/member")).length, 2, `operation ${n}`);
      outcomes.add(name);
      await again.close();
    }
  }
  assert.deepEqual([...outcomes].sort(), ["new", "old"]);
});

test("a creation cut off by a crash can be repeated", async () => {
  for (let n = 0; n < 14; n++) {
    const memory = new MemoryFileSystem({ clock: nodeClock });
    let seen = 0;
    await new Promise<void>((resolve, reject) => {
      const fs = new FaultFileSystem(memory, (operation): Fault | undefined => {
        if (!mutatingKinds.has(operation.kind) || seen++ !== n) {
          return undefined;
        }
        const act = (): void => {
          memory.crash("random", new Prng(n));
          resolve();
        };
        return { kind: "last", act };
      });
      openStoreDir(optionsOn(fs)).then(() => resolve(), reject);
    });
    memory.kill();
    const store = await openStoreDir(optionsOn(memory));
    await fill(store, "first", 1);
    await store.close();
  }
});

test("others' access to the data directory is a warning, to what is inside an error", async () => {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  const lines: string[] = [];
  await memory.mkdir("/data", 0o755);
  await memory.mkdir("/data/node1", 0o755);
  await (await openStoreDir(optionsOn(memory, lines))).close();
  assert.match(lines.join(""), /check file permission/);
  const other = new MemoryFileSystem({ clock: nodeClock });
  await other.mkdir("/data", 0o755);
  await other.mkdir("/data/node1", 0o700);
  await other.mkdir("/data/node1/member", 0o750);
  await assert.rejects(openStoreDir(optionsOn(other)), { name: "DirectoryAccessError" });
});

test("a pointer to nowhere is corruption", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  await (await openStoreDir(optionsOn(fs))).close();
  await fs.remove("/data/node1/member/store-0000000000000001");
  await assert.rejects(openStoreDir(optionsOn(fs)), { name: "CorruptionError" });
  const file = await fs.open("/data/node1/member/STORE", { access: "read-write", truncate: true });
  await file.write(Buffer.from("store-../../etc"), 0);
  await assert.rejects(openStoreDir(optionsOn(fs)), { name: "CorruptionError" });
});

test("a data directory of a build that kept its records elsewhere is refused by name", async () => {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const options = optionsOn(fs);
  const store = await openStoreDir(options);
  await fill(store, "old", 1);
  await store.close();
  const engine = await options.openEngine("/data/node1/member/store-0000000000000001");
  const former = new ListBatch();
  former.put(Buffer.from([3, 0, 0]), Buffer.from("a record"));
  await engine.write(former);
  await engine.close();
  const refusal = {
    name: "StoreFormatError",
    message: /^data directory \/data\/node1 is of an older build/,
  };
  await assert.rejects(openStoreDir(options), refusal);
  // The directory is not left locked.
  await assert.rejects(openStoreDir(options), refusal);
});

test("on the real disk: one process at a time, private modes, swap and reopen", async () => {
  const root = await mkdtemp(join(tmpdir(), "kvorum-store-"));
  const env = createNodeEnv({ logLevel: "fatal" });
  const openEngine = classicLevelOpener({ clock: env.clock, fs: env.fs });
  const options = { env, dataDir: join(root, "a", "data"), openEngine };
  const store = await openStoreDir(options);
  await assert.rejects(openStoreDir(options), {
    code: "engine/locked",
    message: /in use by another process/,
  });
  assert.equal((await stat(join(root, "a", "data", "member"))).mode & 0o777, 0o700);
  await fill(store, "old", 1);
  const staged = await store.stageStore();
  await fill(staged, "new", 2);
  await staged.activate();
  await store.close();
  const again = await openStoreDir(options);
  assert.equal(nameIn(again), "new");
  await again.close();
  await rm(root, { recursive: true });
});
