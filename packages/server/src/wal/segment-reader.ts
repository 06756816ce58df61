/** Reads the records of one segment, and decides whether it ends as a segment may end. */
import { CorruptionError } from "../lib/corruption-error.ts";
import { decodePayload, isZero, readFrame } from "./record.ts";
import type { WalRecord } from "./record.ts";
import { HEADER_BYTES, SECTOR_BYTES } from "./segment-header.ts";
import { judgeTail } from "./tail.ts";

export type RecordVisitor = (record: WalRecord, offset: number) => void;

export interface SegmentContent {
  /** Where the last good record and its group's padding end. */
  readonly goodEnd: number;
  /** Where the next group goes: a multiple of the sector size. */
  readonly end: number;
  /** Checksum of the last record. */
  readonly chain: number;
  /** How the space behind `end` looks. */
  readonly tail: "clean" | "torn";
}

/** An offset that holds no good record, and why. */
interface Stop {
  readonly at: number;
  readonly reason: string;
}

class SegmentReader {
  readonly #bytes: Uint8Array;
  readonly #path: string;
  readonly #visit: RecordVisitor;
  #at = HEADER_BYTES;
  #groupStart = HEADER_BYTES;
  chain: number;

  constructor(bytes: Uint8Array, path: string, chain: number, visit: RecordVisitor) {
    this.#bytes = bytes;
    this.#path = path;
    this.chain = chain;
    this.#visit = visit;
  }

  /** Visits records up to the first place that does not hold a good one. */
  read(): Stop {
    for (;;) {
      if (this.#endsWithSector()) {
        this.#skipPadding();
      }
      const frame = readFrame(this.#bytes, this.#at);
      if (frame.status === "bad") {
        return this.#stop(frame.reason);
      }
      if (frame.status === "zero") {
        if (!this.#skipPadding()) {
          return this.#stop("there is no record");
        }
        continue;
      }
      if (frame.previousCrc !== this.chain) {
        return this.#stop("a record does not continue the chain of checksums");
      }
      if (!this.#continuesGroup(frame.groupStart)) {
        return this.#stop("a record does not belong to its group");
      }
      this.#accept(frame.payloadStart, frame.payloadEnd);
      this.#groupStart = frame.groupStart;
      this.chain = frame.crc;
      this.#at = frame.end;
    }
  }

  #stop(reason: string): Stop {
    return { at: this.#at, reason };
  }

  /** Whether only eight bytes of padding are left, which a header there would run across. */
  #endsWithSector(): boolean {
    const at = this.#at;
    return at % SECTOR_BYTES === SECTOR_BYTES - 8 && isZero(this.#bytes, at, at + 8);
  }

  /** A group ends with zeros up to its sector's end. False if there are none to skip. */
  #skipPadding(): boolean {
    const sectorEnd = Math.ceil(this.#at / SECTOR_BYTES) * SECTOR_BYTES;
    if (sectorEnd === this.#at || sectorEnd > this.#bytes.length) {
      return false;
    }
    if (!isZero(this.#bytes, this.#at, sectorEnd)) {
      throw new CorruptionError(this.#path, this.#at, "a gap inside a sector");
    }
    this.#at = sectorEnd;
    return true;
  }

  #continuesGroup(groupStart: number): boolean {
    const startsHere = groupStart === this.#at && this.#at % SECTOR_BYTES === 0;
    return startsHere || groupStart === this.#groupStart;
  }

  #accept(payloadStart: number, payloadEnd: number): void {
    const record = decodePayload(this.#bytes, payloadStart, payloadEnd);
    if (record === undefined) {
      throw new CorruptionError(this.#path, this.#at, "a record of unknown kind or shape");
    }
    this.#visit(record, this.#at);
  }
}

export interface ReadSegmentOptions {
  readonly path: string;
  /** Checksum of the record before this segment. */
  readonly chain: number;
  /** Only the last segment may end in space not yet used, or torn. */
  readonly last: boolean;
}

/**
 * Visits the records of a segment in order. `bytes` is the whole file. Throws `CorruptionError` at the
 * first thing that no crash can explain; records before it have been visited by then.
 */
export function readSegment(
  bytes: Uint8Array,
  options: ReadSegmentOptions,
  visit: RecordVisitor,
): SegmentContent {
  const { path, chain, last } = options;
  const reader = new SegmentReader(bytes, path, chain, visit);
  const stop = reader.read();
  const end = Math.ceil(stop.at / SECTOR_BYTES) * SECTOR_BYTES;
  if (!last) {
    if (stop.at !== bytes.length) {
      throw new CorruptionError(path, stop.at, stop.reason);
    }
    return { goodEnd: stop.at, end, chain: reader.chain, tail: "clean" };
  }
  const tail = judgeTail(bytes, stop.at, stop.reason);
  if (tail.kind === "damaged") {
    throw new CorruptionError(path, stop.at, tail.reason);
  }
  return { goodEnd: stop.at, end, chain: reader.chain, tail: tail.kind };
}
