import type { Change } from "../change.ts";
import { RangeMap } from "./range-map.ts";
import type { Watcher } from "./watcher.ts";

/** Watchers that are owed the very same: their responses differ in the watch id alone. */
export interface Cohort {
  readonly watchers: Watcher[];
  readonly changes: Change[];
}

/** Collects changes for many watchers; those that stand alike share one list. */
export class Cohorts {
  readonly all: Cohort[] = [];
  readonly #byRange = new RangeMap<Cohort[]>();
  /** The lowest revision that any of the watchers wants. */
  nextRevision: number = Infinity;

  add(watcher: Watcher): void {
    this.nextRevision = Math.min(this.nextRevision, watcher.nextRevision);
    const ofRange = this.#byRange.get(watcher);
    const cohort = ofRange?.find(({ watchers }) => standAlike(watchers[0]!, watcher));
    if (cohort !== undefined) {
      cohort.watchers.push(watcher);
      return;
    }
    const added: Cohort = { watchers: [watcher], changes: [] };
    this.all.push(added);
    if (ofRange === undefined) {
      this.#byRange.set(watcher, [added]);
    } else {
      ofRange.push(added);
    }
  }

  /** Adds a change to the lists of those that want it; returns how many these are. */
  collect(change: Change): number {
    let added = 0;
    this.#byRange.visit(change.key, (cohorts) => {
      for (const { watchers, changes } of cohorts) {
        if (watchers[0]!.accepts(change)) {
          changes.push(change);
          added++;
        }
      }
    });
    return added;
  }
}

/** Of two watchers of one range. */
function standAlike(a: Watcher, b: Watcher): boolean {
  return (
    a.nextRevision === b.nextRevision &&
    a.withPrevious === b.withPrevious &&
    a.filters?.noPut === b.filters?.noPut &&
    a.filters?.noDelete === b.filters?.noDelete
  );
}
