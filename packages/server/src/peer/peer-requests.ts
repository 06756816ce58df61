/** What one member asks of another over its peer port, from the asking side. */
import {
  HashKVRequest,
  HashKVResponse,
  LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
} from "@kvorum/proto";
import type { PeerRequests } from "../member/ports.ts";
import type { PeerIdentity } from "./identity.ts";
import { callPeer, type PeerCall, type PeerReply } from "./peer-client.ts";
import type { PeerConnections } from "./peer-connections.ts";
import { bodyOrThrow } from "./peer-error.ts";
import { PATHS } from "./protocol.ts";

export interface PeerRequestsOptions {
  readonly identity: PeerIdentity;
  /** The peer. */
  readonly to: bigint;
  readonly urls: readonly string[];
  readonly timeoutMs: number;
  /** For requests that can be repeated. */
  readonly connections: PeerConnections;
}

type Send = (url: string, call: PeerCall) => Promise<PeerReply>;

/** Tries the peer's URLs in turn until one answers; rejects with the last failure. */
async function post(
  options: PeerRequestsOptions,
  path: string,
  send: Send,
  body?: Uint8Array,
): Promise<Buffer> {
  const { identity, to, timeoutMs } = options;
  const call = { method: "POST", path, timeoutMs, identity, to, ...(body && { body }) } as const;
  let failure: unknown = new Error("peer has no URL");
  for (const url of options.urls) {
    try {
      return bodyOrThrow(await send(url, call));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

export function createPeerRequests(options: PeerRequestsOptions): PeerRequests {
  const kept: Send = (url, call) => options.connections.call(url, call);
  return {
    promoteMember: async (id) => {
      await post(options, PATHS.promote + id.toString(), callPeer);
    },
    leaseRenew: async (id) => {
      const body = LeaseKeepAliveRequest.encode({ ID: id });
      return LeaseKeepAliveResponse.decode(await post(options, PATHS.leases, kept, body)).TTL;
    },
    leaseTimeToLive: async (request) => {
      const body = LeaseTimeToLiveRequest.encode(request);
      return LeaseTimeToLiveResponse.decode(await post(options, PATHS.leasesInternal, kept, body));
    },
    hashKV: async (request) => {
      const body = HashKVRequest.encode(request);
      return HashKVResponse.decode(await post(options, PATHS.hashKV, kept, body));
    },
  };
}
