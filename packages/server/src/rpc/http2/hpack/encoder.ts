/**
 * Encodes header blocks, RFC 7541. Only fields that are worth it enter the dynamic table: those made
 * with a `pin`, in the order of their first use, as long as there is room. Nothing is ever evicted, so
 * a field that was sent once is one byte from then on, and no state changes but by a first use.
 */
import { staticIndex, staticNameIndex } from "./static-table.ts";
import { STATIC_LENGTH } from "./static-table.ts";
import { huffmanLength, encodeHuffman } from "./huffman.ts";

const PINS_MAX = 32;
const ENTRY_OVERHEAD_BYTES = 32;
/** The size both sides begin with, and the most we use. */
const TABLE_BYTES_MAX = 4096;

function integer(value: number, prefixBits: number, flags: number): number[] {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) return [flags | value];
  const bytes = [flags | mask];
  let rest = value - mask;
  while (rest >= 128) {
    bytes.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function string(text: string): Buffer {
  const raw = Buffer.from(text, "latin1");
  const short = huffmanLength(raw);
  if (short >= raw.length) return Buffer.concat([Buffer.from(integer(raw.length, 7, 0)), raw]);
  return Buffer.concat([Buffer.from(integer(short, 7, 0x80)), encodeHuffman(raw)]);
}

/** A field to be sent, its forms on the wire made beforehand. Names are lower case, texts latin1. */
export class OutgoingField {
  readonly name: string;
  readonly value: string;
  /** Its place among the fields that enter dynamic tables, -1 for none. Unique in the program. */
  readonly pin: number;
  readonly size: number;
  readonly staticIndex: number;
  /** As a literal that enters the dynamic table. */
  readonly indexing: Buffer;
  /** As a literal that does not. */
  readonly plain: Buffer;

  constructor(name: string, value: string, pin = -1) {
    this.name = name;
    this.value = value;
    this.pin = pin;
    this.size = name.length + value.length + ENTRY_OVERHEAD_BYTES;
    this.staticIndex = staticIndex(name, value);
    const nameIndex = staticNameIndex(name);
    const rest = nameIndex === 0 ? [string(name), string(value)] : [string(value)];
    this.indexing = Buffer.concat([Buffer.from(integer(nameIndex, 6, 0x40)), ...rest]);
    this.plain = Buffer.concat([Buffer.from(integer(nameIndex, 4, 0)), ...rest]);
  }
}

export class HpackEncoder {
  /** By pin: how many entries were in the table with this one; 0 when it is not there. */
  readonly #places = new Uint8Array(PINS_MAX);
  #count = 0;
  #bytes = 0;
  #bytesMax = TABLE_BYTES_MAX;
  #isPinning = true;
  #announced = TABLE_BYTES_MAX;

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. A table that got smaller is given up for good. */
  setTableBytesMax(bytesMax: number): void {
    if (bytesMax >= this.#bytesMax) return;
    this.#bytesMax = bytesMax;
    if (this.#bytes > bytesMax) {
      this.#isPinning = false;
      this.#places.fill(0);
    }
  }

  /** Bytes that `write` needs at most. */
  bound(fields: readonly OutgoingField[]): number {
    let bytes = 8;
    for (const field of fields) bytes += field.plain.length + 1;
    return bytes;
  }

  /** Writes one block at `at`; returns where it ends. */
  write(output: Buffer, at: number, fields: readonly OutgoingField[]): number {
    let end = at;
    if (this.#announced !== this.#bytesMax) end = this.#announce(output, end);
    for (let index = 0; index < fields.length; index++) {
      end = this.#field(output, end, fields[index]!);
    }
    return end;
  }

  #announce(output: Buffer, at: number): number {
    this.#announced = this.#bytesMax;
    const bytes = integer(this.#bytesMax, 5, 0x20);
    output.set(bytes, at);
    return at + bytes.length;
  }

  #field(output: Buffer, at: number, field: OutgoingField): number {
    if (field.staticIndex !== 0) {
      output[at] = 0x80 | field.staticIndex;
      return at + 1;
    }
    const place = field.pin < 0 ? 0 : this.#places[field.pin]!;
    if (place !== 0) {
      output[at] = 0x80 | (STATIC_LENGTH + 1 + this.#count - place);
      return at + 1;
    }
    const literal = this.#pin(field) ? field.indexing : field.plain;
    output.set(literal, at);
    return at + literal.length;
  }

  #pin(field: OutgoingField): boolean {
    const fits = this.#bytes + field.size <= this.#bytesMax && this.#count < PINS_MAX;
    if (field.pin < 0 || !this.#isPinning || !fits) return false;
    this.#count += 1;
    this.#bytes += field.size;
    this.#places[field.pin] = this.#count;
    return true;
  }
}
