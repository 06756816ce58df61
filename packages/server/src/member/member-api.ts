/** The member as `api/` sees it: every request handed to the service that answers it. */
import type {
  AlarmRequest,
  AlarmResponse,
  CompactionRequest,
  CompactionResponse,
  DeleteRangeRequest,
  DeleteRangeResponse,
  HashKVRequest,
  HashKVResponse,
  HashResponse,
  LeaseGrantRequest,
  LeaseGrantResponse,
  LeaseLeasesResponse,
  LeaseRevokeRequest,
  LeaseRevokeResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
  Member as MemberMessage,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  StatusResponse,
  TxnRequest,
  TxnResponse,
} from "@kvorum/proto";
import type { Later } from "../lib/reply.ts";
import type { Member } from "./member.ts";
import type {
  AddedMember,
  BackupStream,
  HeaderFields,
  MemberPort,
  WatchSink,
  WatchStreamPort,
} from "./ports.ts";

export class MemberApi implements MemberPort {
  readonly #member: Member;

  constructor(member: Member) {
    this.#member = member;
  }

  get id(): bigint {
    return this.#member.identity.memberId;
  }

  get leaderId(): bigint {
    return this.#member.leaderId;
  }

  get isLearner(): boolean {
    return this.#member.isLearner;
  }

  get currentRevision(): number {
    return this.#member.watches.currentRevision;
  }

  headerFields(): HeaderFields {
    return this.#member.headerFields();
  }

  onLeaderLost(listener: () => void): () => void {
    return this.#member.leaderLoss.onLost(listener);
  }

  range(request: RangeRequest): Later<RangeResponse> | RangeResponse {
    return this.#member.kv.range(request);
  }

  rangeStream(request: RangeRequest): AsyncIterable<RangeResponse> {
    return this.#member.kv.rangeStream(request);
  }

  put(request: PutRequest): Later<PutResponse> {
    return this.#member.kv.put(request);
  }

  deleteRange(request: DeleteRangeRequest): Later<DeleteRangeResponse> {
    return this.#member.kv.deleteRange(request);
  }

  txn(request: TxnRequest): Later<TxnResponse> {
    return this.#member.kv.txn(request);
  }

  compact(request: CompactionRequest): Promise<CompactionResponse> {
    return this.#member.kv.compact(request);
  }

  leaseGrant(request: LeaseGrantRequest): Later<LeaseGrantResponse> {
    return this.#member.leases.leaseGrant(request);
  }

  leaseRevoke(request: LeaseRevokeRequest): Later<LeaseRevokeResponse> {
    return this.#member.leases.leaseRevoke(request);
  }

  leaseRenew(id: bigint): Later<number> {
    return this.#member.leases.leaseRenew(id);
  }

  leaseTimeToLive(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
    return this.#member.leases.leaseTimeToLive(request);
  }

  leaseLeases(): Promise<LeaseLeasesResponse> {
    return this.#member.leases.leaseLeases();
  }

  memberAdd(peerURLs: string[], isLearner: boolean): Promise<AddedMember> {
    return this.#member.membership.memberAdd(peerURLs, isLearner);
  }

  memberRemove(id: bigint): Promise<MemberMessage[]> {
    return this.#member.membership.memberRemove(id);
  }

  memberUpdate(id: bigint, peerURLs: string[]): Promise<MemberMessage[]> {
    return this.#member.membership.memberUpdate(id, peerURLs);
  }

  memberPromote(id: bigint): Promise<MemberMessage[]> {
    return this.#member.membership.memberPromote(id);
  }

  memberList(linearizable: boolean): Promise<MemberMessage[]> {
    return this.#member.membership.memberList(linearizable);
  }

  status(): StatusResponse {
    return this.#member.maintenance.status();
  }

  alarm(request: AlarmRequest): Promise<AlarmResponse> {
    return this.#member.maintenance.alarm(request);
  }

  hash(): Promise<HashResponse> {
    return this.#member.maintenance.hash();
  }

  hashKV(request: HashKVRequest): Promise<HashKVResponse> {
    return this.#member.maintenance.hashKV(request);
  }

  defragment(): Promise<void> {
    return this.#member.maintenance.defragment();
  }

  moveLeader(targetId: bigint): Promise<void> {
    return this.#member.maintenance.moveLeader(targetId);
  }

  backup(): Promise<BackupStream> {
    return this.#member.maintenance.backup();
  }

  openWatchStream(sink: WatchSink): WatchStreamPort {
    return this.#member.watches.openStream(sink);
  }
}
