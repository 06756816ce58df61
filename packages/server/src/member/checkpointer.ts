/**
 * Makes the applied state durable every so often, then lets go of the log it no longer needs.
 *
 * A checkpoint starts a moment after something was applied, or at once when much is waiting. Applying
 * pauses while more is waiting than memory should hold.
 */
import type { Clock, Timer } from "../env/env.ts";
import type { SnapshotMetadata } from "../raft/messages.ts";
import type { Backend } from "../storage/backend.ts";
import type { Wal } from "../wal/wal.ts";
import type { StableLog } from "./stable-log.ts";

export interface CheckpointerOptions {
  readonly clock: Clock;
  readonly backend: () => Pick<Backend, "pendingBytes">;
  readonly stableLog: StableLog;
  readonly wal: Pick<Wal, "append" | "release">;
  /** Writes a checkpoint and answers what it stands for; undefined when it no longer matters. */
  readonly checkpoint: () => Promise<SnapshotMetadata | undefined>;
  /** `--snapshot-count`: entries between two compactions of the log. */
  readonly snapshotCount: number;
  /** `--snapshot-catchup-entries`: entries kept behind for followers. */
  readonly catchupEntries: number;
  /** Applying may go on. */
  readonly onRelieved: () => void;
  readonly onFatal: (error: unknown) => void;
}

const INTERVAL_MS = 200;
/**
 * A checkpoint starts at once when this much waits. The engine's batch is one piece of memory that
 * grows by doubling, which stops the loop for its size.
 */
const EAGER_BYTES = 4 * 1024 * 1024;
/** Applying pauses when this much waits. */
const PENDING_BYTES_MAX = 32 * 1024 * 1024;
/** The log in memory is cut short beyond this, however few entries that leaves. */
const LOG_BYTES_MAX = 256 * 1024 * 1024;

export class Checkpointer {
  readonly #options: CheckpointerOptions;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;
  /** Index of the checkpoint at the last compaction of the log. */
  #compactedAt: number;
  /** A snapshot is taking the place of the log: what is checkpointed meanwhile is not the log's. */
  #suspended = false;
  #stopped = false;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    this.#compactedAt = options.stableLog.snapshot().metadata.index;
  }

  /** Whether applying has to wait for the disk. */
  get isBehind(): boolean {
    return this.#options.backend().pendingBytes > PENDING_BYTES_MAX;
  }

  /** Something was applied. */
  applied(): void {
    if (this.#stopped || this.#suspended || this.#running !== undefined) return;
    if (this.#options.backend().pendingBytes > EAGER_BYTES) this.#start();
    else this.#timer ??= this.#options.clock.setTimer(INTERVAL_MS, () => this.#start());
  }

  /** To be called now and then: background work leaves changes behind too, with nothing applied. */
  tick(): void {
    if (this.#options.backend().pendingBytes > 0) this.applied();
  }

  #noteDurable(checkpoint: SnapshotMetadata): void {
    const { stableLog } = this.#options;
    if (checkpoint.index <= stableLog.snapshot().metadata.index) return;
    stableLog.setCheckpoint(checkpoint);
    this.#compactLog(checkpoint);
  }

  /** A snapshot is about to replace state and log; until `reset` nothing is checkpointed. */
  suspend(): void {
    this.#suspended = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The log was replaced by a snapshot at this index. */
  reset(index: number): void {
    this.#compactedAt = index;
    this.#suspended = false;
  }

  /** Waits for a checkpoint under way; starts no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#running;
  }

  #start(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#stopped || this.#suspended || this.#running !== undefined) return;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      const checkpoint = await this.#options.checkpoint();
      if (checkpoint !== undefined && !this.#suspended) this.#noteDurable(checkpoint);
    } catch (error) {
      this.#stopped = true;
      this.#options.onFatal(error);
    }
    this.#running = undefined;
    if (this.#stopped) return;
    this.#options.onRelieved();
    if (this.#options.backend().pendingBytes > 0) this.applied();
  }

  #compactLog(checkpoint: SnapshotMetadata): void {
    const { stableLog, wal, snapshotCount, catchupEntries, onFatal } = this.#options;
    const { index, term } = checkpoint;
    const isLarge = stableLog.bytes > LOG_BYTES_MAX;
    if (index - this.#compactedAt < snapshotCount && !isLarge) return;
    this.#compactedAt = index;
    const compactTo = isLarge ? index : index - catchupEntries;
    if (compactTo < stableLog.firstIndex()) return;
    stableLog.compact(compactTo);
    wal
      .append({ checkpoint: { index, term } }, { sync: false })
      .then(() => wal.release(compactTo))
      .catch(onFatal);
  }
}
