/**
 * Writes protobuf's wire format. Messages are laid one after the other into slabs, so that most
 * need neither an allocation of their own nor a copy. A large one is written into a buffer that grows,
 * which is kept for the next, and copied from there: buffers that come and go by the dozen kilobytes
 * make V8 collect garbage, and in long stretches.
 *
 * A nested message needs its length in front, before it is known. `fork` leaves room for a guess
 * of how many bytes the length takes, `join` fills it in and moves the content when the guess was
 * wrong; generated code guesses from the `bytes` fields, which is nearly always right. Lengths
 * are minimal, so the output is byte for byte what Go writes.
 */
import { highHalf, lowHalf, splitBigint } from "./long-bits.ts";

const TWO_POW_32 = 4294967296;
const TWO_POW_63 = 2 ** 63;
const TWO_POW_64 = 2 ** 64;
const SLAB_BYTES = 16 * 1024;
/** A larger buffer is not kept, but given away with the message in it. */
const SCRATCH_BYTES_MAX = 256 * 1024;
/** With less than this left a message begins in a new slab. */
const SLAB_REST_MIN = 512;
/** Below this a loop is faster than the call that copies. */
const LOOP_COPY_BYTES_MAX = 64;
const SHORT_STRING_LENGTH_MAX = 32;
const VARINT_BYTES_MAX = 10;

export class BinaryWriter {
  /** Place of the next byte; differences tell how much was written. */
  pos = 0;
  /** Where the message under way begins. */
  #start = 0;
  readonly #slabBytes: number;
  #slab: Buffer;
  /** What is written to: the slab, until a message outgrows it. */
  #buffer: Buffer;
  /** For messages that outgrow the slab. */
  #scratch: Buffer | undefined = undefined;

  constructor(slabBytes: number = SLAB_BYTES) {
    this.#slabBytes = slabBytes;
    this.#slab = Buffer.allocUnsafeSlow(slabBytes);
    this.#buffer = this.#slab;
  }

  /** Forgets what was written since the last `finish`. */
  reset(): void {
    this.#buffer = this.#slab;
    this.pos = this.#start;
  }

  /** What was written since the last `finish`, valid until the next write or reset. */
  view(): Buffer {
    return this.#buffer.subarray(this.#start, this.pos);
  }

  /**
   * What was written since the last `finish`, in a buffer that the caller owns and the writer will
   * not touch again. Small ones share their memory with their neighbours, as Buffer's own do.
   */
  finish(): Buffer {
    const result = this.view();
    if (this.#buffer !== this.#slab) {
      return this.#finishLarge(result);
    }
    this.#start = this.pos;
    if (this.#slab.length - this.pos < SLAB_REST_MIN) {
      this.#renew();
    }
    return result;
  }

