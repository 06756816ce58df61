import {
  EtcdError,
  EtcdErrors,
  Lease,
  LeaseTimeToLiveResponse,
  type LeaseTimeToLiveRequest,
} from "@kvorum/proto";
import type { MemberPort } from "../member/ports.ts";
import { bidi, type MethodRegistration, unary } from "../rpc/service.ts";
import { Headers } from "./header.ts";
import { KeepAliveStream } from "./keep-alive-stream.ts";

/** The TTL that tells a client that there is no such lease. */
const UNKNOWN_TTL = -1;

export function leaseMethods(member: MemberPort): MethodRegistration[] {
  const headers = new Headers(member);
  const { complete } = headers;
  return [
    unary(Lease.leaseGrant, (request) => member.leaseGrant(request), complete),
    unary(Lease.leaseRevoke, (request) => member.leaseRevoke(request), complete),
    unary(Lease.leaseTimeToLive, (request) => timeToLive(member, request), complete),
    unary(Lease.leaseLeases, () => member.leaseLeases(), complete),
    bidi(Lease.leaseKeepAlive, (_call, sink) => new KeepAliveStream(member, headers, sink)),
  ];
}

function isUnknownLease(error: unknown): boolean {
  return error instanceof EtcdError && error.is(EtcdErrors.leaseNotFound);
}

async function timeToLive(
  member: MemberPort,
  request: LeaseTimeToLiveRequest,
): Promise<LeaseTimeToLiveResponse> {
  try {
    return await member.leaseTimeToLive(request);
  } catch (error) {
    if (!isUnknownLease(error)) throw error;
    return LeaseTimeToLiveResponse.create({ ID: request.ID, TTL: UNKNOWN_TTL });
  }
}
