import assert from "node:assert/strict";
import { test } from "node:test";
import { PartsMessage } from "./parts-message.ts";

test("parts are one message, however it is taken, and its end is told once", () => {
  const parts = ["", "abc", "", "d", "efghij", ""].map((text) => Buffer.from(text));
  for (let step = 1; step <= 10; step++) {
    let ends = 0;
    const message = new PartsMessage(parts, () => (ends += 1));
    const taken = Buffer.alloc(message.length + 2, "-");
    for (let at = 0; at < message.length; at += step) {
      assert.equal(ends, 0);
      message.take(taken, 1 + at, 1 + Math.min(at + step, message.length));
    }
    assert.deepEqual([taken.toString(), ends], ["-abcdefghij-", 1]);
  }
});
