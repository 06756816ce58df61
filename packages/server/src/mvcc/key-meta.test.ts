import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytesToKey } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { encodePutMeta, KeyMeta } from "./key-meta.ts";

test("metadata survives encoding", () => {
  const countArb = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(
      countArb,
      countArb,
      fc.integer({ min: 0, max: 2 ** 40 }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      (created, version, recordBytes, lease, key) => {
        const meta = new KeyMeta();
        meta.decodePut(encodePutMeta(created, version, recordBytes, lease, key));
        assert.deepEqual(
          [meta.created, meta.version, meta.recordBytes, meta.lease, meta.key],
          [created, version, recordBytes, lease, bytesToKey(key)],
        );
      },
    ),
  );
});

test("damaged metadata is reported as corruption", () => {
  const meta = new KeyMeta();
  for (const bytes of [[], [1], [1, 1], [0, 1, 2, 97], [1, 1, 2], Array(30).fill(255)]) {
    assert.throws(() => {
      meta.decodePut(Uint8Array.from(bytes));
    }, CorruptionError);
  }
});
