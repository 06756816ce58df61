import { fail } from "../../lib/assert.ts";

const INITIAL_BYTES = 256;
const VARINT_BYTES_MAX = 8;

/**
 * An append-only byte buffer that doubles as it fills. Numbers are little-endian base-128 varints
 * of at most 53 bits, ids are eight bytes little-endian.
 */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  /** `capacity` in bytes is a guess; a good one avoids copies. */
  constructor(capacity: number = INITIAL_BYTES) {
    this.#buffer = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Starts over, keeping the memory: what `bytes` returned before is void. */
  clear(): void {
    this.#length = 0;
  }

  /** A view of what has been written; valid until the next write or `clear`. */
  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      fail(`varint(${value}) is not an unsigned safe integer`);
    }
    this.#reserve(VARINT_BYTES_MAX);
    const buffer = this.#buffer;
    let at = this.#length;
    let rest = value;
    // Bit operations work on 32 bits only; what lies above goes by division.
    while (rest > 0x7fff_ffff) {
      buffer[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      buffer[at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    buffer[at++] = rest;
    this.#length = at;
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#buffer.writeBigUInt64LE(value, this.#length);
    this.#length += 8;
  }

  /** The bytes alone, without their length. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** The length as a varint, then the bytes. */
  lengthPrefixed(bytes: Uint8Array): void {
    this.varint(bytes.length);
    this.raw(bytes);
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
  }
}
