import type { EntrySlice } from "../lib/entry-slice.ts";
import type { RecordWalk } from "./backend.ts";
import type { EngineIterator } from "./engine.ts";
import { blockRecords } from "./record-block.ts";

/** Blocks that are read, and taken apart, at a time: a quarter of a megabyte. */
const BLOCKS_PER_READ = 64;

/** Walks bucket key-value: takes blocks apart and verifies their records, while the next are read. */
export class EngineRecordWalk implements RecordWalk {
  /** Gives blocks without their keys. */
  readonly #inner: EngineIterator;
  readonly #below: Uint8Array | undefined;
  /** The read that is under way for the next call. */
  #ahead: Promise<readonly (readonly [Uint8Array, Uint8Array])[]> | undefined = undefined;

  constructor(inner: EngineIterator, below: Uint8Array | undefined) {
    this.#inner = inner;
    this.#below = below;
  }

  async next(): Promise<readonly EntrySlice[]> {
    for (;;) {
      const blocks = await (this.#ahead ?? this.#inner.next(BLOCKS_PER_READ));
      this.#ahead = undefined;
      if (blocks.length === 0) {
        return [];
      }
      this.#ahead = this.#inner.next(BLOCKS_PER_READ);
      // Its failure is met by the next call, if there is one.
      this.#ahead.catch(() => undefined);
      const records = blocks.flatMap(([, block]) => this.#within(blockRecords(block)));
      if (records.length > 0) {
        return records;
      }
    }
  }

  async close(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
    await this.#inner.close();
  }

  /** The last block may go beyond the bound. */
  #within(records: EntrySlice[]): EntrySlice[] {
    const below = this.#below;
    const last = records.at(-1);
    const isWhole = below === undefined || !last || Buffer.compare(last.key, below) < 0;
    return isWhole ? records : records.filter(({ key }) => Buffer.compare(key, below) < 0);
  }
}
