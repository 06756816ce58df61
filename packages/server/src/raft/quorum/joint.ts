import type { NodeId } from "../messages.ts";
import {
  type AckedIndexer,
  type MajorityConfig,
  majorityCommittedIndex,
  majorityVoteResult,
  type VoteResult,
} from "./majority.ts";

/**
 * Two majorities that must both agree (paper §6). Outside of a membership transition `outgoing`
 * is empty and `incoming` decides alone.
 */
export interface JointConfig {
  readonly incoming: MajorityConfig;
  readonly outgoing: MajorityConfig;
}

/** All voters of either half, in ascending order. */
export function jointIds(config: JointConfig): NodeId[] {
  return sortedIds(new Set([...config.incoming, ...config.outgoing]));
}

export function isVoter(config: JointConfig, id: NodeId): boolean {
  return config.incoming.has(id) || config.outgoing.has(id);
}

/** The highest index that both majorities have acknowledged. */
export function jointCommittedIndex(config: JointConfig, acked: AckedIndexer): number {
  const incoming = majorityCommittedIndex(config.incoming, acked);
  return config.outgoing.size === 0
    ? incoming
    : Math.min(incoming, majorityCommittedIndex(config.outgoing, acked));
}

/** Won only if both halves are won, lost as soon as one is. */
export function jointVoteResult(
  config: JointConfig,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  const incoming = majorityVoteResult(config.incoming, votes);
  const outgoing = majorityVoteResult(config.outgoing, votes);
  if (incoming === outgoing) {
    return incoming;
  }
  return incoming === "VoteLost" || outgoing === "VoteLost" ? "VoteLost" : "VotePending";
}

export function sortedIds(ids: Iterable<NodeId>): NodeId[] {
  return [...ids].sort(compareIds);
}

export function compareIds(a: NodeId, b: NodeId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
