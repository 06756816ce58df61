import {
  EtcdError,
  EtcdErrors,
  Lease,
  type LeaseKeepAliveRequest,
  LeaseKeepAliveResponse,
  LeaseTimeToLiveResponse,
  type LeaseTimeToLiveRequest,
} from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";
import { bidi, type MethodRegistration, type ResponseSink, unary } from "../rpc/service.ts";
import { Headers } from "./header.ts";

/** The TTL that tells a client that there is no such lease: of a keep-alive, and of a question. */
const RENEW_UNKNOWN_TTL = 0;
const ASK_UNKNOWN_TTL = -1;

export function leaseMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  const { complete } = headers;
  return [
    unary(Lease.leaseGrant, (request) => member.leaseGrant(request), complete),
    unary(Lease.leaseRevoke, (request) => member.leaseRevoke(request), complete),
    unary(Lease.leaseTimeToLive, (request) => timeToLive(member, request), complete),
    unary(Lease.leaseLeases, () => member.leaseLeases(), complete),
    bidi(Lease.leaseKeepAlive, (call, sink) => ({
      // One at a time, so that responses keep the order of requests; the client is held back.
      onMessage: async (request) => {
        const response = await keepAlive(member, headers, request);
        if (!call.isCanceled) sink.write(response);
      },
      onEnd: () => endStream(sink),
    })),
  ];
}

function endStream(sink: ResponseSink<LeaseKeepAliveResponse>): void {
  sink.end();
}

function isUnknownLease(error: unknown): boolean {
  return error instanceof EtcdError && error.is(EtcdErrors.leaseNotFound);
}

/**
 * The header is made before the lease is renewed: its revision must not be past one at which the
 * lease, renewed or not, is known to have lived.
 */
async function keepAlive(
  member: MemberPort,
  headers: Headers,
  request: LeaseKeepAliveRequest,
): Promise<LeaseKeepAliveResponse> {
  const header = headers.create(member.currentRevision);
  const TTL = await renew(member, request.ID);
  return LeaseKeepAliveResponse.create({ header, ID: request.ID, TTL });
}

async function renew(member: MemberPort, id: bigint): Promise<number> {
  try {
    return await member.leaseRenew(id);
  } catch (error) {
    if (isUnknownLease(error)) return RENEW_UNKNOWN_TTL;
    throw error;
  }
}

async function timeToLive(
  member: MemberPort,
  request: LeaseTimeToLiveRequest,
): Promise<LeaseTimeToLiveResponse> {
  try {
    return await member.leaseTimeToLive(request);
  } catch (error) {
    if (!isUnknownLease(error)) throw error;
    return LeaseTimeToLiveResponse.create({ ID: request.ID, TTL: ASK_UNKNOWN_TTL });
  }
}
