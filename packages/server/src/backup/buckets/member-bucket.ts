/**
 * Buckets `members` and `members_removed`: member id in hexadecimal without leading zeros → the
 * member as JSON (which membership encodes), or the word `removed`.
 */
import type { BucketEntry } from "../bolt/bucket-source.ts";

const REMOVED = Buffer.from("removed");

/** `json` is the member as in etcd's `/members` answer. */
export function encodeMemberEntry(id: bigint, json: string): BucketEntry {
  return { key: encodeMemberKey(id), value: Buffer.from(json) };
}

export function encodeRemovedMember(id: bigint): BucketEntry {
  return { key: encodeMemberKey(id), value: REMOVED };
}

export function encodeMemberKey(id: bigint): Buffer {
  return Buffer.from(id.toString(16));
}

/** Undefined for bytes that are no member id. */
export function parseMemberKey(key: Uint8Array): bigint | undefined {
  const text = Buffer.from(key).toString();
  return /^[0-9a-f]{1,16}$/.test(text) ? BigInt(`0x${text}`) : undefined;
}
