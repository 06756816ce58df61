import assert from "node:assert/strict";
import { test } from "node:test";
import type { File } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { HeldFiles } from "./held-files.ts";

/** A directory in which it is known which files are open. */
class Watched extends MemoryFileSystem {
  readonly opened = new Set<string>();

  constructor() {
    super({ clock: nodeClock });
  }

  override async open(path: string): Promise<File> {
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
  const held = new HeldFiles(fs, "store");
  await held.update(["000001.ldb", "000002.log", "CURRENT", "LOG", "MANIFEST-000003"]);
  assert.deepEqual(fs.opened, new Set(["store/000001.ldb", "store/000002.log"]));
  await held.update(["000001.ldb", "000004.ldb", "CURRENT"]);
  assert.deepEqual(fs.opened, new Set(["store/000001.ldb", "store/000004.ldb"]));
  await held.close();
  assert.equal(fs.opened.size, 0);
  await held.update(["000001.ldb"]);
  assert.equal(fs.opened.size, 0);
});

test("it holds a thousand at most, and does without those that cannot be opened", async () => {
  const fs = await watched();
  const held = new HeldFiles(fs, "store");
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
  const held = new HeldFiles(fs, "store");
  const update = held.update(["1.ldb", "2.ldb", "3.ldb"]);
  await held.close();
  await update;
  assert.equal(fs.opened.size, 0);
});
