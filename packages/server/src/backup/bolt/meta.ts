/**
 * The meta pages 0 and 1: where everything else of the file begins.
 *
 *     +16 u32 magic      +32 u64 root page id       +56 u64 high water (first unused page id)
 *     +20 u32 version    +40 u64 root sequence      +64 u64 transaction id
 *     +24 u32 page size  +48 u64 freelist page id   +72 u64 FNV-1a of the bytes 16..71
 *     +28 u32 flags
 *
 * A transaction writes the meta page `txid mod 2`, so a torn write of one leaves the other.
 */
import { fnv64a } from "./fnv64.ts";
import { PAGE_FLAG, PAGE_HEADER_BYTES, readUint64, writePageHeader, writeUint64 } from "./page.ts";

const MAGIC = 0xed0cdaed;
const VERSION = 2;
const CHECKSUM_OFFSET = 72;
const NO_FREELIST = 0xffff_ffff_ffff_ffffn;
const PAGE_SIZE_MIN = 512;
const PAGE_SIZE_MAX = 16 * 1024 * 1024;

/** Bytes of a page that {@link decodeMeta} looks at. */
export const META_BYTES = 80;

export interface Meta {
  readonly pageSize: number;
  /** Page id of the root bucket's tree. */
  readonly root: number;
  /** Page id of the stored freelist; absent when free pages are to be derived from the tree. */
  readonly freelist: number | undefined;
  /** First page id past the last one in use. */
  readonly highWater: number;
  readonly txid: number;
}

/** One whole meta page; it becomes page `txid mod 2`. */
export function encodeMetaPage(meta: Meta): Buffer {
  const page = Buffer.alloc(meta.pageSize);
  writePageHeader(page, { id: meta.txid % 2, flags: PAGE_FLAG.meta, count: 0, overflow: 0 });
  page.writeUInt32LE(MAGIC, 16);
  page.writeUInt32LE(VERSION, 20);
  page.writeUInt32LE(meta.pageSize, 24);
  writeUint64(page, meta.root, 32);
  page.writeBigUInt64LE(meta.freelist === undefined ? NO_FREELIST : BigInt(meta.freelist), 48);
  writeUint64(page, meta.highWater, 56);
  writeUint64(page, meta.txid, 64);
  page.writeBigUInt64LE(checksumOf(page), CHECKSUM_OFFSET);
  return page;
}

/** The meta of a page, or what is wrong with it (a text for people). */
export function decodeMeta(page: Buffer): Meta | string {
  if (page.length < META_BYTES) {
    return "file too short for a meta page";
  }
  if (page.readUInt32LE(16) !== MAGIC) {
    return "invalid database: bad magic";
  }
  if (page.readUInt32LE(20) !== VERSION) {
    return `version mismatch: ${page.readUInt32LE(20)}`;
  }
  if (page.readBigUInt64LE(CHECKSUM_OFFSET) !== checksumOf(page)) {
    return "checksum error";
  }
  const pageSize = page.readUInt32LE(24);
  if (!isPageSize(pageSize)) {
    return `page size ${pageSize} is none`;
  }
  const freelist = page.readBigUInt64LE(48);
  return {
    pageSize,
    root: readUint64(page, 32),
    freelist: freelist === NO_FREELIST ? undefined : readUint64(page, 48),
    highWater: readUint64(page, 56),
    txid: readUint64(page, 64),
  };
}

function checksumOf(page: Buffer): bigint {
  return fnv64a(page.subarray(PAGE_HEADER_BYTES, CHECKSUM_OFFSET));
}

function isPageSize(bytes: number): boolean {
  const isPowerOfTwo = (bytes & (bytes - 1)) === 0;
  return isPowerOfTwo && bytes >= PAGE_SIZE_MIN && bytes <= PAGE_SIZE_MAX;
}
