/**
 * Header blocks: put together from HEADERS and CONTINUATION, decoded, and made into request heads.
 *
 * Clients repeat themselves: as long as the dynamic table does not change, the same bytes mean the same
 * head, so a few blocks are remembered with theirs and need not be decoded again.
 */
import { calm } from "./error-codes.ts";
import { HeaderList } from "./hpack/header-list.ts";
import { HpackDecoder } from "./hpack/decoder.ts";
import { CONTINUATIONS_MAX, HEADER_BLOCK_BYTES_MAX, HEADER_TABLE_BYTES_MAX } from "./limits.ts";
import { areTrailersValid, parseRequestHead, type RequestHead } from "./request-head.ts";

const REMEMBERED_MAX = 8;
const REMEMBERED_BYTES_MAX = 512;

interface Remembered {
  readonly block: Buffer;
  readonly head: RequestHead;
}

function isSame(block: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (block.length !== end - start) return false;
  for (let index = 0; index < block.length; index++) {
    if (block[index] !== bytes[start + index]) return false;
  }
  return true;
}

export class HeaderReader {
  readonly #decoder = new HpackDecoder(HEADER_TABLE_BYTES_MAX);
  #remembered: Remembered[] = [];
  #version = 0;
  #next = 0;
  #fragments: Buffer[] = [];
  #fragmentBytes = 0;

  /** Keeps a part of a block that is continued. Throws when there is too much of it. */
  addFragment(bytes: Buffer, start: number, end: number): void {
    this.#fragments.push(Buffer.from(bytes.subarray(start, end)));
    this.#fragmentBytes += end - start;
    // The first fragment came with HEADERS.
    if (this.#fragments.length > 1 + CONTINUATIONS_MAX) throw calm("too many CONTINUATION frames");
    if (this.#fragmentBytes > HEADER_BLOCK_BYTES_MAX) throw calm("header block too large");
  }

  /** The parts kept, as one block; keeps none of them. */
  takeFragments(): Buffer {
    const block = Buffer.concat(this.#fragments, this.#fragmentBytes);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    return block;
  }

  /** Bytes of a block that is not complete. */
  get keptBytes(): number {
    return this.#fragmentBytes;
  }

  /** A request's head; `undefined` when it is malformed. Throws `ConnectionError`. */
  readRequest(bytes: Buffer, start: number, end: number): RequestHead | undefined {
    const known = this.#recall(bytes, start, end);
    if (known !== undefined) return known;
    const list = new HeaderList();
    this.#decoder.decode(bytes, start, end, list);
    const head = parseRequestHead(list);
    if (head !== undefined) this.#remember(bytes, start, end, head);
    return head;
  }

  /** Whether the trailers are well formed. Throws `ConnectionError`. */
  readTrailers(bytes: Buffer, start: number, end: number): boolean {
    const list = new HeaderList();
    this.#decoder.decode(bytes, start, end, list);
    return !list.isOverLimit && areTrailersValid(list.fields);
  }

  #recall(bytes: Buffer, start: number, end: number): RequestHead | undefined {
    if (this.#version !== this.#decoder.version) return undefined;
    for (let index = 0; index < this.#remembered.length; index++) {
      const { block, head } = this.#remembered[index]!;
      if (isSame(block, bytes, start, end)) return head;
    }
    return undefined;
  }

  #remember(bytes: Buffer, start: number, end: number, head: RequestHead): void {
    const { version } = this.#decoder;
    if (version !== this.#version) {
      // The block itself may have changed the table: what it means next time is not known.
      this.#version = version;
      if (this.#remembered.length > 0) this.#remembered = [];
      this.#next = 0;
      return;
    }
    if (end - start > REMEMBERED_BYTES_MAX) return;
    this.#remembered[this.#next] = { block: Buffer.from(bytes.subarray(start, end)), head };
    this.#next = (this.#next + 1) % REMEMBERED_MAX;
  }
}
