import { assert, fail } from "../../lib/assert.ts";
import type { RaftLogger } from "../config.ts";
import { RaftError } from "../errors.ts";
import type { Entry, Snapshot } from "../messages.ts";
import type { LogStorage } from "../storage.ts";
import { entriesSize, entrySize } from "./entry-size.ts";
import { UnstableLog } from "./unstable-log.ts";

/**
 * The replicated log of one member: storage and the unstable tail, read as one.
 *
 *     firstIndex        applied   applying   committed        lastIndex
 *         |                |         |           |                |
 *
 * Invariants: applied <= applying <= committed <= lastIndex. `committed` is durable on a quorum
 * (here possibly not yet); up to `applying` entries have been handed out for applying; up to
 * `applied` the application has confirmed them. None of the three ever decreases, and no entry at
 * or below `committed` is ever replaced.
 */
export class RaftLog {
  committed: number;
  applying: number;
  applied: number;
  readonly unstable: UnstableLog;
  readonly #storage: LogStorage;
  readonly #logger: RaftLogger;
  readonly #applyingBytesMax: number;
  #applyingBytes = 0;
  #applyingPaused = false;

  /** `applyingBytesMax` bounds what is handed out for applying and not yet confirmed. */
  constructor(storage: LogStorage, logger: RaftLogger, applyingBytesMax: number) {
    this.#storage = storage;
    this.#logger = logger;
    this.#applyingBytesMax = applyingBytesMax;
    this.unstable = new UnstableLog(storage.lastIndex() + 1, logger);
    this.committed = storage.firstIndex() - 1;
    this.applying = this.committed;
    this.applied = this.committed;
  }

  firstIndex(): number {
    return this.unstable.maybeFirstIndex() ?? this.#storage.firstIndex();
  }

  lastIndex(): number {
    return this.unstable.maybeLastIndex() ?? this.#storage.lastIndex();
  }

  lastTerm(): number {
    const term = this.maybeTerm(this.lastIndex());
    return term ?? fail(`no term for the last index(${this.lastIndex()})`);
  }

  /** Undefined when the entry is compacted away or not yet there. */
  maybeTerm(index: number): number | undefined {
    const term = this.unstable.maybeTerm(index);
    if (term !== undefined) {
      return term;
    }
    // The entry before the first is gone, but its term is kept to match appends against.
    if (index + 1 < this.firstIndex() || index > this.lastIndex()) {
      return undefined;
    }
    return this.#storage.term(index);
  }

  /** Like `maybeTerm`, with zero, which is no entry's term, for the unknown. */
  termOrZero(index: number): number {
    return this.maybeTerm(index) ?? 0;
  }

  matchTerm(index: number, term: number): boolean {
    return this.maybeTerm(index) === term;
  }

  /** Whether a log ending in (index, term) is at least as complete as this one (paper §5.4.1). */
  isUpToDate(index: number, term: number): boolean {
    const ours = this.lastTerm();
    return term > ours || (term === ours && index >= this.lastIndex());
  }

  /**
   * A leader's append: `entries` follow (prevIndex, prevTerm). Returns the last index that now
   * agrees with the leader, or undefined when the log does not contain the previous entry.
   * Entries already present are left alone, so that a late, shorter append truncates nothing.
   */
  maybeAppend(
    prevIndex: number,
    prevTerm: number,
    entries: readonly Entry[],
    committed: number,
  ): number | undefined {
    if (!this.matchTerm(prevIndex, prevTerm)) {
      return undefined;
    }
    const last = prevIndex + entries.length;
    const conflict = this.#findConflict(entries);
    if (conflict !== 0) {
      if (conflict <= this.committed) {
        fail(`entry ${conflict} conflict with committed entry [committed(${this.committed})]`);
      }
      this.append(entries, conflict - prevIndex - 1);
    }
    this.commitTo(Math.min(committed, last));
    return last;
  }

  /** Appends `entries[from..]`, discarding all at or beyond the first one's index. */
  append(entries: readonly Entry[], from: number = 0): void {
    const first = entries[from];
    if (first === undefined) {
      return;
    }
    if (first.index <= this.committed) {
      fail(`after(${first.index - 1}) is out of range [committed(${this.committed})]`);
    }
    this.unstable.truncateAndAppend(entries, from);
  }

