/**
 * Hands responses from one producer to one consumer's loop. Holds a bounded number; beyond it the
 * oldest are dropped.
 */
export class ResponseQueue<T> implements AsyncIterable<T> {
  readonly #max: number;
  readonly #items: T[] = [];
  #isEnded = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  push(item: T): void {
    if (this.#isEnded) {
      return;
    }
    if (this.#items.length === this.#max) {
      this.#items.shift();
    }
    this.#items.push(item);
    this.#wake?.();
  }

  /** The loop ends after what is held. */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }

  /** The loop throws `error` after what is held. */
  fail(error: Error): void {
    this.#error ??= error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        yield item;
      } else if (this.#error !== undefined) {
        throw this.#error;
      } else if (this.#isEnded) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
