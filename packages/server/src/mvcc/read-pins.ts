import { createDeferred, type Deferred } from "../lib/deferred.ts";

/**
 * The revisions that running reads still need. A compaction removes nothing at or above a pinned
 * revision's view: it waits until no pin is below the revision it compacts to. Reads that begin later
 * are at or above that revision, so the wait ends with the reads that were there.
 */
export class ReadPins {
  readonly #counts = new Map<number, number>();
  #waiting: { readonly below: number; readonly done: Deferred<void> }[] = [];

  pin(revision: number): void {
    this.#counts.set(revision, (this.#counts.get(revision) ?? 0) + 1);
  }

  unpin(revision: number): void {
    const count = this.#counts.get(revision) ?? 0;
    if (count > 1) {
      this.#counts.set(revision, count - 1);
      return;
    }
    this.#counts.delete(revision);
    this.#waiting = this.#waiting.filter(({ below, done }) => {
      const isPinned = this.#isPinnedBelow(below);
      if (!isPinned) {
        done.resolve();
      }
      return isPinned;
    });
  }

  /** Resolves once no pin is below `revision`. */
  async clearBelow(revision: number): Promise<void> {
    if (this.#isPinnedBelow(revision)) {
      const done = createDeferred<void>();
      this.#waiting.push({ below: revision, done });
      await done.promise;
    }
  }

  #isPinnedBelow(revision: number): boolean {
    for (const pinned of this.#counts.keys()) {
      if (pinned < revision) {
        return true;
      }
    }
    return false;
  }
}
