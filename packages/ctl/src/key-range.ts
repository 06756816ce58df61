/** Which keys a command means: one key, a range, a prefix, or all from a key on. */
import { toBytes } from "./go/byte-string.ts";

/** `rangeEnd` empty: the one key. A single zero byte: every key from `key` on. */
export interface KeyRange {
  readonly key: Uint8Array;
  readonly rangeEnd: Uint8Array;
}

const NO_END: Uint8Array = Buffer.alloc(0);
const ZERO_BYTE: Uint8Array = Buffer.of(0);

export function oneKey(key: string): KeyRange {
  return { key: toBytes(key), rangeEnd: NO_END };
}

export function rangeOf(key: string, end: string): KeyRange {
  return { key: toBytes(key), rangeEnd: toBytes(end) };
}

/** Every key from `key` on; an empty key means all keys. */
export function fromKey(key: string): KeyRange {
  return { key: key === "" ? ZERO_BYTE : toBytes(key), rangeEnd: ZERO_BYTE };
}

/** Every key that begins with `prefix`; all keys for an empty one. */
export function withPrefix(prefix: string): KeyRange {
  if (prefix === "") return fromKey("");
  const key = toBytes(prefix);
  return { key, rangeEnd: prefixEnd(key) };
}

/** The first key after all keys with this prefix; a zero byte ("no end") when all bytes are 0xff. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  const last = prefix.findLastIndex((byte) => byte < 0xff);
  if (last < 0) return ZERO_BYTE;
  const end = Buffer.from(prefix.subarray(0, last + 1));
  end[last] = (end[last] ?? 0) + 1;
  return end;
}
