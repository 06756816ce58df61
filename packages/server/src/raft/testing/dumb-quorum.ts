import type { NodeId } from "../messages.ts";
import type { VoteResult } from "../quorum/majority.ts";

/** The committed index by its definition: the highest that more than half of the voters reach. */
export function dumbCommittedIndex(
  voters: ReadonlySet<NodeId>,
  acked: ReadonlyMap<NodeId, number>,
): number {
  if (voters.size === 0) {
    return Number.POSITIVE_INFINITY;
  }
  const reaches = (index: number): boolean =>
    [...voters].filter((id) => (acked.get(id) ?? 0) >= index).length * 2 > voters.size;
  return Math.max(0, ...[...acked.values()].filter(reaches));
}

/** The vote's result by its definition: try every way in which the missing votes could go. */
export function dumbVoteResult(
  voters: ReadonlySet<NodeId>,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  const wins = (missing: boolean): boolean =>
    [...voters].filter((id) => votes.get(id) ?? missing).length * 2 > voters.size;
  if (voters.size === 0 || wins(false)) {
    return "VoteWon";
  }
  return wins(true) ? "VotePending" : "VoteLost";
}
