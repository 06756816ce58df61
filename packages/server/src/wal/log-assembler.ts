import type { Entry, HardState } from "../raft/messages.ts";
import type { WalRecord } from "./record.ts";
import type { LogPosition, SegmentHeader } from "./segment-header.ts";

/**
 * Turns records into the log they describe: a later entry of the same or a lower index voids what
 * followed it, a snapshot voids everything before it.
 */
export class LogAssembler {
  /** The entry before the first of `entries`. */
  previous: LogPosition;
  entries: Entry[] = [];
  hardState: HardState;
  checkpoint: LogPosition;

  /** Starts with the state before the first segment that is still there. */
  constructor(first: SegmentHeader) {
    this.previous = first.previous;
    this.hardState = first.hardState;
    this.checkpoint = first.checkpoint;
  }

  get last(): LogPosition {
    const entry = this.entries.at(-1);
    return entry === undefined ? this.previous : entry;
  }

  /** Takes one record in. Returns what is wrong with it, if anything. */
  add(record: WalRecord): string | undefined {
    switch (record.kind) {
      case "entry":
        return this.#addEntry(record.entry);
      case "hardState":
        return this.#addHardState(record.hardState);
      case "checkpoint":
        this.checkpoint = record.position;
        return undefined;
      case "snapshot":
        this.previous = record.position;
        this.checkpoint = record.position;
        this.entries = [];
        return undefined;
    }
  }

  #addEntry(entry: Entry): string | undefined {
    if (entry.index > this.last.index + 1) {
      return `entry ${entry.index} follows entry ${this.last.index}`;
    }
    if (entry.index <= this.previous.index) {
      // It replaces an entry that only a removed segment held, so it is a committed one by now.
      this.previous = { index: entry.index, term: entry.term };
      this.entries = [];
      return undefined;
    }
    const kept = entry.index - this.previous.index - 1;
    if (kept < this.entries.length) {
      this.entries.length = kept;
    }
    if (entry.term < this.last.term) {
      return `entry ${entry.index} has term ${entry.term}, the one before ${this.last.term}`;
    }
    this.entries.push(entry);
    return undefined;
  }

  #addHardState(hardState: HardState): string | undefined {
    if (hardState.term < this.hardState.term) {
      return `the term goes back from ${this.hardState.term} to ${hardState.term}`;
    }
    this.hardState = hardState;
    return undefined;
  }
}
