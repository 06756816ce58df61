/**
 * Log entries in order of index, their payloads laid one behind the other: what is kept for followers
 * that lag is seldom read, and ten thousand objects that live for half a second each are what the
 * garbage collector likes least.
 */
import { assert } from "../lib/assert.ts";
import type { Entry, EntryType } from "../raft/messages.ts";

const SLAB_BYTES = 64 * 1024;
const SLAB_ENTRIES = 256;

/** Entries in a row of one term and one type. */
interface Slab {
  readonly first: number;
  readonly term: number;
  readonly type: EntryType;
  readonly payloads: Buffer;
  /** Where each entry's payload ends. */
  readonly ends: Uint32Array;
  count: number;
}

export class PackedEntries {
  #slabs: Slab[] = [];
  #first = 0;
  #next = 0;

  get size(): number {
    return this.#next - this.#first;
  }

  /** Copies an entry in; it follows the last one if there is any. */
  push(entry: Entry): void {
    if (this.size === 0) this.#restart(entry.index);
    assert(entry.index === this.#next, `entry ${entry.index} packed where ${this.#next} belongs`);
    const slab = this.#slabFor(entry);
    const start = slab.count === 0 ? 0 : slab.ends[slab.count - 1]!;
    slab.payloads.set(entry.data, start);
    slab.ends[slab.count] = start + entry.data.length;
    slab.count += 1;
    this.#next += 1;
  }

  /** Made anew at each call; its payload must not be changed. The index must be in here. */
  at(index: number): Entry {
    const slab = this.#slabOf(index);
    const data = slab.payloads.subarray(startOf(slab, index), endOf(slab, index));
    return { index, term: slab.term, type: slab.type, data };
  }

  term(index: number): number {
    return this.#slabOf(index).term;
  }

  /** Bytes of the payload. */
  bytesAt(index: number): number {
    const slab = this.#slabOf(index);
    return endOf(slab, index) - startOf(slab, index);
  }

  /** Forgets the entries before `index`. */
  dropBefore(index: number): void {
    if (index >= this.#next) return this.#restart(index);
    if (index <= this.#first) return;
    this.#slabs.splice(0, this.#slabs.indexOf(this.#slabOf(index)));
    this.#first = index;
  }

  /** Forgets the entry at `index` and all behind it. */
  truncate(index: number): void {
    if (index >= this.#next) return;
    if (index <= this.#first) return this.#restart(index);
    const slab = this.#slabOf(index - 1);
    slab.count = index - slab.first;
    this.#slabs.length = this.#slabs.indexOf(slab) + 1;
    this.#next = index;
  }

  clear(): void {
    this.#restart(this.#next);
  }

  #restart(index: number): void {
    this.#slabs = [];
    this.#first = index;
    this.#next = index;
  }

  #slabFor({ index, term, type, data }: Entry): Slab {
    const last = this.#slabs.at(-1);
    if (last !== undefined && last.term === term && last.type === type) {
      const used = last.count === 0 ? 0 : last.ends[last.count - 1]!;
      const hasRoom = last.count < SLAB_ENTRIES && used + data.length <= last.payloads.length;
      if (hasRoom) return last;
    }
    const payloads = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, data.length));
    const ends = new Uint32Array(SLAB_ENTRIES);
    const slab: Slab = { first: index, term, type, payloads, ends, count: 0 };
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

function startOf(slab: Slab, index: number): number {
  return index === slab.first ? 0 : slab.ends[index - slab.first - 1]!;
}

function endOf(slab: Slab, index: number): number {
  return slab.ends[index - slab.first]!;
}
