/**
 * Files written by bbolt 1.5 itself, with pages freed and used again: `testdata/bbolt-<page size>-
 * <freelist stored or not>.db.gz`. Bucket `key` had six rounds of 150 keys `key-<n>-<round>` and a
 * large one each; of the first five rounds the keys below 130 were deleted.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { bytesSource } from "../random-access-source.ts";
import { readImage } from "../testing/images.ts";
import { ImageReader } from "./image-reader.ts";
import { readUint64, writeUint64 } from "./page.ts";

function fixture(name: string): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, "../testdata", name)));
}

function expectedKeys(): string[] {
  const keys: string[] = [];
  for (let round = 0; round < 6; round++) {
    keys.push(`large-${round}`);
    for (let index = round < 5 ? 130 : 0; index < 150; index++) {
      keys.push(`key-${String(index).padStart(3, "0")}-${round}`);
    }
  }
  return keys.sort();
}

const files = [
  { name: "bbolt-1024-freelist.db.gz", pageSize: 1024, storesFreelist: true },
  { name: "bbolt-16384-freelist.db.gz", pageSize: 16_384, storesFreelist: true },
  { name: "bbolt-1024-none.db.gz", pageSize: 1024, storesFreelist: false },
];

for (const { name, pageSize, storesFreelist } of files) {
  test(`${name} is read whole`, async () => {
    const image = fixture(name);
    const { meta } = await ImageReader.open(bytesSource(name, image));
    assert.equal(meta.pageSize, pageSize);
    assert.equal(meta.freelist !== undefined, storesFreelist);
    const buckets = await readImage(image);
    assert.deepEqual(
      buckets.map(([bucket]) => bucket),
      ["alarm", "key", "meta"],
    );
    const keys = buckets[1]?.[1].map(([key]) => Buffer.from(key, "hex").toString());
    assert.deepEqual(keys, expectedKeys());
    const value = buckets[1]?.[1].find(([key]) => key === hex("key-149-5"))?.[1];
    assert.equal(value, Buffer.alloc((149 * 37) % 900, 149).toString("hex"));
  });
}

test("a stored freelist must account for every page that no tree reaches", async () => {
  const image = fixture("bbolt-1024-freelist.db.gz");
  const { meta } = await ImageReader.open(bytesSource("image", image));
  const page = (meta.freelist ?? 0) * meta.pageSize;
  const count = image.readUInt16LE(page + 10);
  const [first, last] = [page + 16, page + 16 + 8 * count];
  const additions: [number, RegExp][] = [
    [meta.root, /page \d+ is reachable and free/],
    [readUint64(image, first), /freelist names page \d+ wrongly/],
    [meta.highWater, /freelist names page \d+ wrongly/],
    [1, /freelist names page 1 wrongly/],
  ];
  image.writeUInt16LE(count + 1, page + 10);
  for (const [id, message] of additions) {
    writeUint64(image, id, last);
    await assert.rejects(readImage(image), message);
  }
  image.writeUInt16LE(count - 1, page + 10);
  await assert.rejects(readImage(image), /page \d+ is neither reachable nor free/);
});

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
