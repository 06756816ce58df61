import { fail } from "../../lib/assert.ts";

/**
 * A sliding window over the MsgApps that are on their way to one follower: for each, the index of
 * its last entry and its payload bytes. Bounded by count and, softly, by bytes: the message that
 * crosses the byte limit is still let through.
 *
 * Two parallel rings that start small and double up to `#countMax`, for most followers never have
 * more than a few messages in flight.
 */
export class Inflights {
  readonly #countMax: number;
  readonly #bytesMax: number;
  #indexes: number[] = [];
  #sizes: number[] = [];
  #start = 0;
  #count = 0;
  #bytes = 0;

  constructor(countMax: number, bytesMax: number) {
    this.#countMax = countMax;
    this.#bytesMax = bytesMax;
  }

  get count(): number {
    return this.#count;
  }

  /** Payload bytes in flight. */
  get bytes(): number {
    return this.#bytes;
  }

  isFull(): boolean {
    return this.#count === this.#countMax || this.#bytes >= this.#bytesMax;
  }

  /** Records a message sent; must not be full, and indexes must rise. */
  add(index: number, bytes: number): void {
    if (this.isFull()) {
      fail(`cannot add into a full inflights [count(${this.#count}), bytes(${this.#bytes})]`);
    }
    if (this.#count === this.#indexes.length) {
      this.#grow();
    }
    const at = (this.#start + this.#count) % this.#indexes.length;
    this.#indexes[at] = index;
    this.#sizes[at] = bytes;
    this.#count++;
    this.#bytes += bytes;
  }

  /** Frees all messages that end at or before `index`: the follower has acknowledged them. */
  freeTo(index: number): void {
    const capacity = this.#indexes.length;
    while (this.#count > 0 && this.#indexes[this.#start]! <= index) {
      this.#bytes -= this.#sizes[this.#start]!;
      this.#count--;
      this.#start = this.#start + 1 === capacity ? 0 : this.#start + 1;
    }
  }

  reset(): void {
    this.#start = 0;
    this.#count = 0;
    this.#bytes = 0;
  }

  #grow(): void {
    const capacity = Math.min(Math.max(1, this.#indexes.length * 2), this.#countMax);
    this.#indexes = this.#unrolled(this.#indexes, capacity);
    this.#sizes = this.#unrolled(this.#sizes, capacity);
    this.#start = 0;
  }

  #unrolled(ring: readonly number[], capacity: number): number[] {
    const unrolled = new Array<number>(capacity).fill(0);
    for (let i = 0; i < this.#count; i++) {
      unrolled[i] = ring[(this.#start + i) % ring.length]!;
    }
    return unrolled;
  }
}
