/**
 * A revision is {main, sub}: `main` counts write transactions, `sub` the operations within one.
 *
 * As a key of the stored buckets it has etcd's form, whose byte order is the order of revisions:
 * BE64(main) `_` BE64(sub), and a trailing `t` for a tombstone.
 */
import { getUint64, putUint64, tryGetUint64 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";

export const REVISION_BYTES = 17;
export const TOMBSTONE_KEY_BYTES = 18;

const SEPARATOR = 0x5f;
const TOMBSTONE_MARK = 0x74;

export interface Revision {
  readonly main: number;
  readonly sub: number;
}

export function encodeRevision(main: number, sub: number): Buffer {
  const key = Buffer.allocUnsafe(REVISION_BYTES);
  writeRevision(key, main, sub);
  return key;
}

export function encodeTombstone(main: number, sub: number): Buffer {
  const key = Buffer.allocUnsafe(TOMBSTONE_KEY_BYTES);
  writeRevision(key, main, sub);
  key[REVISION_BYTES] = TOMBSTONE_MARK;
  return key;
}

/** Throws `CorruptionError` when `key` is no revision key. */
export function checkRevisionKey(key: Uint8Array): void {
  const wellFormed =
    key[8] === SEPARATOR &&
    (key.length === REVISION_BYTES ||
      (key.length === TOMBSTONE_KEY_BYTES && key[REVISION_BYTES] === TOMBSTONE_MARK));
  if (!wellFormed) {
    throw new CorruptionError("key-meta", Buffer.from(key).toString("hex"), "not a revision");
  }
}

export function revisionMain(key: Uint8Array): number {
  return getUint64(key, 0);
}

export function revisionSub(key: Uint8Array): number {
  return getUint64(key, 9);
}

/** Whether the key that begins at `start` is of this revision. */
export function isRevisionAt(bytes: Uint8Array, start: number, main: number, sub: number): boolean {
  return tryGetUint64(bytes, start) === main && tryGetUint64(bytes, start + 9) === sub;
}

export function isTombstoneKey(key: Uint8Array): boolean {
  return key.length === TOMBSTONE_KEY_BYTES;
}

function writeRevision(key: Uint8Array, main: number, sub: number): void {
  putUint64(key, 0, main);
  key[8] = SEPARATOR;
  putUint64(key, 9, sub);
}
