/**
 * JSON as Go's encoding/json writes the structs of etcd's Go client: mostly the messages, but leases
 * with the header's fields beside their own, and watch responses with Go's field names.
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
  DowngradeResponse,
  Event,
  HashKVResponse,
  LeaseRevokeResponse,
  type LeaseTimeToLiveResponse,
  Member,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
  type MessageType,
  MoveLeaderResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  type TxnResponse,
  type WatchResponse,
} from "@kvorum/proto";
import { jsonArray, jsonBytes, jsonMessage, jsonObject, jsonString } from "../go/json.ts";
import type { EndpointHealth, FileHash, SnapshotStatus } from "../report.ts";
import type { Output } from "./output.ts";
import { createPrinter, type Forms, type Printer } from "./printer.ts";
import { hexId } from "./rows.ts";

/** Values that are left out when they are zero. */
const unlessZero = (value: number | boolean): string | undefined =>
  value === 0 || value === false ? undefined : String(value);

function message<T>(type: MessageType<T>) {
  return ({ response }: { readonly response: T }, output: Output): void =>
    output.line(jsonMessage(type, response));
}

function header(value: ResponseHeader | undefined): string | undefined {
  return value === undefined ? undefined : jsonMessage(ResponseHeader, value);
}

/** The header's fields followed by others, in one object. */
function flattened(
  value: ResponseHeader | undefined,
  more: Readonly<Record<string, string | undefined>>,
): string {
  const own = jsonObject(more);
  const above = header(value) ?? "{}";
  return above === "{}" ? own : `${above.slice(0, -1)},${own.slice(1)}`;
}

function txn(response: TxnResponse): string {
  const responses = response.responses.map((operation) => {
    const { responseRange, responsePut, responseDeleteRange, responseTxn } = operation;
    return jsonObject({
      Response: jsonObject({
        response_range: responseRange && jsonMessage(RangeResponse, responseRange),
        response_put: responsePut && jsonMessage(PutResponse, responsePut),
        response_delete_range:
          responseDeleteRange && jsonMessage(DeleteRangeResponse, responseDeleteRange),
        response_txn: responseTxn && txn(responseTxn),
      }),
    });
  });
  return jsonObject({
    header: header(response.header),
    succeeded: unlessZero(response.succeeded),
    responses: responses.length === 0 ? undefined : jsonArray(responses),
  });
}

function watch(response: WatchResponse): string {
  const events = response.events.map((event) => jsonMessage(Event, event));
  return jsonObject({
    Header: header(response.header) ?? "null",
    Events: events.length === 0 ? "null" : jsonArray(events),
    CompactRevision: String(response.compactRevision),
    Canceled: String(response.canceled),
    Created: String(response.created),
    CancelReason: jsonString(response.cancelReason),
  });
}

function timeToLive(response: LeaseTimeToLiveResponse): string {
  const keys = response.keys.map(jsonBytes);
  return flattened(response.header, {
    id: String(response.ID),
    ttl: String(response.TTL),
    "granted-ttl": String(response.grantedTTL),
    keys: keys.length === 0 ? "null" : jsonArray(keys),
  });
}

function health(item: EndpointHealth): string {
  return jsonObject({
    endpoint: jsonString(item.endpoint),
    health: String(item.health),
    took: jsonString(item.took),
    error: item.error === "" ? undefined : jsonString(item.error),
  });
}

/** A list that was never added to is null in Go. */
const listOf = (items: readonly string[]): string =>
  items.length === 0 ? "null" : jsonArray(items);

function snapshot(status: SnapshotStatus): string {
  return jsonObject({
    hash: String(status.hash),
    revision: String(status.revision),
    totalKey: String(status.totalKey),
    totalSize: String(status.totalSize),
    version: jsonString(status.version),
  });
}

function fileHash({ hash, hashRevision, compactRevision }: FileHash): string {
  return jsonObject({
    hash: String(hash),
    hashRevision: String(hashRevision),
    compactRevision: String(compactRevision),
  });
}

