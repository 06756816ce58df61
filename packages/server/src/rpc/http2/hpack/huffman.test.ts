import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeHuffman, encodeHuffman, huffmanLength } from "./huffman.ts";

const decode = (bytes: Uint8Array): string | undefined => decodeHuffman(bytes, 0, bytes.length);

test("the strings of RFC 7541, appendix C.4 and C.6", () => {
  const table: [string, string][] = [
    ["www.example.com", "f1e3c2e5f23a6ba0ab90f4ff"],
    ["no-cache", "a8eb10649cbf"],
    ["custom-key", "25a849e95ba97d7f"],
    ["custom-value", "25a849e95bb8e8b4bf"],
    ["302", "6402"],
    ["private", "aec3771a4b"],
    ["Mon, 21 Oct 2013 20:13:21 GMT", "d07abe941054d444a8200595040b8166e082a62d1bff"],
    ["https://www.example.com", "9d29ad171863c78f0b97c8e9ae82ae43d3"],
    ["gzip", "9bd9ab"],
  ];
  for (const [text, hex] of table) {
    assert.equal(encodeHuffman(Buffer.from(text)).toString("hex"), hex);
    assert.equal(decode(Buffer.from(hex, "hex")), text);
  }
});

test("every string of bytes comes back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const encoded = encodeHuffman(bytes);
      assert.equal(encoded.length, huffmanLength(bytes));
      assert.equal(decode(encoded), Buffer.from(bytes).toString("latin1"));
    }),
    { numRuns: 200 },
  );
});

test("padding of more than seven bits, or of other bits than ones, is malformed", () => {
  // "0" is five zeros.
  assert.equal(decode(Buffer.from([0b0000_0111])), "0");
  assert.equal(decode(Buffer.from([0b0000_0110])), undefined);
  assert.equal(decode(Buffer.from([0b0000_0111, 0xff])), undefined);
  assert.equal(decode(Buffer.from([0xff])), undefined);
  assert.equal(decode(Buffer.from([])), "");
});

test("the end-of-string symbol is malformed", () => {
  assert.equal(decode(Buffer.from([0xff, 0xff, 0xff, 0xff])), undefined);
  assert.equal(decode(Buffer.from([0xff, 0xff, 0xff, 0xfc])), undefined);
});

test("noise is decoded or refused, and what is decoded encodes to the same bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const text = decode(bytes);
      if (text === undefined) return;
      assert.deepEqual(encodeHuffman(Buffer.from(text, "latin1")), Buffer.from(bytes));
    }),
    { numRuns: 500 },
  );
});
