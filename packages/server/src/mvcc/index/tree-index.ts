/**
 * All keys of the store and their histories, in key order; values are elsewhere.
 *
 * Keys are latin1 strings, one character a byte. A range is [key, end) with `end` undefined for
 * "no upper bound".
 */
import { assert } from "../../lib/assert.ts";
import { BPlusTree, type FrozenLeaf, type LeafContent } from "../../lib/b-plus-tree.ts";
import type { Pause } from "../../lib/key-order.ts";
import { KeyIndex } from "./key-index.ts";
import { KeyShards } from "./key-shards.ts";
import { FrozenBlock } from "./frozen-block.ts";
import { firstKeyOf, type IndexLeaf } from "./leaf-writer.ts";

/** Leaves put into the tree between pauses. */
const SLICE_LEAVES = 256;

export class TreeIndex {
  /** For ranges, and the whole. */
  readonly #tree = new BPlusTree<KeyIndex>();
  /** For single keys; after a start it knows those that were asked for. */
  readonly #shards = new KeyShards();

  #frozenRevision = 0;

  /** No revision in a frozen block is above it. */
  get frozenRevision(): number {
    return this.#frozenRevision;
  }

  /** Keys known, deleted ones that still have history included. */
  get size(): number {
    return this.#tree.size;
  }

  get(key: string): KeyIndex | undefined {
    const known = this.#shards.get(key);
    if (known !== undefined || this.#shards.size === this.#tree.size) {
      return known;
    }
    const keyIndex = this.#tree.get(key);
    if (keyIndex !== undefined) {
      this.#shards.add(key, keyIndex);
    }
    return keyIndex;
  }

  getOrCreate(key: string): KeyIndex {
    let keyIndex = this.get(key);
    if (keyIndex === undefined) {
      keyIndex = new KeyIndex();
      this.#shards.add(key, keyIndex);
      this.#tree.set(key, keyIndex);
    }
    return keyIndex;
  }

  /**
   * Fills an empty index with leaves that follow each other in order, and have no revision above
   * `newest`; they are its own from then on.
   */
  async load(leaves: readonly IndexLeaf[], newest: number, pause: Pause): Promise<void> {
    assert(this.#tree.size === 0, "the index is loaded already");
    this.#frozenRevision = newest;
    for (const [at, leaf] of leaves.entries()) {
      this.#tree.appendLeaf(firstKeyOf(leaf), leaf);
      if (at % SLICE_LEAVES === 0) {
        await pause();
      }
    }
  }

  /** All keys, in pieces, in order; no key may come or go meanwhile. */
  leaves(): Generator<FrozenLeaf<KeyIndex> | LeafContent<KeyIndex>, void> {
    return this.#tree.leaves();
  }

  delete(key: string): void {
    this.#shards.delete(key);
    this.#tree.delete(key);
  }

  /**
   * In key order, until `visit` returns false. The index must not change meanwhile. A block that is
   * frozen and whole in range stays as it is if it `passes`; its keys are not visited then.
   */
  visit(
    key: string,
    end: string | undefined,
    visit: (key: string, keyIndex: KeyIndex) => boolean,
    passes?: (block: FrozenBlock) => boolean,
  ): void {
    const passesLeaf =
      passes &&
      ((leaf: FrozenLeaf<KeyIndex>): boolean => leaf instanceof FrozenBlock && passes(leaf));
    this.#tree.visit(key, end, visit, passesLeaf);
  }

  /**
   * As `visit`, at most `limit` keys, fewer if they have long histories. Returns where to go on, or
   * undefined at the end of the range; the index may change before. A block that `passes` counts as a key.
   */
  visitSlice(
    key: string,
    end: string | undefined,
    limit: number,
    visit: (key: string, keyIndex: KeyIndex) => void,
    passes?: (block: FrozenBlock) => boolean,
  ): string | undefined {
    let left = limit;
    let next: string | undefined;
    const visitKey = (found: string, keyIndex: KeyIndex): boolean => {
      if (left <= 0) {
        next = found;
        return false;
      }
      left -= keyIndex.weight;
      visit(found, keyIndex);
      return true;
    };
    // The slice ends at a key, for which a block is thawed.
    this.visit(key, end, visitKey, passes && ((block) => left-- > 0 && passes(block)));
    return next;
  }
}
