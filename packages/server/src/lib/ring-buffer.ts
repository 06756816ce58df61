import { assert } from "./assert.ts";

/**
 * A first-in first-out queue of at most `capacity` items, without shifting. Memory grows in powers of
 * two as needed and is kept.
 */
export class RingBuffer<T> {
  readonly capacity: number;
  #slots: (T | undefined)[];
  #head = 0;
  #size = 0;

  constructor(capacity: number) {
    assert(capacity > 0, `capacity must be positive: ${capacity}`);
    this.capacity = capacity;
    this.#slots = Array.from({ length: 8 });
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size >= this.capacity;
  }

  /** Adds at the end. The caller checks `isFull` first. */
  push(item: T): void {
    assert(this.#size < this.capacity, `ring buffer is full: ${this.capacity} items`);
    if (this.#size === this.#slots.length) {
      this.#grow();
    }
    this.#slots[(this.#head + this.#size) & (this.#slots.length - 1)] = item;
    this.#size += 1;
  }

  /** Removes and returns the oldest item; `undefined` if empty. */
  shift(): T | undefined {
    if (this.#size === 0) {
      return undefined;
    }
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    this.#size -= 1;
    return item;
  }

  /** The item `index` places behind the oldest, left in place. */
  at(index: number): T | undefined {
    return index >= 0 && index < this.#size
      ? this.#slots[(this.#head + index) & (this.#slots.length - 1)]
      : undefined;
  }

  clear(): void {
    this.#slots = Array.from({ length: 8 });
    this.#head = 0;
    this.#size = 0;
  }

  #grow(): void {
    const slots: (T | undefined)[] = Array.from({ length: this.#slots.length * 2 });
    for (let index = 0; index < this.#size; index++) {
      slots[index] = this.at(index);
    }
    this.#slots = slots;
    this.#head = 0;
  }
}
