import assert from "node:assert/strict";
import { test } from "node:test";
import { Compare, Compare_CompareResult, Compare_CompareTarget } from "@kvorum/proto";
import { CtlError } from "./ctl-error.ts";
import { parseCompare } from "./txn-parser.ts";

const key = Buffer.from("k");
const { EQUAL, GREATER, LESS, NOT_EQUAL } = Compare_CompareResult;
const { CREATE, MOD, VALUE, VERSION } = Compare_CompareTarget;

const conditions: readonly (readonly [string, Partial<Compare>])[] = [
  ['mod("k") > "0"', { target: MOD, result: GREATER, modRevision: 0 }],
  ['m("k") < "12"', { target: MOD, result: LESS, modRevision: 12 }],
  ['version("k") = "1"', { target: VERSION, result: EQUAL, version: 1 }],
  ['ver("k") != "-1"', { target: VERSION, result: NOT_EQUAL, version: -1 }],
  ['c("k") = "3"', { target: CREATE, result: EQUAL, createRevision: 3 }],
  ["create(`k`) = `3` more", { target: CREATE, result: EQUAL, createRevision: 3 }],
  [
    'val("k")  =   "a b\\xff"',
    { target: VALUE, result: EQUAL, value: Buffer.from("a b\xff", "latin1") },
  ],
  ['value( "k") > ""', { target: VALUE, result: GREATER, value: Buffer.alloc(0) }],
];

for (const [line, expected] of conditions) {
  test(`a condition: ${line}`, () => {
    assert.deepEqual(parseCompare(line), Compare.create({ key, ...expected }));
  });
}

const mistakes: readonly (readonly [string, number, string])[] = [
  ["nothing", 3, "malformed comparison: nothing"],
  ['mod(k) > "0"', 3, 'malformed comparison: mod(k) > "0"; got mod("")  ""'],
  ['mod("k") > 0', 3, 'malformed comparison: mod("k") > 0; got mod("k") > ""'],
  ['mod("k")> "0"', 3, 'malformed comparison: mod("k")> "0"; got mod("k")  ""'],
  ['size("k") > "0"', 3, 'malformed comparison: size("k") > "0" (unknown target size)'],
  ['mod("k") > "x"', 3, 'invalid txn compare request: mod("k") > "x"'],
  ['mod("k") >= "0"', 2, "Unknown result op"],
  ['lease("k") = "0"', 2, "bad value"],
];

for (const [line, code, message] of mistakes) {
  test(`no condition: ${line}`, () => {
    assert.throws(() => parseCompare(line), new CtlError(code, message));
  });
}
