/**
 * Sorts many keys that lie one after the other in memory, by radix, most significant byte first: what a
 * comparing sort spends on looking at both keys again and again, far apart, is saved, and no key is an
 * object. The result is an order of positions; the keys stay where they are.
 */

/** Gives the event loop a turn when the work has held it long enough. */
export type Pause = () => Promise<void>;

/** Key `i` is `bytes[starts[i], ends[i])`. */
export interface PackedKeys {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  /** As long as `starts`. */
  readonly ends: Uint32Array;
}

/** One bucket for the end of a key, one for each byte. */
const BUCKETS = 257;
/** Fewer keys are sorted by insertion. */
const INSERTION_MAX = 20;
/** More keys are worked on in pieces, with pauses. */
const PIECE = 16_384;

/** The places [start, end), whose keys agree before `depth`. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

/** The positions of the keys in ascending order of the keys; equal ones stay in order of position. */
export async function keyOrder(keys: PackedKeys, pause: Pause): Promise<Uint32Array> {
  const sorter = new KeySorter(keys);
  await sorter.sortLarge(0, keys.starts.length, 0, pause);
  return sorter.order;
}

class KeySorter {
  readonly order: Uint32Array;
  readonly #keys: PackedKeys;
  readonly #spare: Uint32Array;
  /** Bucket ends, one array for each level of recursion. */
  readonly #ends: Uint32Array[] = [];

  constructor(keys: PackedKeys) {
    this.#keys = keys;
    this.order = new Uint32Array(keys.starts.length);
    for (let at = 0; at < this.order.length; at++) {
      this.order[at] = at;
    }
    this.#spare = new Uint32Array(keys.starts.length);
  }

  /** Sorts the places [start, end), whose keys agree before `depth`. */
  async sortLarge(start: number, end: number, depth: number, pause: Pause): Promise<void> {
    if (end - start <= PIECE) {
      this.#sort(start, end, depth, 0);
      await pause();
      return;
    }
    const ends = new Uint32Array(BUCKETS);
    for (let at = start; at < end; at += PIECE) {
      this.#count(at, Math.min(at + PIECE, end), depth, ends);
      await pause();
    }
    const first = this.#bucketOf(this.order[start]!, depth);
    if (ends[first] === end - start) {
      // All agree here too, as the keys of one application often do for long.
      await (first === 0 ? undefined : this.sortLarge(start, end, depth + 1, pause));
      return;
    }
    toEnds(ends, start);
    const starts = Uint32Array.from(ends, (_none, bucket) =>
      bucket === 0 ? start : ends[bucket - 1]!,
    );
    const next = starts.slice();
    for (let at = start; at < end; at += PIECE) {
      this.#distribute(at, Math.min(at + PIECE, end), depth, next);
      await pause();
    }
    this.order.set(this.#spare.subarray(start, end), start);
    // Keys that end here are equal.
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      await this.sortLarge(starts[bucket]!, ends[bucket]!, depth + 1, pause);
    }
  }

  /**
   * Calls itself for all buckets but the largest, which it goes on with: so the calls are few levels
   * deep, even if each key begins with the one before it.
   */
  #sort(start: number, end: number, depth: number, level: number): void {
    let rest: Run | undefined = { start, end, depth };
    while (rest !== undefined) {
      rest = this.#sortAllButLargest(rest, level);
    }
  }

  /** Returns the largest bucket, if there is any. */
  #sortAllButLargest({ start, end, depth }: Run, level: number): Run | undefined {
    if (end - start <= INSERTION_MAX) {
      this.#insertionSort(start, end, depth);
      return undefined;
    }
    const ends = (this.#ends[level] ??= new Uint32Array(BUCKETS));
    const differing = this.#countDiffering(start, end, depth, ends);
    if (differing === undefined) {
      return undefined;
    }
    toEnds(ends, start);
    this.#distributeBackwards(start, end, differing, ends);
    this.order.set(this.#spare.subarray(start, end), start);
    // Distributing has turned the ends into starts.
    let largest: Run | undefined;
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      const from = ends[bucket]!;
      const to = bucket + 1 < BUCKETS ? ends[bucket + 1]! : end;
      if (to - from < 2) {
        continue;
      }
      const run = { start: from, end: to, depth: differing + 1 };
      const isLargest = largest === undefined || to - from > largest.end - largest.start;
      const other: Run | undefined = isLargest ? largest : run;
      largest = isLargest ? run : largest;
      if (other !== undefined) {
        this.#sort(other.start, other.end, other.depth, level + 1);
      }
    }
    return largest;
  }

  /** Counts at the first depth where the keys differ, and returns it; undefined if all are equal. */
  #countDiffering(
    start: number,
    end: number,
    depth: number,
    counts: Uint32Array,
  ): number | undefined {
    for (let at = depth; ; at++) {
      counts.fill(0);
      this.#count(start, end, at, counts);
      const first = this.#bucketOf(this.order[start]!, at);
      if (counts[first]! < end - start) {
        return at;
      }
      if (first === 0) {
        return undefined;
      }
    }
  }

  #count(start: number, end: number, depth: number, counts: Uint32Array): void {
    for (let at = start; at < end; at++) {
      counts[this.#bucketOf(this.order[at]!, depth)]!++;
    }
  }

  #distribute(start: number, end: number, depth: number, next: Uint32Array): void {
    for (let at = start; at < end; at++) {
      const position = this.order[at]!;
      this.#spare[next[this.#bucketOf(position, depth)]!++] = position;
    }
  }

  #distributeBackwards(start: number, end: number, depth: number, ends: Uint32Array): void {
    for (let at = end - 1; at >= start; at--) {
      const position = this.order[at]!;
      this.#spare[--ends[this.#bucketOf(position, depth)]!] = position;
    }
  }

  #insertionSort(start: number, end: number, depth: number): void {
    const { order } = this;
    for (let at = start + 1; at < end; at++) {
      const position = order[at]!;
      let place = at;
      while (place > start && this.#isLess(position, order[place - 1]!, depth)) {
        order[place] = order[place - 1]!;
        place--;
      }
      order[place] = position;
    }
  }

  /** Of two keys that agree before `depth`. */
  #isLess(left: number, right: number, depth: number): boolean {
    for (let at = depth; ; at++) {
      const leftBucket = this.#bucketOf(left, at);
      const rightBucket = this.#bucketOf(right, at);
      if (leftBucket !== rightBucket || leftBucket === 0) {
        return leftBucket < rightBucket;
      }
    }
  }

  #bucketOf(position: number, depth: number): number {
    const { bytes, starts, ends } = this.#keys;
    const at = starts[position]! + depth;
    return at < ends[position]! ? bytes[at]! + 1 : 0;
  }
}

/** Turns counts into the places at which the buckets end. */
function toEnds(counts: Uint32Array, start: number): void {
  let end = start;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    end += counts[bucket]!;
    counts[bucket] = end;
  }
}
