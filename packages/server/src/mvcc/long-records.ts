/**
 * The records of a long result, by their places in it, copied into a few large buffers that are used
 * again. A hundred thousand small ones that live until the answer is whole are copied by one garbage
 * collection after the other, and each of those holds up the loop for milliseconds.
 */
import { assert } from "../lib/assert.ts";
import { SlabPool } from "../lib/slab-pool.ts";

/** A longer record has a slab of its own. */
const SLAB_BYTES = 256 * 1024;
/** Kept for the next long result: 32 MiB. */
const POOLED_SLABS_MAX = 128;

/** A pool for all long results of a store. */
export function recordSlabs(): SlabPool {
  return new SlabPool(SLAB_BYTES, POOLED_SLABS_MAX);
}

const PLACES_MIN = 1024;
const MISSING = -1;

export class LongRecords {
  readonly #pool: SlabPool;
  readonly #slabs: Buffer[] = [];
  /** By place: number of the slab × SLAB_BYTES + offset in it; or `MISSING`. */
  #starts = new Float64Array(PLACES_MIN);
  #lengths = new Uint32Array(PLACES_MIN);
  #size = 0;
  /** Bytes of the last slab that are taken. */
  #used = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#size;
  }

  /** Memory for all of it. */
  get keptBytes(): number {
    const placeBytes = this.#starts.byteLength + this.#lengths.byteLength;
    return this.#slabs.reduce((bytes, slab) => bytes + slab.length, placeBytes);
  }

  /** Adds a place, with a copy of its record, or to be set later. */
  push(record: Uint8Array | undefined): void {
    if (this.#size === this.#starts.length) {
      this.#grow();
    }
    const at = this.#size++;
    this.#starts[at] = MISSING;
    if (record !== undefined) {
      this.set(at, record);
    }
  }

  /** The places to be set. */
  missing(): number[] {
    const places: number[] = [];
    for (let at = 0; at < this.#size; at++) {
      if (this.#starts[at] === MISSING) {
        places.push(at);
      }
    }
    return places;
  }

  /** Copies the record of a place. */
  set(at: number, record: Uint8Array): void {
    const slab = this.#slabs.at(-1);
    // Even of no bytes none begins where a slab ends: `at` would look for it in the next.
    const hasRoom = this.#used < SLAB_BYTES;
    const fits = slab !== undefined && hasRoom && this.#used + record.length <= slab.length;
    const target = fits ? slab : this.#addSlab(record.length);
    target.set(record, this.#used);
    this.#starts[at] = (this.#slabs.length - 1) * SLAB_BYTES + this.#used;
    this.#lengths[at] = record.length;
    this.#used += record.length;
  }

  lengthAt(at: number): number {
    return this.#lengths[at]!;
  }

  /** A view, good until the release. */
  at(at: number): Uint8Array {
    const start = this.#starts[at]!;
    const slab = this.#slabs[Math.floor(start / SLAB_BYTES)];
    assert(slab !== undefined, "a record is not there");
    const offset = start % SLAB_BYTES;
    return slab.subarray(offset, offset + this.#lengths[at]!);
  }

  /** No record is added any more: a last slab that has little in it is not kept. */
  trim(): void {
    const slab = this.#slabs.at(-1);
    if (slab !== undefined && this.#used < slab.length / 2) {
      const used = Buffer.allocUnsafeSlow(this.#used);
      slab.copy(used, 0, 0, this.#used);
      this.#slabs[this.#slabs.length - 1] = used;
      this.#pool.give(slab);
    }
  }

  /** Gives the memory of the copies back; nothing that `at` gave may be in use. */
  release(): void {
    this.#pool.giveAll(this.#slabs);
  }

  #addSlab(bytes: number): Buffer {
    const slab = this.#pool.take(bytes);
    this.#slabs.push(slab);
    this.#used = 0;
    return slab;
  }

  #grow(): void {
    const places = this.#size * 2;
    const starts = new Float64Array(places);
    starts.set(this.#starts);
    this.#starts = starts;
    const lengths = new Uint32Array(places);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}
