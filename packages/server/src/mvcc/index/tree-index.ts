/**
 * All keys of the store and their histories, in key order; values are elsewhere.
 *
 * Keys are latin1 strings, one character a byte. A range is [key, end) with `end` undefined for
 * "no upper bound".
 */
import { BPlusTree } from "../../lib/b-plus-tree.ts";
import { KeyIndex } from "./key-index.ts";

const SHARDS = 256;

export class TreeIndex {
  /** For single keys. Many small maps, because a map that grows stops the world for its size. */
  readonly #shards: Map<string, KeyIndex>[] = Array.from({ length: SHARDS }, () => new Map());
  /** For ranges. */
  readonly #tree = new BPlusTree<KeyIndex>();

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
