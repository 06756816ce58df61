/**
 * Turns a 64-bit integer given as two 32-bit halves into a bigint and back with one allocation:
 * both arrays view the same eight bytes. Shifting and or-ing bigints makes three.
 */
const halves = new Uint32Array(2);
const signed = new BigInt64Array(halves.buffer);
const unsigned = new BigUint64Array(halves.buffer);
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

export function toInt64(low: number, high: number): bigint {
  halves[LOW] = low;
  halves[HIGH] = high;
  return signed[0] as bigint;
}

export function toUint64(low: number, high: number): bigint {
  halves[LOW] = low;
  halves[HIGH] = high;
  return unsigned[0] as bigint;
}

/** Stores `value` (modulo 2^64) for `lowHalf` and `highHalf` to pick up. */
export function splitBigint(value: bigint): void {
  unsigned[0] = value;
}

/** Low 32 bits, unsigned, of the last `splitBigint`. */
export function lowHalf(): number {
  return halves[LOW] as number;
}

/** High 32 bits, unsigned, of the last `splitBigint`. */
export function highHalf(): number {
  return halves[HIGH] as number;
}
