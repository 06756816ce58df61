/**
 * Copies the buckets of a snapshot file into an empty store, in one walk that also checks the file's
 * structure. Records are in etcd's form on both sides, but for the history of the keys, which the
 * store keeps in two halves.
 *
 * The file's members, and what its Raft log had come to, belong to the cluster it was taken from and
 * are left behind.
 */
import type { BucketEntry } from "../backup/bolt/bucket-source.ts";
import { ImageReader } from "../backup/bolt/image-reader.ts";
import { PageUse } from "../backup/bolt/page-use.ts";
import { BUCKET_NAME } from "../backup/buckets/names.ts";
import type { RandomAccessSource } from "../backup/random-access-source.ts";
import { finishedCompactKey, scheduledCompactKey } from "../mvcc/compact-marks.ts";
import { importEtcdRecord } from "../mvcc/etcd-records.ts";
import { checkRevisionKey, revisionMain } from "../mvcc/revision.ts";
import type { AppliedState, Backend } from "../storage/backend.ts";
import { type Bucket, buckets } from "../storage/buckets.ts";

/** What is read goes to disk in batches of this size, the next being read meanwhile. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** What is not records waits until it is as much. */
const PENDING_BYTES_MAX = 64 * 1024 * 1024;

/** Buckets that are copied as they are. */
const COPIED: Readonly<Record<string, Bucket>> = {
  [BUCKET_NAME.alarm]: buckets.alarm,
  [BUCKET_NAME.auth]: buckets.auth,
  [BUCKET_NAME.authRoles]: buckets.authRoles,
  [BUCKET_NAME.authUsers]: buckets.authUsers,
  [BUCKET_NAME.cluster]: buckets.cluster,
  [BUCKET_NAME.lease]: buckets.lease,
};

const COMPACT_MARKS: ReadonlySet<string> = new Set(
  [finishedCompactKey, scheduledCompactKey].map((key) => Buffer.from(key).toString()),
);

export interface ImportOptions {
  readonly source: RandomAccessSource;
  readonly backend: Backend;
  /** What every checkpoint on the way is to stand for. */
  readonly applied: AppliedState;
}

/**
 * Resolves to the main revision of the last write in the file, 0 if there is none. The last records
 * may still be pending in the backend then. Throws `CorruptionError` and `DecodeError`.
 */
export async function importBuckets({ source, backend, applied }: ImportOptions): Promise<number> {
  const image = await ImageReader.open(source);
  const use = new PageUse(image.meta.highWater);
  const flusher = new Flusher(backend, applied);
  let revision = 0;
  for await (const bucket of image.buckets(use)) {
    for await (const entries of image.entries(bucket, use)) {
      if (bucket.name === BUCKET_NAME.key) {
        revision = importKeys(backend, entries) ?? revision;
      } else {
        importPlain(backend, bucket.name, entries);
      }
      await flusher.added(entries);
    }
  }
  await flusher.finish();
  await use.finish(image.pages);
  return revision;
}

/**
 * Writes beside the reading, one batch at a time: records as they come, whose keys rise, so that the
 * engine's tables do not overlap and it need not merge them; everything else late, in few batches.
 */
class Flusher {
  readonly #backend: Backend;
  readonly #applied: AppliedState;
  #running: Promise<void> = Promise.resolve();
  #bytes = 0;

  constructor(backend: Backend, applied: AppliedState) {
    this.#backend = backend;
    this.#applied = applied;
  }

  /** Rejects when an earlier checkpoint has failed. */
  async added(entries: readonly BucketEntry[]): Promise<void> {
    for (const { key, value } of entries) {
      this.#bytes += key.length + value.length;
    }
    if (this.#bytes >= BATCH_BYTES) {
      this.#bytes = 0;
      await this.#running;
      const isLarge = this.#backend.pendingBytes > PENDING_BYTES_MAX;
      this.#running = isLarge
        ? this.#backend.checkpoint(() => this.#applied)
        : this.#backend.writeAhead();
      // Its failure is met at the next wait; until then it must not count as unhandled.
      this.#running.catch(() => undefined);
    }
  }

  async finish(): Promise<void> {
    await this.#running;
  }
}

/** The main revision of the last entry. */
function importKeys(backend: Backend, entries: readonly BucketEntry[]): number | undefined {
  for (const { key, value } of entries) {
    checkRevisionKey(key);
    // What `etcdutl snapshot restore --bump-revision` leaves: a revision without a key. The
    // compaction mark it sets together with it holds the same revision.
    if (value.length > 0) {
      importEtcdRecord(backend, key, value);
    }
  }
  const last = entries.at(-1);
  return last === undefined ? undefined : revisionMain(last.key);
}

function importPlain(backend: Backend, name: string, entries: readonly BucketEntry[]): void {
  const bucket = COPIED[name];
  for (const { key, value } of entries) {
    if (bucket !== undefined) {
      backend.put(bucket, key, value);
    } else if (name === BUCKET_NAME.meta && COMPACT_MARKS.has(Buffer.from(key).toString())) {
      checkRevisionKey(value);
      backend.put(buckets.meta, key, value);
    }
  }
}
