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
import { readRecordHead } from "./record-head.ts";
import {
  encodeRevision,
  encodeTombstone,
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
          lengths.push(TOMBSTONE_KEY_BYTES, lengthDelimitedBytes(meta.keyLength));
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

/** All records in order, in batches. Ends the iterations of the view when it is left early. */
export function etcdRecords(view: FrozenView): AsyncGenerator<EtcdRecord[]> {
  return walkRecords(view, Infinity, (key, value) => ({ key, value }));
}

/** As `etcdRecords`, those below a main revision, with the user's keys. */
export function keyedRecords(view: FrozenView, belowMain: number): AsyncGenerator<KeyedRecord[]> {
  return walkRecords(view, belowMain, (key, value, meta) => ({ key, value, userKey: meta.key }));
}

type MakeRecord<R> = (key: Uint8Array, value: Uint8Array, meta: KeyMetaReader) => R;

async function* walkRecords<R>(
  view: FrozenView,
  belowMain: number,
  make: MakeRecord<R>,
): AsyncGenerator<R[]> {
  const range = belowMain === Infinity ? {} : { lt: encodeRevision(belowMain, 0) };
  const values = new EntryCursor(view.iterate(buckets.keyValue, range));
  const meta = new KeyMetaReader();
  try {
    for await (const pages of batches(view.iterate(buckets.keyMeta, range))) {
      for (const [, page] of pages) {
        meta.open(page);
        const records: R[] = [];
        while (meta.next() && meta.main < belowMain) {
          records.push(
            meta.isTombstone
              ? make(encodeTombstone(meta.main, meta.sub), tombstoneRecord(meta.key), meta)
              : makeOfEntry(values.tryTake() ?? (await values.take(meta.main)), meta, make),
          );
        }
        yield records;
      }
    }
  } finally {
    await values.close();
  }
}

function makeOfEntry<R>([key, value]: EngineEntry, meta: KeyMetaReader, make: MakeRecord<R>): R {
  if (revisionMain(key) !== meta.main || revisionSub(key) !== meta.sub) {
    throw new CorruptionError("key-value", `${meta.main}.${meta.sub}`, "record missing");
  }
  return make(key, value, meta);
}

/** Stores one record of an etcd snapshot. Records must come in order of revision. */
export function importEtcdRecord(
  backend: Pick<Backend, "append" | "pack">,
  key: Uint8Array,
  value: Uint8Array,
): void {
  const kv = readRecordHead(value) ?? KeyValue.decode(value);
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

function tombstoneRecord(key: string): Uint8Array {
  const userKey = keyToBytes(key);
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

  /** The next record if it has been read ahead. */
  tryTake(): EngineEntry | undefined {
    return this.#entries[this.#at++];
  }

  /** The next record, of main revision `main`, when none has been read ahead. */
  async take(main: number): Promise<EngineEntry> {
    this.#entries = await this.#iterator.next(BATCH);
    this.#at = 0;
    const entry = this.tryTake();
    if (entry === undefined) {
      throw new CorruptionError("key-value", String(main), "records end early");
    }
    return entry;
  }

  async close(): Promise<void> {
    await this.#iterator.close();
  }
}
