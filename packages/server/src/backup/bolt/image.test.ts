import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesSource } from "../random-access-source.ts";
import { anyBuckets, imageOf, numberedBucket, plain, readImage } from "../testing/images.ts";
import { type BucketSource, memoryBucket } from "./bucket-source.ts";
import { planImage } from "./image-plan.ts";
import { ImageReader } from "./image-reader.ts";
import { writeImage } from "./image-writer.ts";
import { PageSlabs } from "./page-slabs.ts";

test("any buckets come back from the image as they went in", async () => {
  await fc.assert(
    fc.asyncProperty(anyBuckets, fc.constantFrom(1024, 4096, 16_384), async (buckets, pageSize) => {
      const sources = [...buckets].map(([name, entries]) => memoryBucket(name, entries));
      const image = await imageOf(sources, pageSize);
      const expected = [...buckets].map(([name, entries]) => [name, plain(entries)]);
      assert.deepEqual(await readImage(image), expected);
    }),
    { numRuns: 60 },
  );
});

const shapes = [
  { what: "no bucket", buckets: [] },
  { what: "an empty bucket", buckets: [memoryBucket("alarm", [])] },
  { what: "one key", buckets: [numberedBucket("key", 1, { key: 17, value: 10 })] },
  {
    what: "a value of many pages",
    buckets: [numberedBucket("key", 3, { key: 17, value: 99_999 })],
  },
  { what: "a value that fills a page", buckets: [numberedBucket("k", 5, { key: 4, value: 4060 })] },
  { what: "three levels", buckets: [numberedBucket("key", 9_000, { key: 60, value: 300 })] },
  { what: "keys larger than a page", buckets: [numberedBucket("k", 40, { key: 5000, value: 1 })] },
  { what: "the largest keys", buckets: [numberedBucket("k", 3, { key: 32_768, value: 0 })] },
];

for (const { what, buckets } of shapes) {
  test(`the plan knows size and root of an image with ${what}`, async () => {
    const plan = await planImage(buckets);
    const image = await imageOf(buckets);
    assert.equal(image.length, plan.bytes);
    const reader = await ImageReader.open(bytesSource("image", image));
    assert.deepEqual(
      { root: reader.meta.root, highWater: reader.meta.highWater, bytes: reader.bytes },
      { root: plan.root, highWater: plan.highWater, bytes: image.length },
    );
    const read = await readImage(image);
    assert.deepEqual(
      read.map(([name, entries]) => [name, entries.length]),
      await Promise.all(buckets.map(async (bucket) => [bucket.name, await countOf(bucket)])),
    );
  });
}

test("an image of small sequential entries is filled to the brim", async () => {
  const image = await imageOf([numberedBucket("key", 20_000, { key: 17, value: 280 })]);
  const payload = 20_000 * (16 + 17 + 280);
  assert.ok(image.length < payload * 1.03, `${image.length} bytes for ${payload}`);
});

test("buckets that change between the passes end the stream with an error", async () => {
  const planned = [numberedBucket("key", 100, { key: 17, value: 100 })];
  const plan = await planImage(planned);
  for (const count of [50, 200]) {
    const written = [numberedBucket("key", count, { key: 17, value: 100 })];
    await assert.rejects(async () => {
      for await (const _page of writeImage(written, plan, new PageSlabs()));
    }, /pages|grown/);
  }
});

test("keys out of order are refused", async () => {
  const bucket = numberedBucket("key", 2, { key: 17, value: 1 });
  const backwards: BucketSource = {
    ...bucket,
    async *entries() {
      for await (const batch of bucket.entries()) {
        yield batch.toReversed();
      }
    },
  };
  await assert.rejects(imageOf([backwards]), /out of order/);
});

test("an image is read while it is written, a batch at a time", async () => {
  let pulled = 0;
  const batches: BucketSource = {
    name: "key",
    async *lengths() {
      for (let batch = 0; batch < 100; batch++) {
        yield [4, 4000];
      }
    },
    async *entries() {
      for (let batch = 0; batch < 100; batch++) {
        pulled++;
        const key = Buffer.alloc(4);
        key.writeUInt32BE(batch);
        yield [{ key, value: Buffer.alloc(4000) }];
      }
    },
  };
  const pages = writeImage([batches], await planImage([batches]), new PageSlabs());
  await pages.next();
  assert.ok(pulled < 40, `${pulled} batches of a page each were pulled for 32 pages`);
  await pages.return(undefined);
});

async function countOf(bucket: BucketSource): Promise<number> {
  let count = 0;
  for await (const batch of bucket.entries()) {
    count += batch.length;
  }
  return count;
}
