/**
 * Fetches pages by id, with every reference checked against the file before it is followed.
 * Reads ahead while pages are asked for in file order, as the trees we write are laid out, and
 * page by page when they are scattered, as in the files of a long-lived etcd.
 */
import { asBuffer } from "../../lib/bytes.ts";
import { CorruptionError } from "../../lib/corruption-error.ts";
import type { RandomAccessSource } from "../random-access-source.ts";
import type { Meta } from "./meta.ts";
import { corrupt, type Page } from "./page-decoder.ts";
import { FIRST_DATA_PAGE, readPageHeader } from "./page.ts";

const READ_AHEAD_BYTES_MAX = 1024 * 1024;

/** Told of every page that is read as part of a tree. May throw to reject the reference. */
export interface PageVisitor {
  visit(page: Page, pages: number): void;
}

interface Ahead {
  readonly offset: number;
  readonly length: number;
  readonly bytes: Promise<Uint8Array>;
}

export class PageReader {
  readonly #source: RandomAccessSource;
  readonly #meta: Meta;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;
  #readAheadBytes = 0;
  /** The window after this one, while pages are asked for in file order. */
  #ahead: Ahead | undefined = undefined;

  /** `meta` is known to lie within the source: its high water times its page size does. */
  constructor(source: RandomAccessSource, meta: Meta) {
    this.#source = source;
    this.#meta = meta;
  }

  get meta(): Meta {
    return this.#meta;
  }

  /** Name of the file, for messages. */
  get file(): string {
    return this.#source.name;
  }

  /**
   * The page with this id, overflow included. `referenceOffset` is where in the file the id was
   * found, to be named should it be wrong.
   */
  async read(id: number, referenceOffset: number, visitor?: PageVisitor): Promise<Page> {
    const { pageSize, highWater } = this.#meta;
    if (!Number.isSafeInteger(id) || id < FIRST_DATA_PAGE || id >= highWater) {
      const bounds = `[${FIRST_DATA_PAGE}, ${highWater})`;
      throw new CorruptionError(this.file, referenceOffset, `page ${id} out of bounds ${bounds}`);
    }
    const offset = id * pageSize;
    const first = await this.#bytes(offset, pageSize);
    const header = readPageHeader(first);
    const page = { header, bytes: first, file: this.file, offset };
    if (header.id !== id) {
      throw new CorruptionError(this.file, offset, `page ${id} says it is page ${header.id}`);
    }
    const pages = 1 + header.overflow;
    if (id + pages > highWater) {
      throw corrupt(page, 12, `overflow ${header.overflow} passes high water ${highWater}`);
    }
    visitor?.visit(page, pages);
    return pages === 1 ? page : { ...page, bytes: await this.#bytes(offset, pages * pageSize) };
  }

  async #bytes(offset: number, length: number): Promise<Buffer> {
    const windowEnd = this.#windowStart + this.#window.length;
    if (offset < this.#windowStart || offset + length > windowEnd) {
      const isNext = offset >= this.#windowStart && offset <= windowEnd;
      this.#readAheadBytes = isNext ? this.#grownReadAhead() : this.#meta.pageSize;
      const left = this.#meta.highWater * this.#meta.pageSize - offset;
      const wanted = Math.max(length, Math.min(this.#readAheadBytes, left));
      const window = asBuffer(await this.#windowAt(offset, wanted));
      this.#window = window;
      this.#windowStart = offset;
      if (isNext) {
        this.#readAhead(offset + window.length);
      }
      return window.subarray(0, length);
    }
    const start = offset - this.#windowStart;
    return this.#window.subarray(start, start + length);
  }

  #windowAt(offset: number, length: number): Promise<Uint8Array> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead !== undefined && ahead.offset === offset && ahead.length >= length
      ? ahead.bytes
      : this.#source.read(offset, length);
  }

  /** So that the next window is read while this one is worked on. */
  #readAhead(offset: number): void {
    const left = this.#meta.highWater * this.#meta.pageSize - offset;
    const length = Math.min(READ_AHEAD_BYTES_MAX, left);
    if (length > 0 && this.#readAheadBytes === READ_AHEAD_BYTES_MAX) {
      const bytes = this.#source.read(offset, length);
      // Its failure is met by whoever needs the window.
      bytes.catch(() => undefined);
      this.#ahead = { offset, length, bytes };
    }
  }

  #grownReadAhead(): number {
    return Math.min(Math.max(this.#readAheadBytes, this.#meta.pageSize) * 2, READ_AHEAD_BYTES_MAX);
  }
}
