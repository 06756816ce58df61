/**
 * Log entries in order of index, their payloads laid one behind the other: what is kept for followers
 * that lag is seldom read, and ten thousand objects that live for half a second each are what the
 * garbage collector likes least.
 */
import { assert } from "../lib/assert.ts";
import { asBuffer, copyBytes, getUint32, putUint32 } from "../lib/bytes.ts";
import { SlabPool } from "../lib/slab-pool.ts";
import type { Entry, EntryType } from "../raft/messages.ts";

const SLAB_BYTES = 64 * 1024;
/** Payloads from here on are kept as they are, unless they are part of something larger. */
const LONG_BYTES = 4 * 1024;
/** Kept for the entries that follow: 8 MiB. */
const POOLED_SLABS_MAX = 128;
/** Of a slab behind a long payload: others may follow, each with one such slab between them. */
const SMALL_SLAB_BYTES = 4 * 1024;
/** Of an entry's end, in the table at the end of the slab. */
const END_BYTES = 4;

/** Entries in a row of one term and one type; or one with a long payload. */
interface Slab {
  readonly first: number;
  readonly term: number;
  readonly type: EntryType;
  /** Payloads from the front, and where each ends from the back; or the long payload. */
  readonly bytes: Buffer;
  readonly isLong: boolean;
  count: number;
}

export class PackedEntries {
  readonly #pool = new SlabPool(SLAB_BYTES, POOLED_SLABS_MAX);
  #slabs: Slab[] = [];
  #first = 0;
  #next = 0;

  get size(): number {
    return this.#next - this.#first;
  }

  /** Takes an entry, whose payload nobody changes any more; it follows the last one if there is any. */
  push(entry: Entry): void {
    if (this.size === 0) this.#restart(entry.index);
    assert(entry.index === this.#next, `entry ${entry.index} packed where ${this.#next} belongs`);
    if (isLong(entry.data)) this.#slabs.push(newSlab(entry, asBuffer(entry.data), true));
    else this.#copyIn(entry);
    this.#next += 1;
  }

  /** Made anew, and may be kept however long; its payload must not be changed. The index must be in here. */
  at(index: number): Entry {
    const slab = this.#slabOf(index);
    const place = index - slab.first;
    const data = slab.isLong
      ? slab.bytes
      : copyBytes(slab.bytes.subarray(endOf(slab, place - 1), endOf(slab, place)));
    return { index, term: slab.term, type: slab.type, data };
  }

  term(index: number): number {
    return this.#slabOf(index).term;
  }

  /** Bytes of the payload. */
  bytesAt(index: number): number {
    const slab = this.#slabOf(index);
    const place = index - slab.first;
    return endOf(slab, place) - endOf(slab, place - 1);
  }

  /** Forgets the entries before `index`. */
  dropBefore(index: number): void {
    if (index >= this.#next) return this.#restart(index);
    if (index <= this.#first) return;
    this.#free(this.#slabs.splice(0, this.#slabs.indexOf(this.#slabOf(index))));
    this.#first = index;
  }

  /** Forgets the entry at `index` and all behind it. */
  truncate(index: number): void {
    if (index >= this.#next) return;
    if (index <= this.#first) return this.#restart(index);
    const slab = this.#slabOf(index - 1);
    slab.count = index - slab.first;
    this.#free(this.#slabs.splice(this.#slabs.indexOf(slab) + 1));
    this.#next = index;
  }

  clear(): void {
    this.#restart(this.#next);
  }

  #restart(index: number): void {
    this.#free(this.#slabs);
    this.#slabs = [];
    this.#first = index;
    this.#next = index;
  }

  #free(slabs: readonly Slab[]): void {
    for (const { bytes, isLong } of slabs) {
      if (!isLong) this.#pool.give(bytes);
    }
  }

  #copyIn(entry: Entry): void {
    const slab = this.#slabFor(entry);
    const start = endOf(slab, slab.count - 1);
    const end = start + entry.data.length;
    slab.bytes.set(entry.data, start);
    putUint32(slab.bytes, endPlace(slab, slab.count), end);
    slab.count += 1;
  }

  #slabFor(entry: Entry): Slab {
    const { term, type, data } = entry;
    const last = this.#slabs.at(-1);
    if (last?.isLong === false && last.term === term && last.type === type) {
      const hasRoom = endOf(last, last.count - 1) + data.length <= endPlace(last, last.count);
      if (hasRoom) return last;
    }
    const bytes = data.length + END_BYTES;
    const isSmall = last?.isLong === true && bytes <= SMALL_SLAB_BYTES;
    const memory = isSmall ? Buffer.allocUnsafeSlow(SMALL_SLAB_BYTES) : this.#pool.take(bytes);
    const slab = newSlab(entry, memory, false);
    this.#slabs.push(slab);
    return slab;
  }

  #slabOf(index: number): Slab {
    assert(index >= this.#first && index < this.#next, `entry ${index} is not packed`);
    let low = 0;
    let high = this.#slabs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#slabs[middle]!.first <= index) low = middle;
      else high = middle - 1;
    }
    return this.#slabs[low]!;
  }
}

function isLong({ length, buffer }: Uint8Array): boolean {
  return length >= LONG_BYTES && buffer.byteLength <= 2 * length;
}

/** A slab that `first` will be the first in, or is, alone. */
function newSlab(first: Entry, bytes: Buffer, long: boolean): Slab {
  const { index, term, type } = first;
  return { first: index, term, type, bytes, isLong: long, count: long ? 1 : 0 };
}

/** Where the payload of the slab's entry at `place` ends, and that of the next one begins. */
function endOf(slab: Slab, place: number): number {
  if (place < 0) return 0;
  return slab.isLong ? slab.bytes.length : getUint32(slab.bytes, endPlace(slab, place));
}

function endPlace({ bytes }: Slab, place: number): number {
  return bytes.length - (place + 1) * END_BYTES;
}
