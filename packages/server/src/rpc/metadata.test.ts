import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBinary, findBadBase64, firstValue } from "./metadata.ts";

/** What grpc-go 1.82 says of each. */
const PLACES: readonly [text: string, at: number][] = [
  ["", -1],
  ["AAEC", -1],
  ["AA", -1],
  ["AA==", -1],
  ["AB==", -1],
  ["AAA=", -1],
  ["%%%", 0],
  ["AA%A", 2],
  ["AAA=A", 3],
  ["A", 0],
  ["AAAAA", 4],
  ["AA=A", 2],
  ["AAA=AAA=", 4],
  ["A===", 1],
  ["AA==AAAA", 4],
];

test("base64 is accepted, padded or not, and refused at the byte where it ends", () => {
  for (const [text, at] of PLACES) assert.equal(findBadBase64(text), at, text);
});

test("of several values of a binary field the first counts", () => {
  assert.equal(firstValue("AAEC, AA%A"), "AAEC");
  assert.deepEqual(decodeBinary("AAEC,AAAA"), Buffer.from([0, 1, 2]));
});
