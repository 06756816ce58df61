import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGoDuration, parseGoDurationMs, parseGoInteger } from "./go-values.ts";

const DURATIONS: [string, number | undefined][] = [
  ["0", 0],
  ["5s", 5000],
  ["1h30m", 5_400_000],
  ["1.5s", 1500],
  [".5s", 500],
  ["-1s", -1000],
  ["+2ms", 2],
  ["1us", 0.001],
  ["1µs", 0.001],
  ["", undefined],
  ["5", undefined],
  ["s", undefined],
  [".s", undefined],
  ["1s ", undefined],
  ["1d", undefined],
  ["9999999h", undefined],
];
for (const [text, ms] of DURATIONS) {
  test(`durations: reads ${JSON.stringify(text)}`, () => assert.equal(parseGoDurationMs(text), ms));
}

test("durations: are printed like Go's", () => {
  const shown = [0, 0.5, 100, 1500, 60_000, 3_600_000, -1000].map(formatGoDuration);
  assert.deepEqual(shown, ["0s", "500µs", "100ms", "1.5s", "1m0s", "1h0m0s", "-1s"]);
});

const range = { min: -128n, max: 127n };
const INTEGERS: [string, number | string][] = [
  ["0", 0],
  ["-128", -128],
  ["+5", 5],
  ["0x1f", 31],
  ["0b101", 5],
  ["0o17", 15],
  ["017", 15],
  ["1_0", 10],
  ["128", "range"],
  ["", "syntax"],
  ["1_", "syntax"],
  ["08", "syntax"],
  ["1.0", "syntax"],
  ["--1", "syntax"],
];
for (const [text, value] of INTEGERS) {
  test(`integers: reads ${JSON.stringify(text)}`, () =>
    assert.equal(parseGoInteger(text, range), value));
}

test("integers: take no sign where none can be", () => {
  assert.equal(parseGoInteger("+1", { min: 0n, max: 9n }), "syntax");
});

test("integers: are out of range past 2^53", () => {
  assert.equal(parseGoInteger("9007199254740993", { min: 0n, max: 2n ** 64n }), "range");
});
