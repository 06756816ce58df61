import { fail } from "../../lib/assert.ts";
import type { RaftLogger } from "../config.ts";
import type { Entry, Snapshot } from "../messages.ts";
import { limitRange } from "./entry-size.ts";

/**
 * The tail of the log, and perhaps a snapshot before it, that storage does not yet vouch for. It
 * serves two ends: it holds what the next Ready must hand out for writing, and it goes on holding
 * what is being written, so that the log reads whole until the write is acknowledged.
 *
 *      offset              offsetInProgress           offset + entries.length
 *        |  being written    |  not yet handed out       |
 *
 * `offset` may lie below the end of storage: the next write then truncates what is there.
 * Invariant: offset <= offsetInProgress <= offset + entries.length, whenever entries remain.
 */
export class UnstableLog {
  snapshot: Snapshot | undefined;
  offset: number;
  offsetInProgress: number;
  #entries: Entry[] = [];
  #snapshotInProgress = false;
  readonly #logger: RaftLogger;

  /** `offset` is the first index that storage does not hold. */
  constructor(offset: number, logger: RaftLogger) {
    this.offset = offset;
    this.offsetInProgress = offset;
    this.#logger = logger;
  }

  get length(): number {
    return this.#entries.length;
  }

  /** Known only when there is a snapshot, which replaces whatever storage holds. */
  maybeFirstIndex(): number | undefined {
    return this.snapshot === undefined ? undefined : this.snapshot.metadata.index + 1;
  }

  maybeLastIndex(): number | undefined {
    const length = this.#entries.length;
    return length !== 0 ? this.offset + length - 1 : this.snapshot?.metadata.index;
  }

  maybeTerm(index: number): number | undefined {
    if (index >= this.offset) {
      return this.#entries[index - this.offset]?.term;
    }
    const metadata = this.snapshot?.metadata;
    return metadata !== undefined && metadata.index === index ? metadata.term : undefined;
  }

  hasNextEntries(): boolean {
    return this.offset + this.#entries.length > this.offsetInProgress && this.#entries.length > 0;
  }

  /** Entries that nobody is writing yet, as an array of the caller's own. */
  nextEntries(): Entry[] {
    return this.hasNextEntries() ? this.#entries.slice(this.offsetInProgress - this.offset) : [];
  }

  nextSnapshot(): Snapshot | undefined {
    return this.#snapshotInProgress ? undefined : this.snapshot;
  }

  /** Everything here has been handed out for writing. */
  acceptInProgress(): void {
    if (this.#entries.length > 0) {
      this.offsetInProgress = this.offset + this.#entries.length;
    }
    if (this.snapshot !== undefined) {
      this.#snapshotInProgress = true;
    }
  }

  /**
   * Forgets entries up to `index`, which storage now holds. The caller must know that no write in
   * progress can still overwrite them. An acknowledgement of entries that have been replaced in
   * the meantime, told by their term, is ignored.
   */
  stableTo(index: number, term: number): void {
    const ours = this.maybeTerm(index);
    if (ours === undefined || index < this.offset) {
      this.#logger.debug(`unstable log has no entry at index ${index}; ignoring its write`);
      return;
    }
    if (ours !== term) {
      this.#logger.info(
        `unstable entry at index ${index} has term ${ours}, written was term ${term}; ignoring`,
      );
      return;
    }
    const written = index + 1 - this.offset;
    this.#entries = written === this.#entries.length ? [] : this.#entries.slice(written);
    this.offset = index + 1;
    this.offsetInProgress = Math.max(this.offsetInProgress, this.offset);
  }

  /** The snapshot at `index` is in storage; one that replaced it meanwhile stays. */
  stableSnapshotTo(index: number): void {
    if (this.snapshot?.metadata.index === index) {
      this.snapshot = undefined;
      this.#snapshotInProgress = false;
    }
  }

  /** Starts over from a received snapshot; all entries are void. */
  restore(snapshot: Snapshot): void {
    this.offset = snapshot.metadata.index + 1;
    this.offsetInProgress = this.offset;
    this.#entries = [];
    this.snapshot = snapshot;
    this.#snapshotInProgress = false;
  }

  /** Appends consecutive entries (at least one), discarding all from the first one's index on. */
  truncateAndAppend(entries: readonly Entry[], from: number = 0): void {
    const first = entries[from]!.index;
    if (first < this.offset || (first === this.offset && this.#entries.length > 0)) {
      this.#logger.info(`replace the unstable entries from index ${first}`);
      this.#entries = [];
      this.offset = first;
      this.offsetInProgress = first;
    } else if (first < this.offset + this.#entries.length) {
      this.#logger.info(`truncate the unstable entries before index ${first}`);
      this.#entries.length = first - this.offset;
      this.offsetInProgress = Math.min(this.offsetInProgress, first);
    } else if (first > this.offset + this.#entries.length) {
      fail(
        `unstable append at ${first} leaves a gap [next(${this.offset + this.#entries.length})]`,
      );
    }
    for (let i = from; i < entries.length; i++) {
      this.#entries.push(entries[i]!);
    }
  }

  /** Entries [lo, hi) within `maxBytes`, at least one, as an array of the caller's own. */
  slice(lo: number, hi: number, maxBytes: number): Entry[] {
    const upper = this.offset + this.#entries.length;
    if (lo > hi || lo < this.offset || hi > upper) {
      fail(`unstable.slice[${lo},${hi}) out of bound [${this.offset},${upper}]`);
    }
    const from = lo - this.offset;
    return this.#entries.slice(from, limitRange(this.#entries, from, hi - this.offset, maxBytes));
  }
}
