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
import { KeyMetaReader } from "./key-meta.ts";
import { StoreState } from "./store-state.ts";
import { nextTurn, TurnSlicer } from "./turn.ts";
import type { LeaseHooks } from "./write-txn.ts";

const LOAD_PAGES = 16;
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
  const { hasLeases } = await loadIndex(state);
  const slicer = new TurnSlicer(clock);
  await state.index.finishLoad(() => slicer.pause());
  const finished = readCompactRevision(backend, finishedCompactKey) ?? -1;
  const scheduled = readCompactRevision(backend, scheduledCompactKey) ?? -1;
  state.compactRevision = finished;
  state.currentRevision = Math.max(state.currentRevision, finished, scheduled);
  if (hasLeases) {
    await attachLeases(state, leases, clock);
  }
  return { state, unfinishedCompaction: scheduled > finished ? scheduled : undefined };
}

/** What is learned of the store on the way. */
interface Loaded {
  /** Whether any version has a lease. */
  hasLeases: boolean;
}

/** Reads the next pages while those at hand are put into the index. */
async function loadIndex(state: StoreState): Promise<Loaded> {
  const iterator = state.backend.iterate(buckets.keyMeta);
  const meta = new KeyMetaReader();
  const loaded: Loaded = { hasLeases: false };
  try {
    let pages = await iterator.next(LOAD_PAGES);
    while (pages.length > 0) {
      const [next] = await Promise.all([
        iterator.next(LOAD_PAGES),
        loadPages(state, meta, pages, loaded),
      ]);
      pages = next;
    }
    return loaded;
  } finally {
    await iterator.close();
  }
}

/** Asynchronous only so that what it throws meets a read under way in good order. */
async function loadPages(
  state: StoreState,
  meta: KeyMetaReader,
  pages: readonly EngineEntry[],
  loaded: Loaded,
): Promise<void> {
  for (const [, page] of pages) {
    meta.open(page);
    while (meta.next()) {
      loadEntry(state, meta);
      loaded.hasLeases ||= meta.lease !== 0n;
    }
  }
  await Promise.resolve();
}

function loadEntry(state: StoreState, meta: KeyMetaReader): void {
  const { main, sub } = meta;
  const keyIndex = state.index.load(meta.key);
  const wasLive = !keyIndex.isDeleted;
  if (keyIndex.length === 0) {
    keyIndex.restore(main, sub, meta.created, meta.version);
  } else if (meta.isTombstone) {
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
