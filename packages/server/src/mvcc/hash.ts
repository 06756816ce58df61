/**
 * Hashes of the store, byte for byte etcd's: CRC-32C over bucket names, keys and values in order, no
 * separators, so that members of mixed clusters and outside tools can compare them.
 *
 * HashKV at revision R, with C the compact revision: versions above R are left out; versions at or
 * below C count only if a reader at R could see them; a tombstone exactly at C never counts (older
 * etcds had removed it by then).
 */
import type { Clock } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { FrozenView } from "../storage/backend.ts";
import { type KeyedRecord, keyedRecords } from "./etcd-records.ts";
import type { StoreState } from "./store-state.ts";
import { type Foreground, TurnSlicer } from "./turn.ts";

const KEY_BUCKET_CRC = crc32c(Buffer.from("key"));
const SCAN_KEYS = 1000;

export interface KeyValueHash {
  readonly hash: number;
  /** Compact revision that the hash was made with; −1 if there was none. */
  readonly compactRevision: number;
  readonly revision: number;
}

/** The hash of a store without any version, as a revision below all others finds it. */
export function hashOfNothing(revision: number, compactRevision: number): KeyValueHash {
  return { hash: KEY_BUCKET_CRC, compactRevision, revision };
}

export interface HashScope {
  /** Versions above are left out. */
  readonly revision: number;
  readonly compactRevision: number;
  /** A compaction to this revision keeps tombstones exactly at it; undefined for HashKV. */
  readonly tombstonesAt: number | undefined;
}

/**
 * The caller holds a pin at the scope's compact revision, so that the index and `view` agree; `view`
 * was frozen after the pin was taken.
 */
export async function hashKeyValues(
  state: StoreState,
  view: FrozenView,
  scope: HashScope,
  tools: { readonly clock: Clock; readonly foreground?: Foreground | undefined },
): Promise<KeyValueHash> {
  const slicer = new TurnSlicer(tools.clock, tools.foreground);
  const isKept = (await keepsAny(state, scope, slicer))
    ? (record: KeyedRecord): boolean => isKeptAt(state, record, scope.revision, scope.tombstonesAt)
    : (record: KeyedRecord): boolean => isKeptAt(state, record, scope.compactRevision, undefined);
  const range = { belowMain: scope.revision + 1, keysThrough: scope.compactRevision };
  let crc = KEY_BUCKET_CRC;
  for await (const records of keyedRecords(view, range)) {
    for (const record of records) {
      // Also for what is not kept: to know that may take the thawing of its key's neighbours.
      if (slicer.isOver) {
        await slicer.pause();
      }
      const { entry, main, isTombstone } = record;
      if (main <= scope.compactRevision) {
        const isOldTombstone = main === scope.compactRevision && isTombstone;
        if (isOldTombstone || !isKept(record)) {
          continue;
        }
      }
      crc = crc32c(entry.bytes, crc, entry.start, entry.end);
    }
  }
  return { hash: crc, compactRevision: scope.compactRevision, revision: scope.revision };
}

function isKeptAt(
  state: StoreState,
  { main, sub, userKey }: KeyedRecord,
  revision: number,
  tombstonesAt: number | undefined,
): boolean {
  assert(userKey !== undefined, "records up to the compaction come with their keys");
  const keyIndex = state.index.get(userKey);
  return keyIndex?.isKeptAt(revision, main, sub, tombstonesAt) ?? false;
}

/** Whether the keep set of the scope is not empty; etcd filters nothing when it is. */
async function keepsAny(state: StoreState, scope: HashScope, slicer: TurnSlicer): Promise<boolean> {
  let next: string | undefined = "";
  let found = false;
  while (next !== undefined && !found) {
    next = state.index.visitSlice(next, undefined, SCAN_KEYS, (_key, keyIndex) => {
      const position = keyIndex.positionAt(scope.revision);
      found ||=
        position >= 0 &&
        (keyIndex.versionAt(position) > 0 || keyIndex.mainAt(position) === scope.tombstonesAt);
    });
    await slicer.pause();
  }
  return found;
}
