import { bytesToKey, keyToBytes } from "../lib/bytes.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { PackedPages } from "./packed-pages.ts";
import { engineKey } from "./bucket-iterator.ts";
import { sealValue } from "./checked-value.ts";
import { type EngineBatch, ListBatch } from "./engine.ts";

/** A change that was noted: the new value, or `undefined` for a deletion. */
export interface PendingChange {
  readonly value: Uint8Array | undefined;
}

/**
 * The changes of one bucket that no checkpoint holds yet, in two parts: pages that entries are packed into;
 * and everything else in a map, which wins over the others.
 */
export class PendingBucket {
  readonly #bucket: number;
  readonly #pages: PackedPages;
  readonly #changes = new Map<string, PendingChange>();

  /** `pool`: for the pages. */
  constructor(bucket: number, pool: SlabPool) {
    this.#bucket = bucket;
    this.#pages = new PackedPages(bucket, pool);
  }

  set(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#changes.set(bytesToKey(key), { value });
  }

  /** Adds an entry to the record at hand; true if it began a new one, under its own key. */
  pack(key: Uint8Array, entry: Uint8Array): boolean {
    return this.#pages.pack(key, entry);
  }

  /** What is pending for `key`; `undefined` if nothing is. */
  find(key: Uint8Array): PendingChange | undefined {
    const change = this.#changes.size > 0 ? this.#changes.get(bytesToKey(key)) : undefined;
    if (change !== undefined) {
      return change;
    }
    const value = this.#pages.find(key);
    return value === undefined ? undefined : { value };
  }

  /** In the order in which they must be written. Nothing may be added any more. */
  batches(): EngineBatch[] {
    const others = new ListBatch();
    for (const [text, { value }] of this.#changes) {
      const key = engineKey(this.#bucket, keyToBytes(text));
      if (value === undefined) others.delete(key);
      else others.put(key, sealValue(key, value));
    }
    return [this.#pages, others];
  }

  /** Gives memory back: what `batches` gave, and all else here, may not be used any more. */
  release(): void {
    this.#pages.release();
  }
}
