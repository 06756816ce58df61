import assert from "node:assert/strict";
import { test } from "node:test";
import { humanizeBytes } from "./humanize.ts";

const cases: readonly (readonly [number, string])[] = [
  [0, "0 B"],
  [9, "9 B"],
  [10, "10 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9_949, "9.9 kB"],
  [9_950, "10 kB"],
  [20_480, "20 kB"],
  [2_147_483_648, "2.1 GB"],
  [82_854_982, "83 MB"],
  [21_500, "22 kB"],
  [1e15, "1.0 PB"],
];

for (const [bytes, text] of cases) {
  test(`${bytes} bytes are ${text}`, () => assert.equal(humanizeBytes(bytes), text));
}
