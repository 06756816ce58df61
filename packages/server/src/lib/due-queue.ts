import { Heap, type InHeap } from "./heap.ts";

/** An item in a queue, and when it is due. */
export interface Due<T> extends InHeap {
  readonly item: T;
  readonly atMs: number;
}

/** Which item is to be looked at next. One that is gone leaves before it would be due. */
export class DueQueue<T> {
  readonly #heap = new Heap<Due<T>>((a, b) => a.atMs < b.atMs);

  get size(): number {
    return this.#heap.size;
  }

  /** The caller keeps what it gets if it may have to take the item out again. */
  add(item: T, atMs: number): Due<T> {
    const due = { item, atMs, place: 0 };
    this.#heap.push(due);
    return due;
  }

  /** Nothing happens if it is not in the queue any more. */
  delete(due: Due<T>): void {
    this.#heap.delete(due);
  }

  /** The next item whose time has come; it is no longer in the queue. */
  takeDue(nowMs: number): T | undefined {
    const first = this.#heap.peek();
    return first !== undefined && first.atMs <= nowMs ? this.#heap.pop()?.item : undefined;
  }

  clear(): void {
    this.#heap.clear();
  }
}
