/**
 * Takes a page apart. Nothing in it is trusted: an element array longer than the page, a key or
 * value that lies outside of it, an empty key, keys out of order and unknown flags all throw
 * `CorruptionError`. Keys and values are views of the page.
 */
import { compareBytes } from "../../lib/bytes.ts";
import { CorruptionError } from "../../lib/corruption-error.ts";
import {
  BUCKET_ELEMENT_FLAG,
  ELEMENT_BYTES,
  PAGE_FLAG,
  PAGE_HEADER_BYTES,
  type PageHeader,
  pageTypeName,
  readUint64,
} from "./page.ts";

/** A page in memory, overflow included, and where in the file it is. */
export interface Page {
  readonly header: PageHeader;
  readonly bytes: Buffer;
  readonly file: string;
  /** Offset of `bytes` in the file. */
  readonly offset: number;
}

export interface LeafElement {
  readonly isBucket: boolean;
  readonly key: Buffer;
  readonly value: Buffer;
  /** Offset in the file of the element's 16 bytes. */
  readonly offset: number;
  readonly valueOffset: number;
}

export interface BranchElement {
  readonly key: Buffer;
  readonly child: number;
  readonly offset: number;
}

export function isLeaf(page: Page): boolean {
  return page.header.flags === PAGE_FLAG.leaf;
}

export function decodeLeaf(page: Page): LeafElement[] {
  assertFlags(page, PAGE_FLAG.leaf);
  assertCount(page);
  const { bytes, header } = page;
  const elements: LeafElement[] = [];
  for (let index = 0; index < header.count; index++) {
    const at = PAGE_HEADER_BYTES + ELEMENT_BYTES * index;
    const flags = bytes.readUInt32LE(at);
    if (flags > BUCKET_ELEMENT_FLAG) {
      throw corrupt(page, at, `leaf element ${index} has unknown flags ${flags}`);
    }
    const keyStart = at + bytes.readUInt32LE(at + 4);
    const valueStart = keyStart + bytes.readUInt32LE(at + 8);
    const end = valueStart + bytes.readUInt32LE(at + 12);
    assertInside(page, { index, at, keyStart, valueStart, end });
    const key = bytes.subarray(keyStart, valueStart);
    assertAscending(page, at, elements.at(-1)?.key, key);
    const value = bytes.subarray(valueStart, end);
    const offset = page.offset + at;
    const valueOffset = page.offset + valueStart;
    elements.push({ isBucket: flags !== 0, key, value, offset, valueOffset });
  }
  return elements;
}

export function decodeBranch(page: Page): BranchElement[] {
  assertFlags(page, PAGE_FLAG.branch);
  assertCount(page);
  const { bytes, header } = page;
  if (header.count === 0) {
    throw corrupt(page, 0, "branch without children");
  }
  const elements: BranchElement[] = [];
  for (let index = 0; index < header.count; index++) {
    const at = PAGE_HEADER_BYTES + ELEMENT_BYTES * index;
    const keyStart = at + bytes.readUInt32LE(at);
    const end = keyStart + bytes.readUInt32LE(at + 4);
    assertInside(page, { index, at, keyStart, valueStart: end, end });
    const key = bytes.subarray(keyStart, end);
    assertAscending(page, at, elements.at(-1)?.key, key);
    elements.push({ key, child: readUint64(bytes, at + 8), offset: page.offset + at });
  }
  return elements;
}

/** Throws unless the page carries just this flag. */
export function assertFlags(page: Page, flags: number): void {
  if (page.header.flags !== flags) {
    const found = pageTypeName(page.header.flags);
    throw corrupt(page, 8, `type is ${found}, expected ${pageTypeName(flags)}`);
  }
}

export function corrupt(page: Page, at: number, problem: string): CorruptionError {
  return new CorruptionError(page.file, page.offset + at, `page ${page.header.id}: ${problem}`);
}

function assertCount(page: Page): void {
  if (PAGE_HEADER_BYTES + ELEMENT_BYTES * page.header.count > page.bytes.length) {
    throw corrupt(page, 10, `${page.header.count} elements do not fit`);
  }
}

interface ElementExtent {
  readonly index: number;
  readonly at: number;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly end: number;
}

function assertInside(page: Page, { index, at, keyStart, valueStart, end }: ElementExtent): void {
  const dataStart = PAGE_HEADER_BYTES + ELEMENT_BYTES * page.header.count;
  if (keyStart < dataStart || end > page.bytes.length) {
    const range = `[${keyStart}, ${end})`;
    throw corrupt(page, at, `element ${index} points outside of the page: ${range}`);
  }
  if (valueStart === keyStart) {
    throw corrupt(page, at, `element ${index} has an empty key`);
  }
}

function assertAscending(page: Page, at: number, last: Buffer | undefined, key: Buffer): void {
  // Keys are short: comparing them here is cheaper than a call out of JavaScript.
  if (last !== undefined && compareBytes(last, key) >= 0) {
    throw corrupt(page, at, `key ${key.toString("hex")} after ${last.toString("hex")}`);
  }
}
