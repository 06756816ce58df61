/**
 * Committed entries on their way into the state machine, in order, in slices: the event loop is given
 * back every few milliseconds, however much there is to catch up with, and however much an entry does.
 */
import type { Clock } from "../env/env.ts";
import type { Entry } from "../raft/messages.ts";

/** An entry that takes many turns. It has happened when it is finished, which is done in one. */
export interface LongApply {
  run(): Promise<void>;
  finish(): void;
}

/** The same work; `after` follows in the turn in which it is finished. */
export function thenFinish(long: LongApply, after: () => void): LongApply {
  const finish = (): void => {
    long.finish();
    after();
  };
  return { run: () => long.run(), finish };
}

interface Batch {
  readonly entries: readonly Entry[];
  readonly done: () => void;
}

export interface ApplyQueueOptions {
  readonly clock: Clock;
  /** Applies one entry, or says how. Must not fail for anything that a client can cause. */
  readonly apply: (entry: Entry) => LongApply | undefined;
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
  /** The long entry that is being applied. */
  #long: Promise<void> | undefined;
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
    if (!this.#isBusy) this.#slice();
  }

  resume(): void {
    if (!this.#isBusy && !this.isEmpty) this.#slice();
  }

  /** Whether applying goes on by itself. */
  get #isBusy(): boolean {
    return this.#scheduled || this.#long !== undefined;
  }

  /** Resolves when no long entry is being applied. */
  async longApplied(): Promise<void> {
    await this.#long;
  }

  /**
   * A snapshot takes the place of everything queued: it counts as applied, and is not. A long entry
   * that is being applied goes on to its end.
   */
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
      this.#fail(error);
    }
  }

  #applySlice(): void {
    const { clock, isPaused } = this.#options;
    const endMs = clock.monotonicMs() + SLICE_MS;
    while (!this.#stopped && !this.isEmpty && this.#long === undefined) {
      if (isPaused()) return;
      this.#applySome();
      if (!this.isEmpty && clock.monotonicMs() >= endMs) return this.#continueLater();
    }
  }

  #applySome(): void {
    const { entries } = this.#batches[0]!;
    const countEnd = Math.min(entries.length, this.#next + ENTRIES_PER_LOOK);
    let bytes = 0;
    while (this.#next < countEnd && bytes < BYTES_PER_LOOK) {
      const entry = entries[this.#next++]!;
      const long = this.#options.apply(entry);
      if (long !== undefined) {
        this.#applyLong(long, entry.index);
        return;
      }
      bytes += entry.data.length;
    }
    const last = entries[this.#next - 1];
    if (last !== undefined) this.#options.onApplied(last.index);
    this.#endBatch();
  }

  /** The batch is done when its last entry is. */
  #endBatch(): void {
    const batch = this.#batches[0];
    if (batch === undefined || this.#next < batch.entries.length) return;
    this.#batches.shift();
    this.#next = 0;
    batch.done();
  }

  /** Those before it have been applied; those behind wait. */
  #applyLong(long: LongApply, index: number): void {
    this.#options.onApplied(index - 1);
    const batch = this.#batches[0];
    const finish = (): void => {
      this.#long = undefined;
      if (this.#stopped) return;
      long.finish();
      this.#options.onApplied(index);
      if (this.#batches[0] === batch) this.#endBatch();
      this.resume();
    };
    this.#long = long
      .run()
      .then(finish)
      .catch((error: unknown) => this.#fail(error));
  }

  /** What breaks off at the end, because the store is closed then, is no fault. */
  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.onFatal(error);
  }

  #continueLater(): void {
    if (this.#long !== undefined) return;
    this.#scheduled = true;
    this.#options.clock.defer(() => {
      this.#scheduled = false;
      if (!this.#stopped) this.#slice();
    });
  }
}
