/**
 * The bytes of the responses. Go's client wraps the lease responses in structs of its own, of which
 * only the header is a message: nothing else of them is printed.
 */
import {
  AlarmResponse,
  AuthEnableResponse,
  AuthRoleGetResponse,
  AuthRoleListResponse,
  AuthStatusResponse,
  AuthUserGetResponse,
  AuthUserListResponse,
  DeleteRangeResponse,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
  type MessageType,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  TxnResponse,
  WatchResponse,
  LeaseRevokeResponse,
  MoveLeaderResponse,
  DowngradeResponse,
} from "@kvorum/proto";
import type { Output } from "./output.ts";
import { createPrinter, type Printer } from "./printer.ts";

function message<T>(type: MessageType<T>) {
  return ({ response }: { readonly response: T }, output: Output): void =>
    output.write(type.encode(response));
}

function headerOnly(
  { response }: { readonly response: { header: ResponseHeader | undefined } },
  output: Output,
): void {
  output.write(ResponseHeader.encode(response.header ?? ResponseHeader.create()));
}

export function createProtobufPrinter(): Printer {
  return createPrinter("protobuf", {
    get: message(RangeResponse),
    put: message(PutResponse),
    del: message(DeleteRangeResponse),
    txn: message(TxnResponse),
    watch: ({ response }, output) => {
      const { header, events, compactRevision, canceled, created } = response;
      const shown = { header, events, compactRevision, canceled, created };
      output.write(WatchResponse.encode(WatchResponse.create(shown)));
    },
    leaseGrant: headerOnly,
    leaseRevoke: message(LeaseRevokeResponse),
    leaseKeepAlive: headerOnly,
    leaseTimeToLive: headerOnly,
    leaseList: headerOnly,
    memberAdd: message(MemberAddResponse),
    memberRemove: message(MemberRemoveResponse),
    memberUpdate: message(MemberUpdateResponse),
    memberPromote: message(MemberPromoteResponse),
    memberList: message(MemberListResponse),
    alarm: message(AlarmResponse),
    moveLeader: message(MoveLeaderResponse),
    downgrade: message(DowngradeResponse),
    authChange: ({ response: { header } }, output) =>
      output.write(AuthEnableResponse.encode({ header })),
    authStatus: message(AuthStatusResponse),
    roleGet: message(AuthRoleGetResponse),
    roleList: message(AuthRoleListResponse),
    userGet: message(AuthUserGetResponse),
    userList: message(AuthUserListResponse),
  });
}
