/**
 * A run of keys and their histories as flat bytes, as they lie in an index image, and in memory until
 * one of the keys is asked for. Keys follow each other in order:
 *
 *     key:     varint key bytes · key · varint (revisions − 1) << 1 | hasLease · [8 bytes lease]
 *              · first · later …
 *     first:   varint main · varint sub · varint (main − created) · varint version
 *     later:   varint (main − main before) · varint sub << 1 | isTombstone
 *
 * The oldest revision says how often the key was put before; of the later ones that follows.
 */
import { assert } from "../../lib/assert.ts";
import type { FrozenLeaf, LeafContent } from "../../lib/b-plus-tree.ts";
import { asBuffer, getBigUint64, putBigUint64 } from "../../lib/bytes.ts";
import { VARINT_BYTES_MAX, VarintReader, writeVarint } from "../../lib/varint.ts";
import { KeyIndex } from "./key-index.ts";

/** Keys of a block: as many as a leaf of the tree holds. */
export const BLOCK_KEYS_MAX = 64;
/** A block ends with the key that reaches one of these, so that one is thawed in no time. */
const BLOCK_BYTES_FULL = 16 * 1024;
const BLOCK_REVISIONS_FULL = 2048;
/** A key's history is written, and thawed, in one go: three milliseconds. */
export const REVISIONS_MAX = 100_000;

/** What a history knows of each revision: main, sub, created, version. */
const REVISION_NUMBERS = 4;
const LEASE_BYTES = 8;
const FIRST_BYTES_MAX = 6 * VARINT_BYTES_MAX + LEASE_BYTES;
const LATER_BYTES_MAX = 2 * VARINT_BYTES_MAX;

/** What is known of a block without thawing it. */
export interface BlockFacts {
  /** Keys in it. */
  readonly size: number;
  /** Those of them that are not deleted. */
  readonly live: number;
  /** Whether any of the keys has a lease. */
  readonly hasLeases: boolean;
}

export class FrozenBlock implements FrozenLeaf<KeyIndex>, BlockFacts {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly live: number;
  readonly hasLeases: boolean;

  /** `bytes` must stay as they are. */
  constructor(bytes: Uint8Array, { size, live, hasLeases }: BlockFacts) {
    this.bytes = bytes;
    this.size = size;
    this.live = live;
    this.hasLeases = hasLeases;
  }

  get firstKey(): string {
    return new BlockReader(this.bytes).key();
  }

  thaw(): LeafContent<KeyIndex> {
    const reader = new BlockReader(this.bytes);
    const keys: string[] = [];
    const values: KeyIndex[] = [];
    for (let left = this.size; left > 0; left--) {
      keys.push(reader.key());
      values.push(reader.keyIndex());
    }
    return { keys, values };
  }
}

class BlockReader {
  readonly #bytes: Buffer;
  readonly #numbers: VarintReader;

  constructor(bytes: Uint8Array) {
    this.#bytes = asBuffer(bytes);
    this.#numbers = new VarintReader(bytes);
  }

  key(): string {
    const numbers = this.#numbers;
    const length = numbers.next();
    numbers.at += length;
    return this.#bytes.toString("latin1", numbers.at - length, numbers.at);
  }

  /** Follows its key. */
  keyIndex(): KeyIndex {
    const numbers = this.#numbers;
    const keyIndex = new KeyIndex();
    const laterAndMark = numbers.next();
    if (laterAndMark % 2 === 1) {
      keyIndex.lease = BigInt.asIntN(64, getBigUint64(this.#bytes, numbers.at));
      numbers.at += LEASE_BYTES;
    }
    const later = Math.floor(laterAndMark / 2);
    if (later > 0) {
      this.#restoreAll(keyIndex, later);
    } else {
      const main = numbers.next();
      keyIndex.restore(main, numbers.next(), main - numbers.next(), numbers.next());
    }
    return keyIndex;
  }

  /** Into an array of the right length: a history that grows takes several times as long. */
  #restoreAll(keyIndex: KeyIndex, later: number): void {
    const numbers = this.#numbers;
    const older = new Array<number>(later * REVISION_NUMBERS);
    let main = numbers.next();
    let sub = numbers.next();
    let created = main - numbers.next();
    let version = numbers.next();
    for (let at = 0; at < older.length; at += REVISION_NUMBERS) {
      older[at] = main;
      older[at + 1] = sub;
      older[at + 2] = created;
      older[at + 3] = version;
      main += numbers.next();
      const subAndMark = numbers.next();
      const isTombstone = subAndMark % 2 === 1;
      sub = Math.floor(subAndMark / 2);
      created = isTombstone ? 0 : version === 0 ? main : created;
      version = isTombstone ? 0 : version + 1;
    }
    keyIndex.restore(main, sub, created, version);
    keyIndex.restoreHistory(older);
  }
}

/** A version of a key, as stored; `created` and `version` are 0 in a tombstone. */
export interface StoredVersion {
  readonly main: number;
  readonly sub: number;
  readonly created: number;
  readonly version: number;
  readonly lease: bigint;
}

/** Where a block lies in the bytes of a writer. */
export interface BlockExtent extends BlockFacts {
  readonly start: number;
  readonly end: number;
}

/** Lays blocks one after the other, each key above the one before. */
export class BlockWriter {
  #bytes: Buffer;
  #at = 0;
  #blocks: BlockExtent[] = [];
  /** Of the block under way. */
  #start = 0;
  #keys = 0;
  #live = 0;
  #revisions = 0;
  #hasLeases = false;

