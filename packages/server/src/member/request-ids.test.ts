import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestIds } from "./request-ids.ts";

test("ids rise, and neither another member's nor the next life's are among them", () => {
  const START_MS = 1_800_000_000_000;
  const ids = new RequestIds(0xabcd1234n, START_MS);
  const first = Array.from({ length: 1_000 }, () => ids.next());
  assert.equal(new Set(first).size, 1_000);
  assert.deepEqual(
    first,
    [...first].sort((a, b) => (a < b ? -1 : 1)),
  );
  const others = new RequestIds(0xabcd1235n, START_MS);
  const nextLife = new RequestIds(0xabcd1234n, START_MS + 10);
  for (let i = 0; i < 1_000; i++) {
    assert.ok(!first.includes(others.next()));
    assert.ok(!first.includes(nextLife.next()));
  }
  assert.ok(first.every((id) => id >> 48n === 0x1234n));
});
