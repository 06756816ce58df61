/**
 * Decides where the pages of a B+ tree end, given nothing but the lengths of its keys and values
 * in order. It is fed the same lengths twice: once without the data, to learn how many pages there
 * will be, and once beside it, to cut the data into those pages.
 *
 * Pages come out in post-order: a branch page follows its children, the root comes last. So a page
 * knows its children's ids when it is written, and only one open page a level is ever held.
 *
 *     file order:  L1 L2 L3 B1 L4 L5 B2 R        R -> B1 B2,  B1 -> L1 L2 L3,  B2 -> L4 L5
 *
 * Pages are filled to the brim. An element larger than a page gets a page with overflow to itself.
 * A branch page has two children at least, whatever their key lengths: bbolt asserts this of every
 * page whose child it rebalances, and would panic in the first compaction after a restore. To have
 * the two for the last page as well, a full branch page stays open until its successor has two.
 */
import type { PageAllocator } from "./page-allocator.ts";
import { ELEMENT_BYTES, PAGE_HEADER_BYTES, pagesFor } from "./page.ts";

const LEAF_ELEMENTS_MIN = 1;
const BRANCH_ELEMENTS_MIN = 2;

/** A bucket of at most this share of a page is stored inside its parent's leaf, as bbolt does. */
const INLINE_SHARE_OF_PAGE = 4;

export interface ClosedPage {
  /** 0 for leaves. */
  readonly level: number;
  readonly id: number;
  /** Pages taken, overflow included. */
  readonly pages: number;
  /** Bytes in use, header included. */
  readonly contentBytes: number;
  /** How many of the level's oldest elements make up the page. */
  readonly count: number;
}

/** Where a finished tree is to be found. */
export type TreeRoot =
  | { readonly kind: "page"; readonly id: number }
  | { readonly kind: "inline"; readonly contentBytes: number; readonly count: number };

export interface TreeLayoutOptions {
  readonly pageSize: number;
  readonly pages: PageAllocator;
  /** May the whole tree become an inline page, without a page id? Not the root bucket's. */
  readonly inline: boolean;
  /** Called for every page, in file order. */
  readonly onPage?: (page: ClosedPage) => void;
}

export class TreeLayout {
  readonly #options: TreeLayoutOptions;
  readonly #levels: Level[] = [];

  constructor(options: TreeLayoutOptions) {
    this.#options = options;
  }

  /** Places the next leaf element. */
  add(keyLength: number, valueLength: number): void {
    this.#addTo(0, keyLength, valueLength);
  }

  /** Closes what is open. The layout takes no more elements after this. */
  finish(): TreeRoot {
    const leaves = this.#level(0);
    if (this.#options.inline && leaves.isOnlyPage && this.#fitsInline(leaves.openBytes)) {
      return { kind: "inline", contentBytes: leaves.openBytes, count: leaves.openCount };
    }
    for (let index = 0; ; index++) {
      const level = this.#level(index);
      for (const count of level.lastCounts()) {
        const id = this.#close(index, count);
        if (level.isRoot) {
          return { kind: "page", id };
        }
      }
    }
  }

  #fitsInline(contentBytes: number): boolean {
    return contentBytes <= this.#options.pageSize / INLINE_SHARE_OF_PAGE;
  }

  #addTo(index: number, keyLength: number, valueLength: number): void {
    const level = this.#level(index);
    level.add(keyLength, valueLength, this.#options.pageSize);
    if (level.readyCount > 0) {
      this.#close(index, level.readyCount);
    }
  }

  #close(index: number, count: number): number {
    const { pageSize, pages, onPage } = this.#options;
    const level = this.#level(index);
    const { contentBytes, firstKeyLength } = level.take(count);
    const taken = pagesFor(contentBytes, pageSize);
    const id = pages.allocate(taken);
    onPage?.({ level: index, id, pages: taken, contentBytes, count });
    if (!level.isRoot) {
      this.#addTo(index + 1, firstKeyLength, 0);
    }
    return id;
  }

  #level(index: number): Level {
    const level = this.#levels[index];
    if (level !== undefined) {
      return level;
    }
    const created = new Level(index === 0 ? LEAF_ELEMENTS_MIN : BRANCH_ELEMENTS_MIN);
    this.#levels[index] = created;
    return created;
  }
}

/**
 * The open end of one level: the elements of a page not closed yet and, once that page is full,
 * the first few of the page after it.
 */
class Level {
  readonly #elementsMin: number;
  #keyLengths: number[] = [];
  #valueLengths: number[] = [];
  /** Bytes of the page that elements are going to; the full page's are not in it. */
  #bytes = PAGE_HEADER_BYTES;
  /** Elements of the full page; 0 while the oldest page takes more. */
  #fullCount = 0;
  #closedPages = 0;

  constructor(elementsMin: number) {
    this.#elementsMin = elementsMin;
  }

  get openCount(): number {
    return this.#keyLengths.length;
  }

  get openBytes(): number {
    return this.#bytes;
  }

  get isOnlyPage(): boolean {
    return this.#closedPages === 0 && this.#fullCount === 0;
  }

  /** True of a level that has closed one page and holds nothing for another. */
  get isRoot(): boolean {
    return this.#closedPages === 1 && this.openCount === 0;
  }

  /** Elements of the page that can be closed now; 0 when none can. */
  get readyCount(): number {
    return this.openCount - this.#fullCount >= this.#elementsMin ? this.#fullCount : 0;
  }

  add(keyLength: number, valueLength: number, pageSize: number): void {
    const bytes = ELEMENT_BYTES + keyLength + valueLength;
    const isFull = this.openCount >= this.#elementsMin && this.#bytes + bytes > pageSize;
    if (isFull && this.#fullCount === 0) {
      this.#fullCount = this.openCount;
      this.#bytes = PAGE_HEADER_BYTES;
    }
    this.#keyLengths.push(keyLength);
    this.#valueLengths.push(valueLength);
    this.#bytes += bytes;
  }

  /** Sizes of the last pages, in order, when no element follows. */
  lastCounts(): readonly number[] {
    const total = this.openCount;
    if (this.#fullCount === 0) {
      return [total];
    }
    const borrowed = this.#elementsMin - (total - this.#fullCount);
    const kept = this.#fullCount - borrowed;
    return kept >= this.#elementsMin ? [kept, this.#elementsMin] : [total];
  }

  /** Removes the oldest `count` elements, which become a page. */
  take(count: number): { contentBytes: number; firstKeyLength: number } {
    const firstKeyLength = this.#keyLengths[0] ?? 0;
    const contentBytes = this.#bytesOf(0, count);
    this.#bytes = this.#bytesOf(count, this.openCount);
    this.#keyLengths = this.#keyLengths.slice(count);
    this.#valueLengths = this.#valueLengths.slice(count);
    this.#fullCount = 0;
    this.#closedPages++;
    return { contentBytes, firstKeyLength };
  }

  #bytesOf(start: number, end: number): number {
    let bytes = PAGE_HEADER_BYTES + ELEMENT_BYTES * (end - start);
    for (let index = start; index < end; index++) {
      bytes += (this.#keyLengths[index] ?? 0) + (this.#valueLengths[index] ?? 0);
    }
    return bytes;
  }
}
