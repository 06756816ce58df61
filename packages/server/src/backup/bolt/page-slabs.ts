/** The memory that pages are written into: adjoining pages share a slab, which goes out as a whole. */
import { SlabPool } from "../../lib/slab-pool.ts";

const SLAB_BYTES = 128 * 1024;
/** Those that are on their way at a time, and some. */
const POOLED_SLABS_MAX = 16;

export class PageSlabs {
  readonly #pool = new SlabPool(SLAB_BYTES, POOLED_SLABS_MAX);
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;
  #full: Buffer[] = [];

  /** Room for the next pages of the file, `bytes` long. Whatever was there before is still in it. */
  allocate(bytes: number): Buffer {
    if (this.#used + bytes > this.#slab.length) {
      this.#close();
      this.#slab = this.#pool.take(bytes);
    }
    const start = this.#used;
    this.#used += bytes;
    return this.#slab.subarray(start, this.#used);
  }

  /** The slabs that no page will be added to any more, in order; they belong to the caller. */
  takeFull(): Buffer[] {
    const full = this.#full;
    this.#full = [];
    return full;
  }

  /** What remains, when there are no more pages. */
  takeRest(): Buffer[] {
    this.#close();
    return this.takeFull();
  }

  /** Takes back the memory of what `takeFull` gave, for pages to come. */
  release({ buffer }: Buffer): void {
    this.#pool.give(Buffer.from(buffer));
  }

  #close(): void {
    if (this.#used > 0) {
      this.#full.push(this.#slab.subarray(0, this.#used));
    }
    this.#slab = Buffer.alloc(0);
    this.#used = 0;
  }
}
