import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ConnectionError, Http2Code } from "./error-codes.ts";
import { FrameReader, type FrameInfo } from "./frame-reader.ts";
import { encodeFrame } from "./frames.ts";

function read(chunks: readonly Uint8Array[], frameBytesMax = 100): string[] {
  const seen: string[] = [];
  const reader = new FrameReader(
    {
      onFrame({ type, flags, streamId }: FrameInfo, bytes, start, end) {
        seen.push(`${type} ${flags} ${streamId} ${bytes.toString("hex", start, end)}`);
      },
    },
    frameBytesMax,
  );
  try {
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
  } catch (error) {
    assert.ok(error instanceof ConnectionError);
    seen.push(`error ${error.code}`);
  }
  return seen;
}

const frame = fc
  .tuple(fc.nat(255), fc.nat(255), fc.nat(0x7fff_ffff), fc.uint8Array({ maxLength: 100 }))
  .map(([type, flags, id, payload]) => encodeFrame(type, flags, id, payload));

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort(
    (a, b) => a - b,
  );
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

test("frames are the same however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (all, at) => {
        const bytes = Buffer.concat(all);
        const whole = read([bytes]);
        assert.equal(whole.length, all.length);
        assert.deepEqual(read(cut(bytes, at)), whole);
      },
    ),
    { numRuns: 300 },
  );
  const three = Buffer.concat([
    encodeFrame(0, 1, 1, Buffer.from("abc")),
    encodeFrame(4, 0, 0, Buffer.alloc(0)),
    encodeFrame(0, 0, 3, Buffer.from("defgh")),
  ]);
  const whole = read([three]);
  assert.deepEqual(read([...three].map((byte) => Uint8Array.of(byte))), whole);
  for (let at = 0; at <= three.length; at++) {
    assert.deepEqual(read([three.subarray(0, at), three.subarray(at)]), whole);
  }
});

test("noise is the same however it is cut, up to the error", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      (bytes, at) => {
        assert.deepEqual(read(cut(bytes, at)), read([bytes]));
      },
    ),
    { numRuns: 300 },
  );
});

test("the reserved bit of the stream id is ignored", () => {
  const bytes = encodeFrame(6, 0, 5, Buffer.alloc(0));
  bytes[5]! |= 0x80;
  assert.deepEqual(read([bytes]), ["6 0 5 "]);
});

test("a frame that is too long is refused as soon as its length is known", () => {
  const bytes = encodeFrame(0, 0, 1, Buffer.alloc(101));
  const refused = [`error ${Http2Code.FRAME_SIZE_ERROR}`];
  assert.deepEqual(read([bytes.subarray(0, 9)]), refused);
  assert.deepEqual(read([bytes.subarray(0, 4), bytes.subarray(4, 9)]), refused);
});

test("a payload spread over chunks is not touched by later ones", () => {
  const kept: Buffer[] = [];
  const reader = new FrameReader(
    { onFrame: (_info, bytes, start, end) => kept.push(bytes.subarray(start, end)) },
    100,
  );
  for (const text of ["first", "other"]) {
    const bytes = encodeFrame(0, 0, 1, Buffer.from(text));
    reader.push(Buffer.from(bytes.subarray(0, 11)));
    reader.push(Buffer.from(bytes.subarray(11)));
  }
  assert.deepEqual(kept.map(String), ["first", "other"]);
});
