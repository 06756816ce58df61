import { IntervalTree } from "../../lib/interval-tree.ts";

/** The keys from `start` to below `end`, or `start` alone. */
export interface WatchedRange {
  readonly start: string;
  /** Undefined for no upper bound, and where `isPoint`. */
  readonly end: string | undefined;
  readonly isPoint: boolean;
}

/** One value a range; the values of a key's ranges are found at the cost of those found. */
export class RangeMap<V> {
  readonly #byKey = new Map<string, V>();
  readonly #byRange = new IntervalTree<V>();

  get({ start, end, isPoint }: WatchedRange): V | undefined {
    return isPoint ? this.#byKey.get(start) : this.#byRange.get(start, end);
  }

  set({ start, end, isPoint }: WatchedRange, value: V): void {
    if (isPoint) {
      this.#byKey.set(start, value);
    } else {
      this.#byRange.set(start, end, value);
    }
  }

  delete({ start, end, isPoint }: WatchedRange): void {
    if (isPoint) {
      this.#byKey.delete(start);
    } else {
      this.#byRange.delete(start, end);
    }
  }

  /** Visits the values of all ranges that hold the key, in a fixed order. Nothing may change meanwhile. */
  visit(key: string, visit: (value: V) => void): void {
    const value = this.#byKey.get(key);
    if (value !== undefined) {
      visit(value);
    }
    if (this.#byRange.size > 0) {
      this.#byRange.stab(key, visit);
    }
  }
}
