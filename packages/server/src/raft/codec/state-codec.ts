import {
  type ConfState,
  type HardState,
  ENTRY_TYPES,
  type Entry,
  type EntryType,
  type NodeId,
  type SnapshotMetadata,
} from "../messages.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Smallest encoding of an entry: type, term, index, length of the data. */
export const ENTRY_BYTES_MIN = 4;

const ENTRY_TYPE_CODES: Record<EntryType, number> = {
  EntryNormal: 0,
  EntryConfChange: 1,
  EntryConfChangeV2: 2,
};

/** `type u8 · term varint · index varint · data` */
export function writeEntry(writer: ByteWriter, entry: Entry): void {
  writer.u8(ENTRY_TYPE_CODES[entry.type]);
  writer.varint(entry.term);
  writer.varint(entry.index);
  writer.lengthPrefixed(entry.data);
}

export function readEntry(reader: ByteReader): Entry {
  const type = reader.choice(ENTRY_TYPES);
  const term = reader.varint();
  const index = reader.varint();
  return { term, index, type, data: reader.lengthPrefixed() };
}

/** `term varint · vote u64 · commit varint` */
export function writeHardState(writer: ByteWriter, state: HardState): void {
  writer.varint(state.term);
  writer.u64(state.vote);
  writer.varint(state.commit);
}

export function readHardState(reader: ByteReader): HardState {
  const term = reader.varint();
  const vote = reader.u64();
  return { term, vote, commit: reader.varint() };
}

/** `voters · learners · votersOutgoing · learnersNext · autoLeave u8`, ids counted by a varint */
export function writeConfState(writer: ByteWriter, state: ConfState): void {
  writeIds(writer, state.voters);
  writeIds(writer, state.learners);
  writeIds(writer, state.votersOutgoing);
  writeIds(writer, state.learnersNext);
  writer.u8(state.autoLeave ? 1 : 0);
}

export function readConfState(reader: ByteReader): ConfState {
  const voters = readIds(reader);
  const learners = readIds(reader);
  const votersOutgoing = readIds(reader);
  const learnersNext = readIds(reader);
  return { voters, learners, votersOutgoing, learnersNext, autoLeave: reader.bool() };
}

/** `index varint · term varint · confState` */
export function writeSnapshotMetadata(writer: ByteWriter, metadata: SnapshotMetadata): void {
  writer.varint(metadata.index);
  writer.varint(metadata.term);
  writeConfState(writer, metadata.confState);
}

export function readSnapshotMetadata(reader: ByteReader): SnapshotMetadata {
  const index = reader.varint();
  const term = reader.varint();
  return { index, term, confState: readConfState(reader) };
}

function writeIds(writer: ByteWriter, ids: readonly NodeId[]): void {
  writer.varint(ids.length);
  for (const id of ids) {
    writer.u64(id);
  }
}

function readIds(reader: ByteReader): NodeId[] {
  const ids: NodeId[] = [];
  for (let left = reader.count(8); left > 0; left--) {
    ids.push(reader.u64());
  }
  return ids;
}
