import { assert } from "../lib/assert.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { directoryEntry } from "./block-directory.ts";
import { type Bucket, buckets, bucketsEnd } from "./buckets.ts";
import type { EngineBatch } from "./engine.ts";
import { PendingBlocks } from "./pending-blocks.ts";
import { PendingBucket } from "./pending-bucket.ts";
import type { PendingChange } from "./pending-bucket.ts";
import { BLOCK_BYTES } from "./record-block.ts";

/** Rough cost of a change in memory besides its bytes. */
const OVERHEAD_BYTES = 64;

/** The changes of all buckets between two checkpoints. */
export class PendingChanges {
  readonly #buckets: readonly PendingBucket[];
  readonly #pool: SlabPool;
  #blocks: PendingBlocks;
  #blockBytes = 0;
  /** Where the last record was deleted; those of a block are mostly deleted together. */
  #lastBlock: string | undefined = undefined;
  /** Approximate memory held. */
  bytes = 0;

  /** `pool`: for records and pages. */
  constructor(pool: SlabPool) {
    this.#pool = pool;
    this.#buckets = Array.from(
      { length: bucketsEnd },
      (_none, bucket) => new PendingBucket(bucket, pool),
    );
    this.#blocks = new PendingBlocks(pool);
  }

  put(bucket: Bucket, key: Uint8Array, value: Uint8Array): void {
    assert(bucket !== buckets.keyValue, "records are only ever appended");
    this.bytes += key.length + value.length + OVERHEAD_BYTES;
    this.#buckets[bucket]!.set(key, value);
  }

  delete(bucket: Bucket, key: Uint8Array): void {
    assert(bucket !== buckets.keyValue, "a record is deleted from its block");
    this.bytes += key.length + OVERHEAD_BYTES;
    this.#buckets[bucket]!.set(key, undefined);
  }

  /**
   * `text` is the key as latin1 text, `block` any name of the record's block. What is left of a block is
   * written again, once.
   */
  deleteRecord(key: Uint8Array, text: string, block: string | undefined): void {
    this.bytes += key.length + OVERHEAD_BYTES + (block === this.#lastBlock ? 0 : BLOCK_BYTES);
    this.#lastBlock = block;
    this.#blocks.delete(key, text);
  }

  /** Adds a record; tells `onBlock` of a block that it begins, and whether that begins a page. */
  append(
    key: Uint8Array,
    value: Uint8Array,
    onBlock: (key: Uint8Array, beginsPage: boolean) => void,
  ): void {
    const bytes = key.length + value.length + OVERHEAD_BYTES;
    this.bytes += bytes;
    this.#blockBytes += bytes;
    if (this.#blocks.append(key, value)) {
      onBlock(key, this.pack(buckets.keyValueBlocks, key, directoryEntry(key)));
    }
  }

  /** True if the entry began a page. */
  pack(bucket: Bucket, key: Uint8Array, entry: Uint8Array): boolean {
    const beginsPage = this.#buckets[bucket]!.pack(key, entry);
    this.bytes += entry.length + (beginsPage ? key.length + OVERHEAD_BYTES : 0);
    return beginsPage;
  }

  find(bucket: Bucket, key: Uint8Array): PendingChange | undefined {
    return bucket === buckets.keyValue ? this.#blocks.find(key) : this.#buckets[bucket]!.find(key);
  }

  /**
   * Every change but `deletedRecords`, by bucket and in the order in which it must be written. Nothing
   * may be added any more.
   */
  batches(): EngineBatch[] {
    return [...this.#buckets.flatMap((bucket) => bucket.batches()), this.#blocks.batch()];
  }

  /** The records appended so far, which are not among the changes from here on. To be released. */
  takeRecords(): PendingBlocks {
    assert(this.deletedRecords.size === 0, "records are deleted while a store is being filled");
    const records = this.#blocks;
    this.#blocks = new PendingBlocks(this.#pool);
    this.bytes -= this.#blockBytes;
    this.#blockBytes = 0;
    return records;
  }

  /** Keys of records in the engine that are to go. */
  get deletedRecords(): ReadonlySet<string> {
    return this.#blocks.deleted;
  }

  /** Keys of new blocks that nothing is left of; complete once `batches` has been called. */
  get emptiedBlocks(): ReadonlySet<string> {
    return this.#blocks.emptied;
  }

  /** Gives memory back; nothing here, and none of the batches, may be used any more. */
  release(): void {
    this.#blocks.release();
    for (const bucket of this.#buckets) bucket.release();
  }
}
