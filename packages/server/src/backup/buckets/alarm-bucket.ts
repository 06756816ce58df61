/** Bucket `alarm`: the raised alarm itself, etcdserverpb.AlarmMember, is the key; no value. */
import { AlarmMember } from "@kvorum/proto";
import type { BucketEntry } from "../bolt/bucket-source.ts";

export function encodeAlarm(alarm: AlarmMember): BucketEntry {
  return { key: AlarmMember.encode(alarm), value: Buffer.alloc(0) };
}

/** Throws `DecodeError`. */
export function decodeAlarm(key: Uint8Array): AlarmMember {
  return AlarmMember.decode(key);
}
