/**
 * The two marks of a compaction in bucket meta, in etcd's form: what was asked for and what is done.
 * They differ while a compaction runs, and after a crash in it.
 */
import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";
import { encodeRevision, revisionMain } from "./revision.ts";

export const scheduledCompactKey: Uint8Array = Buffer.from("scheduledCompactRev");
export const finishedCompactKey: Uint8Array = Buffer.from("finishedCompactRev");

export function readCompactRevision(
  backend: Pick<Backend, "get">,
  key: Uint8Array,
): number | undefined {
  const value = backend.get(buckets.meta, key);
  return value === undefined ? undefined : revisionMain(value);
}

export function writeCompactRevision(
  backend: Pick<Backend, "put">,
  key: Uint8Array,
  revision: number,
): void {
  backend.put(buckets.meta, key, encodeRevision(revision, 0));
}
