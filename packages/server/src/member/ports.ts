/**
 * The member's two borders, as interfaces.
 *
 * Inward: what `api/`, `http/` and `peer/` may ask of a running member (`MemberPort` and its parts).
 * Outward: what the member needs from the network (`Transport`). Nothing outside `member/` sees more
 * of it than this file, so the daemon and the simulator plug the same member into different worlds.
 *
 * Responses come back with `header.revision` set where the operation has one; the caller completes
 * cluster id, member id and term from `headerFields()` (etcd fills headers at the same border).
 * Every method rejects with an `EtcdError` for anything that a client may see.
 */
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
  WatchCreateRequest,
  WatchResponse,
} from "@kvorum/proto";
import type { LongMessage } from "../lib/long-message.ts";
import type { Later } from "../lib/reply.ts";
import type { Member } from "../membership/member.ts";
import type { Message, NodeId } from "../raft/messages.ts";

/** The parts of a response header that are the member's own, at this moment. */
export interface HeaderFields {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly raftTerm: number;
}

/** A long range response whose `kvs` are stored as they go over the wire: to be sent without decoding. */
export interface LongRange extends RangeResponse {
  /** The whole message; to be called once, and `kvs` are gone then. */
  readonly encode: () => LongMessage;
}

export interface KvPort {
  /** A long result may be a `LongRange`. */
  range(request: RangeRequest): Later<RangeResponse> | RangeResponse;
  /** Chunks of one range at one revision; the last chunk alone carries header, more and count. */
  rangeStream(request: RangeRequest): AsyncIterable<RangeResponse>;
  put(request: PutRequest): Later<PutResponse>;
  deleteRange(request: DeleteRangeRequest): Later<DeleteRangeResponse>;
  txn(request: TxnRequest): Later<TxnResponse>;
  compact(request: CompactionRequest): Promise<CompactionResponse>;
}

export interface LeasePort {
  leaseGrant(request: LeaseGrantRequest): Later<LeaseGrantResponse>;
  leaseRevoke(request: LeaseRevokeRequest): Later<LeaseRevokeResponse>;
  /** New TTL in seconds; rejects with `requested lease not found` for an unknown lease. */
  leaseRenew(id: bigint): Later<number>;
  leaseTimeToLive(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse>;
  leaseLeases(): Promise<LeaseLeasesResponse>;
}

/** The new member, and all members with it. */
export interface AddedMember {
  readonly member: MemberMessage;
  readonly members: MemberMessage[];
}

export interface ClusterPort {
  memberAdd(peerURLs: string[], isLearner: boolean): Promise<AddedMember>;
  memberRemove(id: bigint): Promise<MemberMessage[]>;
  memberUpdate(id: bigint, peerURLs: string[]): Promise<MemberMessage[]>;
  memberPromote(id: bigint): Promise<MemberMessage[]>;
  memberList(linearizable: boolean): Promise<MemberMessage[]>;
}

/** A backup being streamed: `etcd`'s snapshot file, digest included, in order. */
export interface BackupStream {
  /** Bytes of the whole file, digest included; known before the first chunk. */
  readonly totalBytes: number;
  /** Storage version, e.g. `3.7.0`. */
  readonly version: string;
  /** Chunks of any size; `return()` releases the frozen view. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Gives a chunk back whose memory may be used again: whoever keeps chunks does not call it. */
  release(chunk: Buffer): void;
}

export interface MaintenancePort {
  status(): StatusResponse;
  alarm(request: AlarmRequest): Promise<AlarmResponse>;
  hash(): Promise<HashResponse>;
  hashKV(request: HashKVRequest): Promise<HashKVResponse>;
  /** Asks the engine to compact; the member goes on serving. */
  defragment(): Promise<void>;
  moveLeader(targetId: bigint): Promise<void>;
  backup(): Promise<BackupStream>;
}

/** Where one watch stream's responses go. */
export interface WatchSink {
  /**
   * Takes one response; `encoded`, when given, is its wire form and must not be changed. False says
   * the stream is over its high-water mark: send no events until `WatchStreamPort.resume()`.
   */
  send(response: WatchResponse, encoded?: Uint8Array): boolean;
}

export { WatchCreateError } from "../mvcc/watch/watch-stream.ts";

/** The watchers of one Watch RPC. */
export interface WatchStreamPort {
  /**
   * Creates a watcher and returns its id. `onCreated` is called with it before any event can be
   * sent. Throws `WatchCreateError` when the request cannot be served.
   */
  create(request: WatchCreateRequest, onCreated: (watchId: number) => void): number;
  /** False when there is no such watcher on this stream. */
  cancel(watchId: number): boolean;
  /** Answers with watch id −1 once every watcher of the stream is synced. */
  requestProgress(): void;
  /** The sink has drained. */
  resume(): void;
  /** Ends every watcher of the stream. */
  close(): void;
}

export interface WatchPort {
  openWatchStream(sink: WatchSink): WatchStreamPort;
  /** Current store revision, for `created` and `canceled` responses. */
  readonly currentRevision: number;
}

export interface MemberPort extends KvPort, LeasePort, ClusterPort, MaintenancePort, WatchPort {
  headerFields(): HeaderFields;
  /** This member's own id. */
  readonly id: bigint;
  /** 0n when no leader is known. */
  readonly leaderId: bigint;
  readonly isLearner: boolean;
  /** Called with true after three election timeouts without a leader, false when one is back. */
  onLeaderLost(listener: () => void): () => void;
}

/** What members ask of each other beside Raft messages; asked and served over the peer port. */
export interface PeerRequests {
  promoteMember(id: bigint): Promise<void>;
  leaseRenew(id: bigint): Promise<number>;
  leaseTimeToLive(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse>;
  hashKV(request: HashKVRequest): Promise<HashKVResponse>;
}

/** What the peer port serves of the member. */
export interface PeerHost extends PeerRequests, TransportReceiver {
  members(): Member[];
  isRemoved(id: bigint): boolean;
  /** Cluster version, e.g. `3.7.0`; undefined until decided. */
  readonly clusterVersion: string | undefined;
  /** A peer says that this member is no longer part of the cluster. */
  removedFromCluster(): void;
  /** Every peer says that it belongs to this other cluster, so one of the data directories is wrong. */
  foreignCluster(clusterId: bigint): void;
}

/** What arrives from the network. */
export interface TransportReceiver {
  /** Raft messages of one peer, in the order sent. */
  receive(messages: Message[]): void;
  /**
   * A peer's streamed snapshot, in chunks that do not change any more; resolves once it is durable here and
   * handed to Raft.
   */
  receiveSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Messages to this peer were dropped. */
  reportUnreachable(id: NodeId): void;
}

/** The network as the member sees it: unreliable, ordered per peer while a connection lasts. */
export interface Transport {
  /**
   * Never blocks and never throws. Answers the messages that were certainly not sent, as there is no
   * connection to their receiver, or too much waits on it; of the others nothing is certain.
   */
  send(messages: Message[]): Message[];
  /**
   * Streams a snapshot; resolves once the receiver has it durably, rejects when it does not. A chunk is void
   * as soon as the next is asked for.
   */
  sendSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  addPeer(id: NodeId, peerURLs: readonly string[]): void;
  updatePeer(id: NodeId, peerURLs: readonly string[]): void;
  removePeer(id: NodeId): void;
  /** Monotonic ms since when messages of this peer have been arriving without a break; undefined if not. */
  activeSince(id: NodeId): number | undefined;
  /** Asks the given peer, over its peer URL. */
  peer(id: NodeId): PeerRequests | undefined;
  close(): Promise<void>;
}