function hexHeader(value: ResponseHeader | undefined): string {
  if (value === undefined) return "null";
  return jsonObject({
    cluster_id: jsonString(hexId(value.clusterId)),
    member_id: jsonString(hexId(value.memberId)),
    revision: unlessZero(value.revision),
    raft_term: unlessZero(value.raftTerm),
  });
}

function hexMember(value: Member): string {
  const rest = jsonMessage(Member, { ...value, ID: 0n });
  const id = `{"ID":${jsonString(hexId(value.ID))}`;
  return rest === "{}" ? `${id}}` : `${id},${rest.slice(1)}`;
}

/** Member responses with ids as hexadecimal strings. */
function hexMembers(
  report: {
    readonly response: {
      header: ResponseHeader | undefined;
      member?: Member | undefined;
      members: Member[];
    };
  },
  output: Output,
): void {
  const { header: head, member, members } = report.response;
  output.line(
    jsonObject({
      header: hexHeader(head),
      member: member && hexMember(member),
      members: jsonArray(members.map(hexMember)),
    }),
  );
}

function memberForms(hex: boolean): Forms {
  if (hex) {
    return {
      memberAdd: hexMembers,
      memberRemove: hexMembers,
      memberUpdate: hexMembers,
      memberPromote: hexMembers,
      memberList: hexMembers,
    };
  }
  return {
    memberAdd: message(MemberAddResponse),
    memberRemove: message(MemberRemoveResponse),
    memberUpdate: message(MemberUpdateResponse),
    memberPromote: message(MemberPromoteResponse),
    memberList: message(MemberListResponse),
  };
}

const leaseForms: Forms = {
  leaseGrant: ({ response }, output) => {
    const { ID, TTL, error } = response;
    const own = { ID: String(ID), TTL: String(TTL), Error: jsonString(error) };
    output.line(flattened(response.header, own));
  },
  leaseRevoke: message(LeaseRevokeResponse),
  leaseKeepAlive: ({ response }, output) => {
    const own = { ID: String(response.ID), TTL: String(response.TTL) };
    output.line(flattened(response.header, own));
  },
  leaseTimeToLive: ({ response }, output) => output.line(timeToLive(response)),
  leaseList: ({ response }, output) => {
    const leases = response.leases.map(({ ID }) => jsonObject({ id: String(ID) }));
    output.line(flattened(response.header, { leases: jsonArray(leases) }));
  },
};

const endpointForms: Forms = {
  endpointHealth: ({ items }, output) => output.line(listOf(items.map(health))),
  endpointStatus: ({ items }, output) => {
    const entries = items.map(({ endpoint, response }) =>
      jsonObject({
        Endpoint: jsonString(endpoint),
        Status: jsonMessage(StatusResponse, response),
      }),
    );
    output.line(listOf(entries));
  },
  endpointHashKv: ({ items }, output) => {
    const entries = items.map(({ endpoint, response }) =>
      jsonObject({
        Endpoint: jsonString(endpoint),
        HashKV: jsonMessage(HashKVResponse, response),
      }),
    );
    output.line(listOf(entries));
  },
};

export function createJsonPrinter(hex: boolean): Printer {
  return createPrinter("json", {
    get: message(RangeResponse),
    put: message(PutResponse),
    del: message(DeleteRangeResponse),
    txn: ({ response }, output) => output.line(txn(response)),
    watch: ({ response }, output) => output.line(watch(response)),
    ...leaseForms,
    ...memberForms(hex),
    ...endpointForms,
    alarm: message(AlarmResponse),
    moveLeader: message(MoveLeaderResponse),
    downgrade: message(DowngradeResponse),
    authChange: message(AuthEnableResponse),
    authStatus: message(AuthStatusResponse),
    roleGet: message(AuthRoleGetResponse),
    roleList: message(AuthRoleListResponse),
    userGet: message(AuthUserGetResponse),
    userList: message(AuthUserListResponse),
    hashKv: ({ hash }, output) => output.line(fileHash(hash)),
    snapshotStatus: ({ status }, output) => output.line(snapshot(status)),
  });
}
