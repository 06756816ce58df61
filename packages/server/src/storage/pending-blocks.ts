import { bytesToKey } from "../lib/bytes.ts";
import { SlabArena } from "../lib/slab-arena.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import { AppendedBlocks } from "./appended-blocks.ts";
import { type EngineBatch, ListBatch } from "./engine.ts";
import type { PendingChange } from "./pending-bucket.ts";
import { withoutRecords } from "./record-block.ts";

const DELETED: PendingChange = { value: undefined };

/** The changes of bucket key-value that no checkpoint holds yet. */
export class PendingBlocks {
  readonly #appended: AppendedBlocks;
  /** What is left of blocks that records were deleted from. */
  readonly #rests: SlabArena;
  readonly #deleted = new Set<string>();
  /** Those of the deleted that were appended here; the others are in the engine. */
  readonly #deletedHere = new Set<string>();
  readonly #emptied = new Set<string>();

  constructor(pool: SlabPool) {
    this.#appended = new AppendedBlocks(pool);
    this.#rests = new SlabArena(pool);
  }

  /** Adds a record above all others; true if it began a block. Copies both. */
  append(key: Uint8Array, value: Uint8Array): boolean {
    return this.#appended.add(key, value);
  }

  /** `text`: the key as latin1 text. */
  delete(key: Uint8Array, text: string): void {
    const isHere = this.#appended.has(key);
    (isHere ? this.#deletedHere : this.#deleted).add(text);
  }

  /** What is pending for `key`; `undefined` if nothing is. */
  find(key: Uint8Array): PendingChange | undefined {
    if (this.#isDeleted(key)) {
      return DELETED;
    }
    const value = this.#appended.find(key);
    return value === undefined ? undefined : { value };
  }

  /** The new blocks. Nothing may be added any more. */
  batch(): EngineBatch {
    const appended = this.#appended;
    if (this.#deletedHere.size === 0) {
      return appended;
    }
    const rests = new ListBatch();
    for (let at = 0; at < appended.size; at++) {
      const rest = withoutRecords(appended.valueAt(at), this.#deletedHere, this.#rests);
      const key = appended.keyAt(at);
      if (rest.length > 0) {
        rests.put(key, rest);
      } else {
        this.#emptied.add(bytesToKey(key.subarray(1)));
      }
    }
    return rests;
  }

  /** Keys of the records in the engine that are to go. */
  get deleted(): ReadonlySet<string> {
    return this.#deleted;
  }

  /** Keys of the new blocks that nothing is left of; complete once `batch` has been called. */
  get emptied(): ReadonlySet<string> {
    return this.#emptied;
  }

  /** Gives memory back: what `batch` gave, and all else here, may not be used any more. */
  release(): void {
    this.#appended.release();
    this.#rests.release();
  }

  #isDeleted(key: Uint8Array): boolean {
    if (this.#deleted.size + this.#deletedHere.size === 0) {
      return false;
    }
    const text = bytesToKey(key);
    return this.#deleted.has(text) || this.#deletedHere.has(text);
  }
}
