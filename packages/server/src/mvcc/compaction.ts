/**
 * Compaction to revision N. Reads below N are refused from the moment it is applied; what they would
 * have needed is removed later, in slices, one compaction after the other:
 *
 *   wait until no running read is pinned below N
 *   hash what there is up to N (members compare these hashes)
 *   walk the index: drop each key's revisions that no reader at ≥ N can see
 *   walk the stored revisions up to N: drop those that the index no longer knows (`compact-pages.ts`)
 *   note N as finished
 *
 * The marks make it resume after a restart. The stored revisions go in ascending order, so a crash in
 * the middle leaves of each key the newer ones, and a second walk gives the same result.
 */
import type { Clock } from "../env/env.ts";
import type { FrozenView } from "../storage/backend.ts";
import { compactPages } from "./compact-pages.ts";
import { finishedCompactKey, writeCompactRevision } from "./compact-marks.ts";
import { hashKeyValues, type KeyValueHash } from "./hash.ts";
import type { StoreState } from "./store-state.ts";
import { type Foreground, TurnSlicer } from "./turn.ts";

const SLICE_KEYS = 256;

export interface CompactionJob {
  readonly revision: number;
  readonly previousRevision: number;
  /** Whether the hash covers everything since the last compaction, so that members can compare it. */
  readonly isHashed: boolean;
}

export interface CompactionTools {
  readonly clock: Clock;
  /** What a compaction gives way to. */
  readonly foreground?: Foreground | undefined;
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
  const removed = await removeFromIndex(state, job.revision, tools);
  if (removed > 0 && !tools.isAbandoned()) {
    await compactPages(state, job.revision, tools);
  }
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
    return await hashKeyValues(state, view, scope, tools);
  } finally {
    await view.close();
  }
}

async function removeFromIndex(
  state: StoreState,
  revision: number,
  tools: CompactionTools,
): Promise<number> {
  const slicer = new TurnSlicer(tools.clock, tools.foreground);
  let removed = 0;
  const onDrop = (): void => {
    removed++;
  };
  let next: string | undefined = "";
  while (next !== undefined && !tools.isAbandoned()) {
    const emptied: string[] = [];
    const start: string = next;
    next = state.index.visitSlice(start, undefined, SLICE_KEYS, (key, keyIndex) => {
      if (!keyIndex.compact(revision, onDrop)) {
        emptied.push(key);
      }
    });
    for (const key of emptied) {
      state.index.delete(key);
    }
    await slicer.pause();
  }
  return removed;
}
