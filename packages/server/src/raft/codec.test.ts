import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InvariantError } from "../lib/assert.ts";
import { ByteReader } from "./codec/byte-reader.ts";
import { ByteWriter } from "./codec/byte-writer.ts";
import { CodecError } from "./codec/codec-error.ts";
import {
  decodeConfChange,
  decodeConfState,
  decodeEntry,
  decodeHardState,
  decodeMessage,
  decodeSnapshotMetadata,
  encodeConfChange,
  encodeConfState,
  encodeEntry,
  encodeHardState,
  encodeMessage,
  encodeSnapshotMetadata,
} from "./codec.ts";
import { createMessage, LOCAL_APPEND_THREAD } from "./messages.ts";
import {
  confChanges,
  confStates,
  entries,
  hardStates,
  peerMessages,
  snapshotMetadata,
} from "./testing/arbitraries.ts";

/** A plain copy, equal for equal contents, whatever kind of byte array or object holds them. */
function canonical(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return [...value];
  }
  if (Array.isArray(value)) {
    return value.map(canonical);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, canonical(part)]));
  }
  return value;
}

function roundTrips<T>(
  name: string,
  values: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
): void {
  test(`${name} survives encoding`, () => {
    fc.assert(
      fc.property(values, (value) => {
        assert.deepEqual(canonical(decode(encode(value))), canonical(value));
      }),
    );
  });

  test(`${name} cut short or followed by more is refused`, () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, at) => {
        const bytes = encode(value);
        assert.throws(() => decode(bytes.subarray(0, at % bytes.length)), CodecError);
        assert.throws(() => decode(Buffer.concat([bytes, Buffer.of(0)])), CodecError);
      }),
    );
  });

  test(`decoding noise as ${name} yields a value or a CodecError`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (noise) => {
        try {
          decode(noise);
        } catch (error) {
          assert.ok(error instanceof CodecError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });

  test(`${name} with one byte flipped yields a value or a CodecError`, () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, mask) => {
        const bytes = Buffer.from(encode(value));
        bytes[at % bytes.length]! ^= mask;
        try {
          decode(bytes);
        } catch (error) {
          assert.ok(error instanceof CodecError, String(error));
        }
      }),
    );
  });
}

roundTrips("an entry", entries, encodeEntry, decodeEntry);
roundTrips("a hard state", hardStates, encodeHardState, decodeHardState);
roundTrips("a ConfState", confStates, encodeConfState, decodeConfState);
roundTrips("snapshot metadata", snapshotMetadata, encodeSnapshotMetadata, decodeSnapshotMetadata);
roundTrips("a message", peerMessages, encodeMessage, decodeMessage);

test("a membership change survives its way through an entry", () => {
  fc.assert(
    fc.property(confChanges, (change) => {
      const { type, data } = encodeConfChange(change);
      const decoded = decodeConfChange({ term: 1, index: 1, type, data });
      assert.deepEqual(canonical(decoded), canonical(change));
    }),
  );
});

test("leaving a joint configuration takes no bytes", () => {
  const change = {
    transition: "ConfChangeTransitionAuto" as const,
    changes: [],
    context: new Uint8Array(0),
  };
  assert.equal(encodeConfChange(change).data.length, 0);
});

test("varints hold every safe integer", () => {
  const edges = [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER];
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.constantFrom(...edges)), (value) => {
      const writer = new ByteWriter(1);
      writer.varint(value);
      assert.equal(new ByteReader(writer.bytes()).varint(), value);
    }),
  );
});

test("a varint beyond the safe integers or without end is refused", () => {
  const tooLarge = Buffer.from("ffffffffffffff7f", "hex");
  assert.throws(() => new ByteReader(tooLarge).varint(), CodecError);
  assert.throws(() => new ByteReader(Buffer.alloc(16, 0xff)).varint(), CodecError);
});

test("a count of more items than bytes remain is refused before anything is allocated", () => {
  const writer = new ByteWriter();
  writer.varint(Number.MAX_SAFE_INTEGER);
  assert.throws(() => decodeConfState(writer.bytes()), CodecError);
});

test("entry data is a view of the encoded bytes", () => {
  const bytes = encodeEntry({ term: 1, index: 2, type: "EntryNormal", data: Buffer.from("abc") });
  const { data } = decodeEntry(bytes);
  assert.equal(data.buffer, bytes.buffer);
  assert.equal(data.length, 3);
});

test("local messages have no encoding", () => {
  const local = createMessage("MsgHup", 2n);
  assert.throws(() => encodeMessage(local), InvariantError);
  const toDisk = createMessage("MsgApp", LOCAL_APPEND_THREAD);
  assert.throws(() => encodeMessage(toDisk), InvariantError);
});

test("a peer cannot pass for the local storage", () => {
  const message = createMessage("MsgAppResp", 1n);
  message.from = 2n;
  const bytes = Buffer.from(encodeMessage(message));
  bytes.writeBigUInt64LE(LOCAL_APPEND_THREAD, 2 + 8);
  assert.throws(() => decodeMessage(bytes), CodecError);
});
