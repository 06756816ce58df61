/**
 * The multi-version store: every change of every key, by revision, until it is compacted away.
 *
 * The index of keys and revisions is in memory; records (`mvccpb.KeyValue` in protobuf) are in the
 * backend, the newest also in a bounded cache. Changes are made by synchronous write transactions, by
 * apply alone. Reads outside apply may take many turns; they see one revision throughout, whatever is
 * written or compacted meanwhile.
 */
import { EtcdError, EtcdErrors, type RangeRequest, type RangeResponse } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import { bytesToKey } from "../lib/bytes.ts";
import { toError } from "../lib/error-code.ts";
import type { Backend, FrozenView } from "../storage/backend.ts";
import type { Change } from "./change.ts";
import {
  finishedCompactKey,
  readCompactRevision,
  scheduledCompactKey,
  writeCompactRevision,
} from "./compact-marks.ts";
import { type CompactionJob, runCompaction } from "./compaction.ts";
import { HeldMeta } from "./held-meta.ts";
import { type IndexImages, leaveImage } from "./image.ts";
import type { KeyIndex } from "./index/key-index.ts";
import type { KeyRange } from "./key-range.ts";
import { hashKeyValues, hashOfNothing, type KeyValueHash } from "./hash.ts";
import { planRange } from "./range.ts";
import { readRange, readRangeSync, recordAt } from "./range-reader.ts";
import { restoreState } from "./restore.ts";
import type { StoreState } from "./store-state.ts";
import type { Foreground } from "./turn.ts";
import { type LeaseHooks, TxnGuard, type TxnOwner, WriteTxn } from "./write-txn.ts";

const CACHE_BYTES_MAX = 24 * 1024 * 1024;
const KEPT_HASHES = 10;

export interface StoreOptions {
  readonly backend: Backend;
  readonly clock: Clock;
  /** What long reads and compactions give way to. */
  readonly foreground?: Foreground;
  readonly leases: LeaseHooks;
  /** A checkpoint and a view of it: `backend.frozenView` with the member's applied state. */
  readonly freeze: () => Promise<FrozenView>;
  /** Background work failed: the engine is broken, or the program. The process must end. */
  readonly onFatal: (error: Error) => void;
  /** Where the index is kept from a clean stop to the next start. */
  readonly images?: IndexImages;
  /** Bytes of records kept in memory. */
  readonly cacheBytesMax?: number;
}

/** Takes the changes of each write transaction at its end, in order. */
export type ChangeListener = (revision: number, changes: readonly Change[]) => void;

export interface HashAnswer extends KeyValueHash {
  /** The store's revision when the answer was made. */
  readonly currentRevision: number;
}

export class Store {
  readonly #options: StoreOptions;
  readonly #guard = new TxnGuard();
  readonly #txnOwner: TxnOwner;
  readonly #hashes: KeyValueHash[] = [];
  #state: StoreState;
  #onChange: ChangeListener | undefined = undefined;
  #onRestore: (() => void) | undefined = undefined;
  #isClosed = false;
  #removedTotal = 0;
  /** The last of the queued compactions. */
  #compactions: Promise<void> = Promise.resolve();

