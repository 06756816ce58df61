import { assert, fail } from "../lib/assert.ts";
import type { EntrySlice } from "../lib/entry-slice.ts";
import type { BucketIterator, BucketRange, RecordWalk } from "./backend.ts";
import { type Bucket, buckets } from "./buckets.ts";
import { unsealValue } from "./checked-value.ts";
import type { Engine, EngineEntry, EngineIterator, EngineSnapshot } from "./engine.ts";
import { EngineRecordWalk } from "./record-walk.ts";

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

/** Bucket key-value as others are. */
class RecordIterator implements BucketIterator {
  readonly #walk: RecordWalk;
  #ready: readonly EntrySlice[] = [];

  constructor(walk: RecordWalk) {
    this.#walk = walk;
  }

  async next(maxItems: number): Promise<readonly EngineEntry[]> {
    if (this.#ready.length === 0) {
      this.#ready = await this.#walk.next();
    }
    const records = this.#ready.slice(0, maxItems);
    this.#ready = this.#ready.slice(maxItems);
    return records.map(({ key, value }) => [key, value]);
  }

  close(): Promise<void> {
    return this.#walk.close();
  }
}

export function iterateBucket(
  engine: Engine,
  bucket: Bucket,
  range: BucketRange,
  snapshot?: EngineSnapshot,
): BucketIterator {
  if (bucket === buckets.keyValue) {
    assert(isUpTo(range), "records are walked whole and from the first on");
    return new RecordIterator(walkRecords(engine, range.lt, snapshot));
  }
  const keysOnly = range.keysOnly === true;
  const inner = engine.iterate({
    gte: range.gte === undefined ? Uint8Array.of(bucket) : engineKey(bucket, range.gte),
    lt: range.lt === undefined ? Uint8Array.of(bucket + 1) : engineKey(bucket, range.lt),
    reverse: range.reverse === true,
    keysOnly,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  return new EngineBucketIterator(inner, keysOnly);
}

/** Walks the records with keys below `below`, or all. */
export function walkRecords(
  engine: Engine,
  below: Uint8Array | undefined,
  snapshot?: EngineSnapshot,
): RecordWalk {
  const bucket = buckets.keyValue;
  const inner = engine.iterate({
    gte: Uint8Array.of(bucket),
    lt: below === undefined ? Uint8Array.of(bucket + 1) : engineKey(bucket, below),
    // Records have their keys with them.
    valuesOnly: true,
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  return new EngineRecordWalk(inner, below);
}

function isUpTo({ gte, reverse, keysOnly }: BucketRange): boolean {
  return gte === undefined && reverse !== true && keysOnly !== true;
}

/** For calls that need an engine without pending changes. */
export function failPending(pendingBytes: number): never {
  return fail(`a bucket is walked while ${pendingBytes} bytes are pending`);
}
