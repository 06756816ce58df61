import fc from "fast-check";
import { type BucketEntry, type BucketSource, memoryBucket } from "../bolt/bucket-source.ts";
import { planImage } from "../bolt/image-plan.ts";
import { ImageReader } from "../bolt/image-reader.ts";
import { writeImage } from "../bolt/image-writer.ts";
import { PageSlabs } from "../bolt/page-slabs.ts";
import { PageUse } from "../bolt/page-use.ts";
import { bytesSource } from "../random-access-source.ts";

/** Buckets as plain text, hexadecimal, in order: what a test compares. */
export type PlainBuckets = [name: string, entries: [key: string, value: string][]][];

export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) {
    all.push(chunk);
  }
  return Buffer.concat(all);
}

export async function imageOf(buckets: BucketSource[], pageSize = 4096): Promise<Buffer> {
  return collect(writeImage(buckets, await planImage(buckets, pageSize), new PageSlabs()));
}

/** Reads everything, with all checks. */
export async function readImage(image: Uint8Array): Promise<PlainBuckets> {
  const reader = await ImageReader.open(bytesSource("image", image));
  const use = new PageUse(reader.meta.highWater);
  const buckets: PlainBuckets = [];
  for await (const bucket of reader.buckets(use)) {
    const entries: [string, string][] = [];
    for await (const batch of reader.entries(bucket, use)) {
      entries.push(...plain(batch));
    }
    buckets.push([bucket.name, entries]);
  }
  await use.finish(reader.pages);
  return buckets;
}

export function plain(entries: readonly BucketEntry[]): [string, string][] {
  return entries.map(({ key, value }) => [hex(key), hex(value)]);
}

/** `count` entries with rising keys of the given lengths. */
export function numberedBucket(
  name: string,
  count: number,
  lengths: { key: number; value: number },
): BucketSource {
  const entries: BucketEntry[] = [];
  for (let index = 0; index < count; index++) {
    const key = Buffer.alloc(lengths.key, 0x6b);
    key.writeUInt32BE(index, 0);
    entries.push({ key, value: Buffer.alloc(lengths.value, index & 0xff) });
  }
  return memoryBucket(name, entries);
}

/** Buckets with names, keys and values of any length, from empty ones to several pages. */
export const anyBuckets: fc.Arbitrary<Map<string, BucketEntry[]>> = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" }),
      keys: fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 400 }), {
        maxLength: 120,
        size: "large",
        selector: hex,
      }),
      valueLengths: fc.array(
        fc.oneof(
          { weight: 8, arbitrary: fc.nat(300) },
          { weight: 1, arbitrary: fc.nat(20_000) },
          { weight: 1, arbitrary: fc.constantFrom(0, 4047, 4048, 4049, 8144) },
        ),
        { minLength: 1, maxLength: 20, size: "large" },
      ),
    }),
    { maxLength: 12, selector: ({ name }) => name },
  )
  .map((specs) => {
    const buckets = new Map<string, BucketEntry[]>();
    for (const { name, keys, valueLengths } of sortedBy(specs, (spec) => Buffer.from(spec.name))) {
      const entries = sortedBy(keys, (key) => key).map((key, index) => ({
        key,
        value: Buffer.alloc(valueLengths[index % valueLengths.length] ?? 0, index & 0xff),
      }));
      buckets.set(name, entries);
    }
    return buckets;
  });

function sortedBy<T>(elements: readonly T[], key: (element: T) => Uint8Array): T[] {
  return [...elements].sort((a, b) => Buffer.compare(key(a), key(b)));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
