/**
 * Bucket `key`: every version of every key, by the revision that wrote it.
 *
 *     key    BE64 main, "_", BE64 sub                 a tombstone has a "t" after it
 *     value  mvccpb.KeyValue                          a tombstone's has only the user's key
 */
import { putUint64, tryGetUint64 } from "../../lib/bytes.ts";

const SEPARATOR = 0x5f;
const TOMBSTONE_MARK = 0x74;
const SEPARATOR_OFFSET = 8;
const SUB_OFFSET = 9;

const REVISION_KEY_BYTES = 17;
const TOMBSTONE_KEY_BYTES = 18;

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
