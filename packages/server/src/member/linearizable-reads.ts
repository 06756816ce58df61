/**
 * Linearizable reads by ReadIndex (thesis §6.4): a read may be answered once the leader has confirmed
 * that it still leads and this member has applied all that was committed when it asked.
 *
 * All reads that arrive while a round is under way share the next one. Every round, every retry too,
 * has an id of its own, so that a late answer to one can never confirm another. No clock is trusted.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { createDeferred, type Deferred } from "../lib/deferred.ts";
import type { RequestIds } from "./request-ids.ts";

/** Reads that share one round. */
interface ReadBatch {
  readonly deferred: Deferred<void>;
  readonly deadlineMs: number;
}

interface Round {
  readonly id: bigint;
  readonly batch: ReadBatch;
  readonly retryAtMs: number;
}

/** A batch whose index is confirmed, waiting for it to be applied. */
interface Confirmed {
  readonly index: number;
  readonly batch: ReadBatch;
}

export interface LinearizableReadsOptions {
  readonly clock: Clock;
  readonly ids: RequestIds;
  readonly timeoutMs: number;
  /** A read is waiting to be taken up by `nextRound`. */
  readonly onQueued: () => void;
  readonly appliedIndex: () => number;
}

const RETRY_MS = 500;

export class LinearizableReads {
  readonly #options: LinearizableReadsOptions;
  #queued: ReadBatch | undefined;
  #round: Round | undefined;
  #confirmed: Confirmed[] = [];
  #stopped = false;

  constructor(options: LinearizableReadsOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Resolves when a read of the local state is linearizable; rejects when that takes too long. */
  wait(): Promise<void> {
    if (this.#stopped) return Promise.reject(EtcdError.from(EtcdErrors.stopped));
    if (this.#queued === undefined) {
      const { clock, timeoutMs, onQueued } = this.#options;
      const deferred = createDeferred<void>();
      this.#queued = { deferred, deadlineMs: clock.monotonicMs() + timeoutMs };
      onQueued();
    }
    return this.#queued.deferred.promise;
  }

  /** The context of a round to start now; undefined when none is due. */
  nextRound(): Uint8Array | undefined {
    if (this.#round !== undefined || this.#queued === undefined) return undefined;
    const batch = this.#queued;
    this.#queued = undefined;
    return this.#start(batch);
  }

  /** Raft confirmed the round that had this context, at this index. */
  confirm(context: Uint8Array, index: number): void {
    const round = this.#round;
    if (round === undefined || contextOf(round.id).compare(context) !== 0) return;
    this.#round = undefined;
    if (index <= this.#options.appliedIndex()) round.batch.deferred.resolve();
    else this.#confirmed.push({ index, batch: round.batch });
    if (this.#queued !== undefined) this.#options.onQueued();
  }

  /** The state machine has moved on. */
  applied(index: number): void {
    if (this.#confirmed.length === 0) return;
    const waiting: Confirmed[] = [];
    for (const confirmed of this.#confirmed) {
      if (confirmed.index <= index) confirmed.batch.deferred.resolve();
      else waiting.push(confirmed);
    }
    this.#confirmed = waiting;
  }

  /**
   * The context of a retry under a new id, when the round has waited too long or `force` says that
   * its answer cannot come (the leader changed). Also gives up on reads whose time is up.
   */
  retry(nowMs: number, force: boolean): Uint8Array | undefined {
    this.#expire(nowMs);
    const round = this.#round;
    if (round === undefined || (!force && nowMs < round.retryAtMs)) return undefined;
    return this.#start(round.batch);
  }

  /** Rejects everything, now and from now on. */
  stop(): void {
    this.#stopped = true;
    this.#rejectAll(() => true, EtcdError.from(EtcdErrors.stopped));
  }

  #start(batch: ReadBatch): Uint8Array {
    const { clock, ids } = this.#options;
    this.#round = { id: ids.next(), batch, retryAtMs: clock.monotonicMs() + RETRY_MS };
    return contextOf(this.#round.id);
  }

  #expire(nowMs: number): void {
    const late = (batch: ReadBatch): boolean => batch.deadlineMs <= nowMs;
    this.#confirmed = this.#confirmed.filter(({ batch }) => {
      if (!late(batch)) return true;
      batch.deferred.reject(EtcdError.from(EtcdErrors.timeoutWaitAppliedIndex));
      return false;
    });
    this.#rejectAll(late, EtcdError.from(EtcdErrors.timeout));
  }

  #rejectAll(which: (batch: ReadBatch) => boolean, error: EtcdError): void {
    if (this.#round !== undefined && which(this.#round.batch)) {
      this.#round.batch.deferred.reject(error);
      this.#round = undefined;
    }
    if (this.#queued !== undefined && which(this.#queued)) {
      this.#queued.deferred.reject(error);
      this.#queued = undefined;
    }
    this.#confirmed = this.#confirmed.filter(({ batch }) => {
      if (!which(batch)) return true;
      batch.deferred.reject(error);
      return false;
    });
  }
}

function contextOf(id: bigint): Buffer {
  const context = Buffer.allocUnsafe(8);
  context.writeBigUInt64BE(id);
  return context;
}
