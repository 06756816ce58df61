/**
 * The first sector of a segment file, and its name.
 *
 *   offset  0  magic "KVRMWAL\n"        48  term of the entry before this segment
 *           8  format version (u32)     56  hard state: term, vote, commit
 *          12  header bytes (u32)       80  last checkpoint: index, term
 *          16  cluster id               96  checksum the record chain goes on from (u32)
 *          24  node id                 100  zeros
 *          32  sequence number         508  CRC-32C of all before (u32)
 *          40  index of the entry before this segment
 *
 * Integers are big-endian, 64 bits unless noted. A header is durable before the file gets its final
 * name, so a damaged one is never the trace of a crash.
 */
import {
  getBigUint64,
  getUint32,
  putBigUint64,
  putUint32,
  putUint64,
  tryGetUint64,
} from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { HardState } from "../raft/messages.ts";

/** The unit a disk writes as a whole. Groups and headers start on its multiples. */
export const SECTOR_BYTES = 512;
export const HEADER_BYTES: number = SECTOR_BYTES;

const MAGIC: Uint8Array = Buffer.from("KVRMWAL\n", "latin1");
const VERSION = 1;
const CRC_OFFSET: number = HEADER_BYTES - 4;

/** Whose log this is. Written at creation, verified in every segment. */
export interface WalMetadata {
  readonly clusterId: bigint;
  readonly nodeId: bigint;
}

/** A place in the replicated log. */
export interface LogPosition {
  readonly index: number;
  readonly term: number;
}

export interface SegmentHeader {
  readonly metadata: WalMetadata;
  readonly sequence: number;
  /** The entry before the first one of this segment. */
  readonly previous: LogPosition;
  readonly hardState: HardState;
  readonly checkpoint: LogPosition;
  /** Checksum of the last record before this segment. */
  readonly chain: number;
}

export function encodeHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  bytes.set(MAGIC, 0);
  putUint32(bytes, 8, VERSION);
  putUint32(bytes, 12, HEADER_BYTES);
  putBigUint64(bytes, 16, header.metadata.clusterId);
  putBigUint64(bytes, 24, header.metadata.nodeId);
  putUint64(bytes, 32, header.sequence);
  putUint64(bytes, 40, header.previous.index);
  putUint64(bytes, 48, header.previous.term);
  putUint64(bytes, 56, header.hardState.term);
  putBigUint64(bytes, 64, header.hardState.vote);
  putUint64(bytes, 72, header.hardState.commit);
  putUint64(bytes, 80, header.checkpoint.index);
  putUint64(bytes, 88, header.checkpoint.term);
  putUint32(bytes, 96, header.chain);
  putUint32(bytes, CRC_OFFSET, crc32c(bytes, 0, 0, CRC_OFFSET));
  return bytes;
}

/** Reads the header at the start of `bytes`. Throws `CorruptionError`. */
export function decodeHeader(bytes: Uint8Array, path: string): SegmentHeader {
  if (bytes.length < HEADER_BYTES) {
    throw new CorruptionError(path, bytes.length, "the file ends within its header");
  }
  if (crc32c(bytes, 0, 0, CRC_OFFSET) !== getUint32(bytes, CRC_OFFSET)) {
    throw new CorruptionError(path, 0, "the header does not match its checksum");
  }
  if (!MAGIC.every((byte, at) => bytes[at] === byte)) {
    throw new CorruptionError(path, 0, "this is not a segment of a write-ahead log");
  }
  if (getUint32(bytes, 8) !== VERSION || getUint32(bytes, 12) !== HEADER_BYTES) {
    throw new CorruptionError(path, 8, `unknown format version ${getUint32(bytes, 8)}`);
  }
  const number = (at: number): number => numberAt(bytes, at, path);
  return {
    metadata: { clusterId: getBigUint64(bytes, 16), nodeId: getBigUint64(bytes, 24) },
    sequence: number(32),
    previous: { index: number(40), term: number(48) },
    hardState: { term: number(56), vote: getBigUint64(bytes, 64), commit: number(72) },
    checkpoint: { index: number(80), term: number(88) },
    chain: getUint32(bytes, 96),
  };
}

function numberAt(bytes: Uint8Array, at: number, path: string): number {
  const value = tryGetUint64(bytes, at);
  if (value === undefined) {
    throw new CorruptionError(path, at, "a number is out of range");
  }
  return value;
}

/** `<sequence>-<first index>.wal`, both in 16 hexadecimal digits, so that names sort by sequence. */
export function segmentName(sequence: number, firstIndex: number): string {
  return `${hex(sequence)}-${hex(firstIndex)}.wal`;
}

/** The numbers in a segment's name; `undefined` if it is not one. */
export function parseSegmentName(
  name: string,
): { sequence: number; firstIndex: number } | undefined {
  const match = /^([0-9a-f]{16})-([0-9a-f]{16})\.wal$/.exec(name);
  if (match === null) {
    return undefined;
  }
  const sequence = Number.parseInt(match[1]!, 16);
  const firstIndex = Number.parseInt(match[2]!, 16);
  return Number.isSafeInteger(sequence) && Number.isSafeInteger(firstIndex)
    ? { sequence, firstIndex }
    : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(16, "0");
}
