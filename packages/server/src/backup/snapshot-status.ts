/**
 * What `snapshot status` says of a file: the numbers that etcd's tool computes, from one walk over
 * the whole image that also checks its structure. The digest is not looked at, as there.
 */
import { DecodeError, KeyValue } from "@kvorum/proto";
import { bytesToKey } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { BucketEntry } from "./bolt/bucket-source.ts";
import { ImageReader, type BucketReference } from "./bolt/image-reader.ts";
import { PageUse } from "./bolt/page-use.ts";
import { parseRevisionKey } from "./buckets/key-bucket.ts";
import { META_KEY } from "./buckets/meta-bucket.ts";
import { BUCKET_NAME } from "./buckets/names.ts";
import type { RandomAccessSource } from "./random-access-source.ts";

/** The order of the fields is that of etcd's JSON. */
export interface SnapshotStatus {
  /** CRC-32C over every bucket's name, keys and values, in order. */
  readonly hash: number;
  /** Main revision of the last write. */
  readonly revision: number;
  /** Keys whose last version is not a tombstone. */
  readonly totalKey: number;
  /** Bytes of the image, without the digest. */
  readonly totalSize: number;
  /** Storage version, "3.7.0"; empty when the store has none. */
  readonly version: string;
}

/** Throws `CorruptionError` for a file that is not a sound image. */
export async function readSnapshotStatus(source: RandomAccessSource): Promise<SnapshotStatus> {
  const image = await ImageReader.open(source);
  const use = new PageUse(image.meta.highWater);
  const tally = new StatusTally(source.name);
  for await (const bucket of image.buckets(use)) {
    tally.startBucket(bucket);
    for await (const entries of image.entries(bucket, use)) {
      tally.addEntries(bucket, entries);
    }
  }
  await use.finish(image.pages);
  return tally.result(image.bytes);
}

/** Live keys are spread over this many sets: one set of V8 ends at 2^24 elements. */
const KEY_SETS = 256;

class StatusTally {
  readonly #file: string;
  readonly #liveKeys: Set<string>[] = Array.from({ length: KEY_SETS }, () => new Set<string>());
  #hash = 0;
  #revision = 0;
  #version = "";

  constructor(file: string) {
    this.#file = file;
  }

  startBucket(bucket: BucketReference): void {
    this.#hash = crc32c(bucket.element.key, this.#hash);
  }

  addEntries(bucket: BucketReference, entries: readonly BucketEntry[]): void {
    for (const entry of entries) {
      this.#hash = crc32c(entry.value, crc32c(entry.key, this.#hash));
      if (bucket.name === BUCKET_NAME.key) {
        this.#addVersion(entry);
      } else if (bucket.name === BUCKET_NAME.meta) {
        this.#noteVersion(entry);
      }
    }
  }

  result(totalSize: number): SnapshotStatus {
    return {
      hash: this.#hash,
      revision: this.#revision,
      totalKey: this.#liveKeys.reduce((total, keys) => total + keys.size, 0),
      totalSize,
      version: this.#version,
    };
  }

  #addVersion({ key, value }: BucketEntry): void {
    const revision = parseRevisionKey(key);
    if (revision === undefined) {
      throw this.#corrupt(key, "cannot parse revision key");
    }
    this.#revision = revision.main;
    const userKey = this.#userKey(key, value);
    const keys = this.#liveKeys[crc32c(userKey) % KEY_SETS];
    if (revision.isTombstone) {
      keys?.delete(bytesToKey(userKey));
    } else {
      keys?.add(bytesToKey(userKey));
    }
  }

  #userKey(key: Uint8Array, value: Uint8Array): Uint8Array {
    try {
      return KeyValue.decode(value).key;
    } catch (error) {
      if (error instanceof DecodeError) {
        throw this.#corrupt(key, `cannot unmarshal value: ${error.message}`);
      }
      throw error;
    }
  }

  #corrupt(key: Uint8Array, reason: string): CorruptionError {
    return new CorruptionError(this.#file, `key ${Buffer.from(key).toString("hex")}`, reason);
  }

  #noteVersion({ key, value }: BucketEntry): void {
    if (Buffer.from(key).toString() === META_KEY.storageVersion) {
      const text = Buffer.from(value).toString();
      this.#version = /^\d+\.\d+\.\d+/.test(text) ? text : "";
    }
  }
}
