/**
 * The stable part of the Raft log, in memory: the entries behind and beyond the last checkpoint that
 * the WAL holds too. Entries older than the checkpoint are kept for followers that lag a little; one
 * that lags more gets a snapshot.
 */
import { assert } from "../lib/assert.ts";
import { RaftError } from "../raft/errors.ts";
import { limitRange } from "../raft/log/entry-size.ts";
import {
  type ConfState,
  EMPTY_BYTES,
  type Entry,
  type HardState,
  type Snapshot,
  type SnapshotMetadata,
} from "../raft/messages.ts";
import type { LogStorage } from "../raft/storage.ts";

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
  /** `#entries[i]` is the entry at index `#previous.index + 1 + i`. */
  #entries: Entry[];
  #bytes = 0;
  #hardState: HardState;
  #checkpoint: SnapshotMetadata;

  constructor(contents: StableLogContents) {
    this.#previous = contents.previous;
    this.#entries = [...contents.entries];
    this.#hardState = contents.hardState;
    this.#checkpoint = contents.checkpoint;
    for (const entry of this.#entries) this.#bytes += entry.data.length;
    const first = this.#entries[0]?.index ?? this.firstIndex();
    assert(first === this.firstIndex(), `log starts at ${first}, not at ${this.firstIndex()}`);
  }

  /** Payload bytes of the entries held. */
  get bytes(): number {
    return this.#bytes;
  }

  initialState(): { hardState: HardState; confState: ConfState } {
    return { hardState: this.#hardState, confState: this.#checkpoint.confState };
  }

  entries(lo: number, hi: number, maxBytes: number): Entry[] {
    const first = this.firstIndex();
    if (lo < first) throw new RaftError("ErrCompacted");
    assert(hi <= this.lastIndex() + 1, `entries up to ${hi} beyond last ${this.lastIndex()}`);
    const end = limitRange(this.#entries, lo - first, hi - first, maxBytes);
    return this.#entries.slice(lo - first, end);
  }

  term(index: number): number {
    if (index === this.#previous.index) return this.#previous.term;
    if (index < this.#previous.index) throw new RaftError("ErrCompacted");
    const entry = this.#entries[index - this.firstIndex()];
    if (entry === undefined) throw new RaftError("ErrUnavailable");
    return entry.term;
  }

  firstIndex(): number {
    return this.#previous.index + 1;
  }

  lastIndex(): number {
    return this.#previous.index + this.#entries.length;
  }

  /** Only metadata: the state itself is taken from the backend when it is sent. */
  snapshot(): Snapshot {
    return { metadata: this.#checkpoint, data: EMPTY_BYTES };
  }

  /** Entries that are durable now; what stood at or beyond the first of them is gone. */
  append(entries: readonly Entry[]): void {
    const first = entries[0];
    if (first === undefined) return;
    const at = first.index - this.firstIndex();
    assert(at >= 0, `append at ${first.index} below first ${this.firstIndex()}`);
    assert(at <= this.#entries.length, `append at ${first.index} after last ${this.lastIndex()}`);
    for (let i = at; i < this.#entries.length; i++) this.#bytes -= this.#entries[i]!.data.length;
    this.#entries.length = at;
    for (const entry of entries) {
      this.#entries.push(entry);
      this.#bytes += entry.data.length;
    }
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
    const count = index - this.#previous.index;
    for (let i = 0; i < count; i++) this.#bytes -= this.#entries[i]!.data.length;
    this.#entries = this.#entries.slice(count);
    this.#previous = { index, term };
  }

  /** Replaces the whole log by a received snapshot. */
  reset(snapshot: SnapshotMetadata): void {
    this.#previous = { index: snapshot.index, term: snapshot.term };
    this.#entries = [];
    this.#bytes = 0;
    this.#checkpoint = snapshot;
  }
}
