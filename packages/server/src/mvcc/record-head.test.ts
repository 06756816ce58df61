import assert from "node:assert/strict";
import { test } from "node:test";
import { KeyValue } from "@kvorum/proto";
import fc from "fast-check";
import { readRecordHead } from "./record-head.ts";

const record = fc.record({
  key: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  createRevision: fc.nat(Number.MAX_SAFE_INTEGER),
  modRevision: fc.nat(Number.MAX_SAFE_INTEGER),
  version: fc.nat(),
  value: fc.uint8Array({ maxLength: 300 }),
  lease: fc.constantFrom(0n, 0n, 7n, -1n),
});

test("a head is what decoding finds, or it is left to decoding", () => {
  let read = 0;
  fc.assert(
    fc.property(record, (fields) => {
      const head = readRecordHead(KeyValue.encode(KeyValue.create(fields)));
      if (head === undefined) return;
      read++;
      const { key, createRevision, version, lease } = fields;
      assert.deepEqual(
        { ...head, key: Uint8Array.from(head.key) },
        {
          key,
          createRevision,
          version,
          lease,
        },
      );
    }),
  );
  assert.ok(read > 10);
});

test("bytes that are no whole record in etcd's order are left to decoding", () => {
  const whole = KeyValue.encode(
    KeyValue.create({ key: Buffer.from("k"), createRevision: 2, modRevision: 300, version: 1 }),
  );
  assert.ok(readRecordHead(whole) !== undefined);
  for (let length = 0; length < whole.length; length++) {
    const head = readRecordHead(whole.subarray(0, length));
    if (head !== undefined) KeyValue.decode(whole.subarray(0, length));
  }
  assert.equal(readRecordHead(Buffer.concat([whole, whole])), undefined);
  assert.equal(readRecordHead(Buffer.concat([whole, Buffer.from([0x30, 7])])), undefined);
});
