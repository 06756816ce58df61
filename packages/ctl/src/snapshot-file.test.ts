import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { SnapshotFile } from "./snapshot-file.ts";

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "kvorum-snapshot-file-"));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

const pages = Buffer.alloc(1024, 7);
const digest = createHash("sha256").update(pages).digest();

test("a snapshot takes its name when it is complete, for its owner alone", async (t) => {
  const at = await folder(t);
  const file = await SnapshotFile.create(join(at, "s.db"));
  await file.write(pages.subarray(0, 1000));
  await file.write(pages.subarray(1000));
  await file.write(digest);
  assert.deepEqual(await readdir(at), ["s.db.part"]);
  await file.seal();
  await file.publish();
  assert.equal(file.size, 1056);
  assert.deepEqual(await readdir(at), ["s.db"]);
  assert.deepEqual(await readFile(join(at, "s.db")), Buffer.concat([pages, digest]));
  assert.equal((await stat(join(at, "s.db"))).mode & 0o777, 0o600);
});

test("a digest that does not fit is refused", async (t) => {
  const file = await SnapshotFile.create(join(await folder(t), "s.db"));
  await file.write(pages);
  await file.write(Buffer.alloc(32));
  await assert.rejects(file.seal(), /^Error: expected sha256 \[0 0 /);
  await file.discard();
});

test("a snapshot that was cut is refused, and nothing of it stays", async (t) => {
  const at = await folder(t);
  const file = await SnapshotFile.create(join(at, "s.db"));
  await file.write(pages.subarray(0, 100));
  await assert.rejects(file.seal(), new Error("sha256 checksum not found [bytes: 100]"));
  await file.discard();
  assert.deepEqual(await readdir(at), []);
});

test("a folder that is not there is told in Go's words", async (t) => {
  const path = join(await folder(t), "no", "s.db");
  await assert.rejects(
    SnapshotFile.create(path),
    new Error(`could not open ${path}.part (open ${path}.part: no such file or directory)`),
  );
});
