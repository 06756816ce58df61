/**
 * Compaction to revision N. Reads below N are refused from the moment it is applied; what they would
 * have needed is removed later, in slices, one compaction after the other:
 *
 *   wait until no running read is pinned below N
 *   hash what there is up to N (members compare these hashes)
 *   walk the index: drop each key's revisions that no reader at ≥ N can see, from index and store
 *   note N as finished
 *
 * The marks make it resume after a restart. Removal needs no order: a crash in the middle leaves some
 * keys compacted and some not, and a second walk gives the same result. Each key's revisions go
 * in one slice, hence in one checkpoint.
 */
import type { Clock } from "../env/env.ts";
import type { FrozenView } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { finishedCompactKey, writeCompactRevision } from "./compact-marks.ts";
import { hashKeyValues, type KeyValueHash } from "./hash.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { encodeRevision, encodeTombstone } from "./revision.ts";
import type { StoreState } from "./store-state.ts";
import { TurnSlicer } from "./turn.ts";

const SLICE_KEYS = 256;
/** Removal waits for a checkpoint while more than this is pending in the backend. */
const PENDING_BYTES_MAX = 32 * 1024 * 1024;
const PENDING_RETRY_MS = 10;

export interface CompactionJob {
  readonly revision: number;
  readonly previousRevision: number;
  /** Whether the hash covers everything since the last compaction, so that members can compare it. */
  readonly isHashed: boolean;
}

export interface CompactionTools {
  readonly clock: Clock;
  readonly freeze: () => Promise<FrozenView>;
  /** Whether the state has been replaced: the job ends early. */
  readonly isAbandoned: () => boolean;
}

export interface CompactionResult {
  readonly hash: KeyValueHash | undefined;
  /** Revisions removed. */
  readonly removed: number;
}

/** Resolves when all is removed (noted in the backend, durable with its next checkpoint). */
export async function runCompaction(
  state: StoreState,
  job: CompactionJob,
  tools: CompactionTools,
): Promise<CompactionResult> {
  await state.pins.clearBelow(job.revision);
  const hash =
    job.isHashed && !tools.isAbandoned() ? await hashBefore(state, job, tools) : undefined;
  const removed = await removeOld(state, job.revision, tools);
  if (!tools.isAbandoned()) {
    writeCompactRevision(state.backend, finishedCompactKey, job.revision);
  }
  return { hash, removed };
}

async function hashBefore(
  state: StoreState,
  job: CompactionJob,
  tools: CompactionTools,
): Promise<KeyValueHash> {
  const view = await tools.freeze();
  try {
    const scope = {
      revision: job.revision,
      compactRevision: job.previousRevision,
      tombstonesAt: job.revision,
    };
    return await hashKeyValues(state, view, scope, tools.clock);
  } finally {
    await view.close();
  }
}

async function removeOld(
  state: StoreState,
  revision: number,
  tools: CompactionTools,
): Promise<number> {
  const slicer = new TurnSlicer(tools.clock);
  let removed = 0;
  let next: string | undefined = "";
  while (next !== undefined && !tools.isAbandoned()) {
    const emptied: string[] = [];
    const start: string = next;
    next = state.index.visitSlice(start, undefined, SLICE_KEYS, (key, keyIndex) => {
      removed += compactKey(state, keyIndex, revision, () => emptied.push(key));
    });
    for (const key of emptied) {
      state.index.delete(key);
    }
    await slicer.pause();
    await waitForCheckpoint(state, tools);
  }
  return removed;
}

function compactKey(
  state: StoreState,
  keyIndex: KeyIndex,
  revision: number,
  onEmptied: () => void,
): number {
  let removed = 0;
  const isLeft = keyIndex.compact(revision, (main, sub, tombstone) => {
    removed++;
    if (tombstone) {
      state.backend.delete(buckets.keyMeta, encodeTombstone(main, sub));
    } else {
      const key = encodeRevision(main, sub);
      state.backend.delete(buckets.keyMeta, key);
      state.backend.delete(buckets.keyValue, key);
    }
  });
  if (!isLeft) {
    onEmptied();
  }
  return removed;
}

async function waitForCheckpoint(state: StoreState, tools: CompactionTools): Promise<void> {
  while (state.backend.pendingBytes > PENDING_BYTES_MAX && !tools.isAbandoned()) {
    await new Promise<void>((resolve) => {
      tools.clock.setTimer(PENDING_RETRY_MS, resolve);
    });
  }
}
