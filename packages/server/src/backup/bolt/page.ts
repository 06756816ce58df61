/**
 * The page, unit of a bbolt file: a 16-byte header, then an array of 16-byte elements, then the
 * bytes the elements point to. All integers are little-endian.
 *
 *     header           leaf element         branch element
 *     +0  u64 id       +0  u32 flags        +0  u32 pos
 *     +8  u16 flags    +4  u32 pos          +4  u32 ksize
 *     +10 u16 count    +8  u32 ksize        +8  u64 child page id
 *     +12 u32 overflow +12 u32 vsize
 *
 * `pos` counts from the start of the element itself. A page whose content is longer than the page
 * size owns the `overflow` pages that follow it, which have no header of their own.
 *
 * Page ids are numbers here: an id is at most the file's size divided by the page size.
 */

export const PAGE_HEADER_BYTES = 16;
export const ELEMENT_BYTES = 16;

/** The size of the pages we write; every size bbolt writes is read. */
export const DEFAULT_PAGE_SIZE = 4096;

/** bbolt's limits. */
export const KEY_BYTES_MAX = 32_768;
export const VALUE_BYTES_MAX: number = 2 ** 31 - 2;

/** Page ids 0 and 1 are the meta pages. */
export const FIRST_DATA_PAGE = 2;

export const PAGE_FLAG = { branch: 0x01, leaf: 0x02, meta: 0x04, freelist: 0x10 } as const;

/** Element flag of a leaf: the value is a bucket. */
export const BUCKET_ELEMENT_FLAG = 0x01;

export interface PageHeader {
  readonly id: number;
  readonly flags: number;
  readonly count: number;
  readonly overflow: number;
}

/** Writes the header at `offset` of `into`. */
export function writePageHeader(into: Buffer, header: PageHeader, offset = 0): void {
  writeUint64(into, header.id, offset);
  into.writeUInt16LE(header.flags, offset + 8);
  into.writeUInt16LE(header.count, offset + 10);
  into.writeUInt32LE(header.overflow, offset + 12);
}

/** Reads a header; an id beyond 2^53 comes out inexact, which no comparison with a real id hits. */
export function readPageHeader(from: Buffer, offset = 0): PageHeader {
  return {
    id: readUint64(from, offset),
    flags: from.readUInt16LE(offset + 8),
    count: from.readUInt16LE(offset + 10),
    overflow: from.readUInt32LE(offset + 12),
  };
}

/** As `writeUInt32LE`, without its checks: four of them for each element of a page add up. */
export function writeUint32(into: Buffer, value: number, offset: number): void {
  into[offset] = value;
  into[offset + 1] = value >>> 8;
  into[offset + 2] = value >>> 16;
  into[offset + 3] = value >>> 24;
}

export function writeUint64(into: Buffer, value: number, offset: number): void {
  into.writeUInt32LE(value % 0x1_0000_0000, offset);
  into.writeUInt32LE(Math.floor(value / 0x1_0000_0000), offset + 4);
}

/** Reads a u64 as a number: exact up to 2^53, and above it still above every valid page id. */
export function readUint64(from: Buffer, offset: number): number {
  return from.readUInt32LE(offset) + from.readUInt32LE(offset + 4) * 0x1_0000_0000;
}

/** How many pages `contentBytes` (header included) take. */
export function pagesFor(contentBytes: number, pageSize: number): number {
  return Math.ceil(contentBytes / pageSize);
}

export function pageTypeName(flags: number): string {
  for (const [name, flag] of Object.entries(PAGE_FLAG)) {
    if (flag === flags) {
      return name;
    }
  }
  return `unknown<${flags.toString(16).padStart(2, "0")}>`;
}
