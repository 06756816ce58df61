/** Pieces of memory of one size that are used again: new ones cost the kernel and the collector alike. */
export class SlabPool {
  readonly slabBytes: number;
  readonly #slabsMax: number;
  readonly #free: Buffer[] = [];

  /** Keeps up to `slabsMax` slabs that nobody uses. */
  constructor(slabBytes: number, slabsMax: number) {
    this.slabBytes = slabBytes;
    this.#slabsMax = slabsMax;
  }

  /** A slab; for what does not fit into one, memory of just so many bytes. */
  take(bytes = 0): Buffer {
    if (bytes > this.slabBytes) {
      return Buffer.allocUnsafeSlow(bytes);
    }
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.slabBytes);
  }

  /** Takes all back, and leaves the list empty. */
  giveAll(slabs: Buffer[]): void {
    for (const slab of slabs) {
      this.give(slab);
    }
    slabs.length = 0;
  }

  /** The giver, and whoever has a view of it, must not touch it any more. Other sizes are not kept. */
  give(slab: Buffer): void {
    if (this.#free.length < this.#slabsMax && slab.length === this.slabBytes) {
      this.#free.push(slab);
    }
  }
}
