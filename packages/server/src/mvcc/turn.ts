/**
 * Long work in slices, and how it gives way to requests.
 *
 *   slice │ turn │ 1 ms │ … until nobody waits for a write, 3 ms at the most … │ turn │ slice
 *
 * A put passes through four or five turns between its arrival and its answer. With a slice in each it
 * would wait for all of them; so long work stands back until the puts that are under way are answered,
 * but not for ever: under a load that never ends it still gets a fifth of the time. And while there are
 * such requests it rests for a millisecond, even if none is under way just then: their clients, the
 * disk's driver and LevelDB want the CPUs too, and would wait for the slice that follows at once.
 */
import type { Clock } from "../env/env.ts";
import { type InLine, Line } from "../lib/line.ts";

/** A slice of background work may hold the event loop this long. */
const SLICE_MS = 1;
/** Long work stands back this long for what is under way, at most. */
const PATIENCE_MS = 3;
/** And rests this long if anybody has been answered since it did so last. */
const REST_MS = 1;

/** Resolves in the next turn of the event loop. */
export async function nextTurn(clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.defer(resolve);
  });
}

/** Long work that stands back. */
interface Waiting extends InLine {
  wake(): void;
}

/** Counts what somebody waits for, and wakes the long work that stands back for it. */
export class Foreground {
  #underWay = 0;
  #answered = 0;
  readonly #standingBack = new Line<Waiting>();

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** How often somebody had what he waited for. */
  get answered(): number {
    return this.#answered;
  }

  begin(): void {
    this.#underWay++;
  }

  end(): void {
    this.#underWay--;
    this.#answered++;
    if (!this.isBusy) {
      this.#standingBack.forEach((waiting) => waiting.wake());
    }
  }

  /** Returns at once when nothing is under way; else in a turn after its end, or when patience ends. */
  async over(clock: Clock): Promise<void> {
    const endMs = clock.monotonicMs() + PATIENCE_MS;
    while (this.isBusy && clock.monotonicMs() < endMs) {
      await this.#end(clock);
      // The answers leave first.
      await nextTurn(clock);
    }
  }

  #end(clock: Clock): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        timer.cancel();
        this.#standingBack.delete(waiting);
        resolve();
      };
      const timer = clock.setTimer(PATIENCE_MS, wake);
      const waiting: Waiting = { place: 0, wake };
      this.#standingBack.push(waiting);
    });
  }
}

/** Cuts long work into slices: call `pause` between small steps. */
export class TurnSlicer {
  readonly #clock: Clock;
  readonly #foreground: Foreground | undefined;
  #sliceEndMs: number;
  /** What the foreground had answered at the last pause. */
  #answered: number;

  /** What the foreground itself waits for must not stand back for it, and passes none. */
  constructor(clock: Clock, foreground?: Foreground) {
    this.#clock = clock;
    this.#foreground = foreground;
    this.#answered = foreground?.answered ?? 0;
    this.#sliceEndMs = clock.monotonicMs() + SLICE_MS;
  }

  get isOver(): boolean {
    return this.#clock.monotonicMs() >= this.#sliceEndMs;
  }

  /** Returns at once while the slice lasts, else gives the event loop a turn and starts a new one. */
  async pause(): Promise<void> {
    if (this.isOver) {
      await nextTurn(this.#clock);
      if (this.#foreground !== undefined) {
        await this.#giveWay(this.#foreground);
      }
      this.#sliceEndMs = this.#clock.monotonicMs() + SLICE_MS;
    }
  }

  async #giveWay(foreground: Foreground): Promise<void> {
    const { answered } = foreground;
    if (answered !== this.#answered) {
      this.#answered = answered;
      await new Promise<void>((resolve) => {
        this.#clock.setTimer(REST_MS, resolve);
      });
    }
    await foreground.over(this.#clock);
  }
}
