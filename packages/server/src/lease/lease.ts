import type { Due } from "../lib/due-queue.ts";

/** One lease: a time to live and the keys that die with it. Times are monotonic milliseconds. */
export class Lease {
  readonly id: bigint;
  /** Granted seconds. */
  readonly ttlSeconds: number;
  /** Seconds left at the last checkpoint of the lease; 0 when there is none. */
  remainingTtlSeconds: number;
  /** When it expires, as the primary lessor counts that began in `era`. */
  expiryMs: number = Number.POSITIVE_INFINITY;
  /** Number of the promotion that `expiryMs` is of; 0 if there was none. */
  era = 0;
  /** Where it is in the primary's queues, if it is: for its expiry, and for its next checkpoint. */
  expiryDue: Due<Lease> | undefined = undefined;
  checkpointDue: Due<Lease> | undefined = undefined;
  /** Keys attached, as latin1 strings; made with the first, as most leases of a burst have none yet. */
  #keys: Set<string> | undefined = undefined;

  constructor(id: bigint, ttlSeconds: number, remainingTtlSeconds: number) {
    this.id = id;
    this.ttlSeconds = ttlSeconds;
    this.remainingTtlSeconds = remainingTtlSeconds;
  }

  get keyCount(): number {
    return this.#keys?.size ?? 0;
  }

  /** In byte order: a revocation deletes in this order on every member. */
  sortedKeys(): string[] {
    return this.#keys === undefined
      ? []
      : [...this.#keys].sort((a, b) => (a < b ? -1 : Number(a > b)));
  }

  attach(key: string): void {
    this.#keys ??= new Set();
    this.#keys.add(key);
  }

  detach(key: string): void {
    this.#keys?.delete(key);
  }

  /** Starts its full time again, whatever a checkpoint says; never takes away what it has. */
  renew(nowMs: number): void {
    this.expiryMs = Math.max(this.expiryMs, nowMs + this.ttlSeconds * 1000);
  }

  /** Lets it live for what a checkpoint left of it, or in full, plus `extendMs`, from now on. */
  refresh(nowMs: number, extendMs: number): void {
    const seconds = this.remainingTtlSeconds > 0 ? this.remainingTtlSeconds : this.ttlSeconds;
    this.expiryMs = nowMs + extendMs + seconds * 1000;
  }

  remainingMs(nowMs: number): number {
    return this.expiryMs - nowMs;
  }
}
