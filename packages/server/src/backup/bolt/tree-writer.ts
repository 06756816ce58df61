/**
 * Cuts ordered elements into the pages that {@link TreeLayout} decides on, and encodes each page
 * the moment it closes. Holds one open page a level.
 */
import { fail } from "../../lib/assert.ts";
import type { EntrySlice } from "../../lib/entry-slice.ts";
import type { PageAllocator } from "./page-allocator.ts";
import {
  BUCKET_ELEMENT_FLAG,
  ELEMENT_BYTES,
  KEY_BYTES_MAX,
  PAGE_FLAG,
  PAGE_HEADER_BYTES,
  VALUE_BYTES_MAX,
  writePageHeader,
  writeUint32,
  writeUint64,
} from "./page.ts";
import type { PageSlabs } from "./page-slabs.ts";
import { TreeLayout, type ClosedPage } from "./tree-layout.ts";

/** The value of a bucket element: the tree's root page id and the bucket's sequence, two u64. */
export const BUCKET_HEADER_BYTES = 16;

export interface TreeWriterOptions {
  readonly pageSize: number;
  readonly pages: PageAllocator;
  readonly inline: boolean;
  /** Are the elements buckets rather than plain values? True of the root bucket. */
  readonly buckets: boolean;
  /** Where finished pages go, with their overflow, in file order. */
  readonly slabs: PageSlabs;
}

interface Element {
  readonly entry: EntrySlice;
  /** Page id of the child; 0 in a leaf. */
  readonly child: number;
}

export class TreeWriter {
  readonly #options: TreeWriterOptions;
  readonly #layout: TreeLayout;
  /** Per level, the elements that are in no page yet. */
  readonly #open: Element[][] = [[]];
  #last: EntrySlice | undefined;

  constructor(options: TreeWriterOptions) {
    this.#options = options;
    this.#layout = new TreeLayout({ ...options, onPage: (page) => this.#writePage(page) });
  }

  /** Adds an element; its key must be greater than the one before. Keeps what it lies in. */
  add(entry: EntrySlice): void {
    this.#check(entry);
    this.#last = entry;
    this.#level(0).push({ entry, child: 0 });
    this.#layout.add(entry.keyLength, entry.valueLength);
  }

  /** Emits the remaining pages and gives the value of the element that stands for this tree. */
  finish(): Buffer {
    const root = this.#layout.finish();
    if (root.kind === "page") {
      const header = Buffer.alloc(BUCKET_HEADER_BYTES);
      writeUint64(header, root.id, 0);
      return header;
    }
    const value = Buffer.alloc(BUCKET_HEADER_BYTES + root.contentBytes);
    this.#encode(value.subarray(BUCKET_HEADER_BYTES), {
      ...root,
      level: 0,
      id: 0,
      pages: 1,
    });
    return value;
  }

  #check(entry: EntrySlice): void {
    const { keyLength, valueLength } = entry;
    if (keyLength === 0 || keyLength > KEY_BYTES_MAX) {
      fail(`bucket key of ${keyLength} bytes`);
    }
    if (valueLength > VALUE_BYTES_MAX) {
      fail(`bucket value of ${valueLength} bytes`);
    }
    if (this.#last !== undefined && this.#last.compare(entry) >= 0) {
      fail(`bucket keys out of order: ${hex(this.#last.key)} before ${hex(entry.key)}`);
    }
  }

  #writePage(closed: ClosedPage): void {
    const page = this.#options.slabs.allocate(closed.pages * this.#options.pageSize);
    page.fill(0, closed.contentBytes);
    const elements = this.#encode(page, closed);
    const first = elements[0];
    if (first !== undefined) {
      this.#level(closed.level + 1).push({ entry: first.entry.withoutValue(), child: closed.id });
    }
  }

  /** Encodes the oldest elements of a level into `page` and takes them off the level. */
  #encode(page: Buffer, { level, id, pages, count }: ClosedPage): readonly Element[] {
    const elements = this.#level(level).splice(0, count);
    const flags = level === 0 ? PAGE_FLAG.leaf : PAGE_FLAG.branch;
    writePageHeader(page, { id, flags, count, overflow: pages - 1 });
    let data = PAGE_HEADER_BYTES + ELEMENT_BYTES * count;
    let at = PAGE_HEADER_BYTES;
    for (const element of elements) {
      this.#encodeElement(page, at, data, element);
      at += ELEMENT_BYTES;
      data = element.entry.copyTo(page, data);
    }
    return elements;
  }

  #encodeElement(page: Buffer, at: number, data: number, { entry, child }: Element): void {
    if (child !== 0) {
      writeUint32(page, data - at, at);
      writeUint32(page, entry.keyLength, at + 4);
      writeUint64(page, child, at + 8);
      return;
    }
    writeUint32(page, this.#options.buckets ? BUCKET_ELEMENT_FLAG : 0, at);
    writeUint32(page, data - at, at + 4);
    writeUint32(page, entry.keyLength, at + 8);
    writeUint32(page, entry.valueLength, at + 12);
  }

  #level(index: number): Element[] {
    return (this.#open[index] ??= []);
  }
}

function hex(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}
