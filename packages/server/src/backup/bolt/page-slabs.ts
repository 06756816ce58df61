/** The memory that pages are written into: adjoining pages share a slab, which goes out as a whole. */
const SLAB_BYTES = 128 * 1024;

export class PageSlabs {
  #slab: Buffer = Buffer.alloc(0);
  #used = 0;
  #full: Buffer[] = [];

  /** Room for the next pages of the file, `bytes` long. Whatever was there before is still in it. */
  allocate(bytes: number): Buffer {
    if (this.#used + bytes > this.#slab.length) {
      this.#close();
      this.#slab = Buffer.allocUnsafeSlow(Math.max(bytes, SLAB_BYTES));
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

  #close(): void {
    if (this.#used > 0) {
      this.#full.push(this.#slab.subarray(0, this.#used));
    }
    this.#slab = Buffer.alloc(0);
    this.#used = 0;
  }
}
