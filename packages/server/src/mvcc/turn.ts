import type { Clock } from "../env/env.ts";

/**
 * A slice of background work may hold the event loop this long. A put passes through four or five turns
 * between its arrival and its answer, and waits for a slice in each.
 */
const SLICE_MS = 1;

/** Resolves in the next turn of the event loop. */
export async function nextTurn(clock: Clock): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.defer(resolve);
  });
}

/** Cuts long work into slices: call `pause` between small steps. */
export class TurnSlicer {
  readonly #clock: Clock;
  #sliceEndMs: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sliceEndMs = clock.monotonicMs() + SLICE_MS;
  }

  get isOver(): boolean {
    return this.#clock.monotonicMs() >= this.#sliceEndMs;
  }

  /** Returns at once while the slice lasts, else gives the event loop a turn and starts a new one. */
  async pause(): Promise<void> {
    if (this.isOver) {
      await nextTurn(this.#clock);
      this.#sliceEndMs = this.#clock.monotonicMs() + SLICE_MS;
    }
  }
}
