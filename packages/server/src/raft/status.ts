import type { NodeId } from "./messages.ts";
import type { Raft, RaftState } from "./raft.ts";
import type { ProgressState } from "./tracker/progress.ts";
import type { TrackerConfig } from "./tracker/tracker-config.ts";

/** The member's own state. Cheap. */
export interface BasicStatus {
  id: NodeId;
  /** The leader as far as known. */
  lead: NodeId;
  raftState: RaftState;
  term: number;
  vote: NodeId;
  commit: number;
  /** As confirmed to the core. */
  applied: number;
  leadTransferee: NodeId;
  isLearner: boolean;
}

/** A leader's view of one member. */
export interface ProgressStatus {
  match: number;
  next: number;
  state: ProgressState;
  isLearner: boolean;
  /** Heard from since the last quorum check. */
  recentActive: boolean;
  paused: boolean;
  pendingSnapshot: number;
  inflight: number;
  inflightFull: boolean;
}

export interface Status extends BasicStatus {
  config: TrackerConfig;
  /** In ascending order of id; empty unless this member leads. */
  progress: ReadonlyMap<NodeId, ProgressStatus>;
}

export function basicStatusOf(raft: Raft): BasicStatus {
  return {
    id: raft.id,
    lead: raft.lead,
    raftState: raft.state,
    term: raft.term,
    vote: raft.vote,
    commit: raft.log.committed,
    applied: raft.log.applied,
    leadTransferee: raft.leadTransferee,
    isLearner: raft.isLearner,
  };
}

export function statusOf(raft: Raft): Status {
  const progress = new Map<NodeId, ProgressStatus>();
  if (raft.state === "StateLeader") {
    for (const peer of raft.tracker.ordered) {
      progress.set(peer.id, {
        match: peer.match,
        next: peer.next,
        state: peer.state,
        isLearner: peer.isLearner,
        recentActive: peer.recentActive,
        paused: peer.isPaused(),
        pendingSnapshot: peer.pendingSnapshot,
        inflight: peer.inflights.count,
        inflightFull: peer.inflights.isFull(),
      });
    }
  }
  return { ...basicStatusOf(raft), config: raft.tracker.config, progress };
}
