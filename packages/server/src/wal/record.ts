/**
 * Records of the log. Every record starts on a multiple of 8 and is padded to one with zeros:
 *
 *   offset  0  CRC-32C of all that follows, padding included (u32)
 *           4  CRC of the record before: the chain (u32)
 *           8  payload bytes, without padding (u32)
 *          12  distance from the start of the group it was written with (u32)
 *          16  payload: kind (u8), entry type (u8), six zeros, then by kind
 *                entry       index, term, data
 *                hard state  term, vote, commit
 *                checkpoint  index, term
 *                snapshot    index, term
 *
 * Because a record carries its predecessor's checksum it can be verified alone, and because it knows
 * where its group started, finding it intact proves that everything before its group was durable: a
 * group is written only after the one before is on disk. That is how a torn tail is told from damage.
 */
import { getBigUint64, getUint32, tryGetUint64 } from "../lib/bytes.ts";
import { crc32c } from "../lib/crc32c.ts";
import { ENTRY_TYPES } from "../raft/messages.ts";
import type { Entry, HardState } from "../raft/messages.ts";
import type { LogPosition } from "./segment-header.ts";

export const RECORD_HEADER_BYTES = 16;
/** Bytes of an entry record before its data. */
export const ENTRY_PREFIX_BYTES = 40;

export const recordKinds = { entry: 1, hardState: 2, checkpoint: 3, snapshot: 4 } as const;

const HARD_STATE_PAYLOAD = 32;
const POSITION_PAYLOAD = 24;
const ENTRY_PAYLOAD_MIN = 24;

export type WalRecord =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "hardState"; readonly hardState: HardState }
  /** All up to here is durable in the engine. */
  | { readonly kind: "checkpoint"; readonly position: LogPosition }
  /** A received snapshot took the place of the log: what was before is void. */
  | { readonly kind: "snapshot"; readonly position: LogPosition };

/** The next multiple of 8. */
export function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** What the bytes at an offset are, before their meaning is looked at. */
export type Frame =
  | {
      readonly status: "intact";
      readonly crc: number;
      readonly previousCrc: number;
      /** Offset at which the record's group started. */
      readonly groupStart: number;
      readonly payloadStart: number;
      readonly payloadEnd: number;
      /** Offset of the next record. */
      readonly end: number;
    }
  /** Zeros where a record's header would be. */
  | { readonly status: "zero" }
  | { readonly status: "bad"; readonly reason: string };

/** Looks at the record at `at`, which is a multiple of 8. Never throws, never looks past `bytes`. */
export function readFrame(bytes: Uint8Array, at: number): Frame {
  if (at + RECORD_HEADER_BYTES > bytes.length) {
    return isZero(bytes, at, bytes.length)
      ? { status: "zero" }
      : { status: "bad", reason: "the file ends within a record" };
  }
  const length = getUint32(bytes, at + 8);
  if (length === 0 && isZero(bytes, at, at + RECORD_HEADER_BYTES)) {
    return { status: "zero" };
  }
  const payloadStart = at + RECORD_HEADER_BYTES;
  if (length > bytes.length - payloadStart) {
    return { status: "bad", reason: `a length of ${length} runs past the end of the file` };
  }
  const end = payloadStart + padded(length);
  const crc = getUint32(bytes, at);
  if (end > bytes.length || crc32c(bytes, 0, at + 4, end) !== crc) {
    return { status: "bad", reason: "a record does not match its checksum" };
  }
  const previousCrc = getUint32(bytes, at + 4);
  const groupStart = at - getUint32(bytes, at + 12);
  const payloadEnd = payloadStart + length;
  return { status: "intact", crc, previousCrc, groupStart, payloadStart, payloadEnd, end };
}

/** The meaning of an intact record's payload; `undefined` if it has none. Copies the data. */
export function decodePayload(
  bytes: Uint8Array,
  start: number,
  end: number,
): WalRecord | undefined {
  const length = end - start;
  switch (bytes[start]) {
    case recordKinds.entry:
      return length < ENTRY_PAYLOAD_MIN ? undefined : decodeEntry(bytes, start, end);
    case recordKinds.hardState:
      return length === HARD_STATE_PAYLOAD ? decodeHardState(bytes, start) : undefined;
    case recordKinds.checkpoint:
      return length === POSITION_PAYLOAD ? decodePosition(bytes, start, "checkpoint") : undefined;
    case recordKinds.snapshot:
      return length === POSITION_PAYLOAD ? decodePosition(bytes, start, "snapshot") : undefined;
    default:
      return undefined;
  }
}

function decodeEntry(bytes: Uint8Array, start: number, end: number): WalRecord | undefined {
  const type = ENTRY_TYPES[bytes[start + 1]!];
  const index = tryGetUint64(bytes, start + 8);
  const term = tryGetUint64(bytes, start + 16);
  if (type === undefined || index === undefined || term === undefined) {
    return undefined;
  }
  const data = Buffer.allocUnsafe(end - start - ENTRY_PAYLOAD_MIN);
  data.set(bytes.subarray(start + ENTRY_PAYLOAD_MIN, end));
  return { kind: "entry", entry: { term, index, type, data } };
}

function decodeHardState(bytes: Uint8Array, start: number): WalRecord | undefined {
  const term = tryGetUint64(bytes, start + 8);
  const vote = getBigUint64(bytes, start + 16);
  const commit = tryGetUint64(bytes, start + 24);
  return term === undefined || commit === undefined
    ? undefined
    : { kind: "hardState", hardState: { term, vote, commit } };
}

function decodePosition(
  bytes: Uint8Array,
  start: number,
  kind: "checkpoint" | "snapshot",
): WalRecord | undefined {
  const index = tryGetUint64(bytes, start + 8);
  const term = tryGetUint64(bytes, start + 16);
  return index === undefined || term === undefined
    ? undefined
    : { kind, position: { index, term } };
}

const ZEROS = Buffer.alloc(64 * 1024);
/** Below this a loop is faster than the call that compares. */
const LOOP_BYTES_MAX = 64;

/** Whether all of `bytes[start, end)` is zero. */
export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  for (; end - at > LOOP_BYTES_MAX; at += ZEROS.length) {
    const length = Math.min(ZEROS.length, end - at);
    if (ZEROS.compare(bytes, at, at + length, 0, length) !== 0) {
      return false;
    }
  }
  for (; at < end; at++) {
    if (bytes[at] !== 0) {
      return false;
    }
  }
  return true;
}
