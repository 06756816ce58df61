/**
 * All keys of the store and their histories, in key order; values are elsewhere.
 *
 * Keys are latin1 strings, one character a byte. A range is [key, end) with `end` undefined for
 * "no upper bound".
 */
import { assert } from "../../lib/assert.ts";
import { BPlusTree } from "../../lib/b-plus-tree.ts";
import { keyOrder, type Pause } from "../../lib/key-order.ts";
import { KeyIndex } from "./key-index.ts";

const SHARDS = 256;
/** Keys put into the tree between pauses. */
const SLICE_KEYS = 8192;

interface Loading {
  readonly keys: string[];
  readonly keyIndexes: KeyIndex[];
}

export class TreeIndex {
  /** For single keys. Many small maps, because a map that grows stops the world for its size. */
  readonly #shards: Map<string, KeyIndex>[] = Array.from({ length: SHARDS }, () => new Map());
  /** For ranges. */
  readonly #tree = new BPlusTree<KeyIndex>();
  /** Keys that are not in the tree yet. */
  #loading: Loading | undefined = undefined;

  /** Keys known, deleted ones that still have history included. */
  get size(): number {
    return this.#tree.size;
  }

  get(key: string): KeyIndex | undefined {
    return this.#shards[shardOf(key)]!.get(key);
  }

  getOrCreate(key: string): KeyIndex {
    const shard = this.#shards[shardOf(key)]!;
    let keyIndex = shard.get(key);
    if (keyIndex === undefined) {
      keyIndex = new KeyIndex();
      shard.set(key, keyIndex);
      this.#tree.set(key, keyIndex);
    }
    return keyIndex;
  }

  /**
   * As `getOrCreate` while an empty index is filled, at a fraction of the cost; call `finishLoad` before
   * anything else than `load` and `get`.
   */
  load(key: string): KeyIndex {
    const shard = this.#shards[shardOf(key)]!;
    let keyIndex = shard.get(key);
    if (keyIndex === undefined) {
      assert(this.#tree.size === 0, "the index is loaded already");
      keyIndex = new KeyIndex();
      shard.set(key, keyIndex);
      this.#loading ??= { keys: [], keyIndexes: [] };
      this.#loading.keys.push(key);
      this.#loading.keyIndexes.push(keyIndex);
    }
    return keyIndex;
  }

  async finishLoad(pause: Pause): Promise<void> {
    const { keys, keyIndexes } = this.#loading ?? { keys: [], keyIndexes: [] };
    const order = await keyOrder(keys, pause);
    for (let at = 0; at < order.length; at++) {
      const position = order[at]!;
      this.#tree.append(keys[position]!, keyIndexes[position]!);
      if (at % SLICE_KEYS === 0) {
        await pause();
      }
    }
    this.#loading = undefined;
  }

  delete(key: string): void {
    this.#shards[shardOf(key)]!.delete(key);
    this.#tree.delete(key);
  }

  /** In key order, until `visit` returns false. The index must not change meanwhile. */
  visit(
    key: string,
    end: string | undefined,
    visit: (key: string, keyIndex: KeyIndex) => boolean,
  ): void {
    this.#tree.visit(key, end, visit);
  }

  /**
   * As `visit`, at most `limit` keys. Returns where to go on, or undefined at the end of the range;
   * the index may change before.
   */
  visitSlice(
    key: string,
    end: string | undefined,
    limit: number,
    visit: (key: string, keyIndex: KeyIndex) => void,
  ): string | undefined {
    let left = limit;
    let next: string | undefined;
    this.#tree.visit(key, end, (found, keyIndex) => {
      if (left-- <= 0) {
        next = found;
        return false;
      }
      visit(found, keyIndex);
      return true;
    });
    return next;
  }
}

/** Keys differ mostly at their ends. */
function shardOf(key: string): number {
  let hash = key.length;
  for (let at = Math.max(0, key.length - 4); at < key.length; at++) {
    hash = hash * 31 + key.charCodeAt(at);
  }
  return hash & (SHARDS - 1);
}
