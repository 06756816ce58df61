// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// What a proposal to the log holds: one client request and what the proposer added to it.
import type { MessageType } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";
import { ClusterMemberAttrSetRequest, ClusterVersionSetRequest, DowngradeInfoSetRequest } from "./membership.ts";
import { AlarmRequest, AuthDisableRequest, AuthEnableRequest, AuthRoleAddRequest, AuthRoleDeleteRequest, AuthRoleGetRequest, AuthRoleGrantPermissionRequest, AuthRoleListRequest, AuthRoleRevokePermissionRequest, AuthStatusRequest, AuthUserAddRequest, AuthUserChangePasswordRequest, AuthUserDeleteRequest, AuthUserGetRequest, AuthUserGrantRoleRequest, AuthUserListRequest, AuthUserRevokeRoleRequest, CompactionRequest, DeleteRangeRequest, LeaseCheckpointRequest, LeaseGrantRequest, LeaseRevokeRequest, PutRequest, RangeRequest, TxnRequest } from "./rpc.ts";

export interface RequestHeader {
  /** Chosen by the proposing member, unique in the cluster; finds the waiting caller at apply. */
  ID: bigint;
  /** User the proposing member authenticated, empty when there is none. */
  username: string;
  /** Auth revision the user was checked at; apply refuses the request when it has moved. */
  authRevision: number;
}

