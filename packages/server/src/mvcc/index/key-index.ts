/**
 * The history of one key: its revisions, oldest first, tombstones included.
 *
 *     put(1) put(2) delete(3) put(5)            generations: [1 2 3t] [5]
 *     compact(2)  →  2  3t  5                   the newest revision ≤ 2 stays
 *     compact(3)  →  3t 5                       a tombstone exactly at the compacted revision stays
 *     compact(4)  →  5                          an older tombstone goes, and all before it
 *
 * The newest revision lives in fields, because most keys have just that one; the others are in
 * `history`, four numbers each, so that no revision costs an object. A generation is what lies
 * between two tombstones; it needs no structure of its own, since every entry knows its creation
 * and version.
 */
import { assert } from "../../lib/assert.ts";

const MAIN = 0;
const SUB = 1;
const CREATED = 2;
const VERSION = 3;
const STRIDE = 4;

/** Up to this length `history` is copied to its exact size on growth instead of over-allocated. */
const EXACT_LENGTH_MAX = 8 * STRIDE;

/** So many revisions take as long to thaw as a key with one. */
const WEIGHTED_REVISIONS = 128;

/** Called for each revision that a compaction drops. */
export type DropRevision = (main: number, sub: number, tombstone: boolean) => void;

export class KeyIndex {
  /** Main revision of the newest entry. */
  main = 0;
  sub = 0;
  /** Main revision of the put that created the newest generation; 0 while the key is deleted. */
  created = 0;
  /** Puts since creation; 0 while the key is deleted. */
  version = 0;
  /** Lease of the newest version, 0n for none. */
  lease = 0n;
  /** Where the newest version's record may be cached; for `RecordCache` alone. */
  recordPlace = 0;
  #history: number[] | undefined = undefined;

  /** Number of revisions, the newest included; 0 before the first put. */
  get length(): number {
    return this.main === 0 ? 0 : this.#olderCount() + 1;
  }

  /** What it takes to come by, a long history to thaw included; that of most keys is 1. */
  get weight(): number {
    return 1 + Math.floor(this.length / WEIGHTED_REVISIONS);
  }

  get isDeleted(): boolean {
    return this.version === 0;
  }

  put(main: number, sub: number): void {
    const created = this.version === 0 ? main : this.created;
    this.#add(main, sub, created, this.version + 1);
  }

  /** The key must not be deleted. */
  tombstone(main: number, sub: number): void {
    assert(this.version > 0, `tombstone of a deleted key at revision ${main}.${sub}`);
    this.#add(main, sub, 0, 0);
  }

  /** The first revision known of the key after a restart: a put, or a lone tombstone (version 0). */
  restore(main: number, sub: number, created: number, version: number): void {
    assert(this.main === 0, `restore of a key that has revision ${this.main}.${this.sub}`);
    this.#add(main, sub, created, version);
  }

  /**
   * The older revisions of a key whose newest was restored: main, sub, created and version of each,
   * oldest first. The array is the key's own from then on.
   */
  restoreHistory(history: number[]): void {
    assert(this.#history === undefined && this.main !== 0, "a history is restored twice");
    this.#history = history;
  }

  /**
   * Position of the newest revision with main ≤ `atRevision`, tombstones included; −1 if none.
   * Positions are valid until the next change.
   */
  positionAt(atRevision: number): number {
    const older = this.#olderCount();
    if (this.main <= atRevision) {
      return older;
    }
    let low = 0;
    let high = older;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#history![middle * STRIDE + MAIN]! <= atRevision) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** As `positionAt`, but −1 also when that revision is a tombstone: the key did not exist then. */
  livePositionAt(atRevision: number): number {
    const position = this.positionAt(atRevision);
    return position >= 0 && this.versionAt(position) > 0 ? position : -1;
  }

  mainAt(position: number): number {
    return this.#isNewest(position) ? this.main : this.#history![position * STRIDE + MAIN]!;
  }

  subAt(position: number): number {
    return this.#isNewest(position) ? this.sub : this.#history![position * STRIDE + SUB]!;
  }

  createdAt(position: number): number {
    return this.#isNewest(position) ? this.created : this.#history![position * STRIDE + CREATED]!;
  }

  /** 0 for a tombstone. */
  versionAt(position: number): number {
    return this.#isNewest(position) ? this.version : this.#history![position * STRIDE + VERSION]!;
  }

  /** Whether {main, sub} is a revision of the key. */
  has(main: number, sub: number): boolean {
    let position = this.positionAt(main);
    while (position >= 0 && this.mainAt(position) === main) {
      if (this.subAt(position) === sub) {
        return true;
      }
      position--;
    }
    return false;
  }

  /** Whether {main, sub} is the newest revision ≤ `atRevision`, and a put or at `tombstoneAt`. */
  isKeptAt(atRevision: number, main: number, sub: number, tombstoneAt?: number): boolean {
    const position = this.positionAt(atRevision);
    return (
      position >= 0 &&
      this.mainAt(position) === main &&
      this.subAt(position) === sub &&
      (this.versionAt(position) > 0 || main === tombstoneAt)
    );
  }

  /**
   * Drops what nobody reading at ≥ `atRevision` can see. False when nothing is left of the key: the
   * caller removes it from the index.
   */
  compact(atRevision: number, drop: DropRevision): boolean {
    const position = this.positionAt(atRevision);
    if (position < 0) {
      return true;
    }
    const isOldTombstone = this.versionAt(position) === 0 && this.mainAt(position) < atRevision;
    const firstKept = isOldTombstone ? position + 1 : position;
    for (let i = 0; i < firstKept; i++) {
      drop(this.mainAt(i), this.subAt(i), this.versionAt(i) === 0);
    }
    const older = this.#olderCount();
    if (firstKept > older) {
      return false;
    }
    if (firstKept > 0) {
      this.#history = firstKept === older ? undefined : this.#history!.slice(firstKept * STRIDE);
    }
    return true;
  }

  #olderCount(): number {
    return this.#history === undefined ? 0 : this.#history.length / STRIDE;
  }

  #isNewest(position: number): boolean {
    return this.#history === undefined || position * STRIDE === this.#history.length;
  }

  #add(main: number, sub: number, created: number, version: number): void {
    const isNewer = main > this.main || (main === this.main && sub > this.sub);
    assert(isNewer, `revision ${main}.${sub} is not above ${this.main}.${this.sub}`);
    if (this.main !== 0) {
      this.#retire();
    }
    this.main = main;
    this.sub = sub;
    this.created = created;
    this.version = version;
  }

  /** Moves the newest revision into `history`. */
  #retire(): void {
    const entry = [this.main, this.sub, this.created, this.version];
    if (this.#history === undefined) {
      this.#history = entry;
    } else if (this.#history.length < EXACT_LENGTH_MAX) {
      this.#history = this.#history.concat(entry);
    } else {
      this.#history.push(this.main, this.sub, this.created, this.version);
    }
  }
}
