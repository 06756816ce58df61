/** What can be in a heap, in one at a time. */
export interface InHeap {
  /** For `Heap` alone. */
  place: number;
}

/**
 * A binary min-heap: the item that `isBefore` all others comes out first. Not stable. Each item knows
 * its place, so that any may leave from the midst.
 */
export class Heap<T extends InHeap> {
  readonly #items: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The first item, left in place; `undefined` if empty. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** The item must be in no heap. */
  push(item: T): void {
    this.#items.push(item);
    this.#rise(item, this.#items.length - 1);
  }

  /** Removes and returns the first item; `undefined` if empty. */
  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.delete(first);
    return first;
  }

  /** Nothing happens if it is not in this heap. */
  delete(item: T): void {
    const items = this.#items;
    const { place } = item;
    if (items[place] !== item) return;
    const last = items.pop()!;
    if (last === item) return;
    const isBeforeParent = place > 0 && this.#isBefore(last, items[(place - 1) >>> 1]!);
    if (isBeforeParent) this.#rise(last, place);
    else this.#sink(last, place);
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Lets `item`, for which there is room at `hole`, rise to where it belongs. */
  #rise(item: T, hole: number): void {
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      if (!this.#isBefore(item, this.#items[parent]!)) {
        break;
      }
      this.#put(this.#items[parent]!, hole);
      hole = parent;
    }
    this.#put(item, hole);
  }

  /** Lets it fall. */
  #sink(item: T, hole: number): void {
    const items = this.#items;
    const size = items.length;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && this.#isBefore(items[child + 1]!, items[child]!)) {
        child += 1;
      }
      if (!this.#isBefore(items[child]!, item)) {
        break;
      }
      this.#put(items[child]!, hole);
      hole = child;
    }
    this.#put(item, hole);
  }

  #put(item: T, place: number): void {
    this.#items[place] = item;
    item.place = place;
  }
}
