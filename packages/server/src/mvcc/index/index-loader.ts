/**
 * Builds the index of a start from the stored metadata of all versions, without looking a key up: sorts
 * them by key, which keeps the order of revision among equal keys, and puts neighbours together. Pages
 * are kept as they are until then, so that no version costs an object. What has been read is put
 * together whenever it has doubled, so that a long history needs no more memory for it than the keys do.
 */
import { keyOrder, type PackedKeys, type Pause } from "../../lib/key-order.ts";
import { KeyMetaReader } from "../key-meta.ts";
import { KeyIndex } from "./key-index.ts";
import { contentOf, type IndexLeaf, LeafWriter } from "./leaf-writer.ts";

/** Versions are put together when there are so many, or twice as many as there are keys. */
const VERSIONS_MAX = 2 ** 20;
/** Or when their metadata has so many bytes. */
const BYTES_MAX = 2 ** 29;
const FIRST_BYTES = 2 ** 18;
const FIRST_VERSIONS = 2 ** 13;
/** Keys between looks at the clock. */
const SLICE = 512;

export interface LoadedIndex {
  /** In ascending order of the keys, which all differ. */
  readonly leaves: readonly IndexLeaf[];
  /** Keys that exist. */
  readonly live: number;
  readonly size: number;
}

export class IndexLoader {
  #loaded: LoadedIndex = { leaves: [], live: 0, size: 0 };
  /** Pages one after the other, not put together yet. */
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;
  /** Where each entry begins in them, and its key; an entry ends with its key. */
  #entries: Uint32Array = new Uint32Array(FIRST_VERSIONS);
  #keys: Uint32Array = new Uint32Array(FIRST_VERSIONS);
  #versions = 0;
  readonly #meta = new KeyMetaReader();
  #lastMain = 0;

