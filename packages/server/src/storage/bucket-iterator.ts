import { fail } from "../lib/assert.ts";
import type { BucketIterator, BucketRange } from "./backend.ts";
import type { Bucket } from "./buckets.ts";
import { unsealValue } from "./checked-value.ts";
import type { Engine, EngineEntry, EngineIterator, EngineSnapshot } from "./engine.ts";

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

export function iterateBucket(
  engine: Engine,
  bucket: Bucket,
  range: BucketRange,
  snapshot?: EngineSnapshot,
): BucketIterator {
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

/** For calls that need an engine without pending changes. */
export function failPending(pendingBytes: number): never {
  return fail(`a bucket is walked while ${pendingBytes} bytes are pending`);
}
