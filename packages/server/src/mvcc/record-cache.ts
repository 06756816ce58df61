/**
 * Keeps the newest records of keys in memory, up to a number of bytes. First in, first out: what was
 * written or read longest ago leaves first.
 *
 * Records are copied into pages, and a `KeyIndex` knows its record's place as a number: an object for
 * each would live just long enough to be what costs the garbage collector most. A page leaves with all
 * that is in it. The keys are not told: a record says which revision it is of, and a place where there
 * is another one, or none any more, means that it is gone.
 */
import { RingBuffer } from "../lib/ring-buffer.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { PLACES_PER_PAGE, RecordPage } from "./record-page.ts";

const PAGE_BYTES = 16 * 1024;
/** A small cache has smaller pages, so that it is not empty whenever one leaves. */
const PAGES_MIN = 8;
/** Numbers of pages begin anew after so many; with the places in a page it makes 31 bits. */
const PAGE_NUMBERS = 2 ** 31 / PLACES_PER_PAGE;

export class RecordCache {
  readonly #bytesMax: number;
  readonly #pageBytes: number;
  readonly #pages = new RingBuffer<RecordPage>(PAGE_NUMBERS);
  /** Number of the oldest page. */
  #first = 0;
  #last: RecordPage | undefined = undefined;
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#pageBytes = Math.min(PAGE_BYTES, Math.floor(bytesMax / PAGES_MIN));
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The newest version's record, if it is here. It stays as it is, however long it is held. */
  get({ recordPlace, main, sub }: KeyIndex): Uint8Array | undefined {
    const number = Math.floor(recordPlace / PLACES_PER_PAGE);
    const page = this.#pages.at((number - this.#first + PAGE_NUMBERS) % PAGE_NUMBERS);
    return page?.get(recordPlace % PLACES_PER_PAGE, main, sub);
  }

  /**
   * Takes the record of the key's newest version. Returns a copy that nobody changes any more, even if
   * the record is too long to be kept.
   */
  keep(keyIndex: KeyIndex, record: Uint8Array): Uint8Array {
    const bytes = RecordPage.bytesFor(record);
    if (bytes > this.#bytesMax / 2) {
      return Buffer.from(record);
    }
    if (this.#last === undefined || bytes > this.#last.room) {
      this.#last = this.#addPage(Math.max(this.#pageBytes, bytes));
    }
    const place = this.#last.add(keyIndex.main, keyIndex.sub, record);
    const number = (this.#first + this.#pages.size - 1) % PAGE_NUMBERS;
    keyIndex.recordPlace = number * PLACES_PER_PAGE + place;
    return this.#last.recordAt(place);
  }

  #addPage(bytes: number): RecordPage {
    while (this.#pages.size > 0 && this.#bytes + bytes > this.#bytesMax) {
      this.#bytes -= this.#pages.shift()!.bytes;
      this.#first = (this.#first + 1) % PAGE_NUMBERS;
    }
    const page = new RecordPage(bytes);
    this.#pages.push(page);
    this.#bytes += bytes;
    return page;
  }
}
