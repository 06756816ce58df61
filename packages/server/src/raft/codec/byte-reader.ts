import { CodecError } from "./codec-error.ts";

const VARINT_BYTES_MAX = 8;

/**
 * Reads what ByteWriter wrote. Every read is checked against the end of the bytes; anything wrong
 * is a CodecError. Byte strings come back as views of the input, not copies.
 */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  u8(): number {
    this.#need(1);
    return this.#bytes[this.#at++]!;
  }

  /** Exactly zero or one. */
  bool(): boolean {
    return this.choice([false, true]);
  }

  /** One byte that is a position in `options`. */
  choice<T>(options: readonly T[]): T {
    const code = this.u8();
    if (code >= options.length) {
      throw new CodecError(`code ${code} is not below ${options.length}`);
    }
    return options[code]!;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < VARINT_BYTES_MAX; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        return this.#safe(value);
      }
      factor *= 0x80;
    }
    throw new CodecError(`varint is longer than ${VARINT_BYTES_MAX} bytes`);
  }

  /** A varint that counts items of at least `bytesMin` bytes each, and so cannot be absurd. */
  count(bytesMin: number): number {
    const count = this.varint();
    if (count * bytesMin > this.remaining) {
      throw new CodecError(`${count} items do not fit ${this.remaining} remaining bytes`);
    }
    return count;
  }

  u64(): bigint {
    this.#need(8);
    const value = this.#view.getBigUint64(this.#at, true);
    this.#at += 8;
    return value;
  }

  /** A view of the bytes whose length stands before them. */
  lengthPrefixed(): Uint8Array {
    const length = this.count(1);
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  /** To be called when all has been read: trailing bytes are an error. */
  end(): void {
    if (this.remaining !== 0) {
      throw new CodecError(`${this.remaining} bytes left over`);
    }
  }

  #need(bytes: number): void {
    if (this.remaining < bytes) {
      throw new CodecError(`${bytes} bytes needed, ${this.remaining} remain`);
    }
  }

  #safe(value: number): number {
    if (value > Number.MAX_SAFE_INTEGER) {
      throw new CodecError(`varint ${value} exceeds 53 bits`);
    }
    return value;
  }
}
