/** A made-up store in etcd's buckets, with all that a store which has lived for a while has. */
import { AlarmMember, KeyValue } from "@kvorum/proto";
import {
  type BucketEntry,
  type BucketSource,
  memoryBucket,
} from "../../packages/server/src/backup/bolt/bucket-source.ts";
import { encodeAuth } from "../../packages/server/src/backup/buckets/auth-bucket.ts";
import { encodeRevisionKey } from "../../packages/server/src/backup/buckets/key-bucket.ts";
import { encodeMeta } from "../../packages/server/src/backup/buckets/meta-bucket.ts";
import { BUCKET_NAME } from "../../packages/server/src/backup/buckets/names.ts";
import { encodeLease, leaseKey } from "../../packages/server/src/lease/lease-record.ts";
import { Lease } from "../../packages/server/src/lease/lease.ts";

export const LEASE_ID = 0x1234_5678_9abcn;
export const LEASED_KEY = "key-000007";
const MEMBER_ID = 0xabcdef0123456789n;
const BATCH = 500;
const DELETED_EVERY = 10;

export interface StoreShape {
  /** Puts of distinct keys; every tenth key is then deleted. */
  readonly keys: number;
  /** Bytes of the value of the key with this number. */
  readonly valueBytes: (index: number) => number;
}

export function keyName(index: number): string {
  return `key-${String(index).padStart(6, "0")}`;
}

export function valueOf(index: number, shape: StoreShape): Buffer {
  return Buffer.alloc(shape.valueBytes(index), `${index} `);
}

/** Buckets in order of name, as a snapshot wants them. */
export function etcdBuckets(shape: StoreShape): BucketSource[] {
  return [
    memoryBucket(BUCKET_NAME.alarm, []),
    memoryBucket(BUCKET_NAME.auth, encodeAuth({ enabled: false, revision: 1 })),
    memoryBucket(BUCKET_NAME.authRoles, []),
    memoryBucket(BUCKET_NAME.authUsers, []),
    memoryBucket(BUCKET_NAME.cluster, [textEntry("clusterVersion", "3.7.0")]),
    keyBucket(shape),
    memoryBucket(BUCKET_NAME.lease, [
      { key: leaseKey(LEASE_ID), value: encodeLease(new Lease(LEASE_ID, 4000, 0)) },
    ]),
    memoryBucket(BUCKET_NAME.members, [textEntry(MEMBER_ID.toString(16), memberJson())]),
    memoryBucket(BUCKET_NAME.membersRemoved, [textEntry("4d", "removed")]),
    memoryBucket(
      BUCKET_NAME.meta,
      encodeMeta({
        consistentIndex: 20_000,
        term: 3,
        confState: {
          voters: [MEMBER_ID],
          learners: [],
          votersOutgoing: [],
          learnersNext: [],
          autoLeave: false,
        },
        storageVersion: "3.7.0",
        scheduledCompactRev: undefined,
        finishedCompactRev: undefined,
      }),
    ),
  ];
}

/** An alarm to put into a bucket of its own, for files that etcd is not to start from. */
export function alarmKey(): Buffer {
  return AlarmMember.encode({ memberID: MEMBER_ID, alarm: 1 });
}

function textEntry(key: string, value: string): BucketEntry {
  return { key: Buffer.from(key), value: Buffer.from(value) };
}

function memberJson(): string {
  return `{"id":${MEMBER_ID},"peerURLs":["http://127.0.0.1:2380"],"name":"m0"}`;
}

/** The first put is of revision 2, as in etcd; the deletions follow the puts. */
function keyBucket(shape: StoreShape): BucketSource {
  const deleted = Math.ceil(shape.keys / DELETED_EVERY);
  const writes = shape.keys + deleted;
  return {
    name: BUCKET_NAME.key,
    async *lengths() {
      for (let start = 0; start < writes; start += BATCH) {
        const pairs: number[] = [];
        for (let write = start; write < Math.min(start + BATCH, writes); write++) {
          const { key, value } = entryOf(write, shape);
          pairs.push(key.length, value.length);
        }
        yield pairs;
      }
    },
    async *entries() {
      for (let start = 0; start < writes; start += BATCH) {
        const batch: BucketEntry[] = [];
        for (let write = start; write < Math.min(start + BATCH, writes); write++) {
          batch.push(entryOf(write, shape));
        }
        yield batch;
      }
    },
  };
}

function record(write: number): Omit<KeyValue, "key" | "value"> {
  const revision = write + 2;
  const lease = keyName(write) === LEASED_KEY ? LEASE_ID : 0n;
  return { createRevision: revision, modRevision: revision, version: 1, lease };
}

function entryOf(write: number, shape: StoreShape): BucketEntry {
  const isTombstone = write >= shape.keys;
  const index = isTombstone ? (write - shape.keys) * DELETED_EVERY : write;
  const key = Buffer.from(keyName(index));
  const value = isTombstone
    ? KeyValue.create({ key })
    : { ...record(write), key, value: valueOf(index, shape) };
  return {
    key: encodeRevisionKey({ main: write + 2, sub: 0, isTombstone }),
    value: KeyValue.encode(value),
  };
}
