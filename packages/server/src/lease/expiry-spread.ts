/**
 * Puts expiries off, so that no second has more than so many: leases that all got their time anew at
 * one moment are not all to be revoked at one moment. In whatever order they come, each costs the same.
 */
export class ExpirySpread {
  readonly #perSecond: number;
  /** By second: how many expire in it. */
  readonly #counts = new Map<number, number>();
  /** By full second: a later one, before which all are full. */
  readonly #later = new Map<number, number>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** When a lease that could expire at `expiryMs` should: then, or later. */
  place(expiryMs: number): number {
    const second = this.#firstFree(Math.floor(expiryMs / 1000));
    const count = this.#counts.get(second) ?? 0;
    this.#counts.set(second, count + 1);
    if (count + 1 === this.#perSecond) {
      this.#later.set(second, second + 1);
    }
    return Math.max(expiryMs, (second + count / this.#perSecond) * 1000);
  }

  #firstFree(wanted: number): number {
    let second = wanted;
    for (let next = this.#later.get(second); next !== undefined; next = this.#later.get(second)) {
      second = next;
    }
    if (second !== wanted) {
      this.#later.set(wanted, second);
    }
    return second;
  }
}
