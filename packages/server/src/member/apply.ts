/**
 * What each log entry does to the state machine. Deterministic: it reads nothing but the entry and
 * the replicated state, so every member comes to the same result, errors included.
 */
import {
  AlarmRequest_AlarmAction,
  AlarmResponse,
  type AlarmRequest,
  AlarmType,
  type CompactionRequest,
  EtcdError,
  EtcdErrors,
  type InternalRaftRequest,
  LeaseGrantResponse,
  type LeaseGrantRequest,
  type LeaseRevokeRequest,
  LeaseRevokeResponse,
  type PutRequest,
  ResponseHeader,
  type TxnRequest,
} from "@kvorum/proto";
import { applyDeleteRange, applyPut } from "../mvcc/apply-kv.ts";
import { applyTxn } from "../mvcc/apply-txn.ts";
import { toKeyRange } from "../mvcc/key-range.ts";
import type { ApplyResponse } from "./proposals.ts";
import { hasPut } from "./quota.ts";
import type { StateMachine } from "./state-machine.ts";

const NO_RANGE_END = new Uint8Array(0);

/** A compaction is accepted at once; its removals take their time. */
export interface CompactionOutcome {
  readonly header: ResponseHeader;
  /** Resolves when what was compacted is gone from the store. */
  readonly removed: Promise<void>;
}

/**
 * Applies one request. Throws the EtcdError that answers it when it is refused; the state is then as
 * it was. `isLocal` says that a caller of this member waits for the response.
 */
export function applyRequest(
  state: StateMachine,
  request: InternalRaftRequest,
  isLocal: boolean,
): ApplyResponse {
  if (request.put !== undefined) return put(state, request.put);
  if (request.txn !== undefined) return txn(state, request.txn, isLocal);
  if (request.deleteRange !== undefined) {
    refuseWhenCorrupt(state);
    return applyDeleteRange(state.store, request.deleteRange);
  }
  if (request.leaseGrant !== undefined) return leaseGrant(state, request.leaseGrant);
  if (request.leaseRevoke !== undefined) return leaseRevoke(state, request.leaseRevoke);
  if (request.compaction !== undefined) return compaction(state, request.compaction);
  if (request.alarm !== undefined) return alarm(state, request.alarm);
  return applyClusterRequest(state, request);
}

function applyClusterRequest(state: StateMachine, request: InternalRaftRequest): undefined {
  const { clusterVersionSet, clusterMemberAttrSet, leaseCheckpoint } = request;
  if (clusterVersionSet !== undefined) state.cluster.setVersion(clusterVersionSet.ver);
  if (clusterMemberAttrSet?.memberAttributes !== undefined) {
    const { name, clientUrls } = clusterMemberAttrSet.memberAttributes;
    state.cluster.setAttributes(clusterMemberAttrSet.memberID, name, clientUrls);
  }
  for (const { ID, remainingTTL } of leaseCheckpoint?.checkpoints ?? []) {
    state.lessor.checkpoint(ID, remainingTTL);
  }
}

function put(state: StateMachine, request: PutRequest): ApplyResponse {
  refuseWhenCorrupt(state);
  refuseWhenFull(state);
  return applyPut(state.store, request, (id) => state.lessor.has(id));
}

function txn(state: StateMachine, request: TxnRequest, isLocal: boolean): ApplyResponse {
  refuseWhenCorrupt(state);
  if (hasPut(request)) refuseWhenFull(state);
  return applyTxn(state.store, request, {
    leaseExists: (id) => state.lessor.has(id),
    skipRanges: !isLocal,
  });
}

function compaction(state: StateMachine, request: CompactionRequest): CompactionOutcome {
  refuseWhenCorrupt(state);
  const removed = state.store.compact(request.revision);
  return { header: header(state), removed };
}

function leaseGrant(state: StateMachine, request: LeaseGrantRequest): LeaseGrantResponse {
  refuseWhenCorrupt(state);
  refuseWhenFull(state);
  const lease = state.lessor.grant(request.ID, request.TTL);
  return LeaseGrantResponse.create({ header: header(state), ID: lease.id, TTL: lease.ttlSeconds });
}

/** The keys of the lease go with it, all in one revision, in order. */
function leaseRevoke(state: StateMachine, request: LeaseRevokeRequest): LeaseRevokeResponse {
  refuseWhenCorrupt(state);
  const keys = state.lessor.revoke(request.ID);
  if (keys.length > 0) {
    const write = state.store.beginWrite();
    for (const key of keys) write.deleteRange(toKeyRange(key, NO_RANGE_END));
    write.end();
  }
  return LeaseRevokeResponse.create({ header: header(state) });
}

function alarm(state: StateMachine, request: AlarmRequest): AlarmResponse {
  const { action, memberID, alarm: type } = request;
  const response = AlarmResponse.create({ header: header(state) });
  switch (action) {
    case AlarmRequest_AlarmAction.GET:
      response.alarms = state.alarms.list(type);
      break;
    case AlarmRequest_AlarmAction.ACTIVATE:
      if (type !== AlarmType.NONE) response.alarms = [state.alarms.activate(memberID, type)];
      break;
    case AlarmRequest_AlarmAction.DEACTIVATE: {
      const lifted = state.alarms.deactivate(memberID, type);
      if (lifted !== undefined) response.alarms = [lifted];
      break;
    }
    default:
      break;
  }
  return response;
}

function header(state: StateMachine): ResponseHeader {
  return ResponseHeader.create({ revision: state.store.currentRevision });
}

function refuseWhenCorrupt(state: StateMachine): void {
  if (state.alarms.isRaised(AlarmType.CORRUPT)) throw EtcdError.from(EtcdErrors.corrupt);
}

function refuseWhenFull(state: StateMachine): void {
  if (state.alarms.isRaised(AlarmType.NOSPACE)) throw EtcdError.from(EtcdErrors.noSpace);
}
