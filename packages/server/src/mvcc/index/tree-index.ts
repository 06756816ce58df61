/**
 * All keys of the store and their histories, in key order; values are elsewhere.
 *
 * Keys are latin1 strings, one character a byte. A range is [key, end) with `end` undefined for
 * "no upper bound".
 */
import { BPlusTree } from "../../lib/b-plus-tree.ts";
import { KeyIndex } from "./key-index.ts";

export class TreeIndex {
  readonly #tree = new BPlusTree<KeyIndex>();

  /** Keys known, deleted ones that still have history included. */
  get size(): number {
    return this.#tree.size;
  }

  get(key: string): KeyIndex | undefined {
    return this.#tree.get(key);
  }

  getOrCreate(key: string): KeyIndex {
    let keyIndex = this.#tree.get(key);
    if (keyIndex === undefined) {
      keyIndex = new KeyIndex();
      this.#tree.set(key, keyIndex);
    }
    return keyIndex;
  }

  delete(key: string): void {
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
