/**
 * The stable part of the Raft log, in memory: the entries behind and beyond the last checkpoint that
 * the WAL holds too. Entries older than the checkpoint are kept for followers that lag a little; one
 * that lags more gets a snapshot.
 */
import { assert } from "../lib/assert.ts";
import { RaftError } from "../raft/errors.ts";
import { entrySize } from "../raft/log/entry-size.ts";
import {
  type ConfState,
  EMPTY_BYTES,
  type Entry,
  type HardState,
  type Snapshot,
  type SnapshotMetadata,
} from "../raft/messages.ts";
import type { LogStorage } from "../raft/storage.ts";
import { PackedEntries } from "./packed-entries.ts";

/**
 * So many entries stay as they came, at least half of them: those that are not applied yet must be the
 * very objects that were proposed, or they are decoded again.
 */
const RECENT_MAX = 4096;
/** Bytes copied in one turn: a millisecond's worth. */
const PACKED_BYTES_MAX = 1024 * 1024;

/** A position in the log. */
export interface LogPosition {
  readonly index: number;
  readonly term: number;
}

export interface StableLogContents {
  /** The position before the first entry. */
  readonly previous: LogPosition;
  readonly entries: readonly Entry[];
  readonly hardState: HardState;
  /** What the state machine durably holds; not older than `previous`. */
  readonly checkpoint: SnapshotMetadata;
}

export class StableLog implements LogStorage {
  #previous: LogPosition;
  /** Those directly behind `#previous`. */
  readonly #packed = new PackedEntries();
  /** Those behind them. */
  #recent: Entry[] = [];
  #bytes = 0;
  #hardState: HardState;
  #checkpoint: SnapshotMetadata;

  constructor(contents: StableLogContents) {
    this.#previous = contents.previous;
    this.#hardState = contents.hardState;
    this.#checkpoint = contents.checkpoint;
    const first = contents.entries[0]?.index ?? this.firstIndex();
    assert(first === this.firstIndex(), `log starts at ${first}, not at ${this.firstIndex()}`);
    this.append(contents.entries);
  }

  /** Payload bytes of the entries held. */
  get bytes(): number {
    return this.#bytes;
  }

  initialState(): { hardState: HardState; confState: ConfState } {
    return { hardState: this.#hardState, confState: this.#checkpoint.confState };
  }

  entries(lo: number, hi: number, maxBytes: number): Entry[] {
    if (lo < this.firstIndex()) throw new RaftError("ErrCompacted");
    assert(hi <= this.lastIndex() + 1, `entries up to ${hi} beyond last ${this.lastIndex()}`);
    const found: Entry[] = [];
    let bytes = 0;
    for (let index = lo; index < hi; index++) {
      const entry = this.#at(index);
      bytes += entrySize(entry);
      if (bytes > maxBytes && found.length > 0) break;
      found.push(entry);
    }
    return found;
  }

  term(index: number): number {
    if (index === this.#previous.index) return this.#previous.term;
    if (index < this.#previous.index) throw new RaftError("ErrCompacted");
    if (index > this.lastIndex()) throw new RaftError("ErrUnavailable");
    const isPacked = index < this.#firstRecent;
    return isPacked ? this.#packed.term(index) : this.#at(index).term;
  }

  firstIndex(): number {
    return this.#previous.index + 1;
  }

  lastIndex(): number {
    return this.#firstRecent - 1 + this.#recent.length;
  }

  /** Only metadata: the state itself is taken from the backend when it is sent. */
  snapshot(): Snapshot {
    return { metadata: this.#checkpoint, data: EMPTY_BYTES };
  }

  /** Entries that are durable now; what stood at or beyond the first of them is gone. */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    const last = this.lastIndex();
    assert(
      first.index >= this.firstIndex(),
      `append at ${first.index} below first ${this.firstIndex()}`,
    );
    assert(first.index <= last + 1, `append at ${first.index} after last ${last}`);
    this.#truncate(first.index);
    for (const entry of entries) {
      this.#recent.push(entry);
      this.#bytes += entry.data.length;
    }
    if (this.#recent.length > RECENT_MAX) this.#pack(entries.length);
  }

  setHardState(state: HardState): void {
    this.#hardState = state;
  }

  /** The state machine is durable up to here. */
  setCheckpoint(checkpoint: SnapshotMetadata): void {
    assert(
      checkpoint.index >= this.#checkpoint.index,
      `checkpoint ${checkpoint.index} behind ${this.#checkpoint.index}`,
    );
    this.#checkpoint = checkpoint;
  }

  /** Forgets entries up to and including `index`, which lies at or below the checkpoint. */
  compact(index: number): void {
    if (index <= this.#previous.index) return;
    assert(index <= this.#checkpoint.index, `compact ${index} beyond ${this.#checkpoint.index}`);
    const term = this.term(index);
    const end = index + 1;
    for (let i = this.firstIndex(); i < end; i++) this.#bytes -= this.#bytesAt(i);
    const recent = this.#recent.slice(Math.max(0, end - this.#firstRecent));
    this.#packed.dropBefore(Math.min(end, this.#firstRecent));
    this.#recent = recent;
    this.#previous = { index, term };
  }

  /** Replaces the whole log by a received snapshot. */
  reset(snapshot: SnapshotMetadata): void {
    this.#previous = { index: snapshot.index, term: snapshot.term };
    this.#packed.clear();
    this.#recent = [];
    this.#bytes = 0;
    this.#checkpoint = snapshot;
  }

  get #firstRecent(): number {
    return this.firstIndex() + this.#packed.size;
  }

  #at(index: number): Entry {
    const place = index - this.#firstRecent;
    return place < 0 ? this.#packed.at(index) : this.#recent[place]!;
  }

  #bytesAt(index: number): number {
    const place = index - this.#firstRecent;
    return place < 0 ? this.#packed.bytesAt(index) : this.#recent[place]!.data.length;
  }

  /**
   * Packs the older half, or what of it one turn has time to copy: `countMin` entries at least, so that
   * it keeps pace with what is appended.
   */
  #pack(countMin: number): void {
    const countMax = this.#recent.length - RECENT_MAX / 2;
    let count = 0;
    for (
      let bytes = 0;
      count < countMax && (count < countMin || bytes < PACKED_BYTES_MAX);
      count++
    ) {
      bytes += this.#recent[count]!.data.length;
    }
    for (const entry of this.#recent.splice(0, count)) this.#packed.push(entry);
  }

  /** Forgets the entry at `index`, which is in the log or next, and all behind it. */
  #truncate(index: number): void {
    for (let i = index; i <= this.lastIndex(); i++) this.#bytes -= this.#bytesAt(i);
    this.#recent.length = Math.max(0, Math.min(this.#recent.length, index - this.#firstRecent));
    this.#packed.truncate(index);
  }
}
