/**
 * Whose turn it is among the endpoints. Knows names and times, no connections: the pool takes the
 * first of `order` that is connected and says with `took` which one it was.
 */
export type Balancing = "roundRobin" | "pinned";

/** How long an endpoint that did not serve a call well comes after all others. */
const AVOIDED_MS = 5000;

export class Rotation {
  readonly #balancing: Balancing;
  readonly #avoidedUntil = new Map<string, number>();
  #names: readonly string[];
  #turn: number;

  /** `start` is the turn to begin with; at random, so that many clients spread over a cluster. */
  constructor(names: readonly string[], balancing: Balancing, start: number) {
    this.#names = names;
    this.#balancing = balancing;
    this.#turn = start % names.length;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** The names in the order in which to try them now. */
  order(now: number): string[] {
    const all = [...this.#names.slice(this.#turn), ...this.#names.slice(0, this.#turn)];
    if (this.#avoidedUntil.size === 0) {
      return all;
    }
    const isAvoided = (name: string): boolean => this.isAvoided(name, now);
    return [...all.filter((name) => !isAvoided(name)), ...all.filter(isAvoided)];
  }

  isAvoided(name: string, now: number): boolean {
    return (this.#avoidedUntil.get(name) ?? 0) > now;
  }

  /** A call went to this one. */
  took(name: string): void {
    const index = this.#names.indexOf(name);
    if (index >= 0) {
      this.#turn = this.#balancing === "pinned" ? index : (index + 1) % this.#names.length;
    }
  }

  /** Others come first, for a while. */
  avoid(name: string, now: number): void {
    const index = this.#names.indexOf(name);
    if (index < 0) {
      return;
    }
    this.#avoidedUntil.set(name, now + AVOIDED_MS);
    if (index === this.#turn) {
      this.#turn = (index + 1) % this.#names.length;
    }
  }

  /** Other names from now on, at least one; what is known about those that stay is kept. */
  replace(names: readonly string[]): void {
    const current = this.#names[this.#turn] ?? "";
    this.#names = names;
    this.#turn = Math.max(0, names.indexOf(current));
    for (const name of this.#avoidedUntil.keys()) {
      if (!names.includes(name)) {
        this.#avoidedUntil.delete(name);
      }
    }
  }
}
