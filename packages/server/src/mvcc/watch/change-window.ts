import { RingBuffer } from "../../lib/ring-buffer.ts";
import type { Change } from "../change.ts";

/** What a change costs beside its record. */
const OVERHEAD_BYTES = 200;
const REVISIONS_MAX = 2 ** 20;

interface Entry {
  readonly changes: readonly Change[];
  readonly bytes: number;
}

/**
 * The changes of the newest revisions, in memory, up to a number of bytes. A watcher that is a little
 * behind catches up from here, in one turn, without reading the store.
 */
export class ChangeWindow {
  readonly #bytesMax: number;
  readonly #entries = new RingBuffer<Entry>(REVISIONS_MAX);
  #firstRevision: number;
  #bytes = 0;

  /** The next change will have a revision above `currentRevision`. */
  constructor(bytesMax: number, currentRevision: number) {
    this.#bytesMax = bytesMax;
    this.#firstRevision = currentRevision + 1;
  }

  /** All changes from this revision on are here. */
  get firstRevision(): number {
    return this.#firstRevision;
  }

  /** Revisions come one by one, without a gap. */
  add(changes: readonly Change[]): void {
    let bytes = OVERHEAD_BYTES;
    for (const change of changes) {
      bytes += change.recordBytes + OVERHEAD_BYTES;
    }
    this.#entries.push({ changes, bytes });
    this.#bytes += bytes;
    while (this.#bytes > this.#bytesMax || this.#entries.isFull) {
      this.#bytes -= this.#entries.shift()!.bytes;
      this.#firstRevision++;
    }
  }

  /** The changes of one revision ≥ `firstRevision`; undefined if it lies ahead. */
  changesAt(revision: number): readonly Change[] | undefined {
    return this.#entries.at(revision - this.#firstRevision)?.changes;
  }

  /** Forgets everything; the next change will have a revision above `currentRevision`. */
  clear(currentRevision: number): void {
    if (this.#entries.size > 0) {
      this.#entries.clear();
    }
    this.#bytes = 0;
    this.#firstRevision = currentRevision + 1;
  }
}
