import type { Clock } from "../env/env.ts";
import { createDeferred, type Deferred } from "../lib/deferred.ts";

const SHARE_MS = 1;

/**
 * What requests of one kind may take of a turn of the event loop, all their streams together. Each is
 * short, but a client may send a hundred thousand at once.
 */
export class TurnShare {
  readonly #clock: Clock;
  #isOpen = false;
  #endMs = 0;
  #next: Deferred<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called after each request. What it returns must be waited for before the next one. */
  spend(): Promise<void> | undefined {
    const nowMs = this.#clock.monotonicMs();
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#endMs = nowMs + SHARE_MS;
      this.#clock.defer(() => this.#close());
    }
    if (nowMs < this.#endMs) return undefined;
    this.#next ??= createDeferred<void>();
    return this.#next.promise;
  }

  #close(): void {
    this.#isOpen = false;
    this.#next?.resolve();
    this.#next = undefined;
  }
}
