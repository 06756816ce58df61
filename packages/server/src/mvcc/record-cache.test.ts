import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KeyIndex } from "./index/key-index.ts";
import { RecordCache } from "./record-cache.ts";

const recordOf = (main: number, bytes: number): Buffer => Buffer.alloc(bytes, main);

test("it gives the record that was kept, or none; never more bytes than allowed", () => {
  const step = fc.record({
    key: fc.nat(9),
    bytes: fc.constantFrom(0, 1, 30, 100, 400, 3000),
    isKept: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(0, 500, 5000),
      fc.array(step, { maxLength: 200 }),
      (bytesMax, steps) => {
        const cache = new RecordCache(bytesMax);
        const keys = Array.from({ length: 10 }, () => new KeyIndex());
        const kept = new Map<KeyIndex, Buffer>();
        let main = 1;
        for (const { key, bytes, isKept } of steps) {
          const keyIndex = keys[key]!;
          keyIndex.put((main += 1), 0);
          kept.delete(keyIndex);
          if (isKept) {
            const record = recordOf(main, bytes);
            kept.set(keyIndex, Buffer.from(record));
            const copy = cache.keep(keyIndex, record);
            record.fill(0xff);
            assert.deepEqual(copy, kept.get(keyIndex));
            assert.equal(cache.get(keyIndex) !== undefined, bytes + 20 <= bytesMax / 2);
          }
          for (const known of keys) {
            const found = cache.get(known);
            if (found !== undefined) assert.deepEqual(found, kept.get(known));
          }
          assert.ok(cache.bytes <= bytesMax);
        }
      },
    ),
    { numRuns: 100 },
  );
});

test("a record stays as it is although it has left the cache", () => {
  const cache = new RecordCache(1000);
  const keyIndex = new KeyIndex();
  keyIndex.put(2, 0);
  const record = cache.keep(keyIndex, recordOf(2, 90));
  for (let main = 3; main < 100; main++) {
    const other = new KeyIndex();
    other.put(main, 0);
    cache.keep(other, recordOf(main, 90));
  }
  assert.equal(cache.get(keyIndex), undefined);
  assert.deepEqual(record, recordOf(2, 90));
});

test("a place from before the pages' numbers began anew gives nothing", () => {
  const cache = new RecordCache(256);
  const early = new KeyIndex();
  early.put(2, 0);
  cache.keep(early, recordOf(2, 10));
  const late = new KeyIndex();
  const record = recordOf(3, 10);
  let foundSamePlace = 0;
  // A page has room for one such record; there are 2^20 numbers of pages.
  for (let round = 0; round < 2 ** 20 + 10; round++) {
    late.put(3 + round, 0);
    cache.keep(late, record);
    if (late.recordPlace === early.recordPlace) {
      foundSamePlace += 1;
      assert.equal(cache.get(early), undefined);
      assert.deepEqual(cache.get(late), record);
    }
    late.compact(3 + round, () => undefined);
  }
  assert.equal(foundSamePlace, 1);
});