  /** Index of the first entry that is missing here or differs in term; zero if none is. */
  #findConflict(entries: readonly Entry[]): number {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      if (!this.matchTerm(entry.index, entry.term)) {
        if (entry.index <= this.lastIndex()) {
          this.#logger.info(
            `found conflict at index ${entry.index} ` +
              `[existing term: ${this.termOrZero(entry.index)}, conflicting term: ${entry.term}]`,
          );
        }
        return entry.index;
      }
    }
    return 0;
  }

  /**
   * The highest index at or below `index` whose entry could agree with a log that has `term` at
   * `index`: terms only rise along a log, so one with a higher term cannot. An entry of unknown
   * term ends the search, with term zero.
   */
  findConflictByTerm(index: number, term: number): { index: number; term: number } {
    for (let at = index; at > 0; at--) {
      const ours = this.maybeTerm(at);
      if (ours === undefined) {
        return { index: at, term: 0 };
      }
      if (ours <= term) {
        return { index: at, term: ours };
      }
    }
    return { index: 0, term: 0 };
  }

  commitTo(index: number): void {
    if (index <= this.committed) {
      return;
    }
    if (index > this.lastIndex()) {
      fail(
        `tocommit(${index}) is out of range [lastIndex(${this.lastIndex()})]. ` +
          "Was the raft log corrupted, truncated, or lost?",
      );
    }
    this.committed = index;
  }

  /** Commits up to `index` if its entry is of `term` (paper §5.4.2); tells whether it did. */
  maybeCommit(index: number, term: number): boolean {
    if (term === 0 || index <= this.committed || !this.matchTerm(index, term)) {
      return false;
    }
    this.commitTo(index);
    return true;
  }

  /** Whether a Ready has anything to apply. Cheap. */
  hasNextCommittedEntries(allowUnstable: boolean): boolean {
    // A snapshot in hand is applied first, and alone.
    if (this.#applyingPaused || this.unstable.snapshot !== undefined) {
      return false;
    }
    return this.applying < this.#appliableIndex(allowUnstable);
  }

  /**
   * The entries to apply next, within the outstanding byte limit. Without `allowUnstable` only
   * those that storage holds.
   */
  nextCommittedEntries(allowUnstable: boolean): Entry[] {
    if (!this.hasNextCommittedEntries(allowUnstable)) {
      return [];
    }
    const room = this.#applyingBytesMax - this.#applyingBytes;
    return this.slice(this.applying + 1, this.#appliableIndex(allowUnstable) + 1, room);
  }

  #appliableIndex(allowUnstable: boolean): number {
    return allowUnstable ? this.committed : Math.min(this.committed, this.unstable.offset - 1);
  }

  /** Entries up to `index`, of `bytes` together, have been handed out for applying. */
  acceptApplying(index: number, bytes: number, allowUnstable: boolean): void {
    if (index > this.committed) {
      fail(
        `applying(${index}) is out of range [prevApplying(${this.applying}), ` +
          `committed(${this.committed})]`,
      );
    }
    this.applying = index;
    this.#applyingBytes += bytes;
    // Also paused when the byte limit, not the lack of entries, cut the hand-out short: the room
    // that is left was too small for the next entry.
    this.#applyingPaused =
      this.#applyingBytes >= this.#applyingBytesMax || index < this.#appliableIndex(allowUnstable);
  }

  /** The application has applied up to `index`; `bytes` of the outstanding ones are done. */
  appliedTo(index: number, bytes: number): void {
    if (index > this.committed || index < this.applied) {
      fail(
        `applied(${index}) is out of range [prevApplied(${this.applied}), ` +
          `committed(${this.committed})]`,
      );
    }
    this.applied = index;
    this.applying = Math.max(this.applying, index);
    this.#applyingBytes = Math.max(0, this.#applyingBytes - bytes);
    this.#applyingPaused = this.#applyingBytes >= this.#applyingBytesMax;
  }

  /** The unstable snapshot if there is one, else the latest of storage, which may throw. */
  snapshot(): Snapshot {
    return this.unstable.snapshot ?? this.#storage.snapshot();
  }

  /** Replaces the whole log by a received snapshot. */
  restore(snapshot: Snapshot): void {
    this.committed = snapshot.metadata.index;
    this.unstable.restore(snapshot);
  }

  /** All entries from `index` on, within `maxBytes`; none beyond the last. */
  entries(index: number, maxBytes: number): Entry[] {
    const last = this.lastIndex();
    return index > last ? [] : this.slice(index, last + 1, maxBytes);
  }

  /** Entries [lo, hi) within `maxBytes`, at least one. Throws ErrCompacted below the first. */
  slice(lo: number, hi: number, maxBytes: number): Entry[] {
    this.#checkBounds(lo, hi);
    if (lo === hi) {
      return [];
    }
    const offset = this.unstable.offset;
    if (lo >= offset) {
      return this.unstable.slice(lo, hi, maxBytes);
    }
    const cut = Math.min(hi, offset);
    const stable = this.#storage.entries(lo, cut, maxBytes);
    assert(stable.length > 0, `entries[${lo}:${cut}) is unavailable from storage`);
    // Fewer than asked for: the limit was reached.
    if (hi <= offset || stable.length < cut - lo) {
      return stable;
    }
    return this.#extend(stable, hi, maxBytes);
  }

  #extend(stable: Entry[], hi: number, maxBytes: number): Entry[] {
    if (maxBytes === Number.POSITIVE_INFINITY) {
      return stable.concat(this.unstable.slice(this.unstable.offset, hi, maxBytes));
    }
    const room = maxBytes - entriesSize(stable);
    if (room <= 0) {
      return stable;
    }
    const tail = this.unstable.slice(this.unstable.offset, hi, room);
    // A slice holds at least one entry, even one that does not fit.
    return tail.length === 1 && entrySize(tail[0]!) > room ? stable : stable.concat(tail);
  }

  #checkBounds(lo: number, hi: number): void {
    const first = this.firstIndex();
    const last = this.lastIndex();
    if (lo > hi || hi > last + 1) {
      fail(`slice[${lo},${hi}) out of bound [${first},${last}]`);
    }
    if (lo < first) {
      throw new RaftError("ErrCompacted");
    }
  }
}
