/**
 * Checks that a walk over all trees accounts for every page of the image, as bbolt's own check
 * does: no page belongs to two trees, none in use is listed as free, and with a stored freelist
 * none is neither. Without one, a page that no tree reaches is free by definition.
 *
 * Two bits a page: 64 KiB for a database of a gigabyte.
 */
import { assertFlags, corrupt, type Page } from "./page-decoder.ts";
import type { PageReader, PageVisitor } from "./page-reader.ts";
import { FIRST_DATA_PAGE, PAGE_FLAG, PAGE_HEADER_BYTES, readUint64 } from "./page.ts";

/** A count that says: the true count is in the first entry. */
const COUNT_IN_FIRST_ENTRY = 0xffff;
const PAGE_ID_BYTES = 8;

export class PageUse implements PageVisitor {
  readonly #reached: BitSet;

  constructor(highWater: number) {
    this.#reached = new BitSet(highWater);
  }

  visit(page: Page, pages: number): void {
    for (let id = page.header.id; id < page.header.id + pages; id++) {
      if (this.#reached.has(id)) {
        throw corrupt(page, 0, `page ${id} has multiple references`);
      }
      this.#reached.add(id);
    }
  }

  /** To be called once every tree has been walked. Throws `CorruptionError`. */
  async finish(pages: PageReader): Promise<void> {
    const { freelist, highWater } = pages.meta;
    if (freelist === undefined) {
      return;
    }
    const page = await pages.read(freelist, 0, this);
    const free = readFreelist(page, highWater);
    for (let id = FIRST_DATA_PAGE; id < highWater; id++) {
      if (free.has(id) && this.#reached.has(id)) {
        throw corrupt(page, 0, `page ${id} is reachable and free`);
      }
      if (!free.has(id) && !this.#reached.has(id)) {
        throw corrupt(page, 0, `page ${id} is neither reachable nor free`);
      }
    }
  }
}

function readFreelist(page: Page, highWater: number): BitSet {
  assertFlags(page, PAGE_FLAG.freelist);
  const { bytes, header } = page;
  const isCountInside = header.count === COUNT_IN_FIRST_ENTRY;
  const start = PAGE_HEADER_BYTES + (isCountInside ? PAGE_ID_BYTES : 0);
  const count = isCountInside ? readUint64(bytes, PAGE_HEADER_BYTES) : header.count;
  if (start + count * PAGE_ID_BYTES > bytes.length) {
    throw corrupt(page, 10, `freelist of ${count} pages does not fit`);
  }
  const free = new BitSet(highWater);
  for (let at = start; at < start + count * PAGE_ID_BYTES; at += PAGE_ID_BYTES) {
    const id = readUint64(bytes, at);
    if (id < FIRST_DATA_PAGE || id >= highWater || free.has(id)) {
      throw corrupt(page, at, `freelist names page ${id} wrongly`);
    }
    free.add(id);
  }
  return free;
}

class BitSet {
  readonly #bytes: Uint8Array;

  constructor(size: number) {
    this.#bytes = new Uint8Array(Math.ceil(size / 8));
  }

  has(index: number): boolean {
    return ((this.#bytes[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
  }

  add(index: number): void {
    const at = index >>> 3;
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (index & 7));
  }
}
