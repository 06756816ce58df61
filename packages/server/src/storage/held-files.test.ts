import assert from "node:assert/strict";
import { test } from "node:test";
import type { File } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { HeldFiles, heldFilesMax } from "./held-files.ts";

/** A directory in which it is known which files are open. */
class Watched extends MemoryFileSystem {
  readonly opened = new Set<string>();
  descriptors = Infinity;

  constructor() {
    super({ clock: nodeClock });
  }

  override async open(path: string): Promise<File> {
    if (this.opened.size === this.descriptors) {
      throw Object.assign(new Error("too many open files"), { code: "EMFILE" });
    }
    const file = await super.open(path, { access: "read-write", create: "may" });
    this.opened.add(path);
    return Object.assign(Object.create(file) as File, {
      close: () => {
        this.opened.delete(path);
        return file.close();
      },
    });
  }
}

async function watched(): Promise<Watched> {
  const fs = new Watched();
  await fs.mkdir("store", 0o700);
  return fs;
}

test("tables and logs are open from when they are seen until they are gone", async () => {
  const fs = await watched();
  const held = new HeldFiles(fs, "store", 1000);
  await held.update(["000001.ldb", "000002.log", "CURRENT", "LOG", "MANIFEST-000003"]);
  assert.deepEqual(fs.opened, new Set(["store/000001.ldb", "store/000002.log"]));
  await held.update(["000001.ldb", "000004.ldb", "CURRENT"]);
  assert.deepEqual(fs.opened, new Set(["store/000001.ldb", "store/000004.ldb"]));
  await held.close();
  assert.equal(fs.opened.size, 0);
  await held.update(["000001.ldb"]);
  assert.equal(fs.opened.size, 0);
});

test("it holds a fifth of what may be open, a thousand at most", () => {
  assert.deepEqual([1024, 4096, 20_000, Infinity].map(heldFilesMax), [204, 819, 1000, 1000]);
});

test("when no more can be opened it gives back all, for good", async () => {
  const fs = await watched();
  const held = new HeldFiles(fs, "store", 1000);
  fs.descriptors = 3;
  await held.update(["1.ldb", "2.ldb"]);
  assert.equal(fs.opened.size, 2);
  await held.update(["1.ldb", "2.ldb", "3.ldb", "4.ldb", "5.ldb"]);
  assert.equal(fs.opened.size, 0);
  await held.update(["1.ldb"]);
  assert.equal(fs.opened.size, 0);
});

test("it holds no more than it may, and does without those that cannot be opened", async () => {
  const fs = await watched();
  const held = new HeldFiles(fs, "store", 1000);
  const names = Array.from({ length: 1005 }, (_none, at) => `${at}.ldb`);
  await held.update(["nowhere/1.ldb", ...names]);
  assert.equal(fs.opened.size, 1000);
  assert.equal(fs.opened.has("store/nowhere/1.ldb"), false);
  await held.update(names.slice(10));
  assert.equal(fs.opened.has("store/1004.ldb"), true);
  assert.equal(fs.opened.size, 995);
  await held.close();
});

test("a close waits for an update, and leaves nothing open", async () => {
  const fs = await watched();
  const held = new HeldFiles(fs, "store", 1000);
  const update = held.update(["1.ldb", "2.ldb", "3.ldb"]);
  await held.close();
  await update;
  assert.equal(fs.opened.size, 0);
});
