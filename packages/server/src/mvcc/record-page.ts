import { getUint32, getUint64, putUint32, putUint64 } from "../lib/bytes.ts";

/** Main revision, sub revision, and where the record ends. */
const HEAD_BYTES = 16;
/** Of a record's beginning, in the table at the end of the page. */
const START_BYTES = 4;
export const PLACES_PER_PAGE = 2048;

/** Records of the cache, from the front, and where each begins, from the back. Nothing is overwritten. */
export class RecordPage {
  readonly #page: Buffer;
  #used = 0;
  #count = 0;

  constructor(bytes: number) {
    this.#page = Buffer.allocUnsafeSlow(bytes);
  }

  /** What a record takes. */
  static bytesFor(record: Uint8Array): number {
    return HEAD_BYTES + record.length + START_BYTES;
  }

  get bytes(): number {
    return this.#page.length;
  }

  /** By `bytesFor`. */
  get room(): number {
    return this.#count === PLACES_PER_PAGE
      ? 0
      : this.#page.length - this.#used - this.#count * START_BYTES;
  }

  /** Copies a record, for which there must be room. Returns its place. */
  add(main: number, sub: number, record: Uint8Array): number {
    const page = this.#page;
    const place = this.#count;
    const start = this.#used;
    const end = start + HEAD_BYTES + record.length;
    putUint64(page, start, main);
    putUint32(page, start + 8, sub);
    putUint32(page, start + 12, end);
    page.set(record, start + HEAD_BYTES);
    putUint32(page, this.#startAt(place), start);
    this.#used = end;
    this.#count += 1;
    return place;
  }

  recordAt(place: number): Uint8Array {
    const start = getUint32(this.#page, this.#startAt(place));
    return this.#page.subarray(start + HEAD_BYTES, getUint32(this.#page, start + 12));
  }

  /** The record at a place, if there is one and it is of this revision. */
  get(place: number, main: number, sub: number): Uint8Array | undefined {
    if (place >= this.#count) {
      return undefined;
    }
    const start = getUint32(this.#page, this.#startAt(place));
    const isIt = getUint64(this.#page, start) === main && getUint32(this.#page, start + 8) === sub;
    return isIt ? this.recordAt(place) : undefined;
  }

  #startAt(place: number): number {
    return this.#page.length - (place + 1) * START_BYTES;
  }
}