  constructor(expectedBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(expectedBytes);
  }

  /** Bytes written. */
  get length(): number {
    return this.#at;
  }

  add(key: string, keyIndex: KeyIndex): void {
    const { length: revisions, lease } = keyIndex;
    assert(revisions > 0, "a key without a revision is in the index");
    this.#reserve(key.length + FIRST_BYTES_MAX + revisions * LATER_BYTES_MAX);
    this.#number(key.length);
    this.#at += this.#bytes.write(key, this.#at, "latin1");
    this.#addHead(revisions, lease);
    this.#addHistory(keyIndex);
    this.#endKey(revisions, keyIndex.isDeleted);
  }

  /** A key with one version. */
  addOnly(key: Uint8Array, { main, sub, created, version, lease }: StoredVersion): void {
    this.#reserve(key.length + FIRST_BYTES_MAX);
    this.#number(key.length);
    this.#bytes.set(key, this.#at);
    this.#at += key.length;
    this.#addHead(1, lease);
    this.#addFirst(main, sub, created, version);
    this.#endKey(1, version === 0);
  }

  /** A block that was never thawed. */
  addFrozen({ bytes, size, live, hasLeases }: FrozenBlock): void {
    this.endBlock();
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
    this.#keys = size;
    this.#live = live;
    this.#hasLeases = hasLeases;
    this.endBlock();
  }

  /** What follows begins a block. */
  endBlock(): void {
    if (this.#keys > 0) {
      const facts = { size: this.#keys, live: this.#live, hasLeases: this.#hasLeases };
      this.#blocks.push({ start: this.#start, end: this.#at, ...facts });
    }
    this.#start = this.#at;
    this.#keys = 0;
    this.#live = 0;
    this.#revisions = 0;
    this.#hasLeases = false;
  }

  /** All since the last call. The bytes are valid until something is added. */
  take(): { readonly bytes: Uint8Array; readonly blocks: readonly BlockExtent[] } {
    this.endBlock();
    const taken = { bytes: this.#bytes.subarray(0, this.#at), blocks: this.#blocks };
    this.#at = 0;
    this.#start = 0;
    this.#blocks = [];
    return taken;
  }

  #isBlockFull(): boolean {
    return (
      this.#keys === BLOCK_KEYS_MAX ||
      this.#revisions >= BLOCK_REVISIONS_FULL ||
      this.#at - this.#start >= BLOCK_BYTES_FULL
    );
  }

  #endKey(revisions: number, isDeleted: boolean): void {
    this.#keys++;
    this.#live += isDeleted ? 0 : 1;
    this.#revisions += revisions;
    if (this.#isBlockFull()) {
      this.endBlock();
    }
  }

  #addHead(revisions: number, lease: bigint): void {
    this.#number((revisions - 1) * 2 + (lease === 0n ? 0 : 1));
    if (lease !== 0n) {
      putBigUint64(this.#bytes, this.#at, BigInt.asUintN(64, lease));
      this.#at += LEASE_BYTES;
      this.#hasLeases = true;
    }
  }

  #addFirst(main: number, sub: number, created: number, version: number): void {
    this.#number(main);
    this.#number(sub);
    this.#number(main - created);
    this.#number(version);
  }

  #addHistory(keyIndex: KeyIndex): void {
    let before = keyIndex.mainAt(0);
    this.#addFirst(before, keyIndex.subAt(0), keyIndex.createdAt(0), keyIndex.versionAt(0));
    for (let at = 1; at < keyIndex.length; at++) {
      const main = keyIndex.mainAt(at);
      this.#number(main - before);
      this.#number(keyIndex.subAt(at) * 2 + (keyIndex.versionAt(at) === 0 ? 1 : 0));
      before = main;
    }
  }

  #number(value: number): void {
    this.#at = writeVarint(this.#bytes, this.#at, value);
  }

  #reserve(count: number): void {
    if (this.#bytes.length - this.#at < count) {
      const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + count));
      this.#bytes.copy(grown, 0, 0, this.#at);
      this.#bytes = grown;
    }
  }
}
