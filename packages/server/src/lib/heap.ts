/** A binary min-heap: the item that `isBefore` all others comes out first. Not stable. */
export class Heap<T> {
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

  push(item: T): void {
    const items = this.#items;
    let hole = items.length;
    items.push(item);
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      if (!this.#isBefore(item, items[parent]!)) {
        break;
      }
      items[hole] = items[parent]!;
      hole = parent;
    }
    items[hole] = item;
  }

  /** Removes and returns the first item; `undefined` if empty. */
  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length > 0) {
      this.#sink(last!);
    }
    return first;
  }

  /** Drops the items that `keep` refuses. Takes time for all. */
  filter(keep: (item: T) => boolean): void {
    const kept = this.#items.filter(keep);
    this.clear();
    for (const item of kept) {
      this.push(item);
    }
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Places `item` at the root and lets it fall to where it belongs. */
  #sink(item: T): void {
    const items = this.#items;
    const size = items.length;
    let hole = 0;
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
      items[hole] = items[child]!;
      hole = child;
    }
    items[hole] = item;
  }
}
