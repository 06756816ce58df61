import {
  DefragmentResponse,
  DowngradeRequest_DowngradeAction,
  type DowngradeRequest,
  DowngradeResponse,
  EtcdError,
  EtcdErrors,
  Maintenance,
  MoveLeaderResponse,
} from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { CLUSTER_VERSION } from "../lib/version.ts";
import type { MemberPort } from "../member/ports.ts";
import { type MethodRegistration, serverStream, unary } from "../rpc/service.ts";
import { RpcError, StatusCode } from "../rpc/status.ts";
import { Headers } from "./header.ts";
import { sendSnapshot } from "./snapshot.ts";
import { checkDowngrade } from "./validate.ts";

export function maintenanceMethods(member: MemberPort, log: Log): MethodRegistration[] {
  const headers = new Headers(member);
  return [
    unary(Maintenance.alarm, async (request) => headers.complete(await member.alarm(request))),
    unary(Maintenance.status, () => headers.complete(member.status())),
    unary(Maintenance.defragment, async () => {
      log.info("starting defragment");
      await member.defragment();
      log.info("finished defragment");
      return DefragmentResponse.create();
    }),
    unary(Maintenance.hash, async () => headers.complete(await member.hash())),
    unary(Maintenance.hashKV, async (request) => headers.complete(await member.hashKV(request))),
    serverStream(Maintenance.snapshot, (_request, call, sink) =>
      sendSnapshot(member, log, { call, sink }),
    ),
    unary(Maintenance.moveLeader, async ({ targetID }) => {
      if (member.leaderId !== member.id) throw EtcdError.from(EtcdErrors.notLeader);
      await member.moveLeader(targetID);
      return MoveLeaderResponse.create();
    }),
    unary(Maintenance.downgrade, (request) => headers.complete(downgrade(request))),
  ];
}

/** There is nothing older to go back to, so all that can succeed is to cancel. */
function downgrade(request: DowngradeRequest): DowngradeResponse {
  checkDowngrade(request, CLUSTER_VERSION);
  if (request.action === DowngradeRequest_DowngradeAction.CANCEL) {
    const version = CLUSTER_VERSION.split(".").slice(0, 2).join(".");
    return DowngradeResponse.create({ version });
  }
  throw new RpcError(StatusCode.Unimplemented, "kvorum cannot be downgraded");
}
