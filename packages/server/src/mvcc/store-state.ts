import { BinaryWriter, KeyValue } from "@kvorum/proto";
import { fail } from "../lib/assert.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { TreeIndex } from "./index/tree-index.ts";
import { recordSlabs } from "./long-records.ts";
import { ReadPins } from "./read-pins.ts";
import { RecordCache } from "./record-cache.ts";
import { encodeRevision } from "./revision.ts";

/**
 * Everything that a snapshot install replaces at once. A read that has begun goes on with the state
 * it began with.
 */
export class StoreState {
  readonly backend: Backend;
  readonly index: TreeIndex = new TreeIndex();
  readonly cache: RecordCache;
  readonly pins: ReadPins = new ReadPins();
  readonly slabs: SlabPool = recordSlabs();
  /** Revision of the last completed write; 1 in an empty store. */
  currentRevision = 1;
  /** Reads below are refused; −1 before the first compaction. */
  compactRevision = -1;
  /** Keys that exist now. */
  keysTotal = 0;

  readonly #recordWriter = new BinaryWriter();

  constructor(backend: Backend, cacheBytesMax: number) {
    this.backend = backend;
    this.cache = new RecordCache(cacheBytesMax);
  }

  /** Valid until the next call. */
  encodeRecord(version: KeyValue): Uint8Array {
    this.#recordWriter.reset();
    KeyValue.write(version, this.#recordWriter);
    return this.#recordWriter.view();
  }

  /** The stored `mvccpb.KeyValue` of a put that is not compacted. */
  readRecord(main: number, sub: number): Uint8Array {
    const record = this.backend.get(buckets.keyValue, encodeRevision(main, sub));
    return record ?? missingRecord(main, sub);
  }

  /** As `readRecord`, for many at once, off the event loop. */
  async readRecords(mains: readonly number[], subs: readonly number[]): Promise<Uint8Array[]> {
    const keys = mains.map((main, i) => encodeRevision(main, subs[i]!));
    const records = await this.backend.getMany(buckets.keyValue, keys);
    return records.map((record, i) => record ?? missingRecord(mains[i]!, subs[i]!));
  }
}

function missingRecord(main: number, sub: number): never {
  return fail(`the index knows revision ${main}.${sub}, the store does not`);
}
