/**
 * A slab of an index image: what is written, read and checked in one go.
 *
 *     offset  0  CRC-32C of all that follows (u32)
 *             4  place of the slab in the file, from 0 (u32)
 *             8  number of blocks (u32)
 *            12  bytes of the blocks together (u32)
 *            16  of each block: bytes (u32), keys (u8), those not deleted (u8), hasLeases (u8), 0 (u8)
 *                then the blocks
 */
import { getUint32, putUint32 } from "../../lib/bytes.ts";
import { crc32c } from "../../lib/crc32c.ts";
import { type BlockWriter, FrozenBlock } from "./frozen-block.ts";
import { ImageError } from "./image-error.ts";

export const SLAB_HEAD_BYTES = 16;
const BLOCK_ENTRY_BYTES = 8;

/** A slab on its way to the file: parts that belong one after the other. */
export interface EncodedSlab {
  readonly parts: readonly [Uint8Array, Uint8Array];
  readonly crc: number;
  readonly keys: number;
}

/** The bytes are valid until `writer` is used again. */
export function encodeSlab(writer: BlockWriter, place: number): EncodedSlab {
  const { bytes, blocks } = writer.take();
  const table = new Uint8Array(SLAB_HEAD_BYTES + blocks.length * BLOCK_ENTRY_BYTES);
  putUint32(table, 4, place);
  putUint32(table, 8, blocks.length);
  putUint32(table, 12, bytes.length);
  let at = SLAB_HEAD_BYTES;
  let keys = 0;
  for (const { start, end, size, live, hasLeases } of blocks) {
    putUint32(table, at, end - start);
    table[at + 4] = size;
    table[at + 5] = live;
    table[at + 6] = hasLeases ? 1 : 0;
    at += BLOCK_ENTRY_BYTES;
    keys += size;
  }
  const crc = crc32c(bytes, crc32c(table, 0, 4));
  putUint32(table, 0, crc);
  return { parts: [table, bytes], crc, keys };
}

/** Bytes of the slab that begins with `head`, the head included. */
export function slabBytes(head: Uint8Array): number {
  return SLAB_HEAD_BYTES + getUint32(head, 8) * BLOCK_ENTRY_BYTES + getUint32(head, 12);
}

/** Checks a whole slab; returns its checksum, which stands for its content. */
export function checkSlab(slab: Uint8Array, place: number): number {
  const crc = getUint32(slab, 0);
  if (crc32c(slab, 0, 4) !== crc || getUint32(slab, 4) !== place) {
    throw new ImageError(`slab ${place} is damaged`);
  }
  return crc;
}

/** The blocks of a slab that was checked; they share its memory. */
export function slabBlocks(slab: Uint8Array): FrozenBlock[] {
  const blocks: FrozenBlock[] = [];
  let entry = SLAB_HEAD_BYTES;
  let start = entry + getUint32(slab, 8) * BLOCK_ENTRY_BYTES;
  for (let left = getUint32(slab, 8); left > 0; left--) {
    const end = start + getUint32(slab, entry);
    const [size, live, hasLeases] = [slab[entry + 4]!, slab[entry + 5]!, slab[entry + 6] === 1];
    blocks.push(new FrozenBlock(slab.subarray(start, end), { size, live, hasLeases }));
    start = end;
    entry += BLOCK_ENTRY_BYTES;
  }
  return blocks;
}