  private constructor(options: StoreOptions, state: StoreState) {
    this.#options = options;
    this.#state = state;
    this.#txnOwner = {
      leases: options.leases,
      keepsPrevious: false,
      onEnd: (txn) => {
        this.#endWrite(txn);
      },
    };
  }

  /** Loads the store. The lessor must know its leases already: keys are attached while loading. */
  static async open(options: StoreOptions): Promise<Store> {
    const { backend, images } = options;
    const { state, unfinishedCompaction } = await load(options, backend, images);
    const store = new Store(options, state);
    store.#resumeCompaction(unfinishedCompaction);
    return store;
  }

  get currentRevision(): number {
    return this.#state.currentRevision;
  }

  /** Revisions below it cannot be read; −1 before the first compaction. */
  get compactRevision(): number {
    return this.#state.compactRevision;
  }

  /** Keys that exist now. */
  get keysTotal(): number {
    return this.#state.keysTotal;
  }

  /** Revisions that compactions have removed since the start. */
  get removedTotal(): number {
    return this.#removedTotal;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** For the readers of this folder; a restore replaces it. */
  get state(): StoreState {
    return this.#state;
  }

  /** One listener; it must not write. */
  setChangeListener(listener: ChangeListener): void {
    this.#onChange = listener;
  }

  /** Whether writes hold on to the record they replace, for watchers that want previous versions. */
  set keepsPrevious(keepsPrevious: boolean) {
    this.#txnOwner.keepsPrevious = keepsPrevious;
  }

  /** Called when `restore` has replaced the content. One listener. */
  setRestoreListener(listener: () => void): void {
    this.#onRestore = listener;
  }

  /** One at a time, ended in the same turn. */
  beginWrite(): WriteTxn {
    return this.#begin(new WriteTxn(this.#state, this.#txnOwner));
  }

  /** One that may take many turns, and may only delete. Until its end there can be no other. */
  beginLongWrite(): WriteTxn {
    return this.#begin(new WriteTxn(this.#state, this.#txnOwner, new HeldMeta()));
  }

  /** To be waited for by transactions outside of apply: resolves at the end of a long write. */
  get longWrite(): Promise<void> | undefined {
    return this.#guard.ended;
  }

  /**
   * Reads at one revision; a promise only if the range is long or a value is not in memory. Throws, or
   * rejects with, compacted or future revision. Does not check the request otherwise. Without
   * `withTotal`, `count` is that of the keys looked at, which need not be all.
   */
  range(
    request: RangeRequest,
    { withTotal = true }: { readonly withTotal?: boolean } = {},
  ): RangeResponse | Promise<RangeResponse> {
    const plan = planRange(this.#state, request, this.#state.currentRevision, withTotal);
    const { clock, foreground } = this.#options;
    return readRange(this.#state, plan, clock, foreground);
  }

  /** For apply: all in this turn. */
  rangeSync(request: RangeRequest): RangeResponse {
    const plan = planRange(this.#state, request, this.#state.currentRevision, true);
    return readRangeSync(this.#state, plan);
  }

  /** Whether the key exists now. */
  hasKey(key: Uint8Array): boolean {
    return this.#state.index.get(bytesToKey(key))?.isDeleted === false;
  }

  /** `mvccpb.KeyValue` of the key's newest version; undefined if the key does not exist. */
  newestRecord(key: string): Uint8Array | undefined {
    return this.recordAt(key, this.#state.currentRevision);
  }

  /** As `newestRecord`, at a revision that is not compacted. */
  recordAt(key: string, revision: number): Uint8Array | undefined {
    return recordAt(this.#state, key, revision);
  }

  /** The keys of a range that exist now, in order, until `visit` returns false. Synchronous. */
  visitLive(range: KeyRange, visit: (keyIndex: KeyIndex, key: string) => boolean): void {
    const { index } = this.#state;
    if (range.isPoint) {
      const keyIndex = index.get(range.start);
      if (keyIndex?.isDeleted === false) {
        visit(keyIndex, range.start);
      }
      return;
    }
    index.visit(range.start, range.end, (key, keyIndex) =>
      keyIndex.isDeleted ? true : visit(keyIndex, key),
    );
  }

  /**
   * Refuses reads below `revision` from now on and queues the removal of what only they need. The
   * returned promise resolves when that is done; it never rejects. Throws compacted or future
   * revision.
   */
  compact(revision: number): Promise<void> {
    const state = this.#state;
    if (revision <= state.compactRevision) {
      throw EtcdError.from(EtcdErrors.compacted);
    }
    if (revision > state.currentRevision) {
      throw EtcdError.from(EtcdErrors.futureRevision);
    }
    const finished = readCompactRevision(state.backend, finishedCompactKey);
    const scheduled = readCompactRevision(state.backend, scheduledCompactKey);
    const previousRevision = state.compactRevision;
    writeCompactRevision(state.backend, scheduledCompactKey, revision);
    state.compactRevision = revision;
    const isHashed = finished === scheduled;
    return this.#queueCompaction({ revision, previousRevision, isHashed });
  }

  /**
   * HashKV at `revision` (0: the newest; below that there is nothing to hash). For the revision of a
   * recent compaction: the hash made then. Rejects with compacted or future revision.
   */
  async hashByRevision(revision: number): Promise<HashAnswer> {
    const stored = this.#hashes.find((hash) => hash.revision === revision);
    if (stored !== undefined) {
      return { ...stored, currentRevision: this.currentRevision };
    }
    const state = this.#state;
    const { compactRevision, currentRevision } = state;
    if (revision > 0 && revision < compactRevision) {
      throw EtcdError.from(EtcdErrors.compacted);
    }
    if (revision > currentRevision) {
      throw EtcdError.from(EtcdErrors.futureRevision);
    }
    const atRevision = revision === 0 ? currentRevision : revision;
    if (atRevision < 0) {
      return { ...hashOfNothing(atRevision, compactRevision), currentRevision };
    }
    const hash = await this.#hashNow(state, atRevision, compactRevision);
    // A restore in between: the view may have been of the new content.
    if (state !== this.#state) {
      return this.hashByRevision(revision);
    }
    return { ...hash, currentRevision };
  }

  /** Hashes of the newest compactions, by revision. */
  get compactionHashes(): readonly KeyValueHash[] {
    return this.#hashes;
  }

  /**
   * Replaces everything by the content of `backend`, as after installing a snapshot. The old state
   * serves reads until the new one is loaded. The lessor must know the new leases already, and
   * nothing may be applied meanwhile.
   */
  async restore(backend: Backend): Promise<void> {
    const { state, unfinishedCompaction } = await load(this.#options, backend);
    this.#state = state;
    this.#resumeCompaction(unfinishedCompaction);
    this.#onRestore?.();
  }

  /**
   * Ends background work; to be called before the backend is closed. Running reads will reject, and no
   * write can begin: the image that may be left now is of the store as it is.
   */
  close(): void {
    this.#isClosed = true;
  }

  /**
   * Leaves the index for the next start to pick up. To be called when the store is closed and a checkpoint
   * holds all that was written; never rejects, and does nothing for a store that is not at rest.
   */
  async leaveImage(): Promise<void> {
    const { images, clock } = this.#options;
    if (images !== undefined && this.longWrite === undefined) {
      await leaveImage(this.#state, images, clock);
    }
  }

  #begin(txn: WriteTxn): WriteTxn {
    assert(!this.#isClosed, "the store is closed");
    this.#guard.begin(txn);
    return txn;
  }

  #endWrite(txn: WriteTxn): void {
    this.#guard.end(txn);
    if (txn.changes.length > 0) {
      this.#state.currentRevision = txn.revision;
      this.#onChange?.(txn.revision, txn.changes);
    }
  }

  #resumeCompaction(revision: number | undefined): void {
    if (revision !== undefined) {
      const previousRevision = this.#state.compactRevision;
      this.#state.compactRevision = revision;
      void this.#queueCompaction({ revision, previousRevision, isHashed: false });
    }
  }

  async #queueCompaction(job: CompactionJob): Promise<void> {
    const state = this.#state;
    const before = this.#compactions;
    const run = async (): Promise<void> => {
      await before;
      try {
        await this.#compactNow(state, job);
      } catch (error) {
        // What a closed or replaced backend answers no longer matters.
        if (state === this.#state && !this.#isClosed) {
          this.#options.onFatal(toError(error));
        }
      }
    };
    this.#compactions = run();
    await this.#compactions;
  }

  async #compactNow(state: StoreState, job: CompactionJob): Promise<void> {
    const isAbandoned = (): boolean => state !== this.#state || this.#isClosed;
    const { clock, foreground, freeze } = this.#options;
    const tools = { clock, foreground, freeze, isAbandoned };
    const { hash, removed } = await runCompaction(state, job, tools);
    this.#removedTotal += removed;
    if (hash !== undefined && !isAbandoned()) {
      this.#hashes.push(hash);
      this.#hashes.sort((a, b) => a.revision - b.revision);
      this.#hashes.splice(0, this.#hashes.length - KEPT_HASHES);
    }
  }

  async #hashNow(
    state: StoreState,
    revision: number,
    compactRevision: number,
  ): Promise<KeyValueHash> {
    state.pins.pin(compactRevision);
    try {
      const view = await this.#options.freeze();
      try {
        const scope = { revision, compactRevision, tombstonesAt: undefined };
        return await hashKeyValues(state, view, scope, this.#options);
      } finally {
        await view.close();
      }
    } finally {
      state.pins.unpin(compactRevision);
    }
  }
}

function load(
  options: StoreOptions,
  backend: Backend,
  images?: IndexImages,
): ReturnType<typeof restoreState> {
  const { leases, clock, cacheBytesMax = CACHE_BYTES_MAX } = options;
  return restoreState({ backend, cacheBytesMax, leases, clock, images });
}
