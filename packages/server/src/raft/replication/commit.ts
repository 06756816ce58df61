import type { Raft } from "../raft.ts";

/**
 * Commits what a quorum holds, if its last entry is of the leader's own term; entries of earlier
 * terms are only ever committed along with one (paper §5.4.2). Returns whether anything was.
 */
export function maybeCommit(raft: Raft): boolean {
  return raft.log.maybeCommit(raft.tracker.committed(), raft.term);
}
