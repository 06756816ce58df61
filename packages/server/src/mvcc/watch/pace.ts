/**
 * Responses have a price, which is paid off as time goes by. While something is owed, a stream that was
 * served lately gets no more changes as they happen: it rests, and when all is paid off each of its
 * watchers gets what it has missed in one response. So a change that comes alone is delivered at once,
 * whoever watches it, and under load responses grow instead of becoming many: for a client as for the
 * server a response costs several times what an event in it does.
 */
import type { Clock } from "../../env/env.ts";

const RESPONSE_MS = 0.05;
/** Less is not worth a timer. */
const OWED_MS_MIN = 1;
/** The longest rest. */
const OWED_MS_MAX = 100;

export interface Resting {
  /** The rest is over. */
  wake(): void;
}

export class Pace {
  readonly #clock: Clock;
  readonly #responseMs: number;
  #resting: Resting[] = [];
  #isTimed = false;
  #owedMs = 0;
  #nowMs: number;

  constructor(clock: Clock, responseMs: number = RESPONSE_MS) {
    this.#clock = clock;
    this.#responseMs = responseMs;
    this.#nowMs = clock.monotonicMs();
  }

  /** When `look` was last called. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Looks at the clock: to be called before changes are handed out. */
  look(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#owedMs = Math.max(0, this.#owedMs - (nowMs - this.#nowMs));
    this.#nowMs = nowMs;
  }

  /** A response was sent. */
  charge(): void {
    this.#owedMs = Math.min(this.#owedMs + this.#responseMs, OWED_MS_MAX);
  }

  /** Whether a stream has to rest that was last served at `servedAtMs`. */
  mustRest(servedAtMs: number): boolean {
    return this.#owedMs > OWED_MS_MIN && this.#nowMs - servedAtMs < OWED_MS_MAX;
  }

  /** Once for a rest. All that rest are woken together: their watchers stand alike then, and share what is encoded. */
  rest(stream: Resting): void {
    this.#resting.push(stream);
    if (!this.#isTimed) {
      this.#isTimed = true;
      this.#clock.setTimer(this.#owedMs, () => {
        this.#wake();
      });
    }
  }

  #wake(): void {
    this.#isTimed = false;
    const woken = this.#resting;
    this.#resting = [];
    for (const stream of woken) {
      stream.wake();
    }
  }
}
