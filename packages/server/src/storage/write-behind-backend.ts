/**
 * The backend over an engine (contract in `backend.ts`).
 *
 *   put ─→ current changes ──swap──→ frozen changes ──one batch──→ engine
 *   get ─→ current, else frozen, else engine
 *
 * At most one batch is on its way; the next is not frozen before it is durable. The batch carries the
 * applied state of the moment of the swap, so engine and log can always be put together again.
 */
import { assert } from "../lib/assert.ts";
import { bytesToKey } from "../lib/bytes.ts";
import { toError } from "../lib/error-code.ts";
import { SlabArena } from "../lib/slab-arena.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { blockSlabs } from "./appended-blocks.ts";
import { appliedKey, encodeApplied, ringKey, ringValue } from "./applied-record.ts";
import type { StoredApplied } from "./applied-record.ts";
import type {
  AppliedSource,
  AppliedState,
  Backend,
  BucketIterator,
  BucketRange,
  FrozenView,
  RecordWalk,
} from "./backend.ts";
import type { BlockStore } from "./block-store.ts";
import { engineKey, failPending, iterateBucket, walkRecords } from "./bucket-iterator.ts";
import { buckets } from "./buckets.ts";
import type { Bucket } from "./buckets.ts";
import { sealValue, unsealValue } from "./checked-value.ts";
import { JoinedBatch, ListBatch } from "./engine.ts";
import type { Engine, EngineBatch, EngineSnapshot } from "./engine.ts";
import { PendingChanges } from "./pending-changes.ts";

/** Why a poisoned or closed backend refuses. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

export interface BackendParts {
  readonly engine: Engine;
  /** The last durable checkpoint in the engine. */
  readonly stored: StoredApplied | undefined;
  readonly blocks: BlockStore;
}

interface CheckpointEnd {
  readonly stored: StoredApplied;
  /** Applied state and number, the last in the batch. */
  readonly own: EngineBatch;
  /** The highest block in it, or before it. */
  readonly lastBlock: string;
}

export class WriteBehindBackend implements Backend {
  readonly #engine: Engine;
  readonly #blocks: BlockStore;
  readonly #noteBlock = (key: Uint8Array, beginsPage: boolean): void =>
    this.#blocks.added(key, beginsPage);
  #stored: StoredApplied | undefined;
  /** Number of the last batch, durable or not. */
  #last: number;
  /** For records on their way to the engine. */
  readonly #slabs: SlabPool = blockSlabs();
  #current = new PendingChanges(this.#slabs);
  #frozen: PendingChanges | undefined;
  /** The checkpoint being written. */
  #writing: Promise<void> | undefined;
  /** The one that will follow it, shared by all who asked meanwhile. */
  #waiting: Promise<void> | undefined;
  #failure: Error | undefined;
  readonly #durableCallbacks: ((applied: AppliedState) => void)[] = [];
  readonly #fatalCallbacks: ((error: Error) => void)[] = [];

  constructor(parts: BackendParts) {
    this.#engine = parts.engine;
    this.#stored = parts.stored;
    this.#last = parts.stored?.checkpoint ?? 0;
    this.#blocks = parts.blocks;
  }

  put(bucket: Bucket, key: Uint8Array, value: Uint8Array): void {
    this.#current.put(bucket, key, value);
  }

  delete(bucket: Bucket, key: Uint8Array): void {
    if (bucket !== buckets.keyValue) {
      this.#current.delete(bucket, key);
      return;
    }
    const text = bytesToKey(key);
    this.#current.deleteRecord(key, text, this.#blocks.blockOfText(text));
  }

  append(key: Uint8Array, value: Uint8Array): void {
    this.#current.append(key, value, this.#noteBlock);
  }

  pack(bucket: Bucket, key: Uint8Array, entry: Uint8Array): void {
    this.#current.pack(bucket, key, entry);
  }

