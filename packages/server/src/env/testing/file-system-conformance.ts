/** What every file system must do. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readFile, readFully, replaceFile, tryStat, writeFully } from "../file-io.ts";
import type { FileSystem } from "../file-system.ts";

export interface FileSystemSetup {
  readonly fs: FileSystem;
  /** An empty directory. */
  readonly root: string;
  cleanUp(): Promise<void>;
}

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const writable = { access: "read-write", create: "may" } as const;

/** Registers the suite for one implementation. */
export function fileSystemConformance(name: string, setUp: () => Promise<FileSystemSetup>): void {
  const withFs = async (body: (fs: FileSystem, root: string) => Promise<void>): Promise<void> => {
    const setup = await setUp();
    try {
      await body(setup.fs, setup.root);
    } finally {
      await setup.cleanUp();
    }
  };
  const contentOf = async (fs: FileSystem, path: string): Promise<string> =>
    Buffer.from(await readFile(fs, path)).toString("latin1");

  describe(`file system ${name}`, () => {
    test("writes anywhere, extends with zeros, reads back, also in parts", () =>
      withFs(async (fs, root) => {
        const file = await fs.open(`${root}/f`, writable);
        assert.equal(file.path, `${root}/f`);
        assert.equal(await file.write(bytes("world"), 8), 5);
        assert.equal(await file.writev([bytes("he"), bytes("llo")], 0), 5);
        await file.datasync();
        await file.sync();
        const buffer = new Uint8Array(100);
        assert.equal(await readFully(file, buffer, 0), 13);
        assert.equal(Buffer.from(buffer.subarray(0, 13)).toString("latin1"), "hello\0\0\0world");
        assert.equal(await file.read(buffer.subarray(0, 2), 9), 2);
        assert.equal(await file.read(buffer, 13), 0);
        assert.equal(await file.read(buffer, 1000), 0);
        await file.close();
      }));

    test("truncates and extends, and a cut part does not come back", () =>
      withFs(async (fs, root) => {
        const file = await fs.open(`${root}/f`, { ...writable, dataSync: true });
        await writeFully(file, bytes("abcdef"), 0);
        await file.truncate(2);
        assert.equal((await file.stat()).size, 2);
        await file.truncate(5);
        await file.close();
        assert.equal(await contentOf(fs, `${root}/f`), "ab\0\0\0");
      }));

    test("open creates only when told, and fails with the system's codes", () =>
      withFs(async (fs, root) => {
        await assert.rejects(fs.open(`${root}/none`), { code: "ENOENT" });
        const file = await fs.open(`${root}/f`, { ...writable, create: "must", mode: 0o640 });
        await file.write(bytes("x"), 0);
        await file.close();
        await assert.rejects(fs.open(`${root}/f`, { ...writable, create: "must" }), {
          code: "EEXIST",
        });
        await assert.rejects(fs.open(`${root}/no/f`, writable), { code: "ENOENT" });
        const again = await fs.open(`${root}/f`, { access: "read-write", truncate: true });
        assert.equal((await again.stat()).size, 0);
        await again.close();
        const readOnly = await fs.open(`${root}/f`);
        await assert.rejects(readOnly.write(bytes("x"), 0), { code: "EBADF" });
        await readOnly.close();
      }));

    test("stat tells kind, size, mode and owner", () =>
      withFs(async (fs, root) => {
        await fs.mkdir(`${root}/d`, 0o700);
        const file = await fs.open(`${root}/d/f`, writable);
        await file.write(bytes("abc"), 0);
        await file.close();
        const { kind, mode, uid } = await fs.stat(`${root}/d`);
        assert.deepEqual({ kind, mode, uid }, { kind: "directory", mode: 0o700, uid: fs.uid });
        const stat = await fs.stat(`${root}/d/f`);
        assert.deepEqual(stat, { kind: "file", size: 3, mode: 0o600, uid: fs.uid });
        await assert.rejects(fs.stat(`${root}/none`), { code: "ENOENT" });
        assert.equal(await tryStat(fs, `${root}/none`), undefined);
        await assert.rejects(fs.mkdir(`${root}/d`, 0o700), { code: "EEXIST" });
      }));

    test("names are listed sorted, renamed, unlinked and removed", () =>
      withFs(async (fs, root) => {
        await fs.mkdir(`${root}/d`, 0o700);
        for (const each of ["b", "a", "c"]) {
          const file = await fs.open(`${root}/d/${each}`, writable);
          await file.write(bytes(each), 0);
          await file.close();
        }
        assert.deepEqual(await fs.readdir(`${root}/d`), ["a", "b", "c"]);
        await fs.rename(`${root}/d/a`, `${root}/d/b`);
        await fs.rename(`${root}/d/c`, `${root}/moved`);
        await fs.syncDirectory(`${root}/d`);
        assert.deepEqual(await fs.readdir(`${root}/d`), ["b"]);
        assert.equal(await contentOf(fs, `${root}/d/b`), "a");
        await fs.unlink(`${root}/moved`);
        await assert.rejects(fs.unlink(`${root}/moved`), { code: "ENOENT" });
        await fs.remove(`${root}/d`);
        await fs.remove(`${root}/d`);
        await assert.rejects(fs.readdir(`${root}/d`), { code: "ENOENT" });
        await assert.rejects(fs.rename(`${root}/x`, `${root}/y`), { code: "ENOENT" });
      }));

    test("an open file outlives its name", () =>
      withFs(async (fs, root) => {
        const file = await fs.open(`${root}/f`, writable);
        await file.write(bytes("kept"), 0);
        await fs.unlink(`${root}/f`);
        const buffer = new Uint8Array(4);
        assert.equal(await file.read(buffer, 0), 4);
        await file.close();
        await assert.rejects(file.read(buffer, 0), { code: "EBADF" });
      }));

    test("replaceFile creates and replaces", () =>
      withFs(async (fs, root) => {
        await replaceFile(fs, root, "pointer", bytes("one"));
        await replaceFile(fs, root, "pointer", bytes("2"));
        assert.equal(await contentOf(fs, `${root}/pointer`), "2");
        assert.deepEqual(await fs.readdir(root), ["pointer"]);
      }));
  });
}
