/**
 * Which keys a request is about. On the wire that is a key and an exclusive end: no end for the key
 * alone, the end "\0" for every key from there on.
 */
import { EMPTY_BYTES } from "../../wire/reader.ts";
import { type Bytes, toBytes } from "./bytes.ts";

export interface KeyRange {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

/** One key, or a range made by one of the functions here. */
export type KeyTarget = Bytes | KeyRange;

const ZERO: Uint8Array = Buffer.alloc(1);

/**
 * The exclusive end of the keys that begin with `prefix`: the prefix with its last byte raised,
 * bytes of 0xff cut off. "\0", the end of all keys, when nothing is left to raise.
 */
export function prefixEnd(prefix: Bytes): Uint8Array {
  const bytes = toBytes(prefix);
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0xff) {
    length--;
  }
  if (length === 0) {
    return ZERO;
  }
  const end = Buffer.from(bytes.subarray(0, length));
  end[length - 1] = (end[length - 1] as number) + 1;
  return end;
}

/** The keys that begin with `prefix`; all keys for "". */
export function prefixRange(prefix: Bytes): KeyRange {
  const key = toBytes(prefix);
  return key.length === 0 ? allKeys() : { key, rangeEnd: prefixEnd(key) };
}

/** `key` and every key after it. */
export function fromKey(key: Bytes): KeyRange {
  const bytes = toBytes(key);
  return { key: bytes.length === 0 ? ZERO : bytes, rangeEnd: ZERO };
}

/** From `key` on, up to but without `end`. An end that is not after the key: no key at all. */
export function keyRange(key: Bytes, end: Bytes): KeyRange {
  return { key: toBytes(key), rangeEnd: toBytes(end) };
}

export function allKeys(): KeyRange {
  return { key: ZERO, rangeEnd: ZERO };
}

export function toKeyRange(target: KeyTarget): KeyRange {
  return typeof target === "string" || target instanceof Uint8Array
    ? { key: toBytes(target), rangeEnd: EMPTY_BYTES }
    : target;
}
