/** One key and its value. Whoever yields it leaves both buffers unchanged from then on. */
export interface BucketEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/**
 * What the writer needs of a top-level bucket: the same frozen content twice, in ascending order
 * of key. Both passes come in batches, so that a million small entries do not cost a million
 * awaits; a batch is worth a few milliseconds of work at most, and a source whose data is at hand
 * yields to the event loop between batches.
 */
export interface BucketSource {
  readonly name: string;
  /** Flat pairs of lengths: key, value, key, value, … */
  lengths(): AsyncIterable<ArrayLike<number>>;
  entries(): AsyncIterable<readonly BucketEntry[]>;
}

/** A bucket small enough to be held in memory; sorts the entries. */
export function memoryBucket(name: string, entries: readonly BucketEntry[]): BucketSource {
  const sorted = [...entries].sort((a, b) => Buffer.compare(a.key, b.key));
  return {
    name,
    lengths: () => once(sorted.flatMap(({ key, value }) => [key.length, value.length])),
    entries: () => once(sorted),
  };
}

async function* once<T>(element: T): AsyncGenerator<T> {
  yield element;
}
