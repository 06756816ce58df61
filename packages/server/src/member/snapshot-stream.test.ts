import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { BucketIterator, FrozenView } from "../storage/backend.ts";
import { type Bucket, buckets, formerKeyValue } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { encodeSnapshot, SnapshotReader } from "./snapshot-stream.ts";

type Content = ReadonlyMap<Bucket, readonly EngineEntry[]>;

function viewOf(content: Content): FrozenView {
  const iterate = (bucket: Bucket): BucketIterator => {
    const left = [...(content.get(bucket) ?? [])];
    return {
      next: (count: number) => Promise.resolve(left.splice(0, count)),
      close: () => Promise.resolve(),
    } as BucketIterator;
  };
  return { iterate } as unknown as FrozenView;
}

async function encoded(content: Content): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeSnapshot(viewOf(content))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Reads the stream in pieces of this size, as text. */
function decoded(stream: Buffer, pieceBytes: number): string[] {
  const records: string[] = [];
  const reader = new SnapshotReader((bucket, key, value) => {
    records.push(
      `${bucket} ${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString("hex")}`,
    );
  });
  for (let at = 0; at < stream.length; at += pieceBytes) {
    reader.push(stream.subarray(at, at + pieceBytes));
  }
  reader.finish();
  return records;
}

const field = fc.uint8Array({ maxLength: 20 });
const records = fc.array(fc.tuple(field, field), { maxLength: 600 });
const contents = fc.tuple(records, records).map(
  ([first, second]): Content =>
    new Map([
      [buckets.keyMeta, first],
      [buckets.lease, second],
    ]),
);

test("what is read is what was there, however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(contents, fc.integer({ min: 1, max: 5_000 }), async (content, pieceBytes) => {
      const expected = [...content].flatMap(([bucket, entries]) =>
        entries.map(([key, value]) => {
          return `${bucket} ${Buffer.from(key).toString("hex")} ${Buffer.from(value).toString("hex")}`;
        }),
      );
      assert.deepEqual(decoded(await encoded(content), pieceBytes), expected);
    }),
    { numRuns: 20 },
  );
});

const long = fc.integer({ min: 100_000, max: 900_000 });
const longRecords = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 20 }), fc.oneof(fc.integer({ min: 0, max: 20 }), long)),
  { minLength: 1, maxLength: 6 },
);

test("records longer than a chunk are cut and put together again", async () => {
  await fc.assert(
    fc.asyncProperty(
      longRecords,
      fc.integer({ min: 3, max: 400_000 }),
      async (lengths, pieceBytes) => {
        const entries = lengths.map(([keyBytes, valueBytes], i): EngineEntry => {
          return [Buffer.alloc(keyBytes, i), Buffer.alloc(valueBytes, i + 1)];
        });
        const stream = await encoded(new Map([[buckets.lease, entries]]));
        const read: EngineEntry[] = [];
        const reader = new SnapshotReader((_bucket, key, value) => read.push([key, value]));
        for (let at = 0; at < stream.length; at += pieceBytes) {
          reader.push(Buffer.from(stream.subarray(at, at + pieceBytes)));
        }
        reader.finish();
        assert.equal(read.length, entries.length);
        for (const [i, [key, value]] of entries.entries()) {
          assert.ok(read[i]![0].every((byte) => byte === i) && read[i]![0].length === key.length);
          assert.equal(Buffer.compare(read[i]![1], value), 0);
        }
      },
    ),
    { numRuns: 15 },
  );
});

test("chunks have one size and lie in the same memory, and nothing is copied that lies in one piece", async () => {
  const entries = Array.from({ length: 50 }, (_none, i): EngineEntry => {
    return [Buffer.from(`key ${i}`), Buffer.alloc(20_000, i)];
  });
  const chunks: { readonly memory: ArrayBufferLike; readonly bytes: number }[] = [];
  for await (const { buffer, length } of encodeSnapshot(
    viewOf(new Map([[buckets.lease, entries]])),
  )) {
    chunks.push({ memory: buffer, bytes: length });
  }
  const full = chunks.slice(0, -2);
  assert.ok(full.length > 2);
  assert.equal(new Set(chunks.slice(0, -1).map(({ memory }) => memory)).size, 1);
  assert.equal(new Set(full.map(({ bytes }) => bytes)).size, 1);
  const stream = await encoded(new Map([[buckets.lease, entries]]));
  const reader = new SnapshotReader((_bucket, key, value) => {
    assert.equal(key.buffer, stream.buffer);
    assert.equal(value.buffer, stream.buffer);
  });
  reader.push(stream);
  reader.finish();
});

test("a stream that is cut off or altered anywhere is no snapshot", async () => {
  const key = Buffer.from("key");
  const stream = await encoded(new Map([[buckets.lease, [[key, Buffer.from("value")]]]]));
  for (let length = 0; length < stream.length; length++) {
    assert.throws(() => decoded(stream.subarray(0, length), 7), CorruptionError);
  }
  for (let at = 0; at < stream.length; at++) {
    const altered = Buffer.from(stream);
    altered[at]! ^= 4;
    assert.throws(() => decoded(altered, 7), CorruptionError, `byte ${at}`);
  }
  assert.throws(() => decoded(Buffer.concat([stream, Buffer.alloc(1)]), 100), CorruptionError);
  const own = await encoded(new Map([[buckets.lease, [[key, key]]]]));
  own[0] = buckets.backend;
  assert.throws(() => decoded(own, 100), /unknown bucket/);
});

test("what the backend keeps for itself is neither sent nor taken", async () => {
  const entry: EngineEntry = [Buffer.from("k"), Buffer.from("v")];
  const all = new Map(Object.values(buckets).map((bucket) => [bucket, [entry]]));
  const records = decoded(await encoded(all), 1000);
  const own = [buckets.backend, buckets.keyValueBlocks];
  const sent = records.map((record) => Number(record.split(" ")[0]));
  const others = Object.values(buckets).filter((bucket) => !own.some((one) => one === bucket));
  assert.deepEqual(sent, others);
  const stream = await encoded(new Map([[buckets.lease, [entry]]]));
  // 3 was a bucket once: records in it would leave keys without values.
  for (const bucket of [...own, formerKeyValue, 200]) {
    const forged = Buffer.from(stream);
    forged[0] = bucket;
    assert.throws(() => decoded(forged, 1000), { message: new RegExp(`unknown bucket ${bucket}`) });
  }
});
