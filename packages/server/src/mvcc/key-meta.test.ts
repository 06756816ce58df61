import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesToKey } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { encodePutMeta, encodeTombstoneMeta, KeyMetaReader } from "./key-meta.ts";

const countArb = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const entryArb = fc.record({
  main: countArb,
  sub: fc.integer({ min: 0, max: 2 ** 40 }),
  isTombstone: fc.boolean(),
  created: countArb,
  version: countArb,
  recordBytes: fc.integer({ min: 0, max: 2 ** 40 }),
  lease: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  key: fc.uint8Array({ minLength: 1, maxLength: 300 }),
});

test("a page gives back the entries it was made of", () => {
  fc.assert(
    fc.property(fc.array(entryArb), (entries) => {
      const parts = entries.map((entry) => {
        const { main, sub, isTombstone, created: createRevision, version, recordBytes } = entry;
        const bytes = isTombstone
          ? encodeTombstoneMeta(main, sub, entry.key)
          : encodePutMeta(
              entry,
              { createRevision, version, lease: entry.lease },
              recordBytes,
              entry.key,
            );
        return Buffer.from(bytes);
      });
      const reader = new KeyMetaReader();
      const page = Buffer.concat(parts);
      reader.open(page);
      for (const [at, entry] of entries.entries()) {
        assert.ok(reader.next());
        const { main, sub, isTombstone, key } = entry;
        assert.deepEqual(
          [reader.main, reader.sub, reader.isTombstone, reader.key],
          [main, sub, isTombstone, bytesToKey(key)],
        );
        const { created, version, recordBytes, lease } = reader;
        const expected = isTombstone
          ? [0, 0, 0, 0n]
          : [entry.created, entry.version, entry.recordBytes, entry.lease];
        assert.deepEqual([created, version, recordBytes, lease], expected);
        assert.deepEqual(page.subarray(reader.start, reader.end), parts[at]);
      }
      assert.equal(reader.next(), false);
    }),
  );
});

test("damaged metadata is reported as corruption", () => {
  const reader = new KeyMetaReader();
  const damaged = [
    [1],
    [1, 0, 0, 1, 2, 1, 97],
    [1, 0, 1, 1, 3, 1, 97],
    [1, 0, 1, 1, 2, 2, 97],
    [1, 1, 0],
    Array(30).fill(255),
  ];
  for (const bytes of damaged) {
    reader.open(Uint8Array.from(bytes));
    assert.throws(() => reader.next(), CorruptionError);
  }
});
