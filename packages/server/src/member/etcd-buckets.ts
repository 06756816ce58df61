/**
 * A frozen view of our backend as the buckets of an etcd database, which is what backups and the
 * whole-store hash are made of. Records are kept in etcd's form already; only bucket `meta` is put
 * together here.
 */
import type { BucketEntry, BucketSource } from "../backup/bolt/bucket-source.ts";
import { memoryBucket } from "../backup/bolt/bucket-source.ts";
import { encodeAuth } from "../backup/buckets/auth-bucket.ts";
import { encodeMeta } from "../backup/buckets/meta-bucket.ts";
import { BUCKET_NAME } from "../backup/buckets/names.ts";
import { crc32c } from "../lib/crc32c.ts";
import { STORAGE_VERSION } from "../lib/version.ts";
import {
  finishedCompactKey,
  readCompactRevision,
  scheduledCompactKey,
} from "../mvcc/compact-marks.ts";
import { etcdRecordLengths, etcdRecords } from "../mvcc/etcd-records.ts";
import type { FrozenView } from "../storage/backend.ts";
import { type Bucket, buckets } from "../storage/buckets.ts";
import { entryBatches } from "../storage/entry-batches.ts";
import { decodeApplied } from "./state-machine.ts";

/** A store in which nobody ever touched authentication. */
const AUTH_UNTOUCHED = { enabled: false, revision: 1 };

/** All top-level buckets, ascending by name. The view must outlive the sources. */
export async function etcdBuckets(view: FrozenView): Promise<BucketSource[]> {
  const auth = await readAll(view, buckets.auth);
  return [
    copied(view, BUCKET_NAME.alarm, buckets.alarm),
    memoryBucket(BUCKET_NAME.auth, auth.length > 0 ? auth : encodeAuth(AUTH_UNTOUCHED)),
    copied(view, BUCKET_NAME.authRoles, buckets.authRoles),
    copied(view, BUCKET_NAME.authUsers, buckets.authUsers),
    copied(view, BUCKET_NAME.cluster, buckets.cluster),
    {
      name: BUCKET_NAME.key,
      lengths: () => etcdRecordLengths(view),
      entries: () => etcdRecords(view),
    },
    copied(view, BUCKET_NAME.lease, buckets.lease),
    copied(view, BUCKET_NAME.members, buckets.members),
    copied(view, BUCKET_NAME.membersRemoved, buckets.membersRemoved),
    memoryBucket(BUCKET_NAME.meta, metaEntries(view)),
  ];
}

/** Records of `meta` that differ between members of one state; the whole-store hash leaves them out. */
const UNHASHED_META: ReadonlySet<string> = new Set(["consistent_index", "term", "storageVersion"]);

/** CRC-32C over the names, keys and values of all buckets (etcd's Maintenance.Hash). */
export async function hashBuckets(sources: readonly BucketSource[]): Promise<number> {
  let hash = 0;
  for (const source of sources) {
    hash = crc32c(Buffer.from(source.name), hash);
    for await (const entries of source.entries()) {
      for (const { key, value } of entries) {
        const unhashed =
          source.name === BUCKET_NAME.meta && UNHASHED_META.has(Buffer.from(key).toString());
        if (!unhashed) hash = crc32c(value, crc32c(key, hash));
      }
    }
  }
  return hash;
}

function metaEntries(view: FrozenView): BucketEntry[] {
  const applied = decodeApplied(view.applied);
  const reader = { get: (bucket: Bucket, key: Uint8Array) => view.get(bucket, key) };
  return encodeMeta({
    consistentIndex: applied.index,
    term: applied.term,
    confState: applied.confState,
    storageVersion: STORAGE_VERSION,
    scheduledCompactRev: readCompactRevision(reader, scheduledCompactKey),
    finishedCompactRev: readCompactRevision(reader, finishedCompactKey),
  });
}

function copied(view: FrozenView, name: string, bucket: Bucket): BucketSource {
  return {
    name,
    async *lengths() {
      for await (const batch of batchesOf(view, bucket)) {
        yield batch.flatMap(({ key, value }) => [key.length, value.length]);
      }
    },
    entries: () => batchesOf(view, bucket),
  };
}

async function readAll(view: FrozenView, bucket: Bucket): Promise<BucketEntry[]> {
  const all: BucketEntry[] = [];
  for await (const batch of batchesOf(view, bucket)) all.push(...batch);
  return all;
}

async function* batchesOf(view: FrozenView, bucket: Bucket): AsyncGenerator<BucketEntry[]> {
  for await (const entries of entryBatches(view.iterate(bucket))) {
    yield entries.map(([key, value]) => ({ key, value }));
  }
}
