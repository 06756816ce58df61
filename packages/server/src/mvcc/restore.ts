/**
 * Builds the index from bucket key-meta. The result equals the index before the restart, with two
 * traps avoided: a key whose only record is a tombstone is in the index too (a watch from its
 * revision needs it), and the current revision is never below a compaction that was scheduled,
 * although the records up to it may all be gone.
 */
import type { Clock } from "../env/env.ts";
import type { Pause } from "../lib/key-order.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { finishedCompactKey, readCompactRevision, scheduledCompactKey } from "./compact-marks.ts";
import { IndexLoader, type LoadedKeys } from "./index/index-loader.ts";
import { KeyMetaReader } from "./key-meta.ts";
import { StoreState } from "./store-state.ts";
import { nextTurn, TurnSlicer } from "./turn.ts";
import type { LeaseHooks } from "./write-txn.ts";

const LOAD_PAGES = 16;
const ATTACH_BATCH = 5000;
const COUNT_SLICE = 16_384;

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
  const slicer = new TurnSlicer(clock);
  const hasLeases = await loadIndex(state, () => slicer.pause());
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
  readonly loader: IndexLoader;
  /** Whether any version has a lease. */
  hasLeases: boolean;
}

/** Reads the next pages while those at hand are gathered. Tells whether any version has a lease. */
async function loadIndex(state: StoreState, pause: Pause): Promise<boolean> {
  const iterator = state.backend.iterate(buckets.keyMeta);
  const meta = new KeyMetaReader();
  const loaded: Loaded = { loader: new IndexLoader(), hasLeases: false };
  try {
    let pages = await iterator.next(LOAD_PAGES);
    while (pages.length > 0) {
      const [next] = await Promise.all([
        iterator.next(LOAD_PAGES),
        loadPages(state, meta, pages, loaded),
      ]);
      pages = next;
      if (loaded.loader.isFull) {
        await loaded.loader.putTogether(pause);
      }
    }
  } finally {
    await iterator.close();
  }
  const keys = await loaded.loader.putTogether(pause);
  await state.index.load(keys, pause);
  state.keysTotal = await countLive(keys, pause);
  return loaded.hasLeases;
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
      loaded.loader.add(meta.key, meta);
      loaded.hasLeases ||= meta.lease !== 0n;
      state.currentRevision = meta.main;
    }
  }
  await Promise.resolve();
}

async function countLive({ keyIndexes }: LoadedKeys, pause: Pause): Promise<number> {
  let live = 0;
  for (let at = 0; at < keyIndexes.length; at++) {
    live += Number(!keyIndexes[at]!.isDeleted);
    if (at % COUNT_SLICE === 0) {
      await pause();
    }
  }
  return live;
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
