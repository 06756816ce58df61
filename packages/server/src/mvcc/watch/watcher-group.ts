import { IntervalTree } from "../../lib/interval-tree.ts";
import type { Watcher } from "./watcher.ts";

/** Most keys have one watcher: a set would cost more than it. */
type Watchers = Watcher | Set<Watcher>;

/** Watchers, found by a key that they watch: the cost is that of those found. */
export class WatcherGroup {
  readonly #byKey = new Map<string, Watchers>();
  readonly #byRange = new IntervalTree<Watchers>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(watcher: Watcher): void {
    this.#size++;
    const { start, end } = watcher;
    if (watcher.isPoint) {
      this.#byKey.set(start, added(this.#byKey.get(start), watcher));
    } else {
      this.#byRange.set(start, end, added(this.#byRange.get(start, end), watcher));
    }
  }

  /** The watcher must be in the group. */
  delete(watcher: Watcher): void {
    this.#size--;
    const { start, end } = watcher;
    if (watcher.isPoint) {
      const left = removed(this.#byKey.get(start), watcher);
      if (left === undefined) {
        this.#byKey.delete(start);
      }
      return;
    }
    const left = removed(this.#byRange.get(start, end), watcher);
    if (left === undefined) {
      this.#byRange.delete(start, end);
    }
  }

  /** Visits the watchers of a key, in a fixed order. The group must not change meanwhile. */
  visit(key: string, visit: (watcher: Watcher) => void): void {
    const watchers = this.#byKey.get(key);
    if (watchers !== undefined) {
      visitAll(watchers, visit);
    }
    if (this.#byRange.size > 0) {
      this.#byRange.stab(key, (found) => {
        visitAll(found, visit);
      });
    }
  }
}

function added(watchers: Watchers | undefined, watcher: Watcher): Watchers {
  if (watchers === undefined) {
    return watcher;
  }
  return watchers instanceof Set ? watchers.add(watcher) : new Set([watchers, watcher]);
}

/** What is left; undefined when nothing is. */
function removed(watchers: Watchers | undefined, watcher: Watcher): Watchers | undefined {
  if (watchers instanceof Set) {
    watchers.delete(watcher);
    return watchers.size === 0 ? undefined : watchers;
  }
  return watchers === watcher ? undefined : watchers;
}

function visitAll(watchers: Watchers, visit: (watcher: Watcher) => void): void {
  if (watchers instanceof Set) {
    for (const watcher of watchers) {
      visit(watcher);
    }
  } else {
    visit(watchers);
  }
}
