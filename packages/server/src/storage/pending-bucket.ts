import { assert } from "../lib/assert.ts";
import { bytesToKey, compareBytes, EMPTY } from "../lib/bytes.ts";

/** Entries are packed into records up to this size. */
export const PAGE_BYTES: number = 8 * 1024;

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
  /** The last of the appended values, while entries are being packed into it. */
  #page: Buffer | undefined = undefined;
  #pageLength = 0;

  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.changes.set(bytesToKey(key), { value });
  }

  /** Adds a key that was never written before. One that does not rise goes the slower way. */
  append(key: Uint8Array, value: Uint8Array): void {
    if (!this.#isAboveLast(key)) {
      this.set(key, value);
      return;
    }
    this.closePage();
    this.appendedKeys.push(key);
    this.appendedValues.push(value);
  }

  /** Adds an entry to the record at hand; true if it began a new one, under its own key. */
  pack(key: Uint8Array, entry: Uint8Array): boolean {
    const end = this.#pageLength + entry.length;
    if (this.#page !== undefined && end <= PAGE_BYTES) {
      this.#page.set(entry, this.#pageLength);
      this.#pageLength = end;
      return false;
    }
    this.closePage();
    assert(this.#isAboveLast(key), "packed entries must come in order");
    this.appendedKeys.push(key);
    this.appendedValues.push(EMPTY);
    this.#page = Buffer.allocUnsafe(Math.max(PAGE_BYTES, entry.length));
    this.#page.set(entry);
    this.#pageLength = entry.length;
    return true;
  }

  /** Ends the record at hand: what is packed from now on goes into another. */
  closePage(): void {
    if (this.#page !== undefined) {
      this.appendedValues[this.appendedValues.length - 1] = this.#page.subarray(
        0,
        this.#pageLength,
      );
      this.#page = undefined;
    }
  }

  #isAboveLast(key: Uint8Array): boolean {
    const last = this.appendedKeys.at(-1);
    return last === undefined || compareBytes(last, key) < 0;
  }

  /** What is pending for `key`; `undefined` if nothing is. */
  find(key: Uint8Array): PendingChange | undefined {
    const change = this.changes.size > 0 ? this.changes.get(bytesToKey(key)) : undefined;
    return change ?? this.#findAppended(key);
  }

  #findAppended(key: Uint8Array): PendingChange | undefined {
    this.closePage();
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
