import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { DigestSource } from "./digest.ts";
import { bytesSource } from "./random-access-source.ts";
import { openSnapshotStream } from "./snapshot-stream.ts";
import { collect, numberedBucket, readImage } from "./testing/images.ts";

const buckets = [
  numberedBucket("key", 1000, { key: 17, value: 200 }),
  numberedBucket("lease", 3, { key: 8, value: 70_000 }),
];

test("a stream is an image in chunks of whole pages and then its digest", async () => {
  const stream = await openSnapshotStream(buckets);
  const chunks: Buffer[] = [];
  for await (const chunk of stream.chunks) {
    chunks.push(chunk);
  }
  const file = Buffer.concat(chunks);
  const image = file.subarray(0, -32);
  assert.equal(file.length, stream.totalBytes);
  assert.equal(image.length, stream.imageBytes);
  assert.deepEqual(chunks.at(-1), createHash("sha256").update(image).digest());
  assert.ok(
    chunks.slice(0, -2).every((chunk) => chunk.length % 4096 === 0 && chunk.length <= 128 * 1024),
  );
  assert.equal((await readImage(file)).length, 2);
});

test("chunks that are given back are written again, and the file is the same", async () => {
  const whole = await collect((await openSnapshotStream(buckets)).chunks);
  const stream = await openSnapshotStream(buckets);
  const memory = new Set<ArrayBufferLike>();
  const copies: Buffer[] = [];
  for await (const chunk of stream.chunks) {
    memory.add(chunk.buffer);
    copies.push(Buffer.from(chunk));
    chunk.fill(255);
    stream.release(chunk);
  }
  assert.ok(Buffer.concat(copies).equals(whole));
  assert.ok(memory.size < copies.length, `${memory.size} of ${copies.length}`);
});

test("a saved file passes the digest check, an altered one does not", async () => {
  const file = await collect((await openSnapshotStream(buckets)).chunks);
  await new DigestSource(bytesSource("file", file)).verify();
  file[5000]! ^= 1;
  await assert.rejects(
    new DigestSource(bytesSource("file", file)).verify(),
    /^SnapshotDigestError: expected sha256 \[(\d+ ){31}\d+\], got \[(\d+ ){31}\d+\]$/,
  );
});

test("a file without digest is told from one with", async () => {
  const file = await collect((await openSnapshotStream(buckets)).chunks);
  await assert.rejects(new DigestSource(bytesSource("file", file.subarray(0, -32))).verify(), {
    message: "snapshot missing hash but --skip-hash-check=false",
  });
});
