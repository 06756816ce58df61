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

  take(): Buffer {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.slabBytes);
  }

  /** The giver, and whoever has a view of it, must not touch it any more. Other sizes are not kept. */
  give(slab: Buffer): void {
    if (this.#free.length < this.#slabsMax && slab.length === this.slabBytes) {
      this.#free.push(slab);
    }
  }
}
