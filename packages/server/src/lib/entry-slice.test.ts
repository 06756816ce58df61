import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EntrySlice, toEntrySlice } from "./entry-slice.ts";

const bytes = fc.uint8Array({ maxLength: 6, max: 3 });

test("an entry is the same wherever it lies, and is ordered by its key", () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, bytes, bytes, (key, value, before, behind, other) => {
      const memory = Buffer.concat([before, key, value, behind]);
      const start = before.length;
      const valueStart = start + key.length;
      const entry = new EntrySlice(memory, start, valueStart, valueStart + value.length);
      assert.deepEqual([entry.keyLength, entry.valueLength], [key.length, value.length]);
      assert.ok(Buffer.from(key).equals(entry.key));
      assert.ok(Buffer.from(value).equals(entry.value));
      const order = Math.sign(entry.compare(toEntrySlice({ key: other, value })));
      assert.equal(order, Buffer.compare(key, other));
      assert.equal(entry.withoutValue().compare(entry), 0);
      const into = Buffer.alloc(20, 9);
      const end = entry.copyTo(into, 5);
      assert.deepEqual(
        into,
        Buffer.concat([Buffer.alloc(5, 9), key, value, Buffer.alloc(20 - end, 9)]),
      );
      assert.equal(toEntrySlice(entry), entry);
    }),
  );
});
