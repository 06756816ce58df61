/**
 * Knows the keys under which the blocks lie in the engine. Kept in memory, and in bucket
 * `keyValueBlocks` in pages, so that a start need not walk the blocks themselves:
 *
 *     page     u8 key bytes · key …              under the first block's key, or one below it
 *
 * A page is written with its blocks, and is rewritten when blocks of it go.
 */
import { asBuffer, bytesToKey, keyToBytes } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";

/** Pages are joined up to this many blocks. */
const PAGE_BLOCKS_MAX = 400;

interface Page {
  readonly key: string;
  /** In order. */
  readonly blocks: string[];
}

/** What becomes of a page: its new content, or undefined to remove it. Of two, the later counts. */
export type PageChange = readonly [key: Uint8Array, page: Uint8Array | undefined];

/** The entry of a block in its page. */
export function directoryEntry(key: Uint8Array): Uint8Array {
  const entry = Buffer.allocUnsafe(1 + key.length);
  entry[0] = key.length;
  entry.set(key, 1);
  return entry;
}

export class BlockDirectory {
  #pages: Page[] = [];
  /** The block found last, and all of its page: who deletes records goes from one to the next. */
  #lastFound = { blocks: [] as readonly string[], at: -1 };

  /** Adds a page read from the engine; pages come in order. */
  load(key: Uint8Array, bytes: Uint8Array): void {
    const page = asBuffer(bytes);
    const blocks: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + bytes[at]!;
      if (end === at + 1 || end > bytes.length) {
        throw new CorruptionError("bucket keyValueBlocks", bytesToKey(key), "impossible key");
      }
      blocks.push(page.toString("latin1", at + 1, end));
      at = end;
    }
    this.#pages.push({ key: bytesToKey(key), blocks });
  }

  /** Adds a block above all others, in a page of its own or in the last one. */
  add(key: Uint8Array, beginsPage: boolean): void {
    const block = bytesToKey(key);
    if (beginsPage) {
      this.#pages.push({ key: block, blocks: [block] });
    } else {
      this.#pages.at(-1)!.blocks.push(block);
    }
  }

  /** The highest block; empty if there is none. */
  get last(): string {
    return this.#pages.at(-1)?.blocks.at(-1) ?? "";
  }

  /** The key of the one block that can hold `key`; undefined if none can. */
  blockOf(key: Uint8Array): string | undefined {
    return this.blockOfText(bytesToKey(key));
  }

  /** As `blockOf`, of a key as latin1 text. */
  blockOfText(wanted: string): string | undefined {
    const last = this.#lastFound;
    const found = last.blocks[last.at];
    const next = last.blocks[last.at + 1];
    if (found !== undefined && next !== undefined && found <= wanted && wanted < next) {
      return found;
    }
    const blocks = this.#pageOf(wanted)?.blocks ?? [];
    const at = countUpTo(blocks.length, (place) => blocks[place]! <= wanted) - 1;
    this.#lastFound = { blocks, at };
    return blocks[at];
  }

  /** Takes blocks out. A page that shrinks is joined with the one before it, if it fits there. */
  remove(gone: ReadonlySet<string>): PageChange[] {
    const shrunk = new Set([...gone].map((block) => this.#pageOf(block)));
    const changes: PageChange[] = [];
    const pages: Page[] = [];
    for (const page of this.#pages) {
      if (!shrunk.has(page)) {
        pages.push(page);
        continue;
      }
      const blocks = page.blocks.filter((block) => !gone.has(block));
      const before = pages.at(-1);
      if (before !== undefined && before.blocks.length + blocks.length <= PAGE_BLOCKS_MAX) {
        before.blocks.push(...blocks);
        changes.push(change(page.key, []), change(before.key, before.blocks));
      } else {
        pages.push({ key: page.key, blocks });
        changes.push(change(page.key, blocks));
      }
    }
    this.#pages = pages.filter(({ blocks }) => blocks.length > 0);
    this.#lastFound = { blocks: [], at: -1 };
    return changes;
  }

  #pageOf(key: string): Page | undefined {
    const pages = this.#pages;
    return pages[countUpTo(pages.length, (at) => pages[at]!.key <= key) - 1];
  }
}

function change(key: string, blocks: readonly string[]): PageChange {
  const entries = blocks.map((block) => directoryEntry(keyToBytes(block)));
  return [keyToBytes(key), entries.length === 0 ? undefined : Buffer.concat(entries)];
}

/** How many of `length` ascending things are within a bound: the first ones. */
function countUpTo(length: number, isWithin: (at: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isWithin(middle)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
