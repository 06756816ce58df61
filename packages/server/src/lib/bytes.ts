/** Byte strings: order, fixed-width integers, and their form as keys of a `Map`. */
import { assert, fail } from "./assert.ts";

export const EMPTY: Uint8Array = new Uint8Array(0);

const TWO_32 = 0x1_0000_0000;

/** Negative, zero or positive: the order of unsigned bytes, a prefix before what extends it. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let at = 0; at < common; at++) {
    const difference = a[at]! - b[at]!;
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}

export function putUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function getUint32(bytes: Uint8Array, at: number): number {
  return (
    bytes[at]! * 0x100_0000 + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!)
  );
}

/** Eight bytes, big-endian, so that the order of bytes is the order of numbers. */
export function putUint64(bytes: Uint8Array, at: number, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    fail(`not an unsigned safe integer: ${value}`);
  }
  putUint32(bytes, at, Math.floor(value / TWO_32));
  putUint32(bytes, at + 4, value % TWO_32);
}

/** The inverse of `putUint64`; `undefined` for a number above 2^53 - 1, which only damage can bring. */
export function tryGetUint64(bytes: Uint8Array, at: number): number | undefined {
  const value = getUint32(bytes, at) * TWO_32 + getUint32(bytes, at + 4);
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** As `tryGetUint64`, for bytes that are known good. */
export function getUint64(bytes: Uint8Array, at: number): number {
  const value = tryGetUint64(bytes, at);
  assert(value !== undefined, `not a safe integer at offset ${at}`);
  return value;
}

export function putBigUint64(bytes: Uint8Array, at: number, value: bigint): void {
  putUint32(bytes, at, Number((value >> 32n) & 0xffff_ffffn));
  putUint32(bytes, at + 4, Number(value & 0xffff_ffffn));
}

export function getBigUint64(bytes: Uint8Array, at: number): bigint {
  return (BigInt(getUint32(bytes, at)) << 32n) | BigInt(getUint32(bytes, at + 4));
}

/**
 * A byte string as a string of code points 0–255, for use as a `Map` key. Equal bytes give equal
 * strings and `<` on them is the order of `compareBytes`.
 */
export function bytesToKey(bytes: Uint8Array): string {
  return asBuffer(bytes).toString("latin1");
}

/** The inverse of `bytesToKey`. */
export function keyToBytes(key: string): Uint8Array {
  return Buffer.from(key, "latin1");
}

/** The same memory as a `Buffer`. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A copy that keeps no larger memory alive than a small shared pool. */
export function copyBytes(bytes: Uint8Array): Uint8Array {
  const copy = Buffer.allocUnsafe(bytes.length);
  copy.set(bytes);
  return copy;
}

/** The first key after all keys that start with `prefix`; `undefined` if there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  for (let last = prefix.length - 1; last >= 0; last--) {
    if (prefix[last]! < 255) {
      const end = Uint8Array.from(prefix.subarray(0, last + 1));
      end[last]! += 1;
      return end;
    }
  }
  return undefined;
}
