/**
 * Bucket `key`: every version of every key, by the revision that wrote it.
 *
 *     key    BE64 main, "_", BE64 sub                 a tombstone has a "t" after it
 *     value  mvccpb.KeyValue                          a tombstone's has only the user's key
 */
import type { KeyValue } from "@kvorum/proto";
import { getUint64, putUint64, tryGetUint64 } from "../../lib/bytes.ts";

const SEPARATOR = 0x5f;
const TOMBSTONE_MARK = 0x74;
const SEPARATOR_OFFSET = 8;
const SUB_OFFSET = 9;

export const REVISION_KEY_BYTES = 17;
export const TOMBSTONE_KEY_BYTES = 18;

export interface RevisionKey {
  /** The transaction's revision. */
  readonly main: number;
  /** Position of the write in its transaction, from 0. */
  readonly sub: number;
  readonly isTombstone: boolean;
}

export function encodeRevisionKey({ main, sub, isTombstone }: RevisionKey): Buffer {
  const key = Buffer.allocUnsafe(isTombstone ? TOMBSTONE_KEY_BYTES : REVISION_KEY_BYTES);
  putUint64(key, 0, main);
  key[SEPARATOR_OFFSET] = SEPARATOR;
  putUint64(key, SUB_OFFSET, sub);
  if (isTombstone) {
    key[REVISION_KEY_BYTES] = TOMBSTONE_MARK;
  }
  return key;
}

/** Undefined for bytes that are no revision. */
export function parseRevisionKey(key: Uint8Array): RevisionKey | undefined {
  const isMarked = key.length === TOMBSTONE_KEY_BYTES;
  if ((!isMarked && key.length !== REVISION_KEY_BYTES) || key[SEPARATOR_OFFSET] !== SEPARATOR) {
    return undefined;
  }
  const main = tryGetUint64(key, 0);
  const sub = tryGetUint64(key, SUB_OFFSET);
  if (main === undefined || sub === undefined) {
    return undefined;
  }
  return { main, sub, isTombstone: isMarked && key[REVISION_KEY_BYTES] === TOMBSTONE_MARK };
}

/** The 8 + 1 + 8 bytes that bucket `meta` keeps its compact revisions in. */
export function encodeCompactRevision(revision: number): Buffer {
  return encodeRevisionKey({ main: revision, sub: 0, isTombstone: false });
}

/** The main revision of a compaction record; 0 for bytes that are none. */
export function decodeCompactRevision(value: Uint8Array): number {
  return value.length === REVISION_KEY_BYTES ? getUint64(value, 0) : 0;
}

/**
 * Bytes of `KeyValue.encode(…)`, from lengths alone: planning a file needs the length of a record
 * without reading its value.
 */
export function keyValueBytes(
  record: Pick<KeyValue, "createRevision" | "modRevision" | "version" | "lease">,
  keyLength: number,
  valueLength: number,
): number {
  return (
    lengthDelimitedBytes(keyLength) +
    numberFieldBytes(record.createRevision) +
    numberFieldBytes(record.modRevision) +
    numberFieldBytes(record.version) +
    lengthDelimitedBytes(valueLength) +
    leaseFieldBytes(record.lease)
  );
}

/** Bytes of a tombstone's record, in which only the key is set. */
export function tombstoneBytes(keyLength: number): number {
  return lengthDelimitedBytes(keyLength);
}

function lengthDelimitedBytes(length: number): number {
  return length === 0 ? 0 : 1 + varintBytes(length) + length;
}

function numberFieldBytes(value: number): number {
  return value === 0 ? 0 : 1 + varintBytes(value);
}

function leaseFieldBytes(lease: bigint): number {
  if (lease === 0n) {
    return 0;
  }
  let bytes = 1;
  for (let rest = BigInt.asUintN(64, lease); rest > 0n; rest >>= 7n) {
    bytes++;
  }
  return bytes;
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) {
    bytes++;
  }
  return bytes;
}
