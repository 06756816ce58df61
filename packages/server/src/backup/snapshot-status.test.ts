import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { CorruptionError } from "../lib/corruption-error.ts";
import { type BucketEntry, memoryBucket } from "./bolt/bucket-source.ts";
import { DigestSource } from "./digest.ts";
import { bytesSource } from "./random-access-source.ts";
import { readSnapshotStatus, type SnapshotStatus } from "./snapshot-status.ts";
import { imageOf } from "./testing/images.ts";

function statusOf(file: Uint8Array): Promise<SnapshotStatus> {
  return readSnapshotStatus(bytesSource("snapshot.db", file));
}

test("a file saved by etcd 3.7.1 has the status that etcdutl 3.7.1 gave it", async () => {
  const packed = readFileSync(join(import.meta.dirname, "testdata/etcd-3.7.1.db.gz"));
  const file = gunzipSync(packed);
  await new DigestSource(bytesSource("snapshot.db", file)).verify();
  assert.deepEqual(await statusOf(file), {
    hash: 3918859694,
    revision: 7,
    totalKey: 3,
    totalSize: 20480,
    version: "3.7.0",
  });
});

test("a store without storage version has an empty one", async () => {
  const status = await statusOf(await imageOf([memoryBucket("meta", [])]));
  assert.deepEqual(status, {
    hash: status.hash,
    revision: 0,
    totalKey: 0,
    totalSize: 12_288,
    version: "",
  });
});

const wrongEntries: { what: string; entry: BucketEntry; message: RegExp }[] = [
  {
    what: "a key that is no revision",
    entry: { key: Buffer.from("abc"), value: Buffer.alloc(0) },
    message: /snapshot.db: corrupt at key 616263: cannot parse revision key/,
  },
  {
    what: "a value that is no record",
    entry: {
      key: Buffer.from("0000000000000002" + "5f" + "0000000000000000", "hex"),
      value: Buffer.of(0x0a, 9),
    },
    message: /cannot unmarshal value/,
  },
];

for (const { what, entry, message } of wrongEntries) {
  test(`${what} is named`, async () => {
    const image = await imageOf([memoryBucket("key", [entry])]);
    await assert.rejects(statusOf(image), (error: unknown) => {
      assert.ok(error instanceof CorruptionError);
      assert.match(error.message, message);
      return true;
    });
  });
}
