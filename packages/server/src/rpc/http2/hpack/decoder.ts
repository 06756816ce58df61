/** Decodes header blocks, RFC 7541. One for each direction of a connection. */
import { ConnectionError, Http2Code } from "../error-codes.ts";
import { HeaderField } from "./header-field.ts";
import { DynamicTable } from "./dynamic-table.ts";
import { STATIC_LENGTH, STATIC_TABLE } from "./static-table.ts";
import { decodeHuffman } from "./huffman.ts";

/** What a decoder hands its fields to; it may throw to end the connection. */
export interface FieldSink {
  add(field: HeaderField): void;
}

/** Integers above this are no honest length or index. */
const INTEGER_MAX = 0x1fff_ffff;

function compressionError(message: string): ConnectionError {
  return new ConnectionError(Http2Code.COMPRESSION_ERROR, message);
}

export class HpackDecoder {
  readonly #table: DynamicTable;
  /** What our SETTINGS_HEADER_TABLE_SIZE allows. */
  readonly #tableBytesMax: number;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;

  constructor(tableBytesMax: number) {
    this.#tableBytesMax = tableBytesMax;
    this.#table = new DynamicTable(tableBytesMax);
  }

  /** Changes whenever a block has changed the dynamic table. */
  get version(): number {
    return this.#table.version;
  }

  /** Decodes the block in `bytes[start, end)`. Throws `ConnectionError`; the decoder is then spoilt. */
  decode(bytes: Buffer, start: number, end: number, sink: FieldSink): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#tableSizes();
    while (this.#at < this.#end) sink.add(this.#field());
  }

  /** Updates of the table's size are allowed at the start of a block only. */
  #tableSizes(): void {
    while (this.#at < this.#end && (this.#bytes[this.#at]! & 0xe0) === 0x20) {
      const size = this.#integer(5);
      if (size > this.#tableBytesMax)
        throw compressionError(`table size ${size} is over the limit`);
      this.#table.resize(size);
    }
  }

  #field(): HeaderField {
    const first = this.#bytes[this.#at]!;
    if ((first & 0x80) !== 0) return this.#entry(this.#integer(7));
    if ((first & 0x40) !== 0) {
      const field = this.#literal(this.#integer(6));
      this.#table.add(field);
      return field;
    }
    if ((first & 0x20) !== 0) throw compressionError("table size update inside of a block");
    return this.#literal(this.#integer(4));
  }

  #literal(nameIndex: number): HeaderField {
    const name = nameIndex === 0 ? this.#string() : this.#entry(nameIndex).name;
    return new HeaderField(name, this.#string());
  }

  #entry(index: number): HeaderField {
    const field =
      index <= STATIC_LENGTH ? STATIC_TABLE[index - 1] : this.#table.at(index - STATIC_LENGTH - 1);
    if (field === undefined) throw compressionError(`no entry at index ${index}`);
    return field;
  }

  /** RFC 7541, section 5.1. */
  #integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    const prefix = this.#bytes[this.#at++]! & mask;
    if (prefix < mask) return prefix;
    let value = prefix;
    let factor = 1;
    for (;;) {
      if (this.#at >= this.#end) throw compressionError("integer is cut off");
      const byte = this.#bytes[this.#at++]!;
      value += (byte & 0x7f) * factor;
      if (value > INTEGER_MAX || factor > INTEGER_MAX) throw compressionError("integer overflow");
      if ((byte & 0x80) === 0) return value;
      factor *= 128;
    }
  }

  #string(): string {
    if (this.#at >= this.#end) throw compressionError("string is cut off");
    const isHuffman = (this.#bytes[this.#at]! & 0x80) !== 0;
    const length = this.#integer(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#end) throw compressionError("string is cut off");
    this.#at = end;
    if (!isHuffman) return this.#bytes.toString("latin1", start, end);
    const text = decodeHuffman(this.#bytes, start, end);
    if (text === undefined) throw compressionError("malformed Huffman code");
    return text;
  }
}
