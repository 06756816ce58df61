import { Heap } from "../../lib/heap.ts";

/** So many closed streams may always wait for their turn to be dropped. */
const CLOSED_SPARE = 64;

interface Due<Stream> {
  readonly stream: Stream;
  readonly atMs: number;
}

/**
 * Which open stream is to be looked at next for its periodic progress notices; each is in here once.
 *
 * The heap cannot give up one from its middle. So closed streams stay until they are more than the open
 * ones: not for the ten minutes until they would be due, as each keeps its call and its connection in
 * memory, and clients may open and close any number in that time.
 */
export class ProgressQueue<Stream extends { readonly isClosed: boolean }> {
  readonly #heap = new Heap<Due<Stream>>((a, b) => a.atMs < b.atMs);
  #open = 0;

  /** Entries, those of closed streams included. */
  get size(): number {
    return this.#heap.size;
  }

  add(stream: Stream, atMs: number): void {
    this.#open += 1;
    this.#heap.push({ stream, atMs });
  }

  /** To be called when a stream that was added is closed. */
  closed(): void {
    this.#open -= 1;
    if (this.#heap.size > 2 * this.#open + CLOSED_SPARE) {
      this.#heap.filter(({ stream }) => !stream.isClosed);
    }
  }

  /** An open stream whose time has come; it is no longer in the queue. */
  takeDue(nowMs: number): Stream | undefined {
    for (let first = this.#heap.peek(); first !== undefined; first = this.#heap.peek()) {
      if (first.atMs > nowMs) {
        return undefined;
      }
      this.#heap.pop();
      if (!first.stream.isClosed) {
        this.#open -= 1;
        return first.stream;
      }
    }
    return undefined;
  }
}
