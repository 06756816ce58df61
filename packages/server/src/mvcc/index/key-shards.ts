/**
 * The key index by key, for single look-ups: many small maps, because one that grows stops the world
 * for its size. Keys of a start are put into their map when one of that map is first asked for.
 */
import type { Pause } from "../../lib/key-order.ts";
import type { KeyIndex } from "./key-index.ts";
import type { LoadedKeys } from "./index-loader.ts";

const SHARDS = 1024;
const SLICE_KEYS = 8192;

interface Unfilled {
  readonly loaded: LoadedKeys;
  /** Positions in `loaded`, shard by shard. */
  readonly positions: Uint32Array;
  /** By shard, where its positions begin; one more for the end. */
  readonly starts: Uint32Array;
  readonly isFilled: Uint8Array;
  left: number;
}

export class KeyShards {
  readonly #shards: Map<string, KeyIndex>[] = Array.from({ length: SHARDS }, () => new Map());
  #unfilled: Unfilled | undefined = undefined;

  get(key: string): KeyIndex | undefined {
    return this.#shardOf(key).get(key);
  }

  set(key: string, keyIndex: KeyIndex): void {
    this.#shardOf(key).set(key, keyIndex);
  }

  delete(key: string): void {
    this.#shardOf(key).delete(key);
  }

  /** Adds the keys of a start; the shards are empty. */
  async load(loaded: LoadedKeys, pause: Pause): Promise<void> {
    const { keys } = loaded;
    const shards = new Uint16Array(keys.length);
    const starts = new Uint32Array(SHARDS + 1);
    for (let position = 0; position < keys.length; position++) {
      const shard = shardOf(keys[position]!);
      shards[position] = shard;
      starts[shard + 1]!++;
      if (position % SLICE_KEYS === 0) {
        await pause();
      }
    }
    for (let shard = 0; shard < SHARDS; shard++) {
      starts[shard + 1]! += starts[shard]!;
    }
    const next = starts.slice();
    const positions = new Uint32Array(keys.length);
    for (let position = 0; position < keys.length; position++) {
      positions[next[shards[position]!]!++] = position;
    }
    const isFilled = new Uint8Array(SHARDS);
    this.#unfilled = { loaded, positions, starts, isFilled, left: SHARDS };
  }

  #shardOf(key: string): Map<string, KeyIndex> {
    const shard = shardOf(key);
    if (this.#unfilled !== undefined) {
      this.#fill(this.#unfilled, shard);
    }
    return this.#shards[shard]!;
  }

  #fill(unfilled: Unfilled, shard: number): void {
    const { loaded, positions, starts, isFilled } = unfilled;
    if (isFilled[shard] === 1) {
      return;
    }
    const map = this.#shards[shard]!;
    for (let at = starts[shard]!; at < starts[shard + 1]!; at++) {
      const position = positions[at]!;
      map.set(loaded.keys[position]!, loaded.keyIndexes[position]!);
    }
    isFilled[shard] = 1;
    unfilled.left--;
    if (unfilled.left === 0) {
      this.#unfilled = undefined;
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