export const RequestHeader: MessageType<RequestHeader> = {
  typeName: "etcdserverpb.RequestHeader",
  create: createRequestHeader,
  write: writeRequestHeader,
  read: readRequestHeader,
  encode: (message) => encodeWith(message, writeRequestHeader),
  decode: (bytes) => decodeWith(bytes, readRequestHeader),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "username", localName: "username", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "auth_revision", localName: "authRevision", number: 3, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyRequestHeader(): RequestHeader {
  return {
    ID: 0n,
    username: "",
    authRevision: 0,
  };
}

function createRequestHeader(init?: Partial<RequestHeader>): RequestHeader {
  if (init === undefined) {
    return emptyRequestHeader();
  }
  return {
    ID: init.ID ?? 0n,
    username: init.username ?? "",
    authRevision: init.authRevision ?? 0,
  };
}

function writeRequestHeader(m: RequestHeader, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  if (m.username.length !== 0) {
    w.byte(18);
    w.string(m.username);
  }
  if (m.authRevision !== 0) {
    w.byte(24);
    w.uint64Number(m.authRevision);
  }
}

function readRequestHeader(r: BinaryReader, end: number, target?: RequestHeader): RequestHeader {
  const m = target ?? emptyRequestHeader();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      case 18:
        m.username = r.string();
        break;
      case 24:
        m.authRevision = r.uint64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** The union of all requests that change state. Exactly one request field is set. */
export interface InternalRaftRequest {
  /** Older place of header.ID; read when there is no header. */
  ID: bigint;
  range: RangeRequest | undefined;
  put: PutRequest | undefined;
  deleteRange: DeleteRangeRequest | undefined;
  txn: TxnRequest | undefined;
  compaction: CompactionRequest | undefined;
  leaseGrant: LeaseGrantRequest | undefined;
  leaseRevoke: LeaseRevokeRequest | undefined;
  alarm: AlarmRequest | undefined;
  leaseCheckpoint: LeaseCheckpointRequest | undefined;
  header: RequestHeader | undefined;
  authEnable: AuthEnableRequest | undefined;
  authDisable: AuthDisableRequest | undefined;
  authenticate: InternalAuthenticateRequest | undefined;
  authStatus: AuthStatusRequest | undefined;
  authUserAdd: AuthUserAddRequest | undefined;
  authUserDelete: AuthUserDeleteRequest | undefined;
  authUserGet: AuthUserGetRequest | undefined;
  authUserChangePassword: AuthUserChangePasswordRequest | undefined;
  authUserGrantRole: AuthUserGrantRoleRequest | undefined;
  authUserRevokeRole: AuthUserRevokeRoleRequest | undefined;
  authUserList: AuthUserListRequest | undefined;
  authRoleList: AuthRoleListRequest | undefined;
  authRoleAdd: AuthRoleAddRequest | undefined;
  authRoleDelete: AuthRoleDeleteRequest | undefined;
  authRoleGet: AuthRoleGetRequest | undefined;
  authRoleGrantPermission: AuthRoleGrantPermissionRequest | undefined;
  authRoleRevokePermission: AuthRoleRevokePermissionRequest | undefined;
  clusterVersionSet: ClusterVersionSetRequest | undefined;
  clusterMemberAttrSet: ClusterMemberAttrSetRequest | undefined;
  downgradeInfoSet: DowngradeInfoSetRequest | undefined;
  downgradeVersionTest: DowngradeVersionTestRequest | undefined;
}

export const InternalRaftRequest: MessageType<InternalRaftRequest> = {
  typeName: "etcdserverpb.InternalRaftRequest",
  create: createInternalRaftRequest,
  write: writeInternalRaftRequest,
  read: readInternalRaftRequest,
  encode: (message) => encodeWith(message, writeInternalRaftRequest),
  decode: (bytes) => decodeWith(bytes, readInternalRaftRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range", localName: "range", number: 3, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: RangeRequest as MessageType<unknown>, enumType: undefined },
    { name: "put", localName: "put", number: 4, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: PutRequest as MessageType<unknown>, enumType: undefined },
    { name: "delete_range", localName: "deleteRange", number: 5, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: DeleteRangeRequest as MessageType<unknown>, enumType: undefined },
    { name: "txn", localName: "txn", number: 6, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: TxnRequest as MessageType<unknown>, enumType: undefined },
    { name: "compaction", localName: "compaction", number: 7, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: CompactionRequest as MessageType<unknown>, enumType: undefined },
    { name: "lease_grant", localName: "leaseGrant", number: 8, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaseGrantRequest as MessageType<unknown>, enumType: undefined },
    { name: "lease_revoke", localName: "leaseRevoke", number: 9, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaseRevokeRequest as MessageType<unknown>, enumType: undefined },
    { name: "alarm", localName: "alarm", number: 10, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AlarmRequest as MessageType<unknown>, enumType: undefined },
    { name: "lease_checkpoint", localName: "leaseCheckpoint", number: 11, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaseCheckpointRequest as MessageType<unknown>, enumType: undefined },
    { name: "header", localName: "header", number: 100, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: RequestHeader as MessageType<unknown>, enumType: undefined },
    { name: "auth_enable", localName: "authEnable", number: 1000, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthEnableRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_disable", localName: "authDisable", number: 1011, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthDisableRequest as MessageType<unknown>, enumType: undefined },
    { name: "authenticate", localName: "authenticate", number: 1012, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: InternalAuthenticateRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_status", localName: "authStatus", number: 1013, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthStatusRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_add", localName: "authUserAdd", number: 1100, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserAddRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_delete", localName: "authUserDelete", number: 1101, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserDeleteRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_get", localName: "authUserGet", number: 1102, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserGetRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_change_password", localName: "authUserChangePassword", number: 1103, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserChangePasswordRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_grant_role", localName: "authUserGrantRole", number: 1104, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserGrantRoleRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_revoke_role", localName: "authUserRevokeRole", number: 1105, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserRevokeRoleRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_user_list", localName: "authUserList", number: 1106, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthUserListRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_list", localName: "authRoleList", number: 1107, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleListRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_add", localName: "authRoleAdd", number: 1200, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleAddRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_delete", localName: "authRoleDelete", number: 1201, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleDeleteRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_get", localName: "authRoleGet", number: 1202, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleGetRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_grant_permission", localName: "authRoleGrantPermission", number: 1203, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleGrantPermissionRequest as MessageType<unknown>, enumType: undefined },
    { name: "auth_role_revoke_permission", localName: "authRoleRevokePermission", number: 1204, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: AuthRoleRevokePermissionRequest as MessageType<unknown>, enumType: undefined },
    { name: "cluster_version_set", localName: "clusterVersionSet", number: 1300, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ClusterVersionSetRequest as MessageType<unknown>, enumType: undefined },
    { name: "cluster_member_attr_set", localName: "clusterMemberAttrSet", number: 1301, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ClusterMemberAttrSetRequest as MessageType<unknown>, enumType: undefined },
    { name: "downgrade_info_set", localName: "downgradeInfoSet", number: 1302, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: DowngradeInfoSetRequest as MessageType<unknown>, enumType: undefined },
    { name: "downgrade_version_test", localName: "downgradeVersionTest", number: 9900, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: DowngradeVersionTestRequest as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyInternalRaftRequest(): InternalRaftRequest {
  return {
    ID: 0n,
    range: undefined,
    put: undefined,
    deleteRange: undefined,
    txn: undefined,
    compaction: undefined,
    leaseGrant: undefined,
    leaseRevoke: undefined,
    alarm: undefined,
    leaseCheckpoint: undefined,
    header: undefined,
    authEnable: undefined,
    authDisable: undefined,
    authenticate: undefined,
    authStatus: undefined,
    authUserAdd: undefined,
    authUserDelete: undefined,
    authUserGet: undefined,
    authUserChangePassword: undefined,
    authUserGrantRole: undefined,
    authUserRevokeRole: undefined,
    authUserList: undefined,
    authRoleList: undefined,
    authRoleAdd: undefined,
    authRoleDelete: undefined,
    authRoleGet: undefined,
    authRoleGrantPermission: undefined,
    authRoleRevokePermission: undefined,
    clusterVersionSet: undefined,
    clusterMemberAttrSet: undefined,
    downgradeInfoSet: undefined,
    downgradeVersionTest: undefined,
  };
}

function createInternalRaftRequest(init?: Partial<InternalRaftRequest>): InternalRaftRequest {
  if (init === undefined) {
    return emptyInternalRaftRequest();
  }
  return {
    ID: init.ID ?? 0n,
    range: init.range,
    put: init.put,
    deleteRange: init.deleteRange,
    txn: init.txn,
    compaction: init.compaction,
    leaseGrant: init.leaseGrant,
    leaseRevoke: init.leaseRevoke,
    alarm: init.alarm,
    leaseCheckpoint: init.leaseCheckpoint,
    header: init.header,
    authEnable: init.authEnable,
    authDisable: init.authDisable,
    authenticate: init.authenticate,
    authStatus: init.authStatus,
    authUserAdd: init.authUserAdd,
    authUserDelete: init.authUserDelete,
    authUserGet: init.authUserGet,
    authUserChangePassword: init.authUserChangePassword,
    authUserGrantRole: init.authUserGrantRole,
    authUserRevokeRole: init.authUserRevokeRole,
    authUserList: init.authUserList,
    authRoleList: init.authRoleList,
    authRoleAdd: init.authRoleAdd,
    authRoleDelete: init.authRoleDelete,
    authRoleGet: init.authRoleGet,
    authRoleGrantPermission: init.authRoleGrantPermission,
    authRoleRevokePermission: init.authRoleRevokePermission,
    clusterVersionSet: init.clusterVersionSet,
    clusterMemberAttrSet: init.clusterMemberAttrSet,
    downgradeInfoSet: init.downgradeInfoSet,
    downgradeVersionTest: init.downgradeVersionTest,
  };
}

function writeInternalRaftRequest(m: InternalRaftRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  if (m.range !== undefined) {
    w.byte(26);
    const mark = w.fork(m.range.key.length + m.range.rangeEnd.length + 24);
    RangeRequest.write(m.range, w);
    w.join(mark);
  }
  if (m.put !== undefined) {
    w.byte(34);
    const mark = w.fork(m.put.key.length + m.put.value.length + 24);
    PutRequest.write(m.put, w);
    w.join(mark);
  }
  if (m.deleteRange !== undefined) {
    w.byte(42);
    const mark = w.fork(m.deleteRange.key.length + m.deleteRange.rangeEnd.length + 24);
    DeleteRangeRequest.write(m.deleteRange, w);
    w.join(mark);
  }
  if (m.txn !== undefined) {
    w.byte(50);
    const mark = w.fork(m.txn.compare.length * 32 + m.txn.success.length * 32 + m.txn.failure.length * 32 + 24);
    TxnRequest.write(m.txn, w);
    w.join(mark);
  }
  if (m.compaction !== undefined) {
    w.byte(58);
    const mark = w.fork(0);
    CompactionRequest.write(m.compaction, w);
    w.join(mark);
  }
  if (m.leaseGrant !== undefined) {
    w.byte(66);
    const mark = w.fork(0);
    LeaseGrantRequest.write(m.leaseGrant, w);
    w.join(mark);
  }
  if (m.leaseRevoke !== undefined) {
    w.byte(74);
    const mark = w.fork(0);
    LeaseRevokeRequest.write(m.leaseRevoke, w);
    w.join(mark);
  }
  if (m.alarm !== undefined) {
    w.byte(82);
    const mark = w.fork(0);
    AlarmRequest.write(m.alarm, w);
    w.join(mark);
  }
  if (m.leaseCheckpoint !== undefined) {
    w.byte(90);
    const mark = w.fork(m.leaseCheckpoint.checkpoints.length * 32 + 24);
    LeaseCheckpointRequest.write(m.leaseCheckpoint, w);
    w.join(mark);
  }
  if (m.header !== undefined) {
    w.uint32(802);
    const mark = w.fork(0);
    writeRequestHeader(m.header, w);
    w.join(mark);
  }
  if (m.authEnable !== undefined) {
    w.uint32(8002);
    const mark = w.fork(0);
    AuthEnableRequest.write(m.authEnable, w);
    w.join(mark);
  }
  if (m.authDisable !== undefined) {
    w.uint32(8090);
    const mark = w.fork(0);
    AuthDisableRequest.write(m.authDisable, w);
    w.join(mark);
  }
  if (m.authenticate !== undefined) {
    w.uint32(8098);
    const mark = w.fork(0);
    writeInternalAuthenticateRequest(m.authenticate, w);
    w.join(mark);
  }
  if (m.authStatus !== undefined) {
    w.uint32(8106);
    const mark = w.fork(0);
    AuthStatusRequest.write(m.authStatus, w);
    w.join(mark);
  }
  if (m.authUserAdd !== undefined) {
    w.uint32(8802);
    const mark = w.fork(0);
    AuthUserAddRequest.write(m.authUserAdd, w);
    w.join(mark);
  }
  if (m.authUserDelete !== undefined) {
    w.uint32(8810);
    const mark = w.fork(0);
    AuthUserDeleteRequest.write(m.authUserDelete, w);
    w.join(mark);
  }
  if (m.authUserGet !== undefined) {
    w.uint32(8818);
    const mark = w.fork(0);
    AuthUserGetRequest.write(m.authUserGet, w);
    w.join(mark);
  }
  if (m.authUserChangePassword !== undefined) {
    w.uint32(8826);
    const mark = w.fork(0);
    AuthUserChangePasswordRequest.write(m.authUserChangePassword, w);
    w.join(mark);
  }
  if (m.authUserGrantRole !== undefined) {
    w.uint32(8834);
    const mark = w.fork(0);
    AuthUserGrantRoleRequest.write(m.authUserGrantRole, w);
    w.join(mark);
  }
  if (m.authUserRevokeRole !== undefined) {
    w.uint32(8842);
    const mark = w.fork(0);
    AuthUserRevokeRoleRequest.write(m.authUserRevokeRole, w);
    w.join(mark);
  }
  if (m.authUserList !== undefined) {
    w.uint32(8850);
    const mark = w.fork(0);
    AuthUserListRequest.write(m.authUserList, w);
    w.join(mark);
  }
  if (m.authRoleList !== undefined) {
    w.uint32(8858);
    const mark = w.fork(0);
    AuthRoleListRequest.write(m.authRoleList, w);
    w.join(mark);
  }
  if (m.authRoleAdd !== undefined) {
    w.uint32(9602);
    const mark = w.fork(0);
    AuthRoleAddRequest.write(m.authRoleAdd, w);
    w.join(mark);
  }
  if (m.authRoleDelete !== undefined) {
    w.uint32(9610);
    const mark = w.fork(0);
    AuthRoleDeleteRequest.write(m.authRoleDelete, w);
    w.join(mark);
  }
  if (m.authRoleGet !== undefined) {
    w.uint32(9618);
    const mark = w.fork(0);
    AuthRoleGetRequest.write(m.authRoleGet, w);
    w.join(mark);
  }
  if (m.authRoleGrantPermission !== undefined) {
    w.uint32(9626);
    const mark = w.fork(0);
    AuthRoleGrantPermissionRequest.write(m.authRoleGrantPermission, w);
    w.join(mark);
  }
  if (m.authRoleRevokePermission !== undefined) {
    w.uint32(9634);
    const mark = w.fork(m.authRoleRevokePermission.key.length + m.authRoleRevokePermission.rangeEnd.length + 24);
    AuthRoleRevokePermissionRequest.write(m.authRoleRevokePermission, w);
    w.join(mark);
  }
  if (m.clusterVersionSet !== undefined) {
    w.uint32(10402);
    const mark = w.fork(0);
    ClusterVersionSetRequest.write(m.clusterVersionSet, w);
    w.join(mark);
  }
  if (m.clusterMemberAttrSet !== undefined) {
    w.uint32(10410);
    const mark = w.fork(0);
    ClusterMemberAttrSetRequest.write(m.clusterMemberAttrSet, w);
    w.join(mark);
  }
  if (m.downgradeInfoSet !== undefined) {
    w.uint32(10418);
    const mark = w.fork(0);
    DowngradeInfoSetRequest.write(m.downgradeInfoSet, w);
    w.join(mark);
  }
  if (m.downgradeVersionTest !== undefined) {
    w.uint32(79202);
    const mark = w.fork(0);
    writeDowngradeVersionTestRequest(m.downgradeVersionTest, w);
    w.join(mark);
  }
}

function readInternalRaftRequest(r: BinaryReader, end: number, target?: InternalRaftRequest): InternalRaftRequest {
  const m = target ?? emptyInternalRaftRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      case 26:
        m.range = RangeRequest.read(r, r.enter(), m.range);
        r.leave();
        break;
      case 34:
        m.put = PutRequest.read(r, r.enter(), m.put);
        r.leave();
        break;
      case 42:
        m.deleteRange = DeleteRangeRequest.read(r, r.enter(), m.deleteRange);
        r.leave();
        break;
      case 50:
        m.txn = TxnRequest.read(r, r.enter(), m.txn);
        r.leave();
        break;
      case 58:
        m.compaction = CompactionRequest.read(r, r.enter(), m.compaction);
        r.leave();
        break;
      case 66:
        m.leaseGrant = LeaseGrantRequest.read(r, r.enter(), m.leaseGrant);
        r.leave();
        break;
      case 74:
        m.leaseRevoke = LeaseRevokeRequest.read(r, r.enter(), m.leaseRevoke);
        r.leave();
        break;
      case 82:
        m.alarm = AlarmRequest.read(r, r.enter(), m.alarm);
        r.leave();
        break;
      case 90:
        m.leaseCheckpoint = LeaseCheckpointRequest.read(r, r.enter(), m.leaseCheckpoint);
        r.leave();
        break;
      case 802:
        m.header = readRequestHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 8002:
        m.authEnable = AuthEnableRequest.read(r, r.enter(), m.authEnable);
        r.leave();
        break;
      case 8090:
        m.authDisable = AuthDisableRequest.read(r, r.enter(), m.authDisable);
        r.leave();
        break;
      case 8098:
        m.authenticate = readInternalAuthenticateRequest(r, r.enter(), m.authenticate);
        r.leave();
        break;
      case 8106:
        m.authStatus = AuthStatusRequest.read(r, r.enter(), m.authStatus);
        r.leave();
        break;
      case 8802:
        m.authUserAdd = AuthUserAddRequest.read(r, r.enter(), m.authUserAdd);
        r.leave();
        break;
      case 8810:
        m.authUserDelete = AuthUserDeleteRequest.read(r, r.enter(), m.authUserDelete);
        r.leave();
        break;
      case 8818:
        m.authUserGet = AuthUserGetRequest.read(r, r.enter(), m.authUserGet);
        r.leave();
        break;
      case 8826:
        m.authUserChangePassword = AuthUserChangePasswordRequest.read(r, r.enter(), m.authUserChangePassword);
        r.leave();
        break;
      case 8834:
        m.authUserGrantRole = AuthUserGrantRoleRequest.read(r, r.enter(), m.authUserGrantRole);
        r.leave();
        break;
      case 8842:
        m.authUserRevokeRole = AuthUserRevokeRoleRequest.read(r, r.enter(), m.authUserRevokeRole);
        r.leave();
        break;
      case 8850:
        m.authUserList = AuthUserListRequest.read(r, r.enter(), m.authUserList);
        r.leave();
        break;
      case 8858:
        m.authRoleList = AuthRoleListRequest.read(r, r.enter(), m.authRoleList);
        r.leave();
        break;
      case 9602:
        m.authRoleAdd = AuthRoleAddRequest.read(r, r.enter(), m.authRoleAdd);
        r.leave();
        break;
      case 9610:
        m.authRoleDelete = AuthRoleDeleteRequest.read(r, r.enter(), m.authRoleDelete);
        r.leave();
        break;
      case 9618:
        m.authRoleGet = AuthRoleGetRequest.read(r, r.enter(), m.authRoleGet);
        r.leave();
        break;
      case 9626:
        m.authRoleGrantPermission = AuthRoleGrantPermissionRequest.read(r, r.enter(), m.authRoleGrantPermission);
        r.leave();
        break;
      case 9634:
        m.authRoleRevokePermission = AuthRoleRevokePermissionRequest.read(r, r.enter(), m.authRoleRevokePermission);
        r.leave();
        break;
      case 10402:
        m.clusterVersionSet = ClusterVersionSetRequest.read(r, r.enter(), m.clusterVersionSet);
        r.leave();
        break;
      case 10410:
        m.clusterMemberAttrSet = ClusterMemberAttrSetRequest.read(r, r.enter(), m.clusterMemberAttrSet);
        r.leave();
        break;
      case 10418:
        m.downgradeInfoSet = DowngradeInfoSetRequest.read(r, r.enter(), m.downgradeInfoSet);
        r.leave();
        break;
      case 79202:
        m.downgradeVersionTest = readDowngradeVersionTestRequest(r, r.enter(), m.downgradeVersionTest);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** AuthenticateRequest plus the token that the proposing member has drawn for it. */
export interface InternalAuthenticateRequest {
  name: string;
  password: string;
  simpleToken: string;
}

export const InternalAuthenticateRequest: MessageType<InternalAuthenticateRequest> = {
  typeName: "etcdserverpb.InternalAuthenticateRequest",
  create: createInternalAuthenticateRequest,
  write: writeInternalAuthenticateRequest,
  read: readInternalAuthenticateRequest,
  encode: (message) => encodeWith(message, writeInternalAuthenticateRequest),
  decode: (bytes) => decodeWith(bytes, readInternalAuthenticateRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "password", localName: "password", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "simple_token", localName: "simpleToken", number: 3, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyInternalAuthenticateRequest(): InternalAuthenticateRequest {
  return {
    name: "",
    password: "",
    simpleToken: "",
  };
}

function createInternalAuthenticateRequest(init?: Partial<InternalAuthenticateRequest>): InternalAuthenticateRequest {
  if (init === undefined) {
    return emptyInternalAuthenticateRequest();
  }
  return {
    name: init.name ?? "",
    password: init.password ?? "",
    simpleToken: init.simpleToken ?? "",
  };
}

function writeInternalAuthenticateRequest(m: InternalAuthenticateRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password.length !== 0) {
    w.byte(18);
    w.string(m.password);
  }
  if (m.simpleToken.length !== 0) {
    w.byte(26);
    w.string(m.simpleToken);
  }
}

function readInternalAuthenticateRequest(r: BinaryReader, end: number, target?: InternalAuthenticateRequest): InternalAuthenticateRequest {
  const m = target ?? emptyInternalAuthenticateRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.password = r.string();
        break;
      case 26:
        m.simpleToken = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** The requested version is read as the version of the log record; used by tests only. */
export interface DowngradeVersionTestRequest {
  ver: string;
}

export const DowngradeVersionTestRequest: MessageType<DowngradeVersionTestRequest> = {
  typeName: "etcdserverpb.DowngradeVersionTestRequest",
  create: createDowngradeVersionTestRequest,
  write: writeDowngradeVersionTestRequest,
  read: readDowngradeVersionTestRequest,
  encode: (message) => encodeWith(message, writeDowngradeVersionTestRequest),
  decode: (bytes) => decodeWith(bytes, readDowngradeVersionTestRequest),
  fields: () => [
    { name: "ver", localName: "ver", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDowngradeVersionTestRequest(): DowngradeVersionTestRequest {
  return {
    ver: "",
  };
}

function createDowngradeVersionTestRequest(init?: Partial<DowngradeVersionTestRequest>): DowngradeVersionTestRequest {
  if (init === undefined) {
    return emptyDowngradeVersionTestRequest();
  }
  return {
    ver: init.ver ?? "",
  };
}

function writeDowngradeVersionTestRequest(m: DowngradeVersionTestRequest, w: BinaryWriter): void {
  if (m.ver.length !== 0) {
    w.byte(10);
    w.string(m.ver);
  }
}

function readDowngradeVersionTestRequest(r: BinaryReader, end: number, target?: DowngradeVersionTestRequest): DowngradeVersionTestRequest {
  const m = target ?? emptyDowngradeVersionTestRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.ver = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface EmptyResponse {
}

export const EmptyResponse: MessageType<EmptyResponse> = {
  typeName: "etcdserverpb.EmptyResponse",
  create: createEmptyResponse,
  write: writeEmptyResponse,
  read: readEmptyResponse,
  encode: (message) => encodeWith(message, writeEmptyResponse),
  decode: (bytes) => decodeWith(bytes, readEmptyResponse),
  fields: () => [
  ],
};

function createEmptyResponse(): EmptyResponse {
  return {};
}

function writeEmptyResponse(_m: EmptyResponse, _w: BinaryWriter): void {
}

function readEmptyResponse(r: BinaryReader, end: number, target?: EmptyResponse): EmptyResponse {
  const m = target ?? createEmptyResponse();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}
