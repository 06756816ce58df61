/**
 * One write transaction: all its changes share the next main revision and are numbered by sub. They
 * take effect at once in the index, where only the transaction itself can see them, because no other
 * code runs before `end`. A transaction that changes nothing leaves the revision as it is.
 *
 * A long transaction takes many turns before its `end`. Whoever reads at the current revision, which is
 * below its own, does not see it; its entries are held back from the backend.
 */
import { KeyValue, type RangeRequest, type RangeResponse } from "@kvorum/proto";
import { assert } from "../lib/assert.ts";
import { bytesToKey, keyToBytes } from "../lib/bytes.ts";
import { createDeferred, type Deferred } from "../lib/deferred.ts";
import { buckets } from "../storage/buckets.ts";
import { Change } from "./change.ts";
import type { HeldMeta } from "./held-meta.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { encodePutMeta, encodeTombstoneMeta } from "./key-meta.ts";
import type { KeyRange } from "./key-range.ts";
import { planRange } from "./range.ts";
import { readRangeSync, recordAt } from "./range-reader.ts";
import { encodeRevision } from "./revision.ts";
import type { StoreState } from "./store-state.ts";

/** How the store tells the lessor which keys a lease holds. */
export interface LeaseHooks {
  attach(leaseId: bigint, key: string): void;
  detach(leaseId: bigint, key: string): void;
}

/** The store, as its transactions see it. */
export interface TxnOwner {
  readonly leases: LeaseHooks;
  /** Whether changes carry the record they replace, if it is at hand. */
  keepsPrevious: boolean;
  readonly onEnd: (txn: WriteTxn) => void;
}

const NO_CHANGES: readonly Change[] = [];

export class WriteTxn {
  /** Revision before the transaction. */
  readonly beginRevision: number;
  /** Most transactions make one change, and an array that grows by itself has room for many. */
  #changes: Change[] | undefined = undefined;
  readonly #state: StoreState;
  readonly #owner: TxnOwner;
  readonly #held: HeldMeta | undefined;

  /** A transaction that holds back what it writes may only delete. */
  constructor(state: StoreState, owner: TxnOwner, held?: HeldMeta) {
    this.beginRevision = state.currentRevision;
    this.#state = state;
    this.#owner = owner;
    this.#held = held;
  }

  /** What was done so far, in order of sub revision. */
  get changes(): readonly Change[] {
    return this.#changes ?? NO_CHANGES;
  }

  /** What the store's revision will be, and what a range sees as newest. */
  get revision(): number {
    return this.changes.length > 0 ? this.beginRevision + 1 : this.beginRevision;
  }

  /** Copies what it keeps of `key` and `value`. The lease must exist (0n for none). */
  put(key: Uint8Array, value: Uint8Array, lease: bigint): void {
    const state = this.#state;
    const main = this.beginRevision + 1;
    const sub = this.changes.length;
    const keyText = bytesToKey(key);
    const keyIndex = state.index.getOrCreate(keyText);
    const isCreate = keyIndex.isDeleted;
    const replaced = this.#replacedRecord(keyIndex);
    keyIndex.put(main, sub);
    const version = {
      key,
      createRevision: keyIndex.created,
      modRevision: main,
      version: keyIndex.version,
      value,
      lease,
    };
    const record = state.cache.keep(keyIndex, state.encodeRecord(version));
    const revisionKey = encodeRevision(main, sub);
    const meta = encodePutMeta({ main, sub }, version, record.length, key);
    state.backend.pack(buckets.keyMeta, revisionKey, meta);
    state.backend.append(revisionKey, record);
    state.keysTotal += isCreate ? 1 : 0;
    const change = new Change(keyText, main, sub, record, isCreate);
    if (replaced !== undefined) {
      change.setPrevious(replaced);
    }
    this.#add(change);
    this.#moveLease(keyIndex, keyText, lease);
  }

  /** Number of keys deleted. */
  deleteRange(range: KeyRange): number {
    const keys = this.#liveKeys(range);
    for (const [key, keyIndex] of keys) {
      this.#delete(key, keyIndex);
    }
    return keys.length;
  }

