import type { NodeId } from "../messages.ts";

/** Voters, any majority of which may decide. Empty decides nothing and agrees to everything. */
export type MajorityConfig = ReadonlySet<NodeId>;

/** What each voter has acknowledged; undefined for one that has not been heard. */
export interface AckedIndexer {
  ackedIndex(id: NodeId): number | undefined;
}

export type VoteResult = "VotePending" | "VoteLost" | "VoteWon";

/**
 * The highest index acknowledged by a majority. Infinite for the empty configuration, so that it
 * leaves the decision to the other half of a joint one.
 */
export function majorityCommittedIndex(voters: MajorityConfig, acked: AckedIndexer): number {
  if (voters.size === 0) {
    return Number.POSITIVE_INFINITY;
  }
  const indexes: number[] = [];
  for (const id of voters) {
    insertDescending(indexes, acked.ackedIndex(id) ?? 0);
  }
  // A majority has at least the index at this position, counted from the highest.
  return indexes[Math.floor(voters.size / 2)]!;
}

function insertDescending(sorted: number[], value: number): void {
  let at = sorted.length;
  sorted.push(value);
  while (at > 0 && sorted[at - 1]! < value) {
    sorted[at] = sorted[at - 1]!;
    at--;
  }
  sorted[at] = value;
}

/** Where an election stands. The empty configuration has won. */
export function majorityVoteResult(
  voters: MajorityConfig,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  let granted = 0;
  let missing = 0;
  for (const id of voters) {
    const vote = votes.get(id);
    if (vote === undefined) {
      missing++;
    } else if (vote) {
      granted++;
    }
  }
  const quorum = Math.floor(voters.size / 2) + 1;
  if (voters.size === 0 || granted >= quorum) {
    return "VoteWon";
  }
  return granted + missing >= quorum ? "VotePending" : "VoteLost";
}
