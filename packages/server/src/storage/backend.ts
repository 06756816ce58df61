/** The contract of the write-behind store under the applied state machine. */
import type { EntrySlice } from "../lib/entry-slice.ts";
import type { Bucket } from "./buckets.ts";
import type { EngineEntry, KeyRange } from "./engine.ts";

/** The point of the replicated log a checkpoint stands for. */
export interface AppliedState {
  readonly index: number;
  readonly term: number;
  /** The membership at `index`, encoded by its owner. */
  readonly confState: Uint8Array;
}

/** Gives the applied state; called in the same turn in which pending changes are frozen. */
export type AppliedSource = () => AppliedState;

export interface BucketIterator {
  /** The next entries (keys without the bucket byte), at most `maxItems`; empty at the end. */
  next(maxItems: number): Promise<readonly EngineEntry[]>;
  close(): Promise<void>;
}

/** The records of bucket `keyValue`, in order. */
export interface RecordWalk {
  /** The next records, a millisecond's worth or so, verified; empty at the end. */
  next(): Promise<readonly EntrySlice[]>;
  close(): Promise<void>;
}

export interface BucketRange extends KeyRange {
  readonly reverse?: boolean;
  readonly keysOnly?: boolean;
}

/** A durable state of the whole store, unaffected by later writes. Close it. */
export interface FrozenView {
  readonly applied: AppliedState;
  get(bucket: Bucket, key: Uint8Array): Uint8Array | undefined;
  /** `keyValue` only up to a bound. */
  iterate(bucket: Bucket, range?: BucketRange): BucketIterator;
  /** Bucket `keyValue`, with keys below `below` if there is a bound. */
  records(below?: Uint8Array): RecordWalk;
  close(): Promise<void>;
}

/**
 * Owners keep their state in memory, note every change here synchronously while applying, and the
 * member calls `checkpoint` every so often. Nothing noted is durable before that; a crash goes back to
 * the last durable checkpoint as a whole, and the log above it is applied again.
 *
 * Keys and values passed in must not change afterwards. A stored value that fails its checksum throws
 * `CorruptionError`.
 */
export interface Backend {
  /** Notes a change; a later one on the same key replaces it. */
  put(bucket: Bucket, key: Uint8Array, value: Uint8Array): void;
  delete(bucket: Bucket, key: Uint8Array): void;
  /**
   * Adds a record to bucket `keyValue`, where nothing is ever put otherwise. Its key is above all keys
   * that the bucket has ever held. Records lie together in blocks, which only `delete` changes. Copies
   * both.
   */
  append(key: Uint8Array, value: Uint8Array): void;
  /**
   * For many small entries with rising keys: those that follow each other are put together into one
   * value of some kilobytes under the key of the first, and nothing marks where one ends. Copies `entry`,
   * and never touches a value again that a checkpoint holds.
   */
  pack(bucket: Bucket, key: Uint8Array, entry: Uint8Array): void;

  /**
   * Writes the appended records ahead of the checkpoint that they belong to, so that a store which is
   * being filled can become larger than memory, and in the engine's own order. Only for a store that
   * counts for nothing before that checkpoint; its records must not be read until then. One at a time,
   * and no checkpoint meanwhile.
   */
  writeAhead(): Promise<void>;

  /** Reads your own writes. Synchronous: a few microseconds when it must ask the engine. */
  get(bucket: Bucket, key: Uint8Array): Uint8Array | undefined;
  /**
   * As `get`, for many keys at once off the event loop; the state is that of the time of the call. The
   * values are views of larger memory: of what is kept for long, a copy is to be made.
   */
  getMany(bucket: Bucket, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;
  /** Walks a bucket as of now. Allowed only while nothing is pending or being written: at load. */
  iterate(bucket: Bucket, range?: BucketRange): BucketIterator;

  /**
   * Approximate bytes noted and not yet durable, including those being written. A record to be deleted
   * counts for the block that it leaves, which a checkpoint reads and writes again.
   */
  readonly pendingBytes: number;
  /** Whether a checkpoint is being written. */
  readonly checkpointing: boolean;
  /**
   * Writes all that is pending, with the applied state, as one atomic durable batch. If one is being
   * written, waits for it first and takes then what is pending then; further callers share the wait.
   * Rejects if the backend is or gets poisoned.
   */
  checkpoint(applied: AppliedSource): Promise<void>;
  /** A checkpoint, and the view of exactly it. */
  frozenView(applied: AppliedSource): Promise<FrozenView>;
  /** Called after each checkpoint is durable: log entries up to `applied.index` are no longer needed. */
  onDurable(callback: (applied: AppliedState) => void): void;
  /** Called once, at the first failed engine write. The process must end; nothing will be written. */
  onFatal(callback: (error: Error) => void): void;

  /** The applied state of the last durable checkpoint; `undefined` in a new store. */
  loadApplied(): AppliedState | undefined;
  /** Counts checkpoints: that of the last durable one, 0 in a new store. Names what the store holds. */
  readonly checkpointNumber: number;
  /** Reclaims disk space of deleted data. */
  defragment(): Promise<void>;
  sizeBytes(): Promise<number>;
  sizeInUseBytes(): Promise<number>;
  /** Waits for a running checkpoint, drops what is pending, closes the engine. */
  close(): Promise<void>;
}
