/**
 * Records with rising keys, laid out as the blocks that will hold them in the engine, in a few large
 * buffers: hundreds of thousands may wait for a checkpoint, and as objects they would keep the garbage
 * collector busy. Checksums are computed when the blocks are taken out.
 */
import { assert } from "../lib/assert.ts";
import { SlabPool } from "../lib/slab-pool.ts";
import { engineKey } from "./bucket-iterator.ts";
import { buckets } from "./buckets.ts";
import type { EngineBatch } from "./engine.ts";
import {
  BLOCK_BYTES,
  compareRecord,
  RECORD_OVERHEAD_BYTES,
  recordEnd,
  recordKey,
  recordValue,
  sealRecords,
  writeRecord,
} from "./record-block.ts";

/** A longer record has a slab of its own. */
const SLAB_BYTES = 64 * 1024;
/** Kept for the next checkpoint: 16 MiB. */
const POOLED_SLABS_MAX = 256;

/** A pool for what a store holds for its checkpoints: blocks, and pages of entries. */
export function blockSlabs(): SlabPool {
  return new SlabPool(SLAB_BYTES, POOLED_SLABS_MAX);
}

export class AppendedBlocks implements EngineBatch {
  readonly #pool: SlabPool;
  readonly #slabs: Buffer[] = [];
  /** By record: number of the slab × SLAB_BYTES + offset in it. */
  readonly #starts: number[] = [];
  /** By block: the number of its first record. */
  readonly #blocks: number[] = [];
  /** Bytes of the last slab that are taken. */
  #used = 0;
  /** Where in the last slab the open block begins. */
  #blockStart = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  /** Blocks. */
  get size(): number {
    return this.#blocks.length;
  }

  /** `key` must be above all others. Copies both. True if the record began a block. */
  add(key: Uint8Array, value: Uint8Array): boolean {
    const records = this.#starts.length;
    assert(records === 0 || this.#compare(records - 1, key) < 0, "appended keys must rise");
    const bytes = RECORD_OVERHEAD_BYTES + key.length + value.length;
    const beginsBlock = records === 0 || this.#used + bytes - this.#blockStart > BLOCK_BYTES;
    if (beginsBlock) {
      this.#beginBlock(bytes);
    }
    this.#starts.push((this.#slabs.length - 1) * SLAB_BYTES + this.#used);
    this.#used = writeRecord(this.#slabs.at(-1)!, this.#used, key, value);
    return beginsBlock;
  }

  has(key: Uint8Array): boolean {
    return this.#recordOf(key) !== undefined;
  }

  /** A copy of the value of `key`; undefined if it is not here. */
  find(key: Uint8Array): Uint8Array | undefined {
    const record = this.#recordOf(key);
    return record === undefined ? undefined : recordValue(this.#slab(record), this.#offset(record));
  }

  /** The block's key in the engine. Nothing may be added any more. */
  keyAt(block: number): Uint8Array {
    const first = this.#blocks[block]!;
    return engineKey(buckets.keyValue, recordKey(this.#slab(first), this.#offset(first)));
  }

  /** The block, with its checksums. Nothing may be added any more. */
  valueAt(block: number): Uint8Array {
    const first = this.#blocks[block]!;
    const last = (this.#blocks[block + 1] ?? this.#starts.length) - 1;
    const slab = this.#slab(first);
    const start = this.#offset(first);
    const end = recordEnd(slab, this.#offset(last));
    sealRecords(slab, start, end);
    return slab.subarray(start, end);
  }

  /** Gives the memory back; nothing here, and no block that was taken out, may be used any more. */
  release(): void {
    this.#pool.giveAll(this.#slabs);
  }

  /** Number of the record of `key`. */
  #recordOf(key: Uint8Array): number | undefined {
    let low = 0;
    let high = this.#starts.length;
    if (high === 0 || this.#compare(0, key) > 0) {
      // What is older than all of them is asked for most: compactions delete it by the hundred thousand.
      return undefined;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(middle, key);
      if (order === 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return undefined;
  }

  #beginBlock(firstBytes: number): void {
    const slab = this.#slabs.at(-1);
    // A block stays within its slab.
    if (slab === undefined || this.#used + Math.max(firstBytes, BLOCK_BYTES) > slab.length) {
      this.#slabs.push(this.#pool.take(firstBytes));
      this.#used = 0;
    }
    this.#blockStart = this.#used;
    this.#blocks.push(this.#starts.length);
  }

  #compare(record: number, key: Uint8Array): number {
    return compareRecord(this.#slab(record), this.#offset(record), key);
  }

  #slab(record: number): Buffer {
    return this.#slabs[Math.floor(this.#starts[record]! / SLAB_BYTES)]!;
  }

  #offset(record: number): number {
    return this.#starts[record]! % SLAB_BYTES;
  }
}
