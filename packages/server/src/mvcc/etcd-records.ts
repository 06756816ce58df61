/**
 * The store's history in etcd's form, bucket `key`: revision key → `mvccpb.KeyValue`, in order of
 * revision. Ours is split in two (metadata and records) so that a start reads no values; here the
 * halves meet again, for hashes and snapshot files, and come apart, for restored ones.
 */
import { KeyValue } from "@kvorum/proto";
import { keyToBytes } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { Backend, BucketIterator, FrozenView } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { lengthDelimitedBytes, writeLengthDelimited } from "./change.ts";
import { encodePutMeta, encodeTombstoneMeta, KeyMetaReader } from "./key-meta.ts";
import {
  encodeRevision,
  isTombstoneKey,
  REVISION_BYTES,
  revisionMain,
  revisionSub,
  TOMBSTONE_KEY_BYTES,
} from "./revision.ts";

const BATCH = 500;
const KEY_TAG = 0x0a;

export interface EtcdRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Flat pairs of lengths, key then value, of all records in order; reads no values. */
export async function* etcdRecordLengths(view: FrozenView): AsyncGenerator<number[]> {
  const meta = new KeyMetaReader();
  for await (const pages of batches(view.iterate(buckets.keyMeta))) {
    const lengths: number[] = [];
    for (const [, page] of pages) {
      meta.open(page);
      while (meta.next()) {
        if (meta.isTombstone) {
          lengths.push(TOMBSTONE_KEY_BYTES, lengthDelimitedBytes(meta.key.length));
        } else {
          lengths.push(REVISION_BYTES, meta.recordBytes);
        }
      }
    }
    yield lengths;
  }
}

/** A record together with the user's key, which needs no decoding of the value. */
export interface KeyedRecord extends EtcdRecord {
  readonly userKey: string;
}

/**
 * All records in order (those below a main revision), in batches. Ends the iterations of the view when
 * it is left early.
 */
export async function* etcdRecords(
  view: FrozenView,
  belowMain: number = Infinity,
): AsyncGenerator<KeyedRecord[]> {
  const range = belowMain === Infinity ? {} : { lt: encodeRevision(belowMain, 0) };
  const values = new EntryCursor(view.iterate(buckets.keyValue, range));
  const meta = new KeyMetaReader();
  try {
    for await (const pages of batches(view.iterate(buckets.keyMeta, range))) {
      for (const [, page] of pages) {
        meta.open(page);
        yield await recordsOf(meta, values, belowMain);
      }
    }
  } finally {
    await values.close();
  }
}

async function recordsOf(
  meta: KeyMetaReader,
  values: EntryCursor,
  belowMain: number,
): Promise<KeyedRecord[]> {
  const records: KeyedRecord[] = [];
  while (meta.next() && meta.main < belowMain) {
    const { revisionKey: key, key: userKey } = meta;
    const value = meta.isTombstone
      ? tombstoneRecord(keyToBytes(userKey))
      : (values.tryTake(key) ?? (await values.take(key)));
    records.push({ key, value, userKey });
  }
  return records;
}

/** Stores one record of an etcd snapshot. Records must come in order of revision. */
export function importEtcdRecord(
  backend: Pick<Backend, "append" | "pack">,
  key: Uint8Array,
  value: Uint8Array,
): void {
  const kv = KeyValue.decode(value);
  const main = revisionMain(key);
  const sub = revisionSub(key);
  if (isTombstoneKey(key)) {
    const meta = encodeTombstoneMeta(main, sub, kv.key);
    backend.pack(buckets.keyMeta, encodeRevision(main, sub), meta);
    return;
  }
  const meta = encodePutMeta({ main, sub }, kv, value.length, kv.key);
  backend.pack(buckets.keyMeta, key, meta);
  backend.append(key, value);
}

function tombstoneRecord(userKey: Uint8Array): Uint8Array {
  const record = Buffer.allocUnsafe(lengthDelimitedBytes(userKey.length));
  writeLengthDelimited(record, 0, KEY_TAG, userKey);
  return record;
}

async function* batches(iterator: BucketIterator): AsyncGenerator<readonly EngineEntry[]> {
  try {
    for (;;) {
      const entries = await iterator.next(BATCH);
      if (entries.length === 0) {
        return;
      }
      yield entries;
    }
  } finally {
    await iterator.close();
  }
}

/** Walks bucket key-value beside key-meta: each put there has its record here. */
class EntryCursor {
  readonly #iterator: BucketIterator;
  #entries: readonly EngineEntry[] = [];
  #at = 0;

  constructor(iterator: BucketIterator) {
    this.#iterator = iterator;
  }

  /** The record of `key` if it has been read ahead, undefined if more must be read. */
  tryTake(key: Uint8Array): Uint8Array | undefined {
    const entry = this.#entries[this.#at];
    if (entry === undefined) {
      return undefined;
    }
    this.#at++;
    if (Buffer.compare(entry[0], key) !== 0) {
      const revision = `${revisionMain(key)}.${revisionSub(key)}`;
      throw new CorruptionError("key-value", revision, "record missing");
    }
    return entry[1];
  }

  async take(key: Uint8Array): Promise<Uint8Array> {
    this.#entries = await this.#iterator.next(BATCH);
    this.#at = 0;
    const value = this.tryTake(key);
    if (value === undefined) {
      throw new CorruptionError("key-value", String(revisionMain(key)), "records end early");
    }
    return value;
  }

  async close(): Promise<void> {
    await this.#iterator.close();
  }
}
