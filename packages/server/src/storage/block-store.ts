/**
 * The records of bucket key-value in the engine, by blocks (see `record-block.ts`): how to find the
 * block of a record, and what deleting records changes.
 */
import { copyBytes, keyToBytes } from "../lib/bytes.ts";
import type { SlabArena } from "../lib/slab-arena.ts";
import { BlockDirectory } from "./block-directory.ts";
import { BlockView } from "./block-view.ts";
import { engineKey, iterateBucket } from "./bucket-iterator.ts";
import { buckets } from "./buckets.ts";
import { sealValue } from "./checked-value.ts";
import { type Engine, type EngineBatch, type EngineSnapshot, ListBatch } from "./engine.ts";
import { findInBlock, withoutRecords } from "./record-block.ts";

const { keyValue, keyValueBlocks } = buckets;
const PAGES_PER_READ = 16;
/** Blocks that are rewritten in one turn: a fraction of a millisecond, unless they are of long records. */
const BLOCKS_PER_READ = 16;
/** Records whose blocks are looked up in one turn: about a millisecond. */
const KEYS_PER_TURN = 4096;

const NO_BLOCK = Buffer.alloc(0);
/** Checkpoints after which a view goes: what it has and they have deleted stays on disk. */
const VIEW_CHECKPOINTS_MAX = 16;

interface Rewriting {
  readonly batch: ListBatch;
  readonly emptied: Set<string>;
  readonly rests: SlabArena;
  /** What is there now. Blocks may have been written again since the view for reads was taken. */
  readonly snapshot: EngineSnapshot;
}

export class BlockStore {
  readonly #engine: Engine;
  readonly #directory = new BlockDirectory();
  /** The highest block that is durable. */
  #durable = "";
  #view: BlockView | undefined = undefined;
  /** Checkpoints since the view was taken. */
  #viewCheckpoints = 0;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Reads the directory. Throws `CorruptionError`. */
  static async open(engine: Engine): Promise<BlockStore> {
    const store = new BlockStore(engine);
    const iterator = iterateBucket(engine, keyValueBlocks, {});
    try {
      for (;;) {
        const pages = await iterator.next(PAGES_PER_READ);
        if (pages.length === 0) {
          store.#durable = store.#directory.last;
          return store;
        }
        for (const [key, page] of pages) {
          store.#directory.load(key, page);
        }
      }
    } finally {
      await iterator.close();
    }
  }

  /** Notes a block that the next checkpoint brings, above all others. */
  added(key: Uint8Array, beginsPage: boolean): void {
    this.#directory.add(key, beginsPage);
  }

  /** The highest block so far, durable or not. */
  get last(): string {
    return this.#directory.last;
  }

  /** A checkpoint is durable, with all blocks up to `last`. */
  async written(last: string): Promise<void> {
    this.#durable = last;
    if (this.#view !== undefined && ++this.#viewCheckpoints === VIEW_CHECKPOINTS_MAX) {
      const view = this.#view;
      this.#view = undefined;
      await view.retire();
    }
  }

  /** Names the one block that can hold the record, whose key is latin1 text; undefined if none can. */
  blockOfText(key: string): string | undefined {
    return this.#directory.blockOfText(key);
  }

  /** A copy of a record's value. Synchronous. */
  get(key: Uint8Array): Uint8Array | undefined {
    const blockKey = this.#directory.blockOf(key);
    if (blockKey === undefined) {
      return undefined;
    }
    const block = this.#engine.get(engineKey(keyValue, keyToBytes(blockKey)));
    const value = block === undefined ? undefined : findInBlock(block, key);
    return value === undefined ? undefined : copyBytes(value);
  }

  /** As `get`, for many, but views of the blocks; one that holds several of them is read once. */
  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const places = new Map<string, number>();
    const wanted = keys.map((key) => {
      const blockKey = this.#directory.blockOf(key);
      if (blockKey === undefined) {
        return -1;
      }
      const place = places.get(blockKey) ?? places.size;
      places.set(blockKey, place);
      return place;
    });
    const blocks = await this.#readShared([...places.keys()]);
    return keys.map((key, at) => {
      const block = blocks[wanted[at]!];
      return block === undefined ? undefined : findInBlock(block, key);
    });
  }

  /**
   * What it takes to be rid of the records: blocks without them, and the directory without blocks
   * that have become empty, or were before they were written. One call at a time, and the batch must
   * be written, behind the pages that it changes. What is left of blocks is allotted in `rests`.
   */
  async dropping(
    keys: ReadonlySet<string>,
    unwritten: ReadonlySet<string>,
    rests: SlabArena,
  ): Promise<EngineBatch> {
    const batch = new ListBatch();
    if (keys.size + unwritten.size === 0) {
      return batch;
    }
    const emptied = new Set(unwritten);
    const snapshot = this.#engine.snapshot();
    try {
      await this.#rewriteAll(keys, { batch, emptied, rests, snapshot });
    } finally {
      await snapshot.close();
    }
    for (const [key, page] of this.#directory.remove(emptied)) {
      const stored = engineKey(keyValueBlocks, key);
      if (page === undefined) {
        batch.delete(stored);
      } else {
        batch.put(stored, sealValue(stored, page));
      }
    }
    return batch;
  }

  async #rewriteAll(keys: ReadonlySet<string>, rewriting: Rewriting): Promise<void> {
    const seen = new Set<string>();
    let found: string[] = [];
    let count = 0;
    for (const key of keys) {
      const blockKey = this.#directory.blockOfText(key);
      if (blockKey !== undefined && !seen.has(blockKey)) {
        seen.add(blockKey);
        found.push(blockKey);
      }
      // The engine's reads give the event loop its turns.
      if (++count % KEYS_PER_TURN === 0) {
        await this.#rewrite(found, keys, rewriting);
        found = [];
      }
    }
    await this.#rewrite(found, keys, rewriting);
  }

  /** Adds the rewritten blocks to the batch, and notes those that nothing is left of. */
  async #rewrite(
    blockKeys: readonly string[],
    dropped: ReadonlySet<string>,
    { batch, emptied, rests, snapshot }: Rewriting,
  ): Promise<void> {
    for (let start = 0; start < blockKeys.length; start += BLOCKS_PER_READ) {
      const some = blockKeys.slice(start, start + BLOCKS_PER_READ);
      const blocks = await this.#engine.getMany(some.map(blockKeyOf), snapshot);
      for (const [at, blockKey] of some.entries()) {
        const rest = withoutRecords(blocks[at] ?? NO_BLOCK, dropped, rests);
        const stored = engineKey(keyValue, keyToBytes(blockKey));
        if (rest.length > 0) {
          batch.put(stored, rest);
        } else {
          batch.delete(stored);
          emptied.add(blockKey);
        }
      }
    }
  }

  async #readShared(blocks: readonly string[]): Promise<(Uint8Array | undefined)[]> {
    const highest = blocks.reduce((one, other) => (one > other ? one : other), "");
    if (highest === "") {
      return [];
    }
    const former = this.#view;
    if (former?.has(highest) === true) {
      return former.read(blocks.map(blockKeyOf));
    }
    const view = new BlockView(this.#engine, this.#durable);
    this.#view = view;
    this.#viewCheckpoints = 0;
    const [values] = await Promise.all([view.read(blocks.map(blockKeyOf)), former?.retire()]);
    return values;
  }
}

function blockKeyOf(block: string): Uint8Array {
  return engineKey(keyValue, keyToBytes(block));
}
