/** The first bytes of an index image: what it is an image of, and a checksum over all of it. */
import { getUint32, putUint32, putUint64, tryGetUint64 } from "../../lib/bytes.ts";
import { crc32c } from "../../lib/crc32c.ts";
import { ImageError } from "./image-error.ts";

/** The state of the store that an image was made of. No two contents of a store agree in all of it. */
export interface ImageOrigin {
  /** Number of the last checkpoint. */
  readonly checkpoint: number;
  readonly appliedIndex: number;
  readonly appliedTerm: number;
  /** Of the last compaction, scheduled and finished; −1 if there was none. */
  readonly compactRevision: number;
}

export interface ImageHeader extends ImageOrigin {
  readonly currentRevision: number;
  /** Keys that exist. */
  readonly keysTotal: number;
  /** Keys in the index, deleted ones included. */
  readonly size: number;
  readonly slabs: number;
  /** CRC-32C over the checksums of the slabs. */
  readonly content: number;
}

export const IMAGE_HEADER_BYTES = 96;
const MAGIC = Buffer.from("KVRMIDX\n");
const FORMAT = 2;
const FIRST_NUMBER = 16;
const CRC_OFFSET = IMAGE_HEADER_BYTES - 4;

export function encodeImageHeader(header: ImageHeader): Uint8Array {
  const bytes = new Uint8Array(IMAGE_HEADER_BYTES);
  bytes.set(MAGIC);
  putUint32(bytes, MAGIC.length, FORMAT);
  for (const [at, number] of numbersOf(header).entries()) {
    putUint64(bytes, FIRST_NUMBER + 8 * at, number);
  }
  putUint32(bytes, CRC_OFFSET, crc32c(bytes, 0, 0, CRC_OFFSET));
  return bytes;
}

function numbersOf(header: ImageHeader): number[] {
  const { checkpoint, appliedIndex, appliedTerm, compactRevision } = header;
  const { currentRevision, keysTotal, size, slabs, content } = header;
  const origin = [checkpoint, appliedIndex, appliedTerm, compactRevision + 1];
  return [...origin, currentRevision, keysTotal, size, slabs, content];
}

/** Throws `ImageError`. */
export function decodeImageHeader(bytes: Uint8Array): ImageHeader {
  if (bytes.length < IMAGE_HEADER_BYTES || !MAGIC.equals(bytes.subarray(0, MAGIC.length))) {
    throw new ImageError("it is no image");
  }
  if (getUint32(bytes, MAGIC.length) !== FORMAT) {
    throw new ImageError(`its format is ${getUint32(bytes, MAGIC.length)}`);
  }
  if (crc32c(bytes, 0, 0, CRC_OFFSET) !== getUint32(bytes, CRC_OFFSET)) {
    throw new ImageError("its header is damaged");
  }
  const number = (at: number): number => tryGetUint64(bytes, FIRST_NUMBER + 8 * at) ?? 0;
  return {
    checkpoint: number(0),
    appliedIndex: number(1),
    appliedTerm: number(2),
    compactRevision: number(3) - 1,
    currentRevision: number(4),
    keysTotal: number(5),
    size: number(6),
    slabs: number(7),
    content: number(8),
  };
}
