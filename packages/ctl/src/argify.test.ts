import assert from "node:assert/strict";
import { test } from "node:test";
import { argify } from "./argify.ts";
import { CtlError } from "./ctl-error.ts";

const cases: readonly (readonly [string, readonly string[]])[] = [
  ["put a b", ["put", "a", "b"]],
  ["  put\ta   b  ", ["put", "a", "b"]],
  ["put 'single quoted' x", ["put", "single quoted", "x"]],
  [String.raw`put "a \"b\"\t" x`, ["put", 'a "b"\t', "x"]],
  ["put 'a \"b' \"c 'd\"", ["put", 'a "b', "c 'd"]],
  ["--flag=value -x", ["--flag=value", "-x"]],
  ["''", [""]],
  ["", []],
];

for (const [line, words] of cases) {
  test(`argify parts ${JSON.stringify(line)}`, () => assert.deepEqual(argify(line), words));
}

test("an escape that means nothing is invalid input", () => {
  assert.throws(() => argify(String.raw`put "\q"`), new CtlError(3, "invalid syntax"));
});
