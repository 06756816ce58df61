/** A rate with a burst: holds at most `burst` tokens and gains `perSecond`. */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs = 0;

  constructor(burst: number, perSecond: number) {
    this.#burst = burst;
    this.#perMs = perSecond / 1000;
    this.#tokens = burst;
  }

  /** Takes one token; false when there is none. `nowMs` is monotonic. */
  take(nowMs: number): boolean {
    const gained = (nowMs - this.#filledMs) * this.#perMs;
    this.#filledMs = nowMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
