/** Makes the leaves of an index, frozen, from keys that come in order. */
import type { LeafContent } from "../../lib/b-plus-tree.ts";
import { copyBytes } from "../../lib/bytes.ts";
import { BlockWriter, FrozenBlock, REVISIONS_MAX, type StoredVersion } from "./frozen-block.ts";
import type { KeyIndex } from "./key-index.ts";

/** One whose history is too long for a block is a leaf of its own, as it is. */
export type IndexLeaf = FrozenBlock | LeafContent<KeyIndex>;

/** Blocks are moved to memory of their own when so many bytes are written. */
const PIECE_BYTES = 256 * 1024;

export function firstKeyOf(leaf: IndexLeaf): string {
  return leaf instanceof FrozenBlock ? leaf.firstKey : leaf.keys[0]!;
}

export function contentOf(leaf: IndexLeaf): LeafContent<KeyIndex> {
  return leaf instanceof FrozenBlock ? leaf.thaw() : leaf;
}

export function mayHaveLeases(leaf: IndexLeaf): boolean {
  return !(leaf instanceof FrozenBlock) || leaf.hasLeases;
}

/** The leaf itself stays frozen. */
export function visitLeases(leaf: IndexLeaf, visit: (lease: bigint, key: string) => void): void {
  const { keys, values } = contentOf(leaf);
  for (const [at, { lease }] of values.entries()) {
    if (lease !== 0n) {
      visit(lease, keys[at]!);
    }
  }
}

export class LeafWriter {
  readonly #blocks = new BlockWriter(2 * PIECE_BYTES);
  readonly #leaves: IndexLeaf[] = [];
  /** Keys added that exist. */
  live = 0;
  /** Keys added. */
  size = 0;

  add(key: string, keyIndex: KeyIndex): void {
    this.size++;
    this.live += keyIndex.isDeleted ? 0 : 1;
    if (keyIndex.length > REVISIONS_MAX) {
      this.#move();
      this.#leaves.push({ keys: [key], values: [keyIndex] });
      return;
    }
    this.#blocks.add(key, keyIndex);
    if (this.#blocks.length >= PIECE_BYTES) {
      this.#move();
    }
  }

  /** A key with one version. */
  addOnly(key: Uint8Array, version: StoredVersion): void {
    this.size++;
    this.live += version.version === 0 ? 0 : 1;
    this.#blocks.addOnly(key, version);
    if (this.#blocks.length >= PIECE_BYTES) {
      this.#move();
    }
  }

  finish(): readonly IndexLeaf[] {
    this.#move();
    return this.#leaves;
  }

  #move(): void {
    const { bytes, blocks } = this.#blocks.take();
    const piece = copyBytes(bytes);
    for (const block of blocks) {
      this.#leaves.push(new FrozenBlock(piece.subarray(block.start, block.end), block));
    }
  }
}
