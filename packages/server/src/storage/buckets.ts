/**
 * The buckets of the store: a one-byte prefix of every engine key. Numbers are part of the on-disk
 * format: never reuse or renumber one.
 */
export const buckets = {
  /** The backend's own records: what is applied, the chain of checkpoints. */
  backend: 1,
  /** MVCC: revision → metadata of the keys' versions (no values) from there on, packed. */
  keyMeta: 2,
  /** MVCC: scheduled and finished compaction, current revision. */
  meta: 4,
  lease: 5,
  alarm: 6,
  /** Cluster version, downgrade information. */
  cluster: 7,
  members: 8,
  membersRemoved: 9,
  auth: 10,
  authUsers: 11,
  authRoles: 12,
  /** MVCC: revision → the value of a key's version, many to a block (see `record-block.ts`). */
  keyValue: 13,
  /** The keys under which those blocks lie. */
  keyValueBlocks: 14,
} as const;

export type BucketName = keyof typeof buckets;
export type Bucket = (typeof buckets)[BucketName];

/** What `keyValue` was while every record was an entry of its own. */
export const formerKeyValue = 3;

/** Whether the backend itself writes the bucket, as a part of how it keeps the others. */
export function isOfBackend(bucket: number): boolean {
  return bucket === buckets.backend || bucket === buckets.keyValueBlocks;
}

/** One above the highest bucket number. */
export const bucketsEnd = 15;

const names: readonly (BucketName | undefined)[] = namesByNumber();

function namesByNumber(): (BucketName | undefined)[] {
  const result: (BucketName | undefined)[] = Array.from({ length: bucketsEnd });
  for (const [name, number] of Object.entries(buckets)) {
    result[number] = name as BucketName;
  }
  return result;
}

/** Whether it is the number of a bucket. */
export function isBucket(bucket: number): bucket is Bucket {
  return names[bucket] !== undefined;
}

/** The name of a bucket for messages; `unknown` for a number that is none. */
export function bucketName(bucket: number): string {
  return names[bucket] ?? "unknown";
}
