import type { HeaderField } from "./header-field.ts";

/** RFC 7541, section 2.3.2: the newest entry has index 0 here; the oldest make room for new ones. */
export class DynamicTable {
  /** A ring; its length is a power of two. */
  #slots: (HeaderField | undefined)[] = Array.from({ length: 64 });
  #newest = 0;
  #count = 0;
  #bytes = 0;
  #bytesMax: number;
  /** Changes with every change of the table: with the same version the same bytes mean the same. */
  version = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get count(): number {
    return this.#count;
  }

  at(index: number): HeaderField | undefined {
    if (index >= this.#count) return undefined;
    return this.#slots[(this.#newest - index) & (this.#slots.length - 1)];
  }

  /** An entry that is larger than the table empties it; that is no error. */
  add(field: HeaderField): void {
    this.version += 1;
    this.#evict(this.#bytesMax - field.size);
    if (field.size > this.#bytesMax) return;
    if (this.#count === this.#slots.length) this.#grow();
    this.#newest = (this.#newest + 1) & (this.#slots.length - 1);
    this.#slots[this.#newest] = field;
    this.#count += 1;
    this.#bytes += field.size;
  }

  resize(bytesMax: number): void {
    this.version += 1;
    this.#bytesMax = bytesMax;
    this.#evict(bytesMax);
  }

  #evict(bytesMax: number): void {
    const mask = this.#slots.length - 1;
    while (this.#count > 0 && this.#bytes > bytesMax) {
      const oldest = (this.#newest - this.#count + 1) & mask;
      this.#bytes -= this.#slots[oldest]!.size;
      this.#slots[oldest] = undefined;
      this.#count -= 1;
    }
  }

  #grow(): void {
    const slots: (HeaderField | undefined)[] = Array.from({ length: this.#slots.length * 2 });
    for (let index = 0; index < this.#count; index++) {
      slots[this.#count - 1 - index] = this.at(index);
    }
    this.#slots = slots;
    this.#newest = this.#count - 1;
  }
}
