import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FrameReader, frameHeader, LINK_HEARTBEAT } from "./framing.ts";

function framed(payloads: Uint8Array[]): Buffer {
  return Buffer.concat(payloads.flatMap((bytes) => [frameHeader(bytes.length), bytes]));
}

test("any chunking of the same bytes gives the same frames, heartbeats left out", () => {
  const payloads = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 10 });
  const cuts = fc.array(fc.nat(500), { maxLength: 20 });
  fc.assert(
    fc.property(payloads, cuts, (bodies, positions) => {
      const bytes = Buffer.concat([LINK_HEARTBEAT, framed(bodies), LINK_HEARTBEAT]);
      const bounds = [...new Set([0, bytes.length, ...positions.map((p) => p % bytes.length)])];
      bounds.sort((a, b) => a - b);
      const reader = new FrameReader();
      const seen: Buffer[] = [];
      for (let i = 1; i < bounds.length; i++) {
        seen.push(...reader.push(bytes.subarray(bounds[i - 1], bounds[i])));
      }
      assert.deepEqual(
        seen.map((frame) => frame.toString("hex")),
        bodies.map((body) => Buffer.from(body).toString("hex")),
      );
    }),
  );
});

test("a length beyond the limit is refused before any memory is taken for it", () => {
  assert.throws(() => new FrameReader().push(Buffer.from([0xff, 0xff, 0xff, 0xff])), RangeError);
});
