import type { Clock } from "../../env/env.ts";
import { TurnSlicer } from "../turn.ts";
import type { Watcher } from "./watcher.ts";

/** Watchers between looks at the clock. */
const STEP = 64;

/** Takes the watchers of closed streams away, in slices: there may be a hundred thousand of them. */
export class Reaper {
  readonly #clock: Clock;
  readonly #remove: (watcher: Watcher) => void;
  readonly #waiting: Iterator<Watcher>[] = [];
  #isRunning = false;

  constructor(clock: Clock, remove: (watcher: Watcher) => void) {
    this.#clock = clock;
    this.#remove = remove;
  }

  /** Begins in the next turn. Nothing may be added to what `watchers` runs over. */
  take(watchers: Iterator<Watcher>): void {
    this.#waiting.push(watchers);
    this.#continueLater();
  }

  #continueLater(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#clock.defer(() => {
        this.#isRunning = false;
        this.#slice();
      });
    }
  }

  #slice(): void {
    const slicer = new TurnSlicer(this.#clock);
    while (this.#waiting.length > 0) {
      if (!this.#step(this.#waiting.at(-1)!)) {
        this.#waiting.pop();
      }
      if (slicer.isOver) {
        break;
      }
    }
    if (this.#waiting.length > 0) {
      this.#continueLater();
    }
  }

  /** False when there are no more. */
  #step(watchers: Iterator<Watcher>): boolean {
    for (let i = 0; i < STEP; i++) {
      const next = watchers.next();
      if (next.done === true) {
        return false;
      }
      this.#remove(next.value);
    }
    return true;
  }
}
