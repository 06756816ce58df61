import { Line } from "../../lib/line.ts";
import { RangeMap } from "./range-map.ts";
import type { Watcher } from "./watcher.ts";

/** Most keys have one watcher: a line would cost more than it. */
type Watchers = Watcher | Line<Watcher>;

/** Watchers, found by a key that they watch: the cost is that of those found. */
export class WatcherGroup {
  readonly #ranges = new RangeMap<Watchers>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(watcher: Watcher): void {
    this.#size++;
    const watchers = this.#ranges.get(watcher);
    if (watchers instanceof Line) {
      watchers.push(watcher);
    } else {
      this.#ranges.set(watcher, watchers === undefined ? watcher : lineOf(watchers, watcher));
    }
  }

  /** The watcher must be in the group. */
  delete(watcher: Watcher): void {
    this.#size--;
    const watchers = this.#ranges.get(watcher);
    if (watchers instanceof Line) {
      watchers.delete(watcher);
      if (watchers.size > 0) {
        return;
      }
    }
    this.#ranges.delete(watcher);
  }

  /** Visits the watchers of a key, in a fixed order. The group must not change meanwhile. */
  visit(key: string, visit: (watcher: Watcher) => void): void {
    this.#ranges.visit(key, (watchers) => {
      if (watchers instanceof Line) {
        watchers.forEach(visit);
      } else {
        visit(watchers);
      }
    });
  }
}

function lineOf(first: Watcher, second: Watcher): Line<Watcher> {
  const line = new Line<Watcher>();
  line.push(first);
  line.push(second);
  return line;
}
