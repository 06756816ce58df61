import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBool, parseInt64, parseUint64, toSafeNumber } from "./strconv.ts";

const syntax = (name: string, text: string): string =>
  `strconv.${name}: parsing "${text}": invalid syntax`;

test("integers in base ten", () => {
  assert.deepEqual(parseInt64("-12", 10), { value: -12n });
  assert.deepEqual(parseInt64("+12", 10), { value: 12n });
  assert.deepEqual(parseInt64("9223372036854775807", 10), { value: 2n ** 63n - 1n });
  assert.deepEqual(parseInt64("0x10", 10), { error: syntax("ParseInt", "0x10") });
  assert.deepEqual(parseInt64("1_0", 10), { error: syntax("ParseInt", "1_0") });
  assert.deepEqual(parseInt64("", 10), { error: syntax("ParseInt", "") });
  assert.deepEqual(parseInt64("--1", 10), { error: syntax("ParseInt", "--1") });
});

test("hexadecimal ids", () => {
  assert.deepEqual(parseInt64("694d", 16), { value: 0x694dn });
  assert.deepEqual(parseUint64("ffffffffffffffff", 16), { value: 2n ** 64n - 1n });
  assert.deepEqual(parseUint64("-1", 16), { error: syntax("ParseUint", "-1") });
  assert.deepEqual(parseInt64("ffffffffffffffff", 16), {
    error: 'strconv.ParseInt: parsing "ffffffffffffffff": value out of range',
  });
});

test("base zero reads the base from the text", () => {
  const read: readonly (readonly [string, bigint])[] = [
    ["0x1F", 31n],
    ["0b101", 5n],
    ["0o17", 15n],
    ["017", 15n],
    ["0", 0n],
    ["1_000", 1000n],
    ["0x_1f", 31n],
    ["-0x10", -16n],
  ];
  for (const [text, value] of read) assert.deepEqual(parseInt64(text, 0), { value }, text);
  for (const text of ["_1", "1_", "0x", "089", "abc"]) {
    assert.deepEqual(parseInt64(text, 0), { error: syntax("ParseInt", text) }, text);
  }
});

test("booleans", () => {
  assert.deepEqual(parseBool("T"), { value: true });
  assert.deepEqual(parseBool("False"), { value: false });
  assert.deepEqual(parseBool("yes"), { error: syntax("ParseBool", "yes") });
});

test("numbers beyond the safe integers stop at their bound", () => {
  assert.equal(toSafeNumber(2n ** 63n - 1n), Number.MAX_SAFE_INTEGER);
  assert.equal(toSafeNumber(-(2n ** 63n)), -Number.MAX_SAFE_INTEGER);
  assert.equal(toSafeNumber(7n), 7);
});
