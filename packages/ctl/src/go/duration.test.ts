import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, parseDuration } from "./duration.ts";

const printed: readonly (readonly [number, string])[] = [
  [0, "0s"],
  [1, "1ns"],
  [1500, "1.5µs"],
  [2_310_000, "2.31ms"],
  [5_161_869, "5.161869ms"],
  [5_000_506_090, "5.00050609s"],
  [60e9, "1m0s"],
  [3_905.5e9, "1h5m5.5s"],
  [-1500e6, "-1.5s"],
];

for (const [nanoseconds, text] of printed) {
  test(`${nanoseconds} ns is ${text}`, () => assert.equal(formatDuration(nanoseconds), text));
}

const read: readonly (readonly [string, number])[] = [
  ["0", 0],
  ["5s", 5e9],
  ["1h30m", 5400e9],
  ["1.5s", 1.5e9],
  [".5ms", 5e5],
  ["100us", 1e5],
  ["100µs", 1e5],
  ["-2m", -120e9],
];

for (const [text, nanoseconds] of read) {
  test(`${text} is read`, () => assert.deepEqual(parseDuration(text), { nanoseconds }));
}

const errors: readonly (readonly [string, string])[] = [
  ["", 'time: invalid duration ""'],
  ["abc", 'time: invalid duration "abc"'],
  ["5", 'time: missing unit in duration "5"'],
  ["5parsecs", 'time: unknown unit "parsecs" in duration "5parsecs"'],
  ["1s5", 'time: missing unit in duration "1s5"'],
  ["99999999h", 'time: invalid duration "99999999h"'],
];

for (const [text, error] of errors) {
  test(`"${text}" is refused as Go refuses it`, () =>
    assert.deepEqual(parseDuration(text), { error }));
}