  get isFull(): boolean {
    const versionsMax = Math.max(VERSIONS_MAX, 2 * this.#loaded.size);
    return this.#versions >= versionsMax || this.#length >= BYTES_MAX;
  }

  /** Main revision of the last version; 0 if there is none. */
  get lastMain(): number {
    return this.#lastMain;
  }

  /** Takes the next page of bucket key-meta; when it says it is full, `putTogether` comes first. */
  add(page: Uint8Array): void {
    this.#reserve(page.length);
    this.#bytes.set(page, this.#length);
    const meta = this.#meta;
    meta.open(page);
    while (meta.next()) {
      if (this.#versions === this.#keys.length) {
        this.#entries = twiceAsLong(this.#entries);
        this.#keys = twiceAsLong(this.#keys);
      }
      this.#entries[this.#versions] = this.#length + meta.start;
      this.#keys[this.#versions] = this.#length + meta.end - meta.keyLength;
      this.#versions++;
    }
    this.#lastMain = meta.main;
    this.#length += page.length;
  }

  async putTogether(pause: Pause): Promise<LoadedIndex> {
    const versions = this.#pack();
    const order = await keyOrder(versions.keys, pause);
    const merge = new Merge(this.#loaded.leaves, versions, order);
    while (merge.goOn(SLICE)) {
      await pause();
    }
    this.#versions = 0;
    this.#length = 0;
    this.#loaded = merge.finish();
    return this.#loaded;
  }

  #pack(): Versions {
    const count = this.#versions;
    const ends = new Uint32Array(count);
    if (count > 0) {
      ends.set(this.#entries.subarray(1, count));
      ends[count - 1] = this.#length;
    }
    const bytes = this.#bytes.subarray(0, this.#length);
    const starts = this.#keys.subarray(0, count);
    return { keys: { bytes, starts, ends }, bytes, entries: this.#entries };
  }

  #reserve(count: number): void {
    if (this.#bytes.length - this.#length < count) {
      const length = Math.max(this.#bytes.length * 2, this.#length + count);
      const grown = Buffer.allocUnsafeSlow(length);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
  }
}

interface Versions {
  readonly keys: PackedKeys;
  readonly bytes: Buffer;
  /** Where the entry of each begins. */
  readonly entries: Uint32Array;
}

/** Puts versions in order of their keys together with what was put together before. */
class Merge {
  readonly #old: LeafCursor;
  readonly #versions: Versions;
  readonly #order: Uint32Array;
  readonly #merged = new LeafWriter();
  readonly #meta = new KeyMetaReader();
  /** Place in the order. */
  #at = 0;

  constructor(old: readonly IndexLeaf[], versions: Versions, order: Uint32Array) {
    this.#old = new LeafCursor(old);
    this.#versions = versions;
    this.#order = order;
    this.#meta.open(versions.bytes);
  }

  /** Takes some keys, one or the other way; false when there are no more. */
  goOn(keys: number): boolean {
    for (let left = keys; left > 0; left--) {
      const isAtEnd = this.#at === this.#order.length;
      if (isAtEnd && this.#old.key === undefined) {
        return false;
      }
      if (isAtEnd) {
        this.#takeOld();
      } else if (this.#old.key === undefined && this.#isLastOfKey()) {
        this.#takeOnly();
      } else {
        this.#takeLower();
      }
    }
    return true;
  }

  finish(): LoadedIndex {
    const { live, size } = this.#merged;
    return { leaves: this.#merged.finish(), live, size };
  }

  #takeOld(): void {
    this.#merged.add(this.#old.key!, this.#old.take());
  }

  /** The usual case, a key with one version, is worth no object. */
  #takeOnly(): void {
    const { bytes, starts, ends } = this.#versions.keys;
    const position = this.#order[this.#at++]!;
    this.#readMeta(position);
    this.#merged.addOnly(bytes.subarray(starts[position]!, ends[position]!), this.#meta);
  }

  #takeLower(): void {
    const { keys, bytes } = this.#versions;
    const position = this.#order[this.#at]!;
    const key = bytes.toString("latin1", keys.starts[position], keys.ends[position]);
    const oldKey = this.#old.key;
    if (oldKey !== undefined && oldKey < key) {
      this.#takeOld();
      return;
    }
    const keyIndex = oldKey === key ? this.#old.take() : new KeyIndex();
    for (let isLast = false; !isLast; this.#at++) {
      isLast = this.#isLastOfKey();
      this.#readMeta(this.#order[this.#at]!);
      addVersion(keyIndex, this.#meta);
    }
    this.#merged.add(key, keyIndex);
  }

  #readMeta(position: number): void {
    this.#meta.seek(this.#versions.entries[position]!);
    this.#meta.next();
  }

  /** Whether the next place of the order, if any, is of another key. */
  #isLastOfKey(): boolean {
    const next = this.#at + 1;
    const order = this.#order;
    return next === order.length || !isSameKey(this.#versions.keys, order[this.#at]!, order[next]!);
  }
}

/** Walks keys that were put together before. */
class LeafCursor {
  readonly #leaves: readonly IndexLeaf[];
  #next = 0;
  #keys: readonly string[] = [];
  #values: readonly KeyIndex[] = [];
  #at = 0;

  constructor(leaves: readonly IndexLeaf[]) {
    this.#leaves = leaves;
    this.#open();
  }

  /** The key that comes next; undefined at the end. */
  get key(): string | undefined {
    return this.#keys[this.#at];
  }

  take(): KeyIndex {
    const keyIndex = this.#values[this.#at++]!;
    if (this.#at === this.#keys.length) {
      this.#open();
    }
    return keyIndex;
  }

  #open(): void {
    const leaf = this.#leaves[this.#next++];
    const content = leaf && contentOf(leaf);
    this.#keys = content?.keys ?? [];
    this.#values = content?.values ?? [];
    this.#at = 0;
  }
}

function addVersion(keyIndex: KeyIndex, meta: KeyMetaReader): void {
  const { main, sub, created, version } = meta;
  if (keyIndex.length === 0) {
    keyIndex.restore(main, sub, created, version);
  } else if (version === 0) {
    keyIndex.tombstone(main, sub);
  } else {
    keyIndex.put(main, sub);
  }
  keyIndex.lease = meta.lease;
}

function isSameKey({ bytes, starts, ends }: PackedKeys, left: number, right: number): boolean {
  const length = ends[left]! - starts[left]!;
  if (ends[right]! - starts[right]! !== length) {
    return false;
  }
  for (let at = 0; at < length; at++) {
    if (bytes[starts[left]! + at] !== bytes[starts[right]! + at]) {
      return false;
    }
  }
  return true;
}

function twiceAsLong(numbers: Uint32Array): Uint32Array {
  const longer = new Uint32Array(numbers.length * 2);
  longer.set(numbers);
  return longer;
}
