/**
 * Pings, both ways. The client's are held to the rules of gRPC (proposal A8): faster than allowed is a
 * strike, and more than two strikes without anything sent between them end the connection. Ours find
 * out, on a connection that has been silent, whether anybody is there.
 */
import type { Clock, Timer } from "../../env/env.ts";
import { calm } from "./error-codes.ts";
import { IDLE_PING_INTERVAL_MS, PING_STRIKES_MAX } from "./limits.ts";

export interface KeepaliveOptions {
  readonly clock: Clock;
  /** The least time between pings of a client that has a stream open. */
  readonly minIntervalMs: number;
  /** Silence after which we ping; 0 for never. */
  readonly intervalMs: number;
  /** Time in which something must come then; 0 for ever. */
  readonly timeoutMs: number;
}

export class Keepalive {
  readonly #options: KeepaliveOptions;
  readonly #ping: () => void;
  readonly #onDead: () => void;
  #strikes = 0;
  #lastPingMs = -Infinity;
  #sentAtLastPing = 0;
  #isActive = false;
  #timer: Timer | undefined;

  /** `ping` sends one; `onDead` is called when nothing came back. */
  constructor(options: KeepaliveOptions, ping: () => void, onDead: () => void) {
    this.#options = options;
    this.#ping = ping;
    this.#onDead = onDead;
    if (options.intervalMs > 0) this.#wait();
  }

  /** Something was received. */
  active(): void {
    this.#isActive = true;
  }

  /** A ping of the client. `sent` counts HEADERS and DATA sent so far. Throws when it is one too many. */
  pinged(hasStreams: boolean, sent: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    const interval = hasStreams ? this.#options.minIntervalMs : IDLE_PING_INTERVAL_MS;
    if (sent !== this.#sentAtLastPing) this.#strikes = 0;
    else if (nowMs - this.#lastPingMs < interval) this.#strikes += 1;
    this.#sentAtLastPing = sent;
    this.#lastPingMs = nowMs;
    if (this.#strikes > PING_STRIKES_MAX) throw calm("too_many_pings");
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #wait(): void {
    this.#isActive = false;
    this.#timer = this.#options.clock.setTimer(this.#options.intervalMs, () => this.#silent());
  }

  #silent(): void {
    if (this.#isActive) {
      this.#wait();
      return;
    }
    this.#ping();
    if (this.#options.timeoutMs <= 0) {
      this.#wait();
      return;
    }
    this.#timer = this.#options.clock.setTimer(this.#options.timeoutMs, () => {
      if (this.#isActive) this.#wait();
      else this.#onDead();
    });
  }
}
