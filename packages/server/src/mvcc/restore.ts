/**
 * Builds the index from bucket key-meta. The result equals the index before the restart, with two
 * traps avoided: a key whose only record is a tombstone is in the index too (a watch from its
 * revision needs it), and the current revision is never below a compaction that was scheduled,
 * although the records up to it may all be gone.
 */
import type { Clock } from "../env/env.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { finishedCompactKey, readCompactRevision, scheduledCompactKey } from "./compact-marks.ts";
import { KeyMeta } from "./key-meta.ts";
import { checkRevisionKey, isTombstoneKey, revisionMain, revisionSub } from "./revision.ts";
import { StoreState } from "./store-state.ts";
import { nextTurn } from "./turn.ts";
import type { LeaseHooks } from "./write-txn.ts";

const LOAD_BATCH = 2000;
const ATTACH_BATCH = 5000;

export interface RestoredState {
  readonly state: StoreState;
  /** A compaction that was scheduled and did not finish. */
  readonly unfinishedCompaction: number | undefined;
}

/** Nothing may be pending in `backend`, and the lessor must know its leases already. */
export async function restoreState(
  backend: Backend,
  cacheBytesMax: number,
  leases: LeaseHooks,
  clock: Clock,
): Promise<RestoredState> {
  const state = new StoreState(backend, cacheBytesMax);
  await loadIndex(state);
  const finished = readCompactRevision(backend, finishedCompactKey) ?? -1;
  const scheduled = readCompactRevision(backend, scheduledCompactKey) ?? -1;
  state.compactRevision = finished;
  state.currentRevision = Math.max(state.currentRevision, finished, scheduled);
  await attachLeases(state, leases, clock);
  return { state, unfinishedCompaction: scheduled > finished ? scheduled : undefined };
}

/** Reads the next batch while the one at hand is put into the index. */
async function loadIndex(state: StoreState): Promise<void> {
  const iterator = state.backend.iterate(buckets.keyMeta);
  const meta = new KeyMeta();
  try {
    let entries = await iterator.next(LOAD_BATCH);
    while (entries.length > 0) {
      const [next] = await Promise.all([
        iterator.next(LOAD_BATCH),
        loadBatch(state, meta, entries),
      ]);
      entries = next;
    }
  } finally {
    await iterator.close();
  }
}

/** Asynchronous only so that what it throws meets a read under way in good order. */
async function loadBatch(
  state: StoreState,
  meta: KeyMeta,
  entries: readonly EngineEntry[],
): Promise<void> {
  for (const entry of entries) {
    loadEntry(state, meta, entry);
  }
  await Promise.resolve();
}

function loadEntry(state: StoreState, meta: KeyMeta, [revision, bytes]: EngineEntry): void {
  checkRevisionKey(revision);
  const main = revisionMain(revision);
  const sub = revisionSub(revision);
  const isTombstone = isTombstoneKey(revision);
  if (isTombstone) {
    meta.decodeTombstone(bytes);
  } else {
    meta.decodePut(bytes);
  }
  const keyIndex = state.index.getOrCreate(meta.key);
  const wasLive = !keyIndex.isDeleted;
  if (keyIndex.length === 0) {
    keyIndex.restore(main, sub, meta.created, meta.version);
  } else if (isTombstone) {
    keyIndex.tombstone(main, sub);
  } else {
    keyIndex.put(main, sub);
  }
  keyIndex.lease = meta.lease;
  state.keysTotal += Number(!keyIndex.isDeleted) - Number(wasLive);
  state.currentRevision = main;
}

async function attachLeases(state: StoreState, leases: LeaseHooks, clock: Clock): Promise<void> {
  let next: string | undefined = "";
  while (next !== undefined) {
    next = state.index.visitSlice(next, undefined, ATTACH_BATCH, (key, keyIndex) => {
      if (keyIndex.lease !== 0n) {
        leases.attach(keyIndex.lease, key);
      }
    });
    await nextTurn(clock);
  }
}
