import assert from "node:assert/strict";
import { test } from "node:test";
import { isZero } from "./record.ts";

test("one bit anywhere in a range is seen, none outside of it", () => {
  const length = 150_000;
  const bytes = new Uint8Array(length);
  for (const [start, end] of [
    [0, length],
    [8, 16],
    [100, 165],
    [8, 65_545],
    [3, 131_075],
  ] as const) {
    assert.ok(isZero(bytes, start, end));
    for (const at of [start, start + 1, start + 7, Math.floor((start + end) / 2), end - 1]) {
      bytes[at] = 1;
      assert.ok(!isZero(bytes, start, end), `byte ${at} of [${start}, ${end})`);
      bytes[at] = 0;
    }
    if (start > 0) bytes[start - 1] = 1;
    if (end < length) bytes[end] = 1;
    assert.ok(isZero(bytes, start, end), `[${start}, ${end})`);
    bytes.fill(0);
  }
});
