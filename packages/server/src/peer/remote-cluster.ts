/** What a member that is about to join, or to bootstrap, learns from others before it has a cluster. */
import { decodeMembers } from "../membership/member-codec.ts";
import type { Member } from "../membership/member.ts";
import { parseHex } from "./identity.ts";
import { callPeer } from "./peer-client.ts";
import { HEADERS, PATHS } from "./protocol.ts";

export interface RemoteCluster {
  readonly clusterId: bigint;
  readonly members: readonly Member[];
}

/** The membership as the member behind `peerURL` knows it; undefined when it gives no good answer. */
export async function fetchRemoteCluster(
  peerURL: string,
  timeoutMs: number,
): Promise<RemoteCluster | undefined> {
  try {
    const reply = await callPeer(peerURL, { method: "GET", path: PATHS.members, timeoutMs });
    const clusterId = parseHex(reply.headers[HEADERS.clusterId]);
    if (reply.status !== 200 || clusterId === undefined) return undefined;
    return { clusterId, members: decodeMembers(reply.body.toString()) };
  } catch {
    // Not reachable or not one of ours: to the caller that is one and the same, it asks the next.
    return undefined;
  }
}
