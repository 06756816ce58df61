/**
 * Committed entries on their way into the state machine, in order, in slices: the event loop is given
 * back every few milliseconds, however much there is to catch up with.
 */
import type { Clock } from "../env/env.ts";
import type { Entry } from "../raft/messages.ts";

interface Batch {
  readonly entries: readonly Entry[];
  readonly done: () => void;
}

export interface ApplyQueueOptions {
  readonly clock: Clock;
  /** Applies one entry. Must not fail for anything that a client can cause. */
  readonly apply: (entry: Entry) => void;
  /** Called after each slice with the index of the last entry applied. */
  readonly onApplied: (index: number) => void;
  /** While true nothing is applied; call `resume` when it has become false. */
  readonly isPaused: () => boolean;
  readonly onFatal: (error: unknown) => void;
}

/** A slice ends with the first entry after this many milliseconds. */
const SLICE_MS = 5;
/** The clock is looked at once in so many entries, or after entries of so many bytes. */
const ENTRIES_PER_LOOK = 32;
const BYTES_PER_LOOK = 16 * 1024;

export class ApplyQueue {
  readonly #options: ApplyQueueOptions;
  readonly #batches: Batch[] = [];
  /** Position in the first batch. */
  #next = 0;
  #scheduled = false;
  #stopped = false;

  constructor(options: ApplyQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#batches.length === 0;
  }

  /** Applies at once what fits a slice; `done` is called when all of `entries` have been applied. */
  push(entries: readonly Entry[], done: () => void): void {
    this.#batches.push({ entries, done });
    if (!this.#scheduled) this.#slice();
  }

  resume(): void {
    if (!this.#scheduled && !this.isEmpty) this.#slice();
  }

  /** A snapshot takes the place of everything queued: it counts as applied, and is not. */
  skipAll(): void {
    const skipped = this.#batches.splice(0);
    this.#next = 0;
    for (const batch of skipped) batch.done();
  }

  stop(): void {
    this.#stopped = true;
  }

  #slice(): void {
    try {
      this.#applySlice();
    } catch (error) {
      this.#stopped = true;
      this.#options.onFatal(error);
    }
  }

  #applySlice(): void {
    const { clock, isPaused } = this.#options;
    const endMs = clock.monotonicMs() + SLICE_MS;
    while (!this.#stopped && !this.isEmpty) {
      if (isPaused()) return;
      this.#applySome();
      if (!this.isEmpty && clock.monotonicMs() >= endMs) return this.#continueLater();
    }
  }

  #applySome(): void {
    const batch = this.#batches[0]!;
    const { entries } = batch;
    const countEnd = Math.min(entries.length, this.#next + ENTRIES_PER_LOOK);
    let bytes = 0;
    let end = this.#next;
    while (end < countEnd && bytes < BYTES_PER_LOOK) {
      const entry = entries[end++]!;
      this.#options.apply(entry);
      bytes += entry.data.length;
    }
    this.#next = end;
    const last = entries[end - 1];
    if (last !== undefined) this.#options.onApplied(last.index);
    if (end < entries.length) return;
    this.#batches.shift();
    this.#next = 0;
    batch.done();
  }

  #continueLater(): void {
    this.#scheduled = true;
    this.#options.clock.defer(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#slice();
    });
  }
}
