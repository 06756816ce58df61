/**
 * A key and, right behind it, its value, in memory that holds more. Of a million entries that are only
 * copied or checksummed nobody needs the two as buffers of their own, each of which costs more than that.
 */
export class EntrySlice {
  readonly bytes: Buffer;
  /** Where the key begins in `bytes`. */
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;

  constructor(bytes: Buffer, start: number, valueStart: number, end: number) {
    this.bytes = bytes;
    this.start = start;
    this.valueStart = valueStart;
    this.end = end;
  }

  /** Copies both. */
  static of(key: Uint8Array, value: Uint8Array): EntrySlice {
    const bytes = Buffer.concat([key, value]);
    return new EntrySlice(bytes, 0, key.length, bytes.length);
  }

  get keyLength(): number {
    return this.valueStart - this.start;
  }

  get valueLength(): number {
    return this.end - this.valueStart;
  }

  /** A view, made at each call; `value` likewise. */
  get key(): Uint8Array {
    return this.bytes.subarray(this.start, this.valueStart);
  }

  get value(): Uint8Array {
    return this.bytes.subarray(this.valueStart, this.end);
  }

  /** The key alone. */
  withoutValue(): EntrySlice {
    return new EntrySlice(this.bytes, this.start, this.valueStart, this.valueStart);
  }

  /** Order of the keys: negative, zero or positive. */
  compare(other: EntrySlice): number {
    const { bytes: a, start: startA } = this;
    const { bytes: b, start: startB } = other;
    const common = Math.min(this.keyLength, other.keyLength);
    for (let at = 0; at < common; at++) {
      const difference = a[startA + at]! - b[startB + at]!;
      if (difference !== 0) {
        return difference;
      }
    }
    return this.keyLength - other.keyLength;
  }

  /** Copies key and value to `into` at `at`; returns the position behind them. */
  copyTo(into: Uint8Array, at: number): number {
    into.set(this.bytes.subarray(this.start, this.end), at);
    return at + this.end - this.start;
  }
}

/** The entry in one piece. */
export function toEntrySlice(entry: {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}): EntrySlice {
  return entry instanceof EntrySlice ? entry : EntrySlice.of(entry.key, entry.value);
}
