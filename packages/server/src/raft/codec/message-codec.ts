import { assert } from "../../lib/assert.ts";
import {
  createMessage,
  EMPTY_BYTES,
  isLocalMessage,
  isLocalMessageTarget,
  MESSAGE_TYPES,
  type Message,
  type MessageType,
} from "../messages.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { CodecError } from "./codec-error.ts";
import {
  ENTRY_BYTES_MIN,
  readEntry,
  readSnapshotMetadata,
  writeEntry,
  writeSnapshotMetadata,
} from "./state-codec.ts";

/**
 * A message between members:
 *
 *     type u8 · flags u8 · to u64 · from u64 · term · logTerm · index · commit   (varints)
 *     [rejectHint varint]  [context]  [count varint, entries]  [snapshot metadata, data]
 *
 * The optional parts are there when their flag is set. What never leaves a member (local types and
 * targets, vote, responses) has no encoding: a peer cannot even say it.
 */
const FLAG_REJECT = 1;
const FLAG_CONTEXT = 2;
const FLAG_ENTRIES = 4;
const FLAG_SNAPSHOT = 8;
const FLAGS_ALL = FLAG_REJECT | FLAG_CONTEXT | FLAG_ENTRIES | FLAG_SNAPSHOT;

const TYPE_CODES: ReadonlyMap<MessageType, number> = new Map(
  MESSAGE_TYPES.map((type, code) => [type, code]),
);

export function writeMessage(writer: ByteWriter, message: Message): void {
  assert(isEncodable(message), `${message.type} to ${message.to} must not leave the member`);
  writer.u8(TYPE_CODES.get(message.type)!);
  writer.u8(flagsOf(message));
  writer.u64(message.to);
  writer.u64(message.from);
  writer.varint(message.term);
  writer.varint(message.logTerm);
  writer.varint(message.index);
  writer.varint(message.commit);
  writeOptionalParts(writer, message);
}

function writeOptionalParts(writer: ByteWriter, message: Message): void {
  if (message.reject) {
    writer.varint(message.rejectHint);
  }
  if (message.context.length > 0) {
    writer.lengthPrefixed(message.context);
  }
  const { entries, snapshot } = message;
  if (entries.length > 0) {
    writer.varint(entries.length);
    for (let i = 0; i < entries.length; i++) {
      writeEntry(writer, entries[i]!);
    }
  }
  if (snapshot !== undefined) {
    writeSnapshotMetadata(writer, snapshot.metadata);
    writer.lengthPrefixed(snapshot.data);
  }
}

function flagsOf(message: Message): number {
  return (
    (message.reject ? FLAG_REJECT : 0) |
    (message.context.length > 0 ? FLAG_CONTEXT : 0) |
    (message.entries.length > 0 ? FLAG_ENTRIES : 0) |
    (message.snapshot !== undefined ? FLAG_SNAPSHOT : 0)
  );
}

function isEncodable(message: Message): boolean {
  return (
    message.responses.length === 0 &&
    !isLocalMessage(message.type) &&
    !isLocalMessageTarget(message.from) &&
    !isLocalMessageTarget(message.to)
  );
}

export function readMessage(reader: ByteReader): Message {
  const message = createMessage(reader.choice(MESSAGE_TYPES));
  const flags = reader.u8();
  if ((flags & ~FLAGS_ALL) !== 0) {
    throw new CodecError(`unknown message flags ${flags}`);
  }
  message.to = reader.u64();
  message.from = reader.u64();
  if (!isEncodable(message)) {
    throw new CodecError(`${message.type} from ${message.from} is not for the wire`);
  }
  message.term = reader.varint();
  message.logTerm = reader.varint();
  message.index = reader.varint();
  message.commit = reader.varint();
  readOptionalParts(reader, message, flags);
  return message;
}

function readOptionalParts(reader: ByteReader, message: Message, flags: number): void {
  message.reject = (flags & FLAG_REJECT) !== 0;
  message.rejectHint = message.reject ? reader.varint() : 0;
  message.context = (flags & FLAG_CONTEXT) !== 0 ? reader.lengthPrefixed() : EMPTY_BYTES;
  if ((flags & FLAG_ENTRIES) !== 0) {
    for (let left = reader.count(ENTRY_BYTES_MIN); left > 0; left--) {
      message.entries.push(readEntry(reader));
    }
  }
  if ((flags & FLAG_SNAPSHOT) !== 0) {
    const metadata = readSnapshotMetadata(reader);
    message.snapshot = { metadata, data: reader.lengthPrefixed() };
  }
}