  /** The slab is as it was before the message. */
  #finishLarge(result: Buffer): Buffer {
    const { length } = this.#buffer;
    const mayLeave = this.#buffer !== this.#scratch && result.length > length * 0.75;
    this.reset();
    return mayLeave ? result : Buffer.from(result);
  }

  /** Makes sure that `count` more bytes fit. */
  reserve(count: number): void {
    if (this.#buffer.length - this.pos < count) {
      this.#grow(count);
    }
  }

  /** One byte. */
  byte(value: number): void {
    this.reserve(1);
    this.#buffer[this.pos++] = value;
  }

  /** A field's number and wire type, and every other unsigned 32-bit varint. */
  uint32(value: number): void {
    this.reserve(VARINT_BYTES_MAX);
    this.#uint32(value);
  }

  bool(value: boolean): void {
    this.byte(value ? 1 : 0);
  }

  /** Enums and int32: a negative value takes ten bytes. */
  int32(value: number): void {
    this.int64Number(value | 0);
  }

  /** An integer; what a double can hold and 64 bits cannot becomes the nearest that they can. */
  int64Number(value: number): void {
    this.reserve(VARINT_BYTES_MAX);
    if (value >= 0 && value < TWO_POW_32) {
      this.#uint32(value);
    } else if (value >= TWO_POW_63) {
      this.#halves(0xffffffff, 0x7fffffff);
    } else if (value < -TWO_POW_63) {
      this.#halves(0, 0x80000000);
    } else {
      this.#halves(value >>> 0, Math.floor(value / TWO_POW_32) >>> 0);
    }
  }

  /** A non-negative integer; what is too large for 64 bits becomes the largest that fits. */
  uint64Number(value: number): void {
    this.reserve(VARINT_BYTES_MAX);
    if (value >= 0 && value < TWO_POW_32) {
      this.#uint32(value);
    } else if (value >= TWO_POW_64) {
      this.#halves(0xffffffff, 0xffffffff);
    } else {
      this.#halves(value >>> 0, Math.floor(value / TWO_POW_32) >>> 0);
    }
  }

  /** int64 and uint64: modulo 2^64. */
  bigint(value: bigint): void {
    this.reserve(VARINT_BYTES_MAX);
    splitBigint(value);
    this.#halves(lowHalf(), highHalf());
  }

  /** Length and content. */
  bytes(value: Uint8Array): void {
    const length = value.length;
    this.reserve(length + VARINT_BYTES_MAX);
    this.#uint32(length);
    if (length <= LOOP_COPY_BYTES_MAX) {
      for (let i = 0; i < length; i++) {
        this.#buffer[this.pos + i] = value[i] as number;
      }
    } else {
      this.#buffer.set(value, this.pos);
    }
    this.pos += length;
  }

  /** Content without a length. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.#buffer.set(value, this.pos);
    this.pos += value.length;
  }

  /** Length and UTF-8. */
  string(value: string): void {
    const length = value.length;
    this.reserve(length * 3 + VARINT_BYTES_MAX);
    if (length <= SHORT_STRING_LENGTH_MAX && this.#shortAscii(value)) {
      return;
    }
    const mark = this.fork(length);
    this.pos += this.#buffer.write(value, this.pos, "utf8");
    this.join(mark);
  }

  /**
   * Begins a part with a length in front, probably of `expectedBytes`. Returns a mark for `join`.
   */
  fork(expectedBytes: number): number {
    this.reserve(VARINT_BYTES_MAX);
    const mark = this.pos;
    const room = lengthBytes(expectedBytes);
    this.#buffer[mark] = room;
    this.pos = mark + room;
    return mark;
  }

  join(mark: number): void {
    const room = this.#buffer[mark] as number;
    const start = mark + room;
    const length = this.pos - start;
    const needed = lengthBytes(length);
    if (needed !== room) {
      this.reserve(needed);
      this.#buffer.copyWithin(mark + needed, start, this.pos);
    }
    this.pos = mark;
    this.#uint32(length);
    this.pos += length;
  }

  #shortAscii(value: string): boolean {
    const length = value.length;
    const start = this.pos + 1;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) {
        return false;
      }
      this.#buffer[start + i] = code;
    }
    this.#buffer[this.pos] = length;
    this.pos = start + length;
    return true;
  }

  #uint32(value: number): void {
    let rest = value >>> 0;
    while (rest > 127) {
      this.#buffer[this.pos++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#buffer[this.pos++] = rest;
  }

  #halves(low: number, high: number): void {
    let lowRest = low >>> 0;
    let highRest = high >>> 0;
    while (highRest > 0) {
      this.#buffer[this.pos++] = (lowRest & 127) | 128;
      lowRest = ((lowRest >>> 7) | (highRest << 25)) >>> 0;
      highRest >>>= 7;
    }
    this.#uint32(lowRest);
  }

  #renew(): void {
    this.#slab = Buffer.allocUnsafeSlow(this.#slabBytes);
    this.#buffer = this.#slab;
    this.#start = 0;
    this.pos = 0;
  }

  // Marks are positions, so what was written stays where it is, relative to the buffer.
  #grow(count: number): void {
    const grown = this.#larger(this.pos + count);
    this.#buffer.copy(grown, this.#start, this.#start, this.pos);
    this.#buffer = grown;
  }

  #larger(bytes: number): Buffer {
    if (this.#scratch !== undefined && this.#scratch.length >= bytes) {
      return this.#scratch;
    }
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, bytes));
    if (larger.length <= SCRATCH_BYTES_MAX) {
      this.#scratch = larger;
    }
    return larger;
  }
}

function lengthBytes(length: number): number {
  if (length < 1 << 7) return 1;
  if (length < 1 << 14) return 2;
  if (length < 1 << 21) return 3;
  return length < 1 << 28 ? 4 : 5;
}

const shared = new BinaryWriter();

/** Encodes one message. Not re-entrant: `write` must not encode in turn. */
export function encodeWith<T>(message: T, write: (m: T, w: BinaryWriter) => void): Buffer {
  shared.reset();
  write(message, shared);
  return shared.finish();
}
