import type { ConfState, Entry, HardState, Snapshot } from "./messages.ts";

/**
 * The stable log as the core reads it. Every call is synchronous and answers from what has been
 * acknowledged to the core as written; the core never writes here, its owner does.
 *
 * The log holds entries [firstIndex, lastIndex], and of firstIndex - 1 the term alone. An empty
 * log has lastIndex = firstIndex - 1.
 */
export interface LogStorage {
  /** Read once, at start. */
  initialState(): { hardState: HardState; confState: ConfState };

  /**
   * Entries [lo, hi), cut off before the one that would exceed `maxBytes` (see `entrySize`), yet
   * always at least one. The array is the caller's, its entries are shared and immutable.
   * Throws ErrCompacted when `lo` is below the first index, ErrUnavailable when one is missing.
   */
  entries(lo: number, hi: number, maxBytes: number): Entry[];

  /** Term of an entry in [firstIndex - 1, lastIndex]. Throws ErrCompacted or ErrUnavailable. */
  term(index: number): number;

  firstIndex(): number;

  lastIndex(): number;

  /**
   * The latest snapshot, for a follower that the log cannot catch up. Must not be older than
   * firstIndex - 1. Throws ErrSnapshotTemporarilyUnavailable to be asked again later.
   */
  snapshot(): Snapshot;
}
