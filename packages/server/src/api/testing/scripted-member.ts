/** A member that answers by script: what a test does not set is refused with "not scripted". */
import { EtcdError, type WatchCreateRequest, WatchResponse } from "@kvorum/proto";
import type { MemberPort, WatchSink, WatchStreamPort } from "../../member/ports.ts";

export const CLUSTER_ID = 0xcdf818194e3a8c32n;
export const MEMBER_ID = 0x8e9e05c52164694dn;

function notScripted(): never {
  throw new EtcdError(2, "not scripted");
}

export interface ScriptedMember extends MemberPort {
  leaderId: bigint;
  isLearner: boolean;
  currentRevision: number;
  readonly watchStreams: ScriptedWatchStream[];
  loseLeader(): void;
}

/** Records what is asked of a watch stream. */
export class ScriptedWatchStream implements WatchStreamPort {
  readonly sink: WatchSink;
  readonly created: WatchCreateRequest[] = [];
  readonly canceled: number[] = [];
  progressRequests = 0;
  resumes = 0;
  isClosed = false;
  onClose: () => void = () => undefined;
  /** Thrown by the next `create`. */
  refusal: Error | undefined;

  constructor(sink: WatchSink) {
    this.sink = sink;
  }

  create(request: WatchCreateRequest, onCreated: (watchId: number) => void): number {
    if (this.refusal !== undefined) throw this.refusal;
    const id = request.watchId === 0 ? this.created.length : request.watchId;
    this.created.push(request);
    onCreated(id);
    return id;
  }

  cancel(watchId: number): boolean {
    this.canceled.push(watchId);
    return watchId < this.created.length;
  }

  requestProgress(): void {
    this.progressRequests += 1;
    this.sink.send(WatchResponse.create({ watchId: -1 }));
  }

  resume(): void {
    this.resumes += 1;
  }

  close(): void {
    this.isClosed = true;
    this.onClose();
  }
}

export function scriptMember(script: Partial<ScriptedMember> = {}): ScriptedMember {
  const lost = new Set<() => void>();
  const watchStreams: ScriptedWatchStream[] = [];
  const member: ScriptedMember = {
    id: MEMBER_ID,
    leaderId: MEMBER_ID,
    isLearner: false,
    currentRevision: 42,
    watchStreams,
    headerFields: () => ({ clusterId: CLUSTER_ID, memberId: MEMBER_ID, raftTerm: 7 }),
    onLeaderLost: (listener) => {
      lost.add(listener);
      return () => lost.delete(listener);
    },
    loseLeader: () => {
      for (const listener of lost) listener();
    },
    openWatchStream: (sink) => {
      const stream = new ScriptedWatchStream(sink);
      watchStreams.push(stream);
      return stream;
    },
    range: notScripted,
    rangeStream: notScripted,
    put: notScripted,
    deleteRange: notScripted,
    txn: notScripted,
    compact: notScripted,
    leaseGrant: notScripted,
    leaseRevoke: notScripted,
    leaseRenew: notScripted,
    leaseTimeToLive: notScripted,
    leaseLeases: notScripted,
    memberAdd: notScripted,
    memberRemove: notScripted,
    memberUpdate: notScripted,
    memberPromote: notScripted,
    memberList: notScripted,
    status: notScripted,
    alarm: notScripted,
    hash: notScripted,
    hashKV: notScripted,
    defragment: notScripted,
    moveLeader: notScripted,
    backup: notScripted,
  };
  return Object.assign(member, script);
}
