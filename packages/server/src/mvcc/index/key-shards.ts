/**
 * Keys by name, for single look-ups: many small maps, because one that grows stops the world for its
 * size.
 */
import type { KeyIndex } from "./key-index.ts";

const SHARDS = 1024;

export class KeyShards {
  readonly #shards: Map<string, KeyIndex>[] = Array.from({ length: SHARDS }, () => new Map());
  #size = 0;

  /** Keys in it. */
  get size(): number {
    return this.#size;
  }

  get(key: string): KeyIndex | undefined {
    return this.#shards[shardOf(key)]!.get(key);
  }

  /** Adds a key that is not in it. */
  add(key: string, keyIndex: KeyIndex): void {
    this.#shards[shardOf(key)]!.set(key, keyIndex);
    this.#size++;
  }

  delete(key: string): void {
    if (this.#shards[shardOf(key)]!.delete(key)) {
      this.#size--;
    }
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
