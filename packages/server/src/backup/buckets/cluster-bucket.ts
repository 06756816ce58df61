/**
 * Bucket `cluster`: `clusterVersion` as text ("3.7.0") and `downgrade` as JSON. Both are missing in a
 * cluster that has not agreed on a version yet.
 */
import type { BucketEntry } from "../bolt/bucket-source.ts";

export const CLUSTER_KEY = { clusterVersion: "clusterVersion", downgrade: "downgrade" } as const;

export interface StoredDowngrade {
  /** "3.6.0"; empty when none is under way. */
  readonly targetVersion: string;
  readonly enabled: boolean;
}

export interface ClusterRecords {
  readonly clusterVersion: string | undefined;
  readonly downgrade: StoredDowngrade | undefined;
}

export function encodeCluster({ clusterVersion, downgrade }: ClusterRecords): BucketEntry[] {
  const entries: BucketEntry[] = [];
  if (clusterVersion !== undefined) {
    entries.push(textEntry(CLUSTER_KEY.clusterVersion, clusterVersion));
  }
  if (downgrade !== undefined) {
    entries.push(textEntry(CLUSTER_KEY.downgrade, encodeDowngrade(downgrade)));
  }
  return entries;
}

export function encodeDowngrade({ targetVersion, enabled }: StoredDowngrade): string {
  return JSON.stringify({ "target-version": targetVersion, enabled });
}

/** Throws SyntaxError on anything but an object. */
export function decodeDowngrade(text: string): StoredDowngrade {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) {
    throw new SyntaxError(`downgrade is not an object: ${text}`);
  }
  const fields = value as Record<string, unknown>;
  const target = fields["target-version"];
  return {
    targetVersion: typeof target === "string" ? target : "",
    enabled: fields["enabled"] === true,
  };
}

function textEntry(key: string, value: string): BucketEntry {
  return { key: Buffer.from(key), value: Buffer.from(value) };
}
