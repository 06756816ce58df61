/**
 * The deadlines of all calls on one timer. Most calls end long before theirs, so adding and removing is
 * what has to be cheap: a binary heap in which every entry knows its place.
 */
import type { Clock, Timer } from "../env/env.ts";

/** Something with a deadline; it is in one `Deadlines` at a time at most. */
export interface Expiring {
  /** Monotonic milliseconds; not changed while it is in. */
  deadlineMs: number;
  /** -1 outside; owned by `Deadlines`. */
  deadlinePlace: number;
  onDeadline(): void;
}

/** A timer may come this much before its time without another one being set. */
const EARLY_MS = 0.5;
/** Timers are 32-bit; what is later is looked at again then. */
const DELAY_MAX_MS = 2 ** 30;

export class Deadlines {
  readonly #clock: Clock;
  readonly #heap: Expiring[] = [];
  #timer: Timer | undefined;
  #timerAtMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#heap.length;
  }

  add(entry: Expiring): void {
    entry.deadlinePlace = this.#heap.length;
    this.#heap.push(entry);
    this.#rise(entry);
    if (entry.deadlineMs < this.#timerAtMs) this.#setTimer(entry.deadlineMs);
  }

  /** Does nothing if the entry is not in. */
  remove(entry: Expiring): void {
    const place = entry.deadlinePlace;
    if (place < 0) return;
    entry.deadlinePlace = -1;
    const last = this.#heap.pop()!;
    if (last === entry) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAtMs = Infinity;
  }

  #put(entry: Expiring, place: number): void {
    this.#heap[place] = entry;
    entry.deadlinePlace = place;
  }

  #rise(entry: Expiring): void {
    let place = entry.deadlinePlace;
    while (place > 0) {
      const parent = this.#heap[(place - 1) >>> 1]!;
      if (parent.deadlineMs <= entry.deadlineMs) break;
      const above = parent.deadlinePlace;
      this.#put(parent, place);
      place = above;
    }
    this.#put(entry, place);
  }

  #sink(entry: Expiring): void {
    let place = entry.deadlinePlace;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#heap.length) break;
      const right = this.#heap[child + 1];
      if (right !== undefined && right.deadlineMs < this.#heap[child]!.deadlineMs) child += 1;
      const smaller = this.#heap[child]!;
      if (smaller.deadlineMs >= entry.deadlineMs) break;
      this.#put(smaller, place);
      place = child;
    }
    this.#put(entry, place);
  }

  #setTimer(atMs: number): void {
    this.#timer?.cancel();
    this.#timerAtMs = atMs;
    const delayMs = Math.min(atMs - this.#clock.monotonicMs(), DELAY_MAX_MS);
    this.#timer = this.#clock.setTimer(Math.max(0, Math.ceil(delayMs)), () => this.#expire());
  }

  #expire(): void {
    this.stop();
    const nowMs = this.#clock.monotonicMs() + EARLY_MS;
    let first = this.#heap[0];
    while (first !== undefined && first.deadlineMs <= nowMs) {
      this.remove(first);
      first.onDeadline();
      first = this.#heap[0];
    }
    if (first !== undefined) this.#setTimer(first.deadlineMs);
  }
}
