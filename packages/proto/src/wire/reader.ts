/**
 * Reads protobuf's wire format. The generated code drives it: it asks for the next tag and calls
 * the method that fits.
 *
 * Bounds: every method stays inside the buffer; that a value does not run over the end of its
 * message is checked once, by the loop of the message (`expectEnd`). Past the end a buffer reads
 * as undefined, which is not below 128: the fast paths need no check of their own.
 */
import { isUtf8 } from "node:buffer";
import { DecodeError } from "./decode-error.ts";
import { toInt64, toUint64 } from "./long-bits.ts";

/**
 * Deepest nesting of messages accepted. Only transactions nest, three messages a level; other
 * protobuf runtimes draw the line at 100 too, Go at 10000, which would overflow the stack here.
 */
export const MESSAGE_DEPTH_MAX = 100;

/** The value of absent `bytes` fields. */
export const EMPTY_BYTES: Buffer = Buffer.alloc(0);

const TWO_POW_32 = 4294967296;
const SHORT_STRING_LENGTH_MAX = 24;
/** Wire type of what ends a group. */
const END_GROUP = 4;

export class BinaryReader {
  /** Position of the next byte to read. */
  pos = 0;
  /** Position after the last byte. */
  end = 0;
  #bytes: Buffer = EMPTY_BYTES;
  #depth = 0;
  // The halves of the 64-bit varint read last, unsigned.
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array) {
    this.open(bytes);
  }

  /** Starts over with `bytes`. Does not copy: what is read as `bytes` views the given memory. */
  open(bytes: Uint8Array): void {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.pos = 0;
    this.end = bytes.length;
    this.#depth = 0;
  }

  /** The next field's number and wire type: `number << 3 | type`. */
  tag(): number {
    const tag = this.uint32();
    if (tag < 8 || this.#high !== 0) {
      throw new DecodeError(`invalid field number before offset ${this.pos}`);
    }
    return tag;
  }

  /** Reads a length and returns where the message it announces ends. Pair with `leave`. */
  enter(): number {
    const length = this.#length();
    if (++this.#depth > MESSAGE_DEPTH_MAX) {
      throw new DecodeError(`messages are nested more than ${MESSAGE_DEPTH_MAX} deep`);
    }
    return this.pos + length;
  }

  leave(): void {
    this.#depth--;
  }

  /** The end of a run of packed values. */
  packedEnd(): number {
    const length = this.#length();
    return this.pos + length;
  }

  expectEnd(end: number): void {
    if (this.pos !== end) {
      throw new DecodeError(`a field runs over the end of its message at offset ${end}`);
    }
  }

  bool(): boolean {
    this.uint32();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** Enums and int32: what is beyond 32 bits is cut off, as protobuf demands. */
  int32(): number {
    return this.uint32() | 0;
  }

  uint32(): number {
    const byte = this.#bytes[this.pos] as number;
    if (byte < 128) {
      this.pos++;
      this.#high = 0;
      return (this.#low = byte);
    }
    this.#varint();
    return this.#low;
  }

  /** The nearest double: exact up to 2^53 in either direction. */
  int64Number(): number {
    const byte = this.#bytes[this.pos] as number;
    if (byte < 128) {
      this.pos++;
      return byte;
    }
    this.#varint();
    return (this.#high | 0) * TWO_POW_32 + this.#low;
  }

  /** The nearest double: exact up to 2^53. */
  uint64Number(): number {
    const byte = this.#bytes[this.pos] as number;
    if (byte < 128) {
      this.pos++;
      return byte;
    }
    this.#varint();
    return this.#high * TWO_POW_32 + this.#low;
  }

  int64(): bigint {
    this.#varint();
    return toInt64(this.#low, this.#high);
  }

  uint64(): bigint {
    this.#varint();
    return toUint64(this.#low, this.#high);
  }

  /** A view into the buffer. */
  bytes(): Uint8Array {
    const length = this.#length();
    if (length === 0) {
      return EMPTY_BYTES;
    }
    const start = this.pos;
    this.pos = start + length;
    return this.#bytes.subarray(start, this.pos);
  }

  string(): string {
    const length = this.#length();
    const start = this.pos;
    this.pos = start + length;
    if (length <= SHORT_STRING_LENGTH_MAX) {
      const short = this.#shortAscii(start, this.pos);
      if (short !== undefined) {
        return short;
      }
    }
    const view = this.#bytes.subarray(start, this.pos);
    if (!isUtf8(view)) {
      throw new DecodeError(`string with invalid UTF-8 at offset ${start}`);
    }
    return view.toString("utf8");
  }

  /** Passes over the value of a field that the schema does not know. */
  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.#varint();
        break;
      case 1:
        this.#advance(8);
        break;
      case 2:
        this.#advance(this.#length());
        break;
      case 3:
        this.#skipGroup(tag >>> 3);
        break;
      case 5:
        this.#advance(4);
        break;
      default:
        throw new DecodeError(`unsupported wire type ${tag & 7} before offset ${this.pos}`);
    }
  }

  /** Groups are long out of use, but part of the wire format: a newer client's field may hold one. */
  #skipGroup(number: number): void {
    if (++this.#depth > MESSAGE_DEPTH_MAX) {
      throw new DecodeError(`groups are nested more than ${MESSAGE_DEPTH_MAX} deep`);
    }
    for (;;) {
      const tag = this.tag();
      if (tag === number * 8 + END_GROUP) {
        break;
      }
      this.skip(tag);
    }
    this.#depth--;
  }

  #shortAscii(start: number, end: number): string | undefined {
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = this.#bytes[i] as number;
      if (byte > 127) {
        return undefined;
      }
      text += String.fromCharCode(byte);
    }
    return text;
  }

  #length(): number {
    const length = this.uint32();
    if (this.#high !== 0 || length > this.end - this.pos) {
      throw new DecodeError(`length runs over the end of the data at offset ${this.pos}`);
    }
    return length;
  }

  #advance(count: number): void {
    if (count > this.end - this.pos) {
      throw new DecodeError(`unexpected end of data at offset ${this.end}`);
    }
    this.pos += count;
  }

  // Four groups of seven bits fill the low half but for four bits, which the fifth byte brings
  // together with three bits of the high half; the tenth may bring one bit only.
  #varint(): void {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) {
        this.#low = low;
        this.#high = 0;
        return;
      }
    }
    const middle = this.#byte();
    this.#low = (low | ((middle & 15) << 28)) >>> 0;
    this.#high = (middle & 127) >>> 4;
    if (middle >= 128) {
      this.#varintHigh();
    }
  }

  #varintHigh(): void {
    let high = this.#high;
    for (let shift = 3; shift < 31; shift += 7) {
      const byte = this.#byte();
      high |= (byte & 127) << shift;
      if (byte < 128) {
        this.#high = high >>> 0;
        return;
      }
    }
    const last = this.#byte();
    if (last > 1) {
      throw new DecodeError(`varint longer than 64 bits at offset ${this.pos}`);
    }
    this.#high = (high | (last << 31)) >>> 0;
  }

  #byte(): number {
    if (this.pos >= this.end) {
      throw new DecodeError(`unexpected end of data at offset ${this.end}`);
    }
    return this.#bytes[this.pos++] as number;
  }
}

const shared = new BinaryReader(EMPTY_BYTES);

/** Decodes one message. Not re-entrant: `read` must not decode in turn. */
export function decodeWith<T>(bytes: Uint8Array, read: (r: BinaryReader, end: number) => T): T {
  shared.open(bytes);
  return read(shared, shared.end);
}
