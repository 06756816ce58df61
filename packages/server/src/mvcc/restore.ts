/**
 * Takes the index from its image, else builds it from bucket key-meta. The result equals the index
 * before the restart, with two traps avoided: a key whose only record is a tombstone is in the index too
 * (a watch from its revision needs it), and the current revision is never below a compaction that was
 * scheduled, although the records up to it may all be gone.
 */
import type { Clock } from "../env/env.ts";
import type { Pause } from "../lib/key-order.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { finishedCompactKey, readCompactRevision, scheduledCompactKey } from "./compact-marks.ts";
import { type IndexImages, takeImage } from "./image.ts";
import type { LoadedImage } from "./index/index-image.ts";
import { IndexLoader } from "./index/index-loader.ts";
import { type IndexLeaf, mayHaveLeases, visitLeases } from "./index/leaf-writer.ts";
import { StoreState } from "./store-state.ts";
import { TurnSlicer } from "./turn.ts";
import type { LeaseHooks } from "./write-txn.ts";

const LOAD_PAGES = 16;

export interface RestoredState {
  readonly state: StoreState;
  /** A compaction that was scheduled and did not finish. */
  readonly unfinishedCompaction: number | undefined;
}

export interface RestoreOptions {
  /** Nothing may be pending in it. */
  readonly backend: Backend;
  readonly cacheBytesMax: number;
  /** The lessor knows its leases already. */
  readonly leases: LeaseHooks;
  readonly clock: Clock;
  /** Where an image of the index may be. */
  readonly images: IndexImages | undefined;
}

export async function restoreState(options: RestoreOptions): Promise<RestoredState> {
  const { backend, leases, images } = options;
  const state = new StoreState(backend, options.cacheBytesMax);
  const slicer = new TurnSlicer(options.clock);
  const pause: Pause = () => slicer.pause();
  const image = images && (await takeImage(backend, images, pause));
  if (image === undefined) {
    await loadIndex(state, leases, pause);
  } else {
    await loadImage(state, image, leases, pause);
  }
  const finished = readCompactRevision(backend, finishedCompactKey) ?? -1;
  const scheduled = readCompactRevision(backend, scheduledCompactKey) ?? -1;
  state.compactRevision = finished;
  state.currentRevision = Math.max(state.currentRevision, finished, scheduled);
  return { state, unfinishedCompaction: scheduled > finished ? scheduled : undefined };
}

async function loadImage(
  state: StoreState,
  { header, blocks }: LoadedImage,
  leases: LeaseHooks,
  pause: Pause,
): Promise<void> {
  await takeLeaves(state, { leaves: blocks, newest: header.currentRevision }, leases, pause);
  state.currentRevision = header.currentRevision;
  state.keysTotal = header.keysTotal;
}

/** Reads the next pages while those at hand are gathered. */
async function loadIndex(state: StoreState, leases: LeaseHooks, pause: Pause): Promise<void> {
  const iterator = state.backend.iterate(buckets.keyMeta);
  const loader = new IndexLoader();
  try {
    let pages = await iterator.next(LOAD_PAGES);
    while (pages.length > 0) {
      const [next] = await Promise.all([iterator.next(LOAD_PAGES), gather(loader, pages)]);
      pages = next;
      if (loader.isFull) {
        await loader.putTogether(pause);
      }
    }
  } finally {
    await iterator.close();
  }
  const { leaves, live } = await loader.putTogether(pause);
  await takeLeaves(state, { leaves, newest: loader.lastMain }, leases, pause);
  state.currentRevision = Math.max(state.currentRevision, loader.lastMain);
  state.keysTotal = live;
}

/** Asynchronous only so that what it throws meets a read under way in good order. */
async function gather(loader: IndexLoader, pages: readonly EngineEntry[]): Promise<void> {
  for (const [, page] of pages) {
    loader.add(page);
  }
  await Promise.resolve();
}

async function takeLeaves(
  state: StoreState,
  { leaves, newest }: { readonly leaves: readonly IndexLeaf[]; readonly newest: number },
  leases: LeaseHooks,
  pause: Pause,
): Promise<void> {
  await state.index.load(leaves, newest, pause);
  for (const leaf of leaves) {
    if (mayHaveLeases(leaf)) {
      visitLeases(leaf, (lease, key) => leases.attach(lease, key));
      await pause();
    }
  }
}
