import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { KeyValue } from "@kvorum/proto";
import { memoryBucket } from "../backup/bolt/bucket-source.ts";
import { encodeRevisionKey } from "../backup/buckets/key-bucket.ts";
import { imageOf } from "../backup/testing/images.ts";
import { writeFully } from "../env/file-io.ts";
import type { FileSystem } from "../env/file-system.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { nodeClock } from "../env/node-env.ts";
import { readHashKv } from "./hash-kv.ts";

async function diskWith(content: Uint8Array): Promise<FileSystem> {
  const fs = new MemoryFileSystem({ clock: nodeClock });
  const file = await fs.open("/file.db", { access: "read-write", create: "must" });
  await writeFully(file, content, 0);
  await file.close();
  return fs;
}

const stored = gunzipSync(
  readFileSync(join(import.meta.dirname, "../backup/testdata/etcd-3.7.1.db.gz")),
);

test("a file saved by etcd 3.7.1 has the hash that etcdutl 3.7.1 gave it", async () => {
  const fs = await diskWith(stored);
  const expected = { hash: 2_251_919_026, hashRevision: 7, compactRevision: 3 };
  assert.deepEqual(await readHashKv(fs, "/file.db", 0), expected);
  assert.deepEqual(await readHashKv(fs, "/file.db", 7), expected);
});

test("a revision that cannot be read is told in etcd's words", async () => {
  const fs = await diskWith(stored);
  await assert.rejects(readHashKv(fs, "/file.db", 2), {
    message: "mvcc: required revision has been compacted",
  });
  await assert.rejects(readHashKv(fs, "/file.db", 8), {
    message: "mvcc: required revision is a future revision",
  });
});

test("versions after the revision, and old ones of a compaction, do not count", async () => {
  const record = (main: number, key: string, value: string) => ({
    key: encodeRevisionKey({ main, sub: 0, isTombstone: false }),
    value: KeyValue.encode(KeyValue.create({ key: Buffer.from(key), value: Buffer.from(value) })),
  });
  const [old, kept, later] = [record(2, "a", "1"), record(3, "a", "2"), record(4, "b", "3")];
  const mark = {
    key: Buffer.from("finishedCompactRev"),
    value: encodeRevisionKey({ main: 3, sub: 0, isTombstone: false }),
  };
  const hashOf = async (entries: (typeof old)[], revision: number): Promise<number> => {
    const buckets = [memoryBucket("key", entries), memoryBucket("meta", [mark])];
    const fs = await diskWith(await imageOf(buckets));
    return (await readHashKv(fs, "/file.db", revision)).hash;
  };
  assert.equal(await hashOf([old, kept, later], 3), await hashOf([kept], 3));
  assert.notEqual(await hashOf([kept, later], 4), await hashOf([kept], 3));
});
