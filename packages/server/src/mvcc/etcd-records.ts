/**
 * The store's history in etcd's form, bucket `key`: revision key → `mvccpb.KeyValue`, in order of
 * revision. Ours is split in two (metadata and records) so that a start reads no values; here the
 * halves meet again, for hashes and snapshot files, and come apart, for restored ones.
 */
import { KeyValue } from "@kvorum/proto";
import { keyToBytes } from "../lib/bytes.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import { EntrySlice } from "../lib/entry-slice.ts";
import type { Backend, BucketIterator, FrozenView, RecordWalk } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import type { EngineEntry } from "../storage/engine.ts";
import { lengthDelimitedBytes, writeLengthDelimited } from "./change.ts";
import { encodePutMeta, encodeTombstoneMeta, KeyMetaReader } from "./key-meta.ts";
import { readRecordHead } from "./record-head.ts";
import {
  encodeRevision,
  encodeTombstone,
  isRevisionAt,
  isTombstoneKey,
  REVISION_BYTES,
  revisionMain,
  revisionSub,
  TOMBSTONE_KEY_BYTES,
} from "./revision.ts";

const BATCH = 500;
const KEY_TAG = 0x0a;

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

/** A record together with what key-meta has of it. */
export interface KeyedRecord {
  readonly entry: EntrySlice;
  readonly main: number;
  readonly sub: number;
  readonly isTombstone: boolean;
  /** The user's key; only up to the main revision that was asked for. */
  readonly userKey: string | undefined;
}

/** All records in order, in batches. Ends the iterations of the view when it is left early. */
export function etcdRecords(view: FrozenView): AsyncGenerator<EntrySlice[]> {
  return walkRecords(view, Infinity, (entry) => entry);
}

/** As `etcdRecords`, those below a main revision; with user keys up to `keysThrough`. */
export function keyedRecords(
  view: FrozenView,
  { belowMain, keysThrough }: { readonly belowMain: number; readonly keysThrough: number },
): AsyncGenerator<KeyedRecord[]> {
  return walkRecords(view, belowMain, (entry, meta) => {
    const { main, sub, isTombstone } = meta;
    return { entry, main, sub, isTombstone, userKey: main <= keysThrough ? meta.key : undefined };
  });
}

type MakeRecord<R> = (entry: EntrySlice, meta: KeyMetaReader) => R;

async function* walkRecords<R>(
  view: FrozenView,
  belowMain: number,
  make: MakeRecord<R>,
): AsyncGenerator<R[]> {
  const below = belowMain === Infinity ? undefined : encodeRevision(belowMain, 0);
  const records = new RecordCursor(view.records(below));
  const meta = new KeyMetaReader();
  const range = below === undefined ? {} : { lt: below };
  try {
    for await (const pages of batches(view.iterate(buckets.keyMeta, range))) {
      for (const [, page] of pages) {
        meta.open(page);
        const made: R[] = [];
        while (meta.next() && meta.main < belowMain) {
          const entry = meta.isTombstone
            ? tombstoneEntry(meta)
            : checked(records.tryTake() ?? (await records.take(meta.main)), meta);
          made.push(make(entry, meta));
        }
        yield made;
      }
    }
  } finally {
    await records.close();
  }
}

function checked(entry: EntrySlice, { main, sub }: KeyMetaReader): EntrySlice {
  if (!isRevisionAt(entry.bytes, entry.start, main, sub)) {
    throw new CorruptionError("key-value", `${main}.${sub}`, "record missing");
  }
  return entry;
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

function tombstoneEntry({ main, sub, key }: KeyMetaReader): EntrySlice {
  return EntrySlice.of(encodeTombstone(main, sub), tombstoneRecord(key));
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
class RecordCursor {
  readonly #walk: RecordWalk;
  #records: readonly EntrySlice[] = [];
  #at = 0;

  constructor(walk: RecordWalk) {
    this.#walk = walk;
  }

  /** The next record if it has been read ahead. */
  tryTake(): EntrySlice | undefined {
    return this.#records[this.#at++];
  }

  /** The next record, of main revision `main`, when none has been read ahead. */
  async take(main: number): Promise<EntrySlice> {
    this.#records = await this.#walk.next();
    this.#at = 0;
    const record = this.tryTake();
    if (record === undefined) {
      throw new CorruptionError("key-value", String(main), "records end early");
    }
    return record;
  }

  async close(): Promise<void> {
    await this.#walk.close();
  }
}
