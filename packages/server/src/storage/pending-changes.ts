import { bucketsEnd } from "./buckets.ts";
import type { Bucket } from "./buckets.ts";
import type { EngineBatch } from "./engine.ts";
import { PendingBucket } from "./pending-bucket.ts";
import type { PendingChange } from "./pending-bucket.ts";

/** Rough cost of a change in memory besides its bytes. */
const OVERHEAD_BYTES = 64;

/** The changes of all buckets between two checkpoints. */
export class PendingChanges {
  readonly #buckets: readonly PendingBucket[] = Array.from(
    { length: bucketsEnd },
    (_none, bucket) => new PendingBucket(bucket),
  );
  /** Approximate memory held. */
  bytes = 0;

  put(bucket: Bucket, key: Uint8Array, value: Uint8Array): void {
    this.bytes += key.length + value.length + OVERHEAD_BYTES;
    this.#buckets[bucket]!.set(key, value);
  }

  delete(bucket: Bucket, key: Uint8Array): void {
    this.bytes += key.length + OVERHEAD_BYTES;
    this.#buckets[bucket]!.set(key, undefined);
  }

  append(bucket: Bucket, key: Uint8Array, value: Uint8Array): void {
    this.bytes += key.length + value.length + OVERHEAD_BYTES;
    this.#buckets[bucket]!.append(key, value);
  }

  pack(bucket: Bucket, key: Uint8Array, entry: Uint8Array): void {
    this.bytes += entry.length;
    if (this.#buckets[bucket]!.pack(key, entry)) {
      this.bytes += key.length + OVERHEAD_BYTES;
    }
  }

  find(bucket: Bucket, key: Uint8Array): PendingChange | undefined {
    return this.#buckets[bucket]!.find(key);
  }

  /** Every change, by bucket and in the order in which it must be written. Nothing may be added any more. */
  batches(): EngineBatch[] {
    return this.#buckets.flatMap((bucket) => bucket.batches());
  }
}
