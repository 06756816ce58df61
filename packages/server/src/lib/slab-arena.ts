import type { SlabPool } from "./slab-pool.ts";

/** Pieces of memory, from slabs of a pool, that are all given back at once. */
export class SlabArena {
  readonly #pool: SlabPool;
  readonly #slabs: Buffer[] = [];
  /** Bytes of the last slab that are taken. */
  #used = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  /** A piece of so many bytes; what was there before is still in it. Good until the release. */
  allot(bytes: number): Buffer {
    const slab = this.#slabs.at(-1);
    if (slab === undefined || this.#used + bytes > slab.length) {
      this.#slabs.push(this.#pool.take(bytes));
      this.#used = 0;
    }
    const start = this.#used;
    this.#used += bytes;
    return this.#slabs.at(-1)!.subarray(start, this.#used);
  }

  /** Nobody may use a piece any more. */
  release(): void {
    this.#pool.giveAll(this.#slabs);
    this.#used = 0;
  }
}
