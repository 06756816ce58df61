/**
 * Linearizable reads by ReadIndex (thesis §6.4): a read may be answered once the leader has confirmed
 * that it still leads and this member has applied all that was committed when it asked.
 *
 * All reads that arrive while a round is under way share the next one. Every round, every retry too,
 * has an id of its own, so that a late answer to one can never confirm another. No clock is trusted.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { isLater, type Later, listenTo, Reply, type ReplyListener } from "../lib/reply.ts";
import type { RequestIds } from "./request-ids.ts";

/** What waits for a round. */
class PendingRead<T> extends Reply<T> implements ReplyListener<T> {
  readonly #read: () => T | Later<T>;

  constructor(read: () => T | Later<T>) {
    super();
    this.#read = read;
  }

  run(): void {
    let value: T | Later<T>;
    try {
      value = this.#read();
    } catch (error) {
      this.reject(error);
      return;
    }
    // Out here, so that a fault of whoever listens is not taken for one of the read.
    if (isLater(value)) listenTo(value, this);
    else this.resolve(value);
  }

  onReply(value: T): void {
    this.resolve(value);
  }

  onFailure(error: unknown): void {
    this.reject(error);
  }
}

/** Reads that share one round. */
class ReadBatch {
  readonly reads: PendingRead<unknown>[] = [];
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    this.deadlineMs = deadlineMs;
  }

  run(): void {
    for (const read of this.reads) read.run();
  }

  reject(error: EtcdError): void {
    for (const read of this.reads) read.reject(error);
  }
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
  wait(): Reply<void> {
    return this.after(() => undefined);
  }

  /**
   * Calls `read` in the very turn in which a read of the local state is linearizable, and answers
   * what it does; rejects when that takes too long. `read` must not call Raft in turn.
   */
  after<T>(read: () => T | Later<T>): Reply<T> {
    if (this.#stopped) return Reply.rejected(EtcdError.from(EtcdErrors.stopped));
    const pending = new PendingRead(read);
    this.#openBatch().reads.push(pending as PendingRead<unknown>);
    return pending;
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
    if (index <= this.#options.appliedIndex()) round.batch.run();
    else this.#confirmed.push({ index, batch: round.batch });
    if (this.#queued !== undefined) this.#options.onQueued();
  }

  /** The state machine has moved on. */
  applied(index: number): void {
    if (this.#confirmed.length === 0) return;
    const waiting: Confirmed[] = [];
    for (const confirmed of this.#confirmed) {
      if (confirmed.index <= index) confirmed.batch.run();
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

  /** That of the next round. */
  #openBatch(): ReadBatch {
    if (this.#queued === undefined) {
      const { clock, timeoutMs, onQueued } = this.#options;
      this.#queued = new ReadBatch(clock.monotonicMs() + timeoutMs);
      onQueued();
    }
    return this.#queued;
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
      batch.reject(EtcdError.from(EtcdErrors.timeoutWaitAppliedIndex));
      return false;
    });
    this.#rejectAll(late, EtcdError.from(EtcdErrors.timeout));
  }

  #rejectAll(which: (batch: ReadBatch) => boolean, error: EtcdError): void {
    if (this.#round !== undefined && which(this.#round.batch)) {
      this.#round.batch.reject(error);
      this.#round = undefined;
    }
    if (this.#queued !== undefined && which(this.#queued)) {
      this.#queued.reject(error);
      this.#queued = undefined;
    }
    this.#confirmed = this.#confirmed.filter(({ batch }) => {
      if (!which(batch)) return true;
      batch.reject(error);
      return false;
    });
  }
}

function contextOf(id: bigint): Buffer {
  const context = Buffer.allocUnsafe(8);
  context.writeBigUInt64BE(id);
  return context;
}
