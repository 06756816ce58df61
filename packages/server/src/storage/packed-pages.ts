/**
 * Pages that entries with rising keys are packed into, as they will lie in the engine, in a few large
 * buffers: hundreds of thousands of entries may wait for a checkpoint.
 *
 *     slab   [bucket key value crc] [bucket key value crc] …      the crc when it is taken out
 */
import { assert } from "../lib/assert.ts";
import { putUint32 } from "../lib/bytes.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { CHECKSUM_BYTES } from "./checked-value.ts";
import type { EngineBatch } from "./engine.ts";

/** Entries are packed into records up to this size. */
export const PAGE_BYTES: number = 8 * 1024;
const BUCKET_BYTES = 1;

export class PackedPages implements EngineBatch {
  readonly #bucket: number;
  readonly #pool: SlabPool;
  /** A record that is longer than those of the pool has one of its own. */
  readonly #slabs: Buffer[] = [];
  /** Bytes of the last slab that are taken. */
  #used = 0;
  /** By record: number of the slab × bytes of a slab + offset in it. */
  readonly #starts: number[] = [];
  readonly #keyLengths: number[] = [];
  readonly #valueLengths: number[] = [];

  constructor(bucket: number, pool: SlabPool) {
    this.#bucket = bucket;
    this.#pool = pool;
  }

  get size(): number {
    return this.#starts.length;
  }

  /** Adds an entry to the last record; true if it had no room and a new one was begun under `key`. */
  pack(key: Uint8Array, entry: Uint8Array): boolean {
    if (this.size > 0 && this.#tryExtend(entry)) {
      return false;
    }
    assert(this.#isNext(key), "packed entries must come in order");
    const at = this.#begin(key, entry.length);
    this.#slabs.at(-1)!.set(entry, at);
    return true;
  }

  /** A copy of the value of `key`; undefined if it is not here. */
  find(key: Uint8Array): Uint8Array | undefined {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(middle, key);
      if (order === 0) {
        return this.#copyOfValue(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return undefined;
  }

  /** The record's key as the engine has it. Nothing may be added any more. */
  keyAt(record: number): Uint8Array {
    const start = this.#offset(record);
    return this.#slab(record).subarray(start, start + BUCKET_BYTES + this.#keyLengths[record]!);
  }

  /** The record's value with its checksum. Nothing may be added any more. */
  valueAt(record: number): Uint8Array {
    const slab = this.#slab(record);
    const start = this.#offset(record);
    const valueStart = start + BUCKET_BYTES + this.#keyLengths[record]!;
    const valueEnd = valueStart + this.#valueLengths[record]!;
    putUint32(slab, valueEnd, crc32c(slab, 0, start, valueEnd));
    return slab.subarray(valueStart, valueEnd + CHECKSUM_BYTES);
  }

  /** Gives the memory back; nothing here, and no record that was taken out, may be used any more. */
  release(): void {
    this.#pool.giveAll(this.#slabs);
  }

  /** Makes room for a record and writes its key; returns where the value goes in the last slab. */
  #begin(key: Uint8Array, valueBytes: number): number {
    const bytes = BUCKET_BYTES + key.length + valueBytes + CHECKSUM_BYTES;
    let slab = this.#slabs.at(-1);
    if (slab === undefined || this.#used + bytes > slab.length) {
      slab = this.#pool.take(bytes);
      this.#slabs.push(slab);
      this.#used = 0;
    }
    const start = this.#used;
    slab[start] = this.#bucket;
    slab.set(key, start + BUCKET_BYTES);
    this.#used += bytes;
    this.#starts.push((this.#slabs.length - 1) * this.#pool.slabBytes + start);
    this.#keyLengths.push(key.length);
    this.#valueLengths.push(valueBytes);
    return start + BUCKET_BYTES + key.length;
  }

  #tryExtend(entry: Uint8Array): boolean {
    const slab = this.#slabs.at(-1)!;
    const last = this.size - 1;
    const length = this.#valueLengths[last]! + entry.length;
    if (length > PAGE_BYTES || this.#used + entry.length > slab.length) {
      return false;
    }
    slab.set(entry, this.#used - CHECKSUM_BYTES);
    this.#valueLengths[last] = length;
    this.#used += entry.length;
    return true;
  }

  #isNext(key: Uint8Array): boolean {
    const { size } = this;
    return size === 0 || this.#compare(size - 1, key) < 0;
  }

  #compare(record: number, key: Uint8Array): number {
    const start = this.#offset(record) + BUCKET_BYTES;
    return this.#slab(record).compare(key, 0, key.length, start, start + this.#keyLengths[record]!);
  }

  #copyOfValue(record: number): Uint8Array {
    const start = this.#offset(record) + BUCKET_BYTES + this.#keyLengths[record]!;
    return Buffer.from(this.#slab(record).subarray(start, start + this.#valueLengths[record]!));
  }

  #slab(record: number): Buffer {
    return this.#slabs[Math.floor(this.#starts[record]! / this.#pool.slabBytes)]!;
  }

  #offset(record: number): number {
    return this.#starts[record]! % this.#pool.slabBytes;
  }
}
