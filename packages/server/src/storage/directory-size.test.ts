import assert from "node:assert/strict";
import { test } from "node:test";
import type { FileSystem } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { writeFully } from "../env/file-io.ts";
import { DirectorySize } from "./directory-size.ts";

async function write(fs: FileSystem, name: string, bytes: number): Promise<void> {
  const file = await fs.open(`store/${name}`, { access: "read-write", create: "may" });
  await writeFully(file, new Uint8Array(bytes), 0);
  await file.close();
}

test("all files count; of a table that has stayed the same no more is asked", async () => {
  const memory = new MemoryFileSystem({ clock: nodeClock });
  await memory.mkdir("store", 0o700);
  let asked: string[] = [];
  const stat = memory.stat.bind(memory);
  memory.stat = (path) => {
    asked.push(path.slice("store/".length));
    return stat(path);
  };
  const size = new DirectorySize(memory, "store");
  const measure = async (): Promise<[number, string[]]> => {
    asked = [];
    const sum = await size.measure(await memory.readdir("store"));
    return [sum, asked.sort()];
  };
  await write(memory, "1.ldb", 1000);
  await write(memory, "2.log", 10);
  assert.deepEqual(await measure(), [1010, ["1.ldb", "2.log"]]);
  await write(memory, "1.ldb", 3000);
  await write(memory, "3.ldb", 0);
  assert.deepEqual(await measure(), [3010, ["1.ldb", "2.log", "3.ldb"]]);
  await write(memory, "2.log", 20);
  assert.deepEqual(await measure(), [3020, ["1.ldb", "2.log", "3.ldb"]]);
  await write(memory, "3.ldb", 500);
  assert.deepEqual(await measure(), [3520, ["2.log", "3.ldb"]]);
  await memory.unlink("store/1.ldb");
  assert.deepEqual(await measure(), [520, ["2.log", "3.ldb"]]);
  await write(memory, "1.ldb", 7);
  assert.deepEqual(await measure(), [527, ["1.ldb", "2.log"]]);
});
