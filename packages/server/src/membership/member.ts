/**
 * A cluster member and the formulas of its ids.
 *
 * Ids are etcd's, so that tools that print or compute them agree: the first eight bytes, big-endian,
 * of a SHA-1 over what names the member or the cluster.
 */
import { createHash } from "node:crypto";

export interface Member {
  readonly id: bigint;
  /** Empty until the member has started and published itself. */
  readonly name: string;
  readonly peerURLs: readonly string[];
  /** Empty until the member has started and published itself. */
  readonly clientURLs: readonly string[];
  readonly isLearner: boolean;
}

function idOfDigest(parts: readonly (string | Uint8Array)[]): bigint {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest().readBigUInt64BE(0);
}

/**
 * The member id of a set of peer URLs. A member of the initial cluster mixes in the cluster token; a
 * member added at run time passes an empty token and the time in Unix seconds instead.
 */
export function computeMemberId(
  peerURLs: readonly string[],
  clusterToken: string,
  unixSeconds?: number,
): bigint {
  const time = unixSeconds === undefined ? "" : String(unixSeconds);
  return idOfDigest([[...peerURLs].sort().join(""), clusterToken, time]);
}

/** The cluster id: a digest over the member ids of the initial cluster, ascending. */
export function computeClusterId(memberIds: readonly bigint[]): bigint {
  const ascending = [...memberIds].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const bytes = Buffer.alloc(8 * ascending.length);
  ascending.forEach((id, position) => bytes.writeBigUInt64BE(id, 8 * position));
  return idOfDigest([bytes]);
}

/** Member ids as etcd prints and stores them: hexadecimal without leading zeros. */
export function formatId(id: bigint): string {
  return id.toString(16);
}
