import { fail } from "../lib/assert.ts";
import { RaftError } from "./errors.ts";
import { limitRange } from "./log/entry-size.ts";
import {
  type ConfState,
  createConfState,
  EMPTY_BYTES,
  emptyHardState,
  type Entry,
  type HardState,
  type Snapshot,
} from "./messages.ts";
import type { LogStorage } from "./storage.ts";

/**
 * The stable log in memory: the reference implementation of LogStorage, and what a server keeps of
 * its log beside the files it writes.
 *
 * `#entries[0]` is a placeholder for the last compacted position: it carries the term there and no
 * data, and makes `#entries[i]` the entry at index `#entries[0].index + i`.
 */
export class MemoryStorage implements LogStorage {
  #hardState: HardState = emptyHardState();
  #snapshot: Snapshot = {
    metadata: { index: 0, term: 0, confState: createConfState() },
    data: EMPTY_BYTES,
  };
  #entries: Entry[] = [placeholder(0, 0)];

  initialState(): { hardState: HardState; confState: ConfState } {
    return { hardState: this.#hardState, confState: this.#snapshot.metadata.confState };
  }

  setHardState(state: HardState): void {
    this.#hardState = state;
  }

  entries(lo: number, hi: number, maxBytes: number): Entry[] {
    const offset = this.#offset();
    if (lo <= offset) {
      throw new RaftError("ErrCompacted");
    }
    if (hi > this.lastIndex() + 1) {
      fail(`entries' hi(${hi}) is out of bound lastindex(${this.lastIndex()})`);
    }
    const end = limitRange(this.#entries, lo - offset, hi - offset, maxBytes);
    return this.#entries.slice(lo - offset, end);
  }

  term(index: number): number {
    const offset = this.#offset();
    if (index < offset) {
      throw new RaftError("ErrCompacted");
    }
    const entry = this.#entries[index - offset];
    if (entry === undefined) {
      throw new RaftError("ErrUnavailable");
    }
    return entry.term;
  }

  firstIndex(): number {
    return this.#offset() + 1;
  }

  lastIndex(): number {
    return this.#offset() + this.#entries.length - 1;
  }

  snapshot(): Snapshot {
    return this.#snapshot;
  }

  /**
   * Replaces the whole contents by a received snapshot. Throws ErrSnapOutOfDate when the present
   * snapshot is at least as new; one at index zero (membership alone) may always be replaced.
   */
  applySnapshot(snapshot: Snapshot): void {
    const current = this.#snapshot.metadata.index;
    if (current !== 0 && current >= snapshot.metadata.index) {
      throw new RaftError("ErrSnapOutOfDate");
    }
    this.#snapshot = snapshot;
    this.#entries = [placeholder(snapshot.metadata.index, snapshot.metadata.term)];
  }

  /**
   * Records a snapshot of the applied state at `index`; the log stays as it is. Without
   * `confState` the membership of the previous snapshot is kept.
   * Throws ErrSnapOutOfDate when the present snapshot is at least as new.
   */
  createSnapshot(index: number, confState: ConfState | undefined, data: Uint8Array): Snapshot {
    if (index <= this.#snapshot.metadata.index) {
      throw new RaftError("ErrSnapOutOfDate");
    }
    if (index > this.lastIndex()) {
      fail(`snapshot ${index} is out of bound lastindex(${this.lastIndex()})`);
    }
    this.#snapshot = {
      metadata: {
        index,
        term: this.term(index),
        confState: confState ?? this.#snapshot.metadata.confState,
      },
      data,
    };
    return this.#snapshot;
  }

  /**
   * Forgets all entries up to and including `index`, which must have been applied. Throws
   * ErrCompacted when that has been done already.
   */
  compact(index: number): void {
    const offset = this.#offset();
    if (index <= offset) {
      throw new RaftError("ErrCompacted");
    }
    if (index > this.lastIndex()) {
      fail(`compact ${index} is out of bound lastindex(${this.lastIndex()})`);
    }
    const term = this.term(index);
    const kept = this.#entries.slice(index - offset);
    kept[0] = placeholder(index, term);
    this.#entries = kept;
  }

  /**
   * Writes consecutive entries; whatever stood at or beyond the first of them is discarded.
   * Entries that have been compacted already are skipped.
   */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) {
      return;
    }
    const offset = this.#offset();
    const skipped = Math.max(0, offset + 1 - first.index);
    const at = first.index + skipped - offset;
    if (at > this.#entries.length) {
      fail(`missing log entry [last: ${this.lastIndex()}, append at: ${first.index}]`);
    }
    if (skipped >= entries.length) {
      return;
    }
    this.#entries.length = at;
    for (let i = skipped; i < entries.length; i++) {
      this.#entries.push(entries[i]!);
    }
  }

  #offset(): number {
    return this.#entries[0]!.index;
  }
}

function placeholder(index: number, term: number): Entry {
  return { term, index, type: "EntryNormal", data: EMPTY_BYTES };
}
