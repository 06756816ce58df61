import { bytesToKey, compareBytes } from "../lib/bytes.ts";

/** A change that was noted: the new value, or `undefined` for a deletion. */
export interface PendingChange {
  readonly value: Uint8Array | undefined;
}

/**
 * The changes of one bucket that no checkpoint holds yet, in two parts: rising keys that are only
 * ever added, in two plain arrays searched by halving, which costs no hashing; and everything else in
 * a map, which wins over the arrays.
 */
export class PendingBucket {
  readonly appendedKeys: Uint8Array[] = [];
  readonly appendedValues: Uint8Array[] = [];
  readonly changes: Map<string, PendingChange> = new Map();

  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.changes.set(bytesToKey(key), { value });
  }

  /** Adds a key that was never written before. One that does not rise goes the slower way. */
  append(key: Uint8Array, value: Uint8Array): void {
    const last = this.appendedKeys.at(-1);
    if (last !== undefined && compareBytes(last, key) >= 0) {
      this.set(key, value);
      return;
    }
    this.appendedKeys.push(key);
    this.appendedValues.push(value);
  }

  /** What is pending for `key`; `undefined` if nothing is. */
  find(key: Uint8Array): PendingChange | undefined {
    const change = this.changes.size > 0 ? this.changes.get(bytesToKey(key)) : undefined;
    return change ?? this.#findAppended(key);
  }

  #findAppended(key: Uint8Array): PendingChange | undefined {
    const keys = this.appendedKeys;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = compareBytes(keys[middle]!, key);
      if (order === 0) {
        return { value: this.appendedValues[middle]! };
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return undefined;
  }
}
