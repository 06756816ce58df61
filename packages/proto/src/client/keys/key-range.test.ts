import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { allKeys, fromKey, type KeyRange, keyRange, prefixEnd, prefixRange } from "./key-range.ts";

function contains({ key, rangeEnd }: KeyRange, candidate: Uint8Array): boolean {
  const isOpen = rangeEnd.length === 1 && rangeEnd[0] === 0;
  return Buffer.compare(candidate, key) >= 0 && (isOpen || Buffer.compare(candidate, rangeEnd) < 0);
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return Buffer.compare(bytes.subarray(0, prefix.length), prefix) === 0;
}

describe("prefixEnd", () => {
  const cases: [string, string][] = [
    ["61", "62"],
    ["6100", "6101"],
    ["61ff", "62"],
    ["61fffe", "61ffff"],
    ["ff", "00"],
    ["ffff", "00"],
    ["", "00"],
  ];
  for (const [prefix, end] of cases) {
    test(`of "${prefix}" is "${end}"`, () => {
      assert.equal(Buffer.from(prefixEnd(Buffer.from(prefix, "hex"))).toString("hex"), end);
    });
  }

  test("leaves its argument alone", () => {
    const prefix = Buffer.from("a");
    prefixEnd(prefix);
    assert.equal(prefix.toString(), "a");
  });
});

describe("ranges", () => {
  test("a prefix range holds just what begins with the prefix", () => {
    const byte = fc.constantFrom(0, 1, 0x61, 0xfe, 0xff);
    const some = fc.array(byte, { minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes));
    const property = fc.property(some, some, (prefix, key) => {
      assert.equal(contains(prefixRange(prefix), key), startsWith(key, prefix));
      assert.ok(contains(prefixRange(prefix), Buffer.concat([prefix, key])));
    });
    fc.assert(property, { numRuns: 500 });
  });

  test("no prefix, or no key to begin at, is every key there can be", () => {
    assert.deepEqual(prefixRange(""), allKeys());
    assert.deepEqual(fromKey(""), allKeys());
  });

  test("take text and bytes", () => {
    assert.deepEqual(keyRange("a", "b"), keyRange(Buffer.from("a"), Buffer.from("b")));
    assert.equal(contains(fromKey("b"), Buffer.from("a")), false);
    assert.equal(contains(fromKey("b"), Buffer.from("\xff")), true);
  });
});
