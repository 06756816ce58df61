import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromBytes, toBytes } from "./byte-string.ts";

test("any bytes survive the way through a string", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(new Uint8Array(toBytes(fromBytes(bytes))), bytes);
    }),
  );
});

test("valid UTF-8 becomes the text it is", () => {
  assert.equal(fromBytes(Buffer.from("schlüssel 世界 😀")), "schlüssel 世界 😀");
});

test("an overlong or cut sequence is kept byte by byte", () => {
  assert.equal(fromBytes(Uint8Array.of(0xc0, 0x80, 0x41)), "\udcc0\udc80A");
  assert.equal(fromBytes(Uint8Array.of(0xf0, 0x9f, 0x98)), "\udcf0\udc9f\udc98");
});
