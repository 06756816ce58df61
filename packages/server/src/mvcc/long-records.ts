/**
 * The records of a long result, by their places in it. Those that are read from the store are copied
 * into a few large buffers: a hundred thousand small ones that live until the answer is whole are copied
 * by one garbage collection after the other, and each of those holds up the loop for milliseconds.
 */
import { assert } from "../lib/assert.ts";

/** A longer record has a slab of its own. */
const SLAB_BYTES = 256 * 1024;

export class LongRecords {
  /** Those that were in memory anyway. */
  readonly #given: readonly (Uint8Array | undefined)[];
  readonly #slabs: Buffer[] = [];
  /** By place: number of the slab × SLAB_BYTES + offset in it. */
  readonly #starts: Float64Array;
  readonly #lengths: Uint32Array;
  /** Bytes of the last slab that are taken. */
  #used = 0;

  constructor(given: readonly (Uint8Array | undefined)[]) {
    this.#given = given;
    this.#starts = new Float64Array(given.length);
    this.#lengths = new Uint32Array(given.length);
  }

  get size(): number {
    return this.#given.length;
  }

  /** Copies the record of a place that was not given. */
  set(at: number, record: Uint8Array): void {
    const slab = this.#slabs.at(-1);
    const fits = slab !== undefined && this.#used + record.length <= slab.length;
    const target = fits ? slab : this.#addSlab(record.length);
    target.set(record, this.#used);
    this.#starts[at] = (this.#slabs.length - 1) * SLAB_BYTES + this.#used;
    this.#lengths[at] = record.length;
    this.#used += record.length;
  }

  lengthAt(at: number): number {
    return this.#given[at]?.length ?? this.#lengths[at]!;
  }

  /** A view, good as long as this is. */
  at(at: number): Uint8Array {
    const given = this.#given[at];
    if (given !== undefined) {
      return given;
    }
    const start = this.#starts[at]!;
    const slab = this.#slabs[Math.floor(start / SLAB_BYTES)];
    assert(slab !== undefined, "a record has not been read");
    const offset = start % SLAB_BYTES;
    return slab.subarray(offset, offset + this.#lengths[at]!);
  }

  #addSlab(bytes: number): Buffer {
    const slab = Buffer.allocUnsafeSlow(Math.max(bytes, SLAB_BYTES));
    this.#slabs.push(slab);
    this.#used = 0;
    return slab;
  }
}
