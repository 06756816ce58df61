/**
 * CRC-32C (Castagnoli), incremental, sixteen bytes a step ("slicing by 16"): table `k` holds the
 * effect of a byte that is followed by `k` zero bytes, so the look-ups of one step are independent.
 */
const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;

const table: Int32Array = buildTable();

function buildTable(): Int32Array {
  const result = new Int32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 1) === 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    }
    result[byte] = crc;
  }
  for (let index = 256; index < result.length; index++) {
    const shorter = result[index - 256]!;
    result[index] = (shorter >>> 8) ^ result[shorter & 255]!;
  }
  return result;
}

/**
 * The checksum of `bytes[start, end)` appended to data whose checksum is `seed`:
 * `crc32c(b, crc32c(a))` is the checksum of `a` followed by `b`. An unsigned 32-bit number.
 */
export function crc32c(
  bytes: Uint8Array,
  seed: number = 0,
  start: number = 0,
  end: number = bytes.length,
): number {
  const t = table;
  let crc = ~seed;
  let at = start;
  for (const stepsEnd = end - 15; at < stepsEnd; at += 16) {
    crc =
      t[3840 + ((crc ^ bytes[at]!) & 255)]! ^
      t[3584 + (((crc >>> 8) ^ bytes[at + 1]!) & 255)]! ^
      t[3328 + (((crc >>> 16) ^ bytes[at + 2]!) & 255)]! ^
      t[3072 + ((crc >>> 24) ^ bytes[at + 3]!)]! ^
      t[2816 + bytes[at + 4]!]! ^
      t[2560 + bytes[at + 5]!]! ^
      t[2304 + bytes[at + 6]!]! ^
      t[2048 + bytes[at + 7]!]! ^
      t[1792 + bytes[at + 8]!]! ^
      t[1536 + bytes[at + 9]!]! ^
      t[1280 + bytes[at + 10]!]! ^
      t[1024 + bytes[at + 11]!]! ^
      t[768 + bytes[at + 12]!]! ^
      t[512 + bytes[at + 13]!]! ^
      t[256 + bytes[at + 14]!]! ^
      t[bytes[at + 15]!]!;
  }
  for (; at < end; at++) {
    crc = (crc >>> 8) ^ t[(crc ^ bytes[at]!) & 255]!;
  }
  return ~crc >>> 0;
}
