/**
 * A block: neighbouring records of bucket key-value in one value of the engine, which charges by the
 * entry. Each record has its own checksum, over the bucket, its lengths, its key and its value.
 *
 *     block    record …                         in order of key; the engine's key is the first one's,
 *     record   u16 key bytes · u32 value bytes · key · value · u32 CRC-32C          or one below it
 */
import { asBuffer, copyBytes, getUint32, putUint32 } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { crc32c } from "../lib/crc32c.ts";
import { EntrySlice } from "../lib/entry-slice.ts";
import type { SlabArena } from "../lib/slab-arena.ts";
import { bucketName, buckets } from "./buckets.ts";

const HEADER_BYTES = 6;
const CHECKSUM_BYTES = 4;
/** What a record takes besides its key and its value. */
export const RECORD_OVERHEAD_BYTES: number = HEADER_BYTES + CHECKSUM_BYTES;
/**
 * A block takes no more records beyond this; a longer record has one to itself. With what LevelDB adds
 * in its tables a block stays within 4096 bytes, which is what it writes at a time.
 */
export const BLOCK_BYTES = 4032;

const SEED = crc32c(Uint8Array.of(buckets.keyValue));

/** Writes a record but for its checksum, and returns where it ends. */
export function writeRecord(
  into: Uint8Array,
  start: number,
  key: Uint8Array,
  value: Uint8Array,
): number {
  into[start] = key.length >>> 8;
  into[start + 1] = key.length;
  putUint32(into, start + 2, value.length);
  into.set(key, start + HEADER_BYTES);
  into.set(value, start + HEADER_BYTES + key.length);
  return start + RECORD_OVERHEAD_BYTES + key.length + value.length;
}

/** Writes the checksums of the records in [start, end). */
export function sealRecords(bytes: Uint8Array, start: number, end: number): void {
  for (let at = start; at < end; at = recordEnd(bytes, at)) {
    const checksumAt = recordEnd(bytes, at) - CHECKSUM_BYTES;
    putUint32(bytes, checksumAt, crc32c(bytes, SEED, at, checksumAt));
  }
}

export function recordEnd(bytes: Uint8Array, start: number): number {
  const valueLength = getUint32(bytes, start + 2);
  return start + RECORD_OVERHEAD_BYTES + keyLengthAt(bytes, start) + valueLength;
}

/** Order of the record's key and `key`: negative, zero or positive. */
export function compareRecord(bytes: Uint8Array, start: number, key: Uint8Array): number {
  const keyStart = start + HEADER_BYTES;
  const keyLength = keyLengthAt(bytes, start);
  const common = Math.min(keyLength, key.length);
  for (let at = 0; at < common; at++) {
    const difference = bytes[keyStart + at]! - key[at]!;
    if (difference !== 0) {
      return difference;
    }
  }
  return keyLength - key.length;
}

/** A copy of the record's key. */
export function recordKey(bytes: Uint8Array, start: number): Uint8Array {
  const keyStart = start + HEADER_BYTES;
  return copyBytes(bytes.subarray(keyStart, keyStart + keyLengthAt(bytes, start)));
}

/** A copy of the record's value. */
export function recordValue(bytes: Uint8Array, start: number): Uint8Array {
  const end = recordEnd(bytes, start) - CHECKSUM_BYTES;
  return copyBytes(bytes.subarray(start + HEADER_BYTES + keyLengthAt(bytes, start), end));
}

/** A view of the value of `key`; undefined if the block does not have it. Checks only that record. */
export function findInBlock(block: Uint8Array, key: Uint8Array): Uint8Array | undefined {
  for (let at = 0; at < block.length; ) {
    const end = boundedEnd(block, at);
    if (isKey(block, at, key)) {
      verify(block, at, end);
      const valueStart = at + HEADER_BYTES + keyLengthAt(block, at);
      return block.subarray(valueStart, end - CHECKSUM_BYTES);
    }
    at = end;
  }
  return undefined;
}

/** The records of a block, verified, where they lie. */
export function blockRecords(block: Uint8Array): EntrySlice[] {
  const bytes = asBuffer(block);
  const records: EntrySlice[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = boundedEnd(bytes, at);
    verify(bytes, at, end);
    const keyStart = at + HEADER_BYTES;
    const valueStart = keyStart + keyLengthAt(bytes, at);
    records.push(new EntrySlice(bytes, keyStart, valueStart, end - CHECKSUM_BYTES));
    at = end;
  }
  return records;
}

/**
 * The block without the records whose keys, as latin1 text, are dropped; verified, sealed as it was,
 * and allotted in `rests`.
 */
export function withoutRecords(
  block: Uint8Array,
  dropped: ReadonlySet<string>,
  rests: SlabArena,
): Uint8Array {
  const bytes = asBuffer(block);
  /** Where the records begin and end that stay, those that adjoin together. */
  const kept: number[] = [];
  let keptBytes = 0;
  for (let at = 0; at < bytes.length; ) {
    const end = boundedEnd(bytes, at);
    verify(bytes, at, end);
    const keyStart = at + HEADER_BYTES;
    if (!dropped.has(bytes.toString("latin1", keyStart, keyStart + keyLengthAt(bytes, at)))) {
      if (kept.at(-1) === at) {
        kept[kept.length - 1] = end;
      } else {
        kept.push(at, end);
      }
      keptBytes += end - at;
    }
    at = end;
  }
  const rest = rests.allot(keptBytes);
  for (let run = 0, at = 0; run < kept.length; run += 2) {
    at += bytes.copy(rest, at, kept[run], kept[run + 1]);
  }
  return rest;
}

function keyLengthAt(bytes: Uint8Array, start: number): number {
  return (bytes[start]! << 8) | bytes[start + 1]!;
}

/** The end of a record in a block of which nothing is known to be right. */
function boundedEnd(block: Uint8Array, start: number): number {
  const end =
    start + RECORD_OVERHEAD_BYTES <= block.length ? recordEnd(block, start) : block.length + 1;
  if (end > block.length) {
    fail(block, start, "a record is cut off");
  }
  return end;
}

/** From the end: revisions of one block differ there. */
function isKey(block: Uint8Array, start: number, key: Uint8Array): boolean {
  let at = keyLengthAt(block, start) - 1;
  if (at !== key.length - 1) {
    return false;
  }
  const keyStart = start + HEADER_BYTES;
  while (at >= 0 && block[keyStart + at] === key[at]) {
    at--;
  }
  return at < 0;
}

function verify(block: Uint8Array, start: number, end: number): void {
  const checksumAt = end - CHECKSUM_BYTES;
  if (crc32c(block, SEED, start, checksumAt) !== getUint32(block, checksumAt)) {
    fail(block, start, "a value does not match its checksum");
  }
}

function fail(block: Uint8Array, start: number, reason: string): never {
  const hex = Buffer.from(block.subarray(start + HEADER_BYTES, start + HEADER_BYTES + 17));
  const place = `bucket ${bucketName(buckets.keyValue)}`;
  throw new CorruptionError(place, `key ${hex.toString("hex")}`, reason);
}
