import { bytesToKey } from "../lib/bytes.ts";

/** A range of keys, as latin1 strings. It may be empty: `end` ≤ `start`. */
export interface KeyRange {
  readonly start: string;
  /** Exclusive; undefined for no upper bound. */
  readonly end: string | undefined;
  /** Whether the range is the one key `start`. */
  readonly isPoint: boolean;
}

/** The range of a request: no `rangeEnd` is one key, `\0` is every key from `key` on. */
export function toKeyRange(key: Uint8Array, rangeEnd: Uint8Array): KeyRange {
  const start = bytesToKey(key);
  if (rangeEnd.length === 0) {
    return { start, end: `${start}\0`, isPoint: true };
  }
  const isUnbounded = rangeEnd.length === 1 && rangeEnd[0] === 0;
  return { start, end: isUnbounded ? undefined : bytesToKey(rangeEnd), isPoint: false };
}