  /** Deletes from [start, end), `limit` keys at most. Returns where to go on; undefined at the end. */
  deleteSome(start: string, end: string | undefined, limit: number): string | undefined {
    return this.#state.index.visitSlice(start, end, limit, (key, keyIndex) => {
      if (!keyIndex.isDeleted) {
        this.#delete(key, keyIndex);
      }
    });
  }

  /** Sees the transaction's own writes. Throws compacted or future revision. */
  range(request: RangeRequest): RangeResponse {
    return readRangeSync(this.#state, planRange(this.#state, request, this.revision, true));
  }

  /** The newest version of a key, or undefined. */
  get(key: Uint8Array): KeyValue | undefined {
    const record = recordAt(this.#state, bytesToKey(key), this.revision);
    return record === undefined ? undefined : KeyValue.decode(record);
  }

  /** Publishes the changes. Must be called exactly once. */
  end(): void {
    this.#held?.moveTo(this.#state.backend);
    this.#owner.onEnd(this);
  }

  #liveKeys(range: KeyRange): [string, KeyIndex][] {
    const keys: [string, KeyIndex][] = [];
    const take = (key: string, keyIndex: KeyIndex): boolean => {
      if (!keyIndex.isDeleted) {
        keys.push([key, keyIndex]);
      }
      return true;
    };
    if (range.isPoint) {
      const keyIndex = this.#state.index.get(range.start);
      if (keyIndex !== undefined) {
        take(range.start, keyIndex);
      }
    } else {
      this.#state.index.visit(range.start, range.end, take);
    }
    return keys;
  }

  #delete(key: string, keyIndex: KeyIndex): void {
    const state = this.#state;
    const main = this.beginRevision + 1;
    const sub = this.changes.length;
    const replaced = this.#replacedRecord(keyIndex);
    keyIndex.tombstone(main, sub);
    const meta = encodeTombstoneMeta(main, sub, keyToBytes(key));
    if (this.#held === undefined) {
      state.backend.pack(buckets.keyMeta, encodeRevision(main, sub), meta);
    } else {
      this.#held.add(() => encodeRevision(main, sub), meta);
    }
    state.keysTotal--;
    const change = new Change(key, main, sub, undefined, false);
    if (replaced !== undefined) {
      change.setPrevious(replaced);
    }
    this.#add(change);
    this.#moveLease(keyIndex, key, 0n);
  }

  #add(change: Change): void {
    if (this.#changes === undefined) this.#changes = [change];
    else this.#changes.push(change);
  }

  /** The newest record, if watchers want it, it is at hand, and it was not written by this very txn. */
  #replacedRecord(keyIndex: KeyIndex): Uint8Array | undefined {
    const isOlder = keyIndex.main <= this.beginRevision;
    return this.#owner.keepsPrevious && isOlder ? this.#state.cache.get(keyIndex) : undefined;
  }

  #moveLease(keyIndex: KeyIndex, key: string, lease: bigint): void {
    if (keyIndex.lease === lease) {
      return;
    }
    const { leases } = this.#owner;
    if (keyIndex.lease !== 0n) {
      leases.detach(keyIndex.lease, key);
    }
    if (lease !== 0n) {
      leases.attach(lease, key);
    }
    keyIndex.lease = lease;
  }
}

/** Guards that transactions do not overlap. */
export class TxnGuard {
  #open: WriteTxn | undefined = undefined;
  #ended: Deferred<void> | undefined = undefined;

  /** Resolves when no transaction is open; undefined if none is. */
  get ended(): Promise<void> | undefined {
    if (this.#open === undefined) {
      return undefined;
    }
    this.#ended ??= createDeferred<void>();
    return this.#ended.promise;
  }

  begin(txn: WriteTxn): void {
    assert(this.#open === undefined, "a write transaction is open already");
    this.#open = txn;
  }

  end(txn: WriteTxn): void {
    assert(this.#open === txn, "the write transaction has ended already");
    this.#open = undefined;
    this.#ended?.resolve();
    this.#ended = undefined;
  }
}
