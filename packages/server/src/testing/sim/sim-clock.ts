/**
 * Simulated time: one queue of events for the whole simulated world, run one after the other. Time
 * stands still while an event runs and jumps to the next one afterwards.
 *
 * Every process of the world has a clock of its own on that queue. Killing it drops all that the
 * process still had planned, which is what makes a crash: whatever it awaited never happens.
 */
import { setImmediate } from "node:timers";
import type { Clock, Timer } from "../../env/env.ts";
import { Heap, type InHeap } from "../../lib/heap.ts";

interface SimEvent extends InHeap {
  readonly atMs: number;
  /** Breaks ties, so that the order of a run is the order of planning. */
  readonly sequence: number;
  readonly clock: SimClock;
  callback: (() => void) | undefined;
}

function isEarlier(a: SimEvent, b: SimEvent): boolean {
  return a.atMs === b.atMs ? a.sequence < b.sequence : a.atMs < b.atMs;
}

/** An arbitrary date, the same in every run. */
const START_WALL_MS = 1_800_000_000_000;

export class SimTime {
  readonly #events = new Heap<SimEvent>(isEarlier);
  #nowMs = 0;
  #sequence = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * A clock for one process (or one of its lives). Each time that it is read, so much time has passed:
   * what looks at it to see whether to make a pause finds reason to.
   */
  createClock(readingMs = 0): SimClock {
    return new SimClock(this, readingMs);
  }

  plan(clock: SimClock, delayMs: number, callback: () => void): Timer {
    const event: SimEvent = {
      atMs: this.#nowMs + Math.max(0, delayMs),
      sequence: this.#sequence++,
      clock,
      callback,
      place: 0,
    };
    this.#events.push(event);
    return {
      cancel: () => {
        event.callback = undefined;
      },
    };
  }

  /** Runs events until `isDone`, or until simulated time reaches `untilMs`. Says whether it is done. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<boolean> {
    while (!isDone()) {
      const event = this.#events.peek();
      if (event === undefined || event.atMs > untilMs) {
        this.#nowMs = Math.max(this.#nowMs, untilMs);
        return isDone();
      }
      this.#events.pop();
      this.#nowMs = event.atMs;
      if (event.callback === undefined || !event.clock.isAlive) continue;
      event.callback();
      await settleMicrotasks();
    }
    return true;
  }
}

/** Every promise that can go on without another event has gone on when this returns. */
function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class SimClock implements Clock {
  readonly #time: SimTime;
  readonly #readingMs: number;
  #alive = true;
  /** The process does nothing before this: it is stopped, or busy with what it does now. */
  #idleAtMs = 0;
  /** The moment at which work was done that reaches beyond it. */
  #aheadOfMs = -1;
  /** Offset of this process's idea of the date. */
  wallSkewMs = 0;

  constructor(time: SimTime, readingMs: number) {
    this.#time = time;
    this.#readingMs = readingMs;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  /** Nothing planned on this clock happens any more. */
  kill(): void {
    this.#alive = false;
  }

  /** As SIGSTOP and SIGCONT: what falls due meanwhile happens at the end of the pause. */
  pause(durationMs: number): void {
    this.#idleAtMs = Math.max(this.#idleAtMs, this.#time.nowMs + durationMs);
  }

  /** What runs now takes this long: its own clock goes on, and everything else has to wait. */
  work(durationMs: number): void {
    this.#idleAtMs = this.#localMs() + durationMs;
    this.#aheadOfMs = this.#time.nowMs;
  }

  monotonicMs(): number {
    if (this.#readingMs > 0) this.work(this.#readingMs);
    return this.#localMs();
  }

  /** Work moves the clock within the event that does it; a pause does not. */
  #localMs(): number {
    const { nowMs } = this.#time;
    return this.#aheadOfMs === nowMs ? Math.max(nowMs, this.#idleAtMs) : nowMs;
  }

  wallMs(): number {
    return START_WALL_MS + this.#time.nowMs + this.wallSkewMs;
  }

  setTimer(delayMs: number, callback: () => void): Timer {
    let inner: Timer;
    const run = (): void => {
      const left = this.#idleAtMs - this.#time.nowMs;
      if (left > 0) inner = this.#time.plan(this, left, run);
      else callback();
    };
    inner = this.#time.plan(this, delayMs, run);
    return { cancel: () => inner.cancel() };
  }

  defer(callback: () => void): void {
    this.setTimer(0, callback);
  }

  /** Resolves at once, or when a pause or work is over. */
  async whenIdle(): Promise<void> {
    while (!this.#alive || this.#idleAtMs > this.#time.nowMs) {
      await new Promise<void>((resolve) => this.defer(resolve));
    }
  }

  /** For the tests' own waits. */
  sleep(durationMs: number): Promise<void> {
    return new Promise((resolve) => void this.setTimer(durationMs, resolve));
  }
}
