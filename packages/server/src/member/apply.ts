/**
 * What each log entry does to the state machine. Deterministic: it reads nothing but the entry and
 * the replicated state, so every member comes to the same result, errors included.
 */
import {
  AlarmRequest_AlarmAction,
  AlarmResponse,
  type AlarmRequest,
  AlarmType,
  type ClusterMemberAttrSetRequest,
  type CompactionRequest,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  EtcdError,
  EtcdErrors,
  type LeaseCheckpointRequest,
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
import { LongDelete } from "../mvcc/long-delete.ts";
import { hasPut } from "./quota.ts";
import type { ApplyResponse, RaftRequest } from "./raft-request.ts";
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
 * it was. `isLocal` says that a caller of this member waits for the response. What takes many turns is
 * not done yet: the caller runs and finishes it, and applies nothing else meanwhile.
 */
export function applyRequest(
  state: StateMachine,
  request: RaftRequest,
  isLocal: boolean,
): ApplyResponse | LongDelete {
  switch (request.kind) {
    case "put":
      return put(state, request.message);
    case "txn":
      return txn(state, request.message, isLocal);
    case "deleteRange":
      return deleteRange(state, request.message, isLocal);
    case "leaseGrant":
      return leaseGrant(state, request.message);
    case "leaseRevoke":
      return leaseRevoke(state, request.message);
    case "compaction":
      return compaction(state, request.message);
    case "alarm":
      return alarm(state, request.message);
    case "clusterVersionSet":
      state.cluster.setVersion(request.message.ver);
      return undefined;
    case "clusterMemberAttrSet":
      return setAttributes(state, request.message);
    case "leaseCheckpoint":
      return checkpointLeases(state, request.message);
  }
}

function setAttributes(
  state: StateMachine,
  { memberID, memberAttributes }: ClusterMemberAttrSetRequest,
): undefined {
  if (memberAttributes === undefined) return;
  state.cluster.setAttributes(memberID, memberAttributes.name, memberAttributes.clientUrls);
}

function checkpointLeases(state: StateMachine, { checkpoints }: LeaseCheckpointRequest): undefined {
  for (const { ID, remainingTTL } of checkpoints) state.lessor.checkpoint(ID, remainingTTL);
}

function put(state: StateMachine, request: PutRequest): ApplyResponse {
  refuseWhenCorrupt(state);
  refuseWhenFull(state);
  return applyPut(state.store, request, state.lessor);
}

function txn(state: StateMachine, request: TxnRequest, isLocal: boolean): ApplyResponse {
  refuseWhenCorrupt(state);
  if (hasPut(request)) refuseWhenFull(state);
  return applyTxn(state.store, request, {
    leases: state.lessor,
    skipRanges: !isLocal,
  });
}

function deleteRange(
  state: StateMachine,
  request: DeleteRangeRequest,
  isLocal: boolean,
): DeleteRangeResponse | LongDelete {
  refuseWhenCorrupt(state);
  const { store, clock, longDeleteKeysMin: keysMin } = state;
  // Nobody else wants to know what there was.
  const wanted = isLocal || !request.prevKv ? request : { ...request, prevKv: false };
  return LongDelete.tryBegin(store, wanted, { clock, keysMin }) ?? applyDeleteRange(store, wanted);
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
