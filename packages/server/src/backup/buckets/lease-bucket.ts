/**
 * Bucket `lease`: BE64 lease id → leasepb.Lease { ID = 1, TTL = 2, RemainingTTL = 3 }. Which keys a
 * lease holds is not here but in the `lease` field of each key's newest version.
 */
import { BinaryReader, BinaryWriter } from "@kvorum/proto";
import { putBigUint64 } from "../../lib/bytes.ts";
import type { BucketEntry } from "../bolt/bucket-source.ts";

const TAG = { id: 0x08, ttl: 0x10, remainingTtl: 0x18 };

export interface StoredLease {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** 0 unless the leader has saved a checkpoint of the lease. */
  readonly remainingTtlSeconds: number;
}

export function encodeLease(lease: StoredLease): BucketEntry {
  const key = Buffer.alloc(8);
  putBigUint64(key, 0, lease.id);
  const writer = new BinaryWriter();
  writer.byte(TAG.id);
  writer.bigint(lease.id);
  if (lease.ttlSeconds !== 0) {
    writer.byte(TAG.ttl);
    writer.int64Number(lease.ttlSeconds);
  }
  if (lease.remainingTtlSeconds !== 0) {
    writer.byte(TAG.remainingTtl);
    writer.int64Number(lease.remainingTtlSeconds);
  }
  return { key, value: writer.finish() };
}

/** From the value alone, as etcd does. Throws `DecodeError`. */
export function decodeLease(value: Uint8Array): StoredLease {
  const reader = new BinaryReader(value);
  let id = 0n;
  let ttlSeconds = 0;
  let remainingTtlSeconds = 0;
  while (reader.pos < value.length) {
    const tag = reader.tag();
    switch (tag) {
      case TAG.id:
        id = reader.int64();
        break;
      case TAG.ttl:
        ttlSeconds = reader.int64Number();
        break;
      case TAG.remainingTtl:
        remainingTtlSeconds = reader.int64Number();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { id, ttlSeconds, remainingTtlSeconds };
}
