/**
 * Builds the index of a start from the versions in order of revision, without looking a key up: sorts
 * them by key, which keeps the order of revision among equal keys, and puts neighbours together. What
 * has been read is put together whenever it has doubled, so that a long history needs no more memory
 * for it than the keys do.
 */
import { keyOrder, type Pause } from "../../lib/key-order.ts";
import { KeyIndex } from "./key-index.ts";

/** Versions are put together when there are so many, or twice as many as there are keys. */
const VERSIONS_MAX = 2 ** 20;
const SLICE = 4096;
/** Main, sub, created, version. */
const NUMBERS = 4;

/** A version of a key, as stored; `version` 0 is a tombstone. */
export interface StoredVersion {
  readonly main: number;
  readonly sub: number;
  readonly created: number;
  readonly version: number;
  readonly lease: bigint;
}

/** Parallel, in ascending order of the keys, which all differ. */
export interface LoadedKeys {
  readonly keys: readonly string[];
  readonly keyIndexes: readonly KeyIndex[];
}

export class IndexLoader {
  #loaded: LoadedKeys = { keys: [], keyIndexes: [] };
  /** Versions not put together yet, in parallel arrays: objects would cost more than all else. */
  #keys: string[] = [];
  #numbers: number[] = [];
  /** By position in them; few versions have one. */
  #leases = new Map<number, bigint>();

  get isFull(): boolean {
    return this.#keys.length >= Math.max(VERSIONS_MAX, 2 * this.#loaded.keys.length);
  }

  /** Takes the next version; when it says it is full, `putTogether` comes first. */
  add(key: string, { main, sub, created, version, lease }: StoredVersion): void {
    if (lease !== 0n) {
      this.#leases.set(this.#keys.length, lease);
    }
    this.#keys.push(key);
    this.#numbers.push(main, sub, created, version);
  }

  async putTogether(pause: Pause): Promise<LoadedKeys> {
    const old = this.#loaded;
    const order = await keyOrder(this.#keys, pause);
    const keys: string[] = [];
    const keyIndexes: KeyIndex[] = [];
    let taken = 0;
    for (let at = 0; at < order.length; at++) {
      const position = order[at]!;
      const key = this.#keys[position]!;
      for (; taken < old.keys.length && old.keys[taken]! <= key; taken++) {
        keys.push(old.keys[taken]!);
        keyIndexes.push(old.keyIndexes[taken]!);
        if (taken % SLICE === 0) {
          await pause();
        }
      }
      if (keys.at(-1) !== key) {
        keys.push(key);
        keyIndexes.push(new KeyIndex());
      }
      this.#addVersion(keyIndexes.at(-1)!, position);
      if (at % SLICE === 0) {
        await pause();
      }
    }
    for (; taken < old.keys.length; taken++) {
      keys.push(old.keys[taken]!);
      keyIndexes.push(old.keyIndexes[taken]!);
      if (taken % SLICE === 0) {
        await pause();
      }
    }
    this.#keys = [];
    this.#numbers = [];
    this.#leases = new Map();
    this.#loaded = { keys, keyIndexes };
    return this.#loaded;
  }

  #addVersion(keyIndex: KeyIndex, position: number): void {
    const numbers = this.#numbers;
    const at = position * NUMBERS;
    const main = numbers[at]!;
    const sub = numbers[at + 1]!;
    const version = numbers[at + 3]!;
    if (keyIndex.length === 0) {
      keyIndex.restore(main, sub, numbers[at + 2]!, version);
    } else if (version === 0) {
      keyIndex.tombstone(main, sub);
    } else {
      keyIndex.put(main, sub);
    }
    keyIndex.lease = this.#leases.size === 0 ? 0n : (this.#leases.get(position) ?? 0n);
  }
}