  get(bucket: Bucket, key: Uint8Array): Uint8Array | undefined {
    const pending = this.#current.find(bucket, key) ?? this.#frozen?.find(bucket, key);
    return pending === undefined ? this.#getStored(bucket, key) : pending.value;
  }

  async getMany(bucket: Bucket, keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const values: (Uint8Array | undefined)[] = [];
    const missing: Uint8Array[] = [];
    const places: number[] = [];
    for (const [at, key] of keys.entries()) {
      const pending = this.#current.find(bucket, key) ?? this.#frozen?.find(bucket, key);
      values.push(pending?.value);
      if (pending === undefined) {
        missing.push(key);
        places.push(at);
      }
    }
    const stored = missing.length === 0 ? [] : await this.#getManyStored(bucket, missing);
    for (const [at, value] of stored.entries()) {
      values[places[at]!] = value;
    }
    return values;
  }

  iterate(bucket: Bucket, range: BucketRange = {}): BucketIterator {
    if (this.pendingBytes > 0) {
      failPending(this.pendingBytes);
    }
    return iterateBucket(this.#engine, bucket, range);
  }

  async writeAhead(): Promise<void> {
    assert(this.#writing === undefined, "a checkpoint is being written");
    const ring = new ListBatch();
    this.#addToRing(ring);
    const records = this.#current.takeRecords();
    try {
      await this.#engine.write(new JoinedBatch([records.batch(), ring]));
    } catch (error) {
      throw this.#poison(toError(error));
    }
    records.release();
  }

  get pendingBytes(): number {
    return this.#current.bytes + (this.#frozen?.bytes ?? 0);
  }

  get checkpointing(): boolean {
    return this.#writing !== undefined;
  }

  checkpoint(applied: AppliedSource): Promise<void> {
    if (this.#writing === undefined) {
      return this.#start(applied);
    }
    this.#waiting ??= this.#startWhenIdle(applied);
    return this.#waiting;
  }

  async frozenView(applied: AppliedSource): Promise<FrozenView> {
    while (this.#writing !== undefined) await settled(this.#writing);
    let view: FrozenView | undefined;
    await this.#start(applied, (state) => {
      // Still in the turn in which the checkpoint is known durable: nothing has followed it.
      view = new EngineView(this.#engine, state);
    });
    assert(view !== undefined, "a durable checkpoint left no view");
    return view;
  }

  onDurable(callback: (applied: AppliedState) => void): void {
    this.#durableCallbacks.push(callback);
  }

  onFatal(callback: (error: Error) => void): void {
    this.#fatalCallbacks.push(callback);
  }

  loadApplied(): AppliedState | undefined {
    return this.#stored?.applied;
  }

  get checkpointNumber(): number {
    return this.#stored?.checkpoint ?? 0;
  }

  defragment(): Promise<void> {
    return this.#engine.compactRange();
  }

  sizeBytes(): Promise<number> {
    return this.#engine.sizeBytes();
  }

  sizeInUseBytes(): Promise<number> {
    return this.#engine.sizeInUseBytes();
  }

  async close(): Promise<void> {
    while (this.#writing !== undefined) await settled(this.#writing);
    this.#failure ??= new BackendError("the backend is closed");
    await this.#engine.close();
  }

  #getStored(bucket: Bucket, key: Uint8Array): Uint8Array | undefined {
    return bucket === buckets.keyValue
      ? this.#blocks.get(key)
      : getChecked(this.#engine, bucket, key);
  }

  async #getManyStored(
    bucket: Bucket,
    keys: readonly Uint8Array[],
  ): Promise<(Uint8Array | undefined)[]> {
    if (bucket === buckets.keyValue) {
      return this.#blocks.getMany(keys);
    }
    const stored = keys.map((key) => engineKey(bucket, key));
    const values = await this.#engine.getMany(stored);
    return values.map((sealed, at) =>
      sealed === undefined ? undefined : unsealValue(stored[at]!, sealed),
    );
  }

  async #startWhenIdle(applied: AppliedSource): Promise<void> {
    while (this.#writing !== undefined) await settled(this.#writing);
    this.#waiting = undefined;
    await this.#start(applied);
  }

  /** To be called in the very turn in which nothing was seen to be writing: others wait as well. */
  #start(applied: AppliedSource, onDurable?: (applied: AppliedState) => void): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.reject(this.#failure);
    }
    assert(this.#writing === undefined, "two checkpoints at once");
    const frozen = this.#current;
    const state = applied();
    const own = new ListBatch();
    const stored = { checkpoint: this.#addToRing(own), applied: state };
    addSealed(own, buckets.backend, appliedKey, encodeApplied(stored));
    this.#frozen = frozen;
    this.#current = new PendingChanges(this.#slabs);
    const writing = this.#write(
      frozen,
      { stored, own, lastBlock: this.#blocks.last },
      onDurable,
    ).finally(() => {
      this.#writing = undefined;
    });
    this.#writing = writing;
    return writing;
  }

  async #write(
    frozen: PendingChanges,
    { stored, own, lastBlock }: CheckpointEnd,
    onDurable: ((applied: AppliedState) => void) | undefined,
  ): Promise<void> {
    const rests = new SlabArena(this.#slabs);
    try {
      const changes = frozen.batches();
      const { deletedRecords, emptiedBlocks } = frozen;
      const drops = await this.#blocks.dropping(deletedRecords, emptiedBlocks, rests);
      await this.#engine.write(new JoinedBatch([...changes, drops, own]));
      await this.#blocks.written(lastBlock);
    } catch (error) {
      throw this.#poison(toError(error));
    }
    this.#frozen = undefined;
    frozen.release();
    rests.release();
    this.#stored = stored;
    onDurable?.(stored.applied);
    for (const callback of this.#durableCallbacks) {
      callback(stored.applied);
    }
  }

  /** Gives the next batch its number, so that an open can tell if it is missing. */
  #addToRing(batch: ListBatch): number {
    const number = ++this.#last;
    addSealed(batch, buckets.backend, ringKey(number), ringValue(number));
    return number;
  }

  #poison(error: Error): Error {
    if (this.#failure === undefined) {
      this.#failure = new BackendError(`storage failed: ${error.message}`, { cause: error });
      for (const callback of this.#fatalCallbacks) {
        callback(this.#failure);
      }
    }
    return this.#failure;
  }
}

/** Waits for a checkpoint. Its errors are for those who asked for it. */
function settled(writing: Promise<void>): Promise<void> {
  return writing.catch(() => undefined);
}

function addSealed(batch: ListBatch, bucket: number, key: Uint8Array, value: Uint8Array): void {
  const stored = engineKey(bucket, key);
  batch.put(stored, sealValue(stored, value));
}

function getChecked(
  engine: Engine,
  bucket: Bucket,
  key: Uint8Array,
  snapshot?: EngineSnapshot,
): Uint8Array | undefined {
  const stored = engineKey(bucket, key);
  const sealed = engine.get(stored, snapshot);
  return sealed === undefined ? undefined : unsealValue(stored, sealed);
}

/** A view of the engine at a checkpoint. */
class EngineView implements FrozenView {
  readonly applied: AppliedState;
  readonly #engine: Engine;
  readonly #snapshot: EngineSnapshot;

  constructor(engine: Engine, applied: AppliedState) {
    this.applied = applied;
    this.#engine = engine;
    this.#snapshot = engine.snapshot();
  }

  get(bucket: Bucket, key: Uint8Array): Uint8Array | undefined {
    assert(bucket !== buckets.keyValue, "the records of a view can only be walked");
    return getChecked(this.#engine, bucket, key, this.#snapshot);
  }

  iterate(bucket: Bucket, range: BucketRange = {}): BucketIterator {
    return iterateBucket(this.#engine, bucket, range, this.#snapshot);
  }

  records(below?: Uint8Array): RecordWalk {
    return walkRecords(this.#engine, below, this.#snapshot);
  }

  close(): Promise<void> {
    return this.#snapshot.close();
  }
}
