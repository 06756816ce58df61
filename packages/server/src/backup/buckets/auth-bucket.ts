/**
 * Bucket `auth`: whether authentication is on, and the revision of its rules. The buckets
 * `authUsers` and `authRoles` map names to authpb.User and authpb.Role.
 */
import { getBigUint64, putUint64 } from "../../lib/bytes.ts";
import type { BucketEntry } from "../bolt/bucket-source.ts";

export const AUTH_KEY = { authEnabled: "authEnabled", authRevision: "authRevision" } as const;

export interface AuthRecords {
  readonly enabled: boolean;
  readonly revision: number;
}

export function encodeAuth({ enabled, revision }: AuthRecords): BucketEntry[] {
  const revisionBytes = Buffer.alloc(8);
  putUint64(revisionBytes, 0, revision);
  return [
    { key: Buffer.from(AUTH_KEY.authEnabled), value: Buffer.of(enabled ? 1 : 0) },
    { key: Buffer.from(AUTH_KEY.authRevision), value: revisionBytes },
  ];
}

/** Of the bucket's entries; what is missing is off and 0, as in etcd. */
export function decodeAuth(entries: readonly BucketEntry[]): AuthRecords {
  const records = new Map(entries.map(({ key, value }) => [Buffer.from(key).toString(), value]));
  const enabled = records.get(AUTH_KEY.authEnabled);
  const revision = records.get(AUTH_KEY.authRevision);
  return {
    enabled: enabled?.length === 1 && enabled[0] === 1,
    revision: revision?.length === 8 ? Number(getBigUint64(revision, 0)) : 0,
  };
}
