/**
 * Raft's types as bytes, for the write-ahead log and for peers.
 *
 * Each type has a `write` that appends to a ByteWriter, a `read` that takes its part from a
 * ByteReader, and here an `encode` and a `decode` of a whole buffer. Decoding throws CodecError on
 * anything that is not exactly one value, and reads nothing beyond it. Byte strings in decoded
 * values (entry data, contexts, snapshot data) are views of the input: whoever reuses the input
 * buffer must copy first.
 *
 * The formats are private to Kvorum and carry no version of their own; the file or the handshake
 * around them does.
 */
import { asConfChangeV2, type AnyConfChange, isConfChangeV2 } from "./confchange/conf-change.ts";
import { ByteReader } from "./codec/byte-reader.ts";
import { ByteWriter } from "./codec/byte-writer.ts";
import {
  readConfChange,
  readConfChangeV2,
  writeConfChange,
  writeConfChangeV2,
} from "./codec/conf-change-codec.ts";
import { readMessage, writeMessage } from "./codec/message-codec.ts";
import {
  readConfState,
  readEntry,
  readHardState,
  readSnapshotMetadata,
  writeConfState,
  writeEntry,
  writeHardState,
  writeSnapshotMetadata,
} from "./codec/state-codec.ts";
import type {
  ConfChange,
  ConfChangeV2,
  ConfState,
  Entry,
  EntryType,
  HardState,
  Message,
  SnapshotMetadata,
} from "./messages.ts";

/** Header bytes of an entry at most; what a writer should expect beside the data. */
const ENTRY_HEADER_BYTES = 32;

export function encodeEntry(entry: Entry): Uint8Array {
  return encode(writeEntry, entry, entry.data.length + ENTRY_HEADER_BYTES);
}

export function decodeEntry(bytes: Uint8Array): Entry {
  return decode(readEntry, bytes);
}

export function encodeHardState(state: HardState): Uint8Array {
  return encode(writeHardState, state);
}

export function decodeHardState(bytes: Uint8Array): HardState {
  return decode(readHardState, bytes);
}

export function encodeConfState(state: ConfState): Uint8Array {
  return encode(writeConfState, state);
}

export function decodeConfState(bytes: Uint8Array): ConfState {
  return decode(readConfState, bytes);
}

export function encodeSnapshotMetadata(metadata: SnapshotMetadata): Uint8Array {
  return encode(writeSnapshotMetadata, metadata);
}

export function decodeSnapshotMetadata(bytes: Uint8Array): SnapshotMetadata {
  return decode(readSnapshotMetadata, bytes);
}

/** Only for messages between members; a local one is a broken invariant. */
export function encodeMessage(message: Message): Uint8Array {
  return encode(writeMessage, message);
}

/** Also throws CodecError for types and senders that no peer may use. */
export function decodeMessage(bytes: Uint8Array): Message {
  return decode(readMessage, bytes);
}

/** A membership change as the entry that carries it through the log. */
export function encodeConfChange(change: AnyConfChange): { type: EntryType; data: Uint8Array } {
  return isConfChangeV2(change)
    ? { type: "EntryConfChangeV2", data: encode(writeConfChangeV2, change) }
    : { type: "EntryConfChange", data: encode(writeConfChange, change) };
}

/** The membership change in an entry of type EntryConfChange or EntryConfChangeV2. */
export function decodeConfChange(entry: Entry): AnyConfChange {
  return entry.type === "EntryConfChange"
    ? decodeConfChangeV1(entry.data)
    : decodeConfChangeV2(entry.data);
}

export function decodeConfChangeV1(bytes: Uint8Array): ConfChange {
  return decode(readConfChange, bytes);
}

export function decodeConfChangeV2(bytes: Uint8Array): ConfChangeV2 {
  return decode(readConfChangeV2, bytes);
}

/** The membership change of an entry in its general form. */
export function decodeAsConfChangeV2(entry: Entry): ConfChangeV2 {
  return asConfChangeV2(decodeConfChange(entry));
}

function encode<T>(
  write: (writer: ByteWriter, value: T) => void,
  value: T,
  size = 128,
): Uint8Array {
  const writer = new ByteWriter(size);
  write(writer, value);
  return writer.bytes();
}

function decode<T>(read: (reader: ByteReader) => T, bytes: Uint8Array): T {
  const reader = new ByteReader(bytes);
  const value = read(reader);
  reader.end();
  return value;
}
