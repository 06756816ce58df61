/**
 * What follows the last good record of the last segment.
 *
 * Space is zero before it is written, a group starts on a sector of its own, and a group is written
 * only after the one before is durable. So a crash can only leave some sectors of the *last* group
 * zero; it can neither touch earlier groups nor change bits. Everything else is damage: then records
 * that were acknowledged may be gone, and cutting them off would lose them silently.
 */
import { isZero, padded, readFrame, RECORD_HEADER_BYTES } from "./record.ts";
import { getUint32 } from "../lib/bytes.ts";
import { SECTOR_BYTES } from "./segment-header.ts";

export type Tail =
  /** Nothing but zeros. */
  | { readonly kind: "clean" }
  /** The trace of a write that a crash interrupted; nobody was told that it was durable. */
  | { readonly kind: "torn" }
  | { readonly kind: "damaged"; readonly reason: string };

/** Judges `bytes` from `at` on, the end of the last good record (a multiple of 8). */
export function judgeTail(bytes: Uint8Array, at: number, reason: string): Tail {
  if (isZero(bytes, at, bytes.length)) {
    return { kind: "clean" };
  }
  const later = findLaterGroup(bytes, at);
  if (later !== undefined) {
    return { kind: "damaged", reason: `${reason}, but the log goes on at ${later}` };
  }
  const frame = readFrame(bytes, at);
  if (frame.status === "intact") {
    return { kind: "damaged", reason };
  }
  if (frame.status === "zero" || hasLostSector(bytes, at)) {
    return { kind: "torn" };
  }
  return { kind: "damaged", reason };
}

/** The offset of an intact record whose group was written when all up to `at` was durable. */
function findLaterGroup(bytes: Uint8Array, at: number): number | undefined {
  for (let offset = at + 8; offset + RECORD_HEADER_BYTES <= bytes.length; offset += 8) {
    if (getUint32(bytes, offset + 8) === 0 || offset - getUint32(bytes, offset + 12) <= at) {
      continue;
    }
    const frame = readFrame(bytes, offset);
    if (frame.status === "intact" && frame.groupStart > at) {
      return offset;
    }
  }
  return undefined;
}

/** Whether a sector under the bad record at `at` is zero, as one that was never written is. */
function hasLostSector(bytes: Uint8Array, at: number): boolean {
  const length = at + RECORD_HEADER_BYTES <= bytes.length ? getUint32(bytes, at + 8) : 0;
  const end = Math.min(at + RECORD_HEADER_BYTES + padded(length), bytes.length);
  for (let start = at; start < end; ) {
    const sectorEnd = Math.min(start - (start % SECTOR_BYTES) + SECTOR_BYTES, bytes.length);
    if (isZero(bytes, start, sectorEnd)) {
      return true;
    }
    start = sectorEnd;
  }
  return false;
}
