/**
 * Sorts many keys (strings of code points 0–255) by radix, most significant character first: what a
 * comparing sort spends on looking at both keys again and again, far apart in memory, is saved. The
 * result is an order of positions; the keys stay where they are.
 */

/** Gives the event loop a turn when the work has held it long enough. */
export type Pause = () => Promise<void>;

/** One bucket for the end of a key, one for each character. */
const BUCKETS = 257;
/** Fewer keys are sorted by insertion. */
const INSERTION_MAX = 20;
/** More keys are worked on in pieces, with pauses. */
const PIECE = 16_384;

/** The positions of `keys` in ascending order of the keys, which must all differ. */
export async function keyOrder(keys: readonly string[], pause: Pause): Promise<Uint32Array> {
  const sorter = new KeySorter(keys);
  await sorter.sortLarge(0, keys.length, 0, pause);
  return sorter.order;
}

class KeySorter {
  readonly order: Uint32Array;
  readonly #keys: readonly string[];
  readonly #spare: Uint32Array;
  /** Bucket ends, one array for each level of recursion. */
  readonly #ends: Uint32Array[] = [];

  constructor(keys: readonly string[]) {
    this.#keys = keys;
    this.order = Uint32Array.from({ length: keys.length }, (_none, at) => at);
    this.#spare = new Uint32Array(keys.length);
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
    // A key that ends here is alone.
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      await this.sortLarge(starts[bucket]!, ends[bucket]!, depth + 1, pause);
    }
  }

  #sort(start: number, end: number, depth: number, level: number): void {
    if (end - start <= INSERTION_MAX) {
      this.#insertionSort(start, end);
      return;
    }
    const ends = (this.#ends[level] ??= new Uint32Array(BUCKETS));
    ends.fill(0);
    this.#count(start, end, depth, ends);
    toEnds(ends, start);
    this.#distributeBackwards(start, end, depth, ends);
    this.order.set(this.#spare.subarray(start, end), start);
    // Distributing has turned the ends into starts.
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      const from = ends[bucket]!;
      const to = bucket + 1 < BUCKETS ? ends[bucket + 1]! : end;
      if (to - from > 1) {
        this.#sort(from, to, depth + 1, level + 1);
      }
    }
  }

  #count(start: number, end: number, depth: number, counts: Uint32Array): void {
    const { order } = this;
    const keys = this.#keys;
    for (let at = start; at < end; at++) {
      counts[bucketOf(keys[order[at]!]!, depth)]!++;
    }
  }

  #distribute(start: number, end: number, depth: number, next: Uint32Array): void {
    const { order } = this;
    const keys = this.#keys;
    for (let at = start; at < end; at++) {
      const position = order[at]!;
      this.#spare[next[bucketOf(keys[position]!, depth)]!++] = position;
    }
  }

  #distributeBackwards(start: number, end: number, depth: number, ends: Uint32Array): void {
    const { order } = this;
    const keys = this.#keys;
    for (let at = end - 1; at >= start; at--) {
      const position = order[at]!;
      this.#spare[--ends[bucketOf(keys[position]!, depth)]!] = position;
    }
  }

  #insertionSort(start: number, end: number): void {
    const { order } = this;
    const keys = this.#keys;
    for (let at = start + 1; at < end; at++) {
      const position = order[at]!;
      const key = keys[position]!;
      let place = at;
      while (place > start && key < keys[order[place - 1]!]!) {
        order[place] = order[place - 1]!;
        place--;
      }
      order[place] = position;
    }
  }
}

function bucketOf(key: string, depth: number): number {
  return depth < key.length ? key.charCodeAt(depth) + 1 : 0;
}

/** Turns counts into the places at which the buckets end. */
function toEnds(counts: Uint32Array, start: number): void {
  let end = start;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    end += counts[bucket]!;
    counts[bucket] = end;
  }
}
