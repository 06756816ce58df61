/**
 * Keeps the leases. Which leases exist, their TTLs and keys are replicated state, changed by apply
 * alone. When a lease expires is not: only the primary lessor (the leader's) counts time, on its own
 * monotonic clock, and proposes what is due to be revoked. Renewals are the primary's alone and
 * touch no log, so a new primary grants every lease its full time again: a lease may live longer than
 * its TTL, never shorter.
 *
 * There are no timers: the member calls `expired` every half second. A promotion goes through all
 * leases in slices; one that it has not come to yet has not begun to run out.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { keyToBytes } from "../lib/bytes.ts";
import { DueQueue } from "../lib/due-queue.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { entryBatches } from "../storage/entry-batches.ts";
import { ExpirySpread } from "./expiry-spread.ts";
import { Lease } from "./lease.ts";
import { decodeLease, encodeLease, leaseKey } from "./lease-record.ts";

export const LEASE_TTL_SECONDS_MAX = 9_000_000_000;

/** A lease that expired is reported again after this time, should its revocation have been lost. */
const EXPIRED_RETRY_MS = 3000;
/** Leases revoked per second, at most. */
const REVOKE_RATE = 1000;
const CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000;
/** Leases that a new primary gives their time in one turn: a few milliseconds. */
const SLICE_LEASES = 2048;

export interface LessorOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  /** Shorter TTLs are raised to this. */
  readonly minTtlSeconds: number;
  /** Whether the primary saves remaining TTLs now and then; see `dueCheckpoints`. */
  readonly checkpoints?: boolean;
  readonly checkpointIntervalMs?: number;
}

export interface LeaseCheckpointDue {
  readonly id: bigint;
  readonly remainingTtlSeconds: number;
}

/** What a promotion gives every lease. */
interface Promotion {
  readonly era: number;
  readonly extendMs: number;
  readonly spread: ExpirySpread | undefined;
}

export class Lessor {
  readonly #options: LessorOptions;
  readonly #clock: Clock;
  /**
   * Which lease to look at next, each at most once. A renewal does not touch the queue: when the lease
   * comes up, it goes back in with its expiry of then. So a keepalive costs no heap operation.
   */
  readonly #expiry = new DueQueue<Lease>();
  /** Which lease to save the remaining TTL of next, each at most once. */
  readonly #checkpoints = new DueQueue<Lease>();
  #backend: Backend;
  #leases = new Map<bigint, Lease>();
  #isPrimary = false;
  /** Number of promotions. */
  #era = 0;

  private constructor(options: LessorOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#backend = options.backend;
  }

  /** Loads the leases; the keys come when the store is opened after it. Nothing may be pending. */
  static async open(options: LessorOptions): Promise<Lessor> {
    const lessor = new Lessor(options);
    await lessor.recover(options.backend);
    return lessor;
  }

