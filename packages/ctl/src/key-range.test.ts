import assert from "node:assert/strict";
import { test } from "node:test";
import { fromBytes } from "./go/byte-string.ts";
import { fromKey, type KeyRange, oneKey, prefixEnd, rangeOf, withPrefix } from "./key-range.ts";

const shown = ({ key, rangeEnd }: KeyRange): [string, string] => [
  fromBytes(key),
  fromBytes(rangeEnd),
];

test("what a command means by its keys", () => {
  assert.deepEqual(shown(oneKey("a")), ["a", ""]);
  assert.deepEqual(shown(rangeOf("a", "c")), ["a", "c"]);
  assert.deepEqual(shown(fromKey("a")), ["a", "\0"]);
  assert.deepEqual(shown(withPrefix("foo")), ["foo", "fop"]);
});

test("an empty prefix and an empty first key mean all keys", () => {
  assert.deepEqual(shown(withPrefix("")), ["\0", "\0"]);
  assert.deepEqual(shown(fromKey("")), ["\0", "\0"]);
});

test("the end of a prefix carries over 0xff, and is open after nothing else", () => {
  assert.deepEqual([...prefixEnd(Uint8Array.of(0x61, 0xff, 0xff))], [0x62]);
  assert.deepEqual([...prefixEnd(Uint8Array.of(0xff, 0xff))], [0]);
});
