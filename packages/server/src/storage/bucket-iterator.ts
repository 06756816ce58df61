import { assert, fail } from "../lib/assert.ts";
import type { BucketIterator, BucketRange } from "./backend.ts";
import { type Bucket, buckets } from "./buckets.ts";
import { unsealValue } from "./checked-value.ts";
import type { Engine, EngineEntry, EngineIterator, EngineSnapshot } from "./engine.ts";
import { blockEntries } from "./record-block.ts";

/** The engine key of a bucket's key. */
export function engineKey(bucket: number, key: Uint8Array): Uint8Array {
  const result = Buffer.allocUnsafe(key.length + 1);
  result[0] = bucket;
  result.set(key, 1);
  return result;
}

/** Walks a bucket of the engine: takes prefixes off and verifies checksums. */
class EngineBucketIterator implements BucketIterator {
  readonly #inner: EngineIterator;
  readonly #keysOnly: boolean;

  constructor(inner: EngineIterator, keysOnly: boolean) {
    this.#inner = inner;
    this.#keysOnly = keysOnly;
  }

  async next(maxItems: number): Promise<readonly EngineEntry[]> {
    const entries = await this.#inner.next(maxItems);
    return entries.map(([key, value]) => [
      key.subarray(1),
      this.#keysOnly ? value : unsealValue(key, value),
    ]);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** About so many records are in a block when it is not known better. */
const RECORDS_PER_BLOCK = 8;

/** Walks bucket key-value: takes blocks apart and verifies their records, while the next are read. */
class RecordIterator implements BucketIterator {
  readonly #inner: EngineIterator;
  readonly #lt: Uint8Array | undefined;
  #ready: readonly EngineEntry[] = [];
  /** The read that is under way for the next call. */
  #ahead: Promise<readonly EngineEntry[]> | undefined = undefined;

  constructor(inner: EngineIterator, lt: Uint8Array | undefined) {
    this.#inner = inner;
    this.#lt = lt;
  }

  async next(maxItems: number): Promise<readonly EngineEntry[]> {
    while (this.#ready.length === 0) {
      const blocksMax = Math.ceil(maxItems / RECORDS_PER_BLOCK);
      const blocks = await (this.#ahead ?? this.#inner.next(blocksMax));
      this.#ahead = undefined;
      if (blocks.length === 0) {
        return [];
      }
      this.#ahead = this.#inner.next(blocksMax);
      // Its failure is met by the next call, if there is one.
      this.#ahead.catch(() => undefined);
      this.#ready = blocks.flatMap(([, block]) => this.#within(blockEntries(block)));
    }
    const entries = this.#ready.slice(0, maxItems);
    this.#ready = this.#ready.slice(maxItems);
    return entries;
  }

  async close(): Promise<void> {
    await this.#ahead?.catch(() => undefined);
    await this.#inner.close();
  }

  /** The last block may go beyond the range. */
  #within(entries: EngineEntry[]): EngineEntry[] {
    const lt = this.#lt;
    const last = entries.at(-1);
    const isWhole = lt === undefined || last === undefined || Buffer.compare(last[0], lt) < 0;
    return isWhole ? entries : entries.filter(([key]) => Buffer.compare(key, lt) < 0);
  }
}

export function iterateBucket(
  engine: Engine,
  bucket: Bucket,
  range: BucketRange,
  snapshot?: EngineSnapshot,
): BucketIterator {
  const keysOnly = range.keysOnly === true;
  const isOfRecords = bucket === buckets.keyValue;
  assert(!isOfRecords || isUpTo(range), "records are walked whole and from the first on");
  const inner = engine.iterate({
    gte: range.gte === undefined ? Uint8Array.of(bucket) : engineKey(bucket, range.gte),
    lt: range.lt === undefined ? Uint8Array.of(bucket + 1) : engineKey(bucket, range.lt),
    reverse: range.reverse === true,
    keysOnly,
    // Records have their keys with them.
    valuesOnly: isOfRecords,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  return isOfRecords
    ? new RecordIterator(inner, range.lt)
    : new EngineBucketIterator(inner, keysOnly);
}

function isUpTo({ gte, reverse, keysOnly }: BucketRange): boolean {
  return gte === undefined && reverse !== true && keysOnly !== true;
}

/** For calls that need an engine without pending changes. */
export function failPending(pendingBytes: number): never {
  return fail(`a bucket is walked while ${pendingBytes} bytes are pending`);
}