  /** Forgets everything and loads the leases of `backend`, as after installing a snapshot. */
  async recover(backend: Backend): Promise<void> {
    const leases = new Map<bigint, Lease>();
    for await (const entries of entryBatches(backend.iterate(buckets.lease))) {
      for (const [, value] of entries) {
        const lease = decodeLease(value, this.#options.minTtlSeconds);
        leases.set(lease.id, lease);
      }
    }
    this.#backend = backend;
    this.#leases = leases;
    this.#expiry.clear();
    this.#checkpoints.clear();
    if (this.#isPrimary) {
      this.promote(0);
    }
  }

  get isPrimary(): boolean {
    return this.#isPrimary;
  }

  get size(): number {
    return this.#leases.size;
  }

  /** Entries in its queues. */
  get queued(): number {
    return this.#expiry.size + this.#checkpoints.size;
  }

  has(id: bigint): boolean {
    return this.#leases.has(id);
  }

  get(id: bigint): Lease | undefined {
    return this.#leases.get(id);
  }

  /** For apply. Throws lease exists, lease TTL too large or (id 0) lease not found. */
  grant(id: bigint, ttlSeconds: number): Lease {
    if (id === 0n) {
      throw EtcdError.from(EtcdErrors.leaseNotFound);
    }
    if (ttlSeconds > LEASE_TTL_SECONDS_MAX) {
      throw EtcdError.from(EtcdErrors.leaseTtlTooLarge);
    }
    if (this.#leases.has(id)) {
      throw EtcdError.from(EtcdErrors.leaseExists);
    }
    const lease = new Lease(id, Math.max(ttlSeconds, this.#options.minTtlSeconds), 0);
    this.#leases.set(id, lease);
    this.#persist(lease);
    if (this.#isPrimary) {
      this.#refresh(lease, 0);
    }
    return lease;
  }

  /**
   * For apply: forgets the lease and returns its keys, sorted, for the caller to delete in one write
   * transaction of the same entry. Throws lease not found.
   */
  revoke(id: bigint): Uint8Array[] {
    const lease = this.#leases.get(id);
    if (lease === undefined) {
      throw EtcdError.from(EtcdErrors.leaseNotFound);
    }
    this.#leases.delete(id);
    this.#unqueue(lease);
    this.#backend.delete(buckets.lease, leaseKey(id));
    return lease.sortedKeys().map(keyToBytes);
  }

  /** For apply: notes the remaining TTL, which the next primary will count from. */
  checkpoint(id: bigint, remainingTtlSeconds: number): void {
    const lease = this.#leases.get(id);
    if (lease === undefined) {
      return;
    }
    lease.remainingTtlSeconds = remainingTtlSeconds;
    this.#persist(lease);
    if (this.#isPrimary) {
      this.#scheduleCheckpoint(lease);
    }
  }

  /** Binds a key; the store calls it for each put with a lease, and for each key at load. */
  attach(id: bigint, key: string): void {
    this.#leases.get(id)?.attach(key);
  }

  detach(id: bigint, key: string): void {
    this.#leases.get(id)?.detach(key);
  }

  /**
   * Starts the lease's time again and returns its TTL in seconds. Throws not primary, or lease not
   * found, also for a lease that has expired and waits for its revocation.
   */
  renew(id: bigint): number {
    if (!this.#isPrimary) {
      throw EtcdError.from(EtcdErrors.notPrimaryLessor);
    }
    const lease = this.#leases.get(id);
    const nowMs = this.#clock.monotonicMs();
    if (lease === undefined || (this.#isCounted(lease) && lease.expiryMs <= nowMs)) {
      throw EtcdError.from(EtcdErrors.leaseNotFound);
    }
    if (!this.#isCounted(lease)) {
      this.#refresh(lease, 0);
    }
    lease.renew(nowMs);
    return lease.ttlSeconds;
  }

  /** Whether a renewal must clear a saved remaining TTL through the log, or the next primary uses it. */
  hasCheckpoint(id: bigint): boolean {
    return (this.#leases.get(id)?.remainingTtlSeconds ?? 0) > 0;
  }

  /** Whole seconds left, rounded down as etcd does; undefined if the lease is unknown or not counted. */
  remainingSeconds(id: bigint): number | undefined {
    const lease = this.#leases.get(id);
    if (lease === undefined || !this.#isPrimary) {
      return undefined;
    }
    return this.#isCounted(lease)
      ? Math.trunc(lease.remainingMs(this.#clock.monotonicMs()) / 1000)
      : lease.ttlSeconds;
  }

  /** All leases, the first to expire first; by id where no time is counted. */
  list(): Lease[] {
    return [...this.#leases.values()].sort(this.#isPrimary ? byExpiry : byId);
  }

  /**
   * Becomes primary: every lease gets its full time (or what a checkpoint left of it) plus `extendMs`.
   * Where many would then expire within a second, the later ones are put off, so that the
   * revocations do not pile up.
   */
  promote(extendMs: number): void {
    this.#isPrimary = true;
    this.#era++;
    this.#expiry.clear();
    this.#checkpoints.clear();
    const isMany = this.#leases.size >= REVOKE_RATE;
    const spread = isMany ? new ExpirySpread((REVOKE_RATE * 3) / 4) : undefined;
    this.#refreshSome(this.#leases.values(), { era: this.#era, extendMs, spread });
  }

  /** Stops counting time. */
  demote(): void {
    this.#isPrimary = false;
    this.#expiry.clear();
    this.#checkpoints.clear();
  }

  /**
   * At most `limit` leases that have expired, for the primary to revoke; none elsewhere. A lease is
   * reported again a few seconds later if it still exists then.
   */
  expired(limit: number = REVOKE_RATE / 2): bigint[] {
    const due: bigint[] = [];
    if (!this.#isPrimary) {
      return due;
    }
    const nowMs = this.#clock.monotonicMs();
    while (due.length < limit) {
      const lease = this.#expiry.takeDue(nowMs);
      if (lease === undefined) {
        break;
      }
      const isExpired = lease.expiryMs <= nowMs;
      if (isExpired) due.push(lease.id);
      const nextMs = isExpired ? nowMs + EXPIRED_RETRY_MS : lease.expiryMs;
      lease.expiryDue = this.#expiry.add(lease, nextMs);
    }
    return due;
  }

  /** At most `limit` remaining TTLs worth saving, for the primary to propose. */
  dueCheckpoints(limit: number): LeaseCheckpointDue[] {
    const due: LeaseCheckpointDue[] = [];
    const nowMs = this.#clock.monotonicMs();
    while (due.length < limit) {
      const lease = this.#checkpoints.takeDue(nowMs);
      if (lease === undefined) {
        break;
      }
      const remainingTtlSeconds = Math.ceil(lease.remainingMs(nowMs) / 1000);
      if (remainingTtlSeconds <= 0) {
        continue;
      }
      if (remainingTtlSeconds < lease.ttlSeconds) {
        due.push({ id: lease.id, remainingTtlSeconds });
      } else {
        this.#scheduleCheckpoint(lease);
      }
    }
    return due;
  }

  #persist(lease: Lease): void {
    this.#backend.put(buckets.lease, leaseKey(lease.id), encodeLease(lease));
  }

  /** Those that are left; granted ones join at the end, renewed ones have their time already. */
  #refreshSome(left: Iterator<Lease>, promotion: Promotion): void {
    const { era, extendMs, spread } = promotion;
    if (!this.#isPrimary || this.#era !== era) {
      return;
    }
    for (let count = 0; count < SLICE_LEASES; count++) {
      const { value: lease, done } = left.next();
      if (done === true) {
        return;
      }
      if (lease.era !== era) {
        this.#refresh(lease, extendMs, spread);
      }
    }
    this.#clock.defer(() => {
      this.#refreshSome(left, promotion);
    });
  }

  #refresh(lease: Lease, extendMs: number, spread?: ExpirySpread): void {
    lease.refresh(this.#clock.monotonicMs(), extendMs);
    lease.expiryMs = spread?.place(lease.expiryMs) ?? lease.expiryMs;
    lease.era = this.#era;
    lease.expiryDue = this.#expiry.add(lease, lease.expiryMs);
    this.#scheduleCheckpoint(lease);
  }

  /** A lease that is gone must not wait in memory, with all its keys, until it would have expired. */
  #unqueue({ expiryDue, checkpointDue }: Lease): void {
    if (expiryDue !== undefined) this.#expiry.delete(expiryDue);
    if (checkpointDue !== undefined) this.#checkpoints.delete(checkpointDue);
  }

  /** Whether its time is running out, which it is not everywhere. */
  #isCounted(lease: Lease): boolean {
    return this.#isPrimary && lease.era === this.#era;
  }

  #scheduleCheckpoint(lease: Lease): void {
    if (this.#options.checkpoints !== true) {
      return;
    }
    if (lease.checkpointDue !== undefined) this.#checkpoints.delete(lease.checkpointDue);
    const intervalMs = this.#options.checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS;
    const seconds = lease.remainingTtlSeconds > 0 ? lease.remainingTtlSeconds : lease.ttlSeconds;
    if (seconds * 1000 > intervalMs) {
      const atMs = this.#clock.monotonicMs() + intervalMs;
      lease.checkpointDue = this.#checkpoints.add(lease, atMs);
    }
  }
}

function byExpiry(a: Lease, b: Lease): number {
  if (a.expiryMs !== b.expiryMs) {
    return a.expiryMs < b.expiryMs ? -1 : 1;
  }
  return byId(a, b);
}

function byId(a: Lease, b: Lease): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
