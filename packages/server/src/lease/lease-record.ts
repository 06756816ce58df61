/**
 * How a lease is stored, in etcd's form: BE64 id → leasepb.Lease { ID = 1, TTL = 2, RemainingTTL = 3 }.
 * The keys it holds are not here but in each key's newest version.
 */
import { BinaryReader, type BinaryWriter, encodeWith } from "@kvorum/proto";
import { putBigUint64 } from "../lib/bytes.ts";
import { Lease } from "./lease.ts";

const ID_TAG = 0x08;
const TTL_TAG = 0x10;
const REMAINING_TTL_TAG = 0x18;

export function leaseKey(id: bigint): Uint8Array {
  const key = Buffer.allocUnsafe(8);
  putBigUint64(key, 0, BigInt.asUintN(64, id));
  return key;
}

export function encodeLease(lease: Lease): Uint8Array {
  return encodeWith(lease, writeLease);
}

function writeLease(lease: Lease, writer: BinaryWriter): void {
  writer.byte(ID_TAG);
  writer.bigint(lease.id);
  if (lease.ttlSeconds !== 0) {
    writer.byte(TTL_TAG);
    writer.int64Number(lease.ttlSeconds);
  }
  if (lease.remainingTtlSeconds !== 0) {
    writer.byte(REMAINING_TTL_TAG);
    writer.int64Number(lease.remainingTtlSeconds);
  }
}

/** A TTL below `minTtlSeconds` is raised to it. Throws `DecodeError`. */
export function decodeLease(bytes: Uint8Array, minTtlSeconds: number): Lease {
  const reader = new BinaryReader(bytes);
  let id = 0n;
  let ttlSeconds = 0;
  let remainingTtlSeconds = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case ID_TAG:
        id = reader.int64();
        break;
      case TTL_TAG:
        ttlSeconds = reader.int64Number();
        break;
      case REMAINING_TTL_TAG:
        remainingTtlSeconds = reader.int64Number();
        break;
      default:
        reader.skip(tag);
    }
  }
  return new Lease(id, Math.max(ttlSeconds, minTtlSeconds), remainingTtlSeconds);
}
