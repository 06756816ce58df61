/**
 * Bucket `auth`: whether authentication is on, and the revision of its rules. The buckets
 * `authUsers` and `authRoles` map names to authpb.User and authpb.Role.
 */
import { putUint64 } from "../../lib/bytes.ts";
import type { BucketEntry } from "../bolt/bucket-source.ts";

const AUTH_KEY = { authEnabled: "authEnabled", authRevision: "authRevision" } as const;

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
