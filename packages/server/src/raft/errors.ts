/** Reasons for which the core or its storage refuses work. None of them harms the caller's state. */
export type RaftErrorCode =
  | "ErrProposalDropped"
  | "ErrCompacted"
  | "ErrUnavailable"
  | "ErrSnapOutOfDate"
  | "ErrSnapshotTemporarilyUnavailable"
  | "ErrStepLocalMsg"
  | "ErrStepPeerNotFound"
  | "ErrInvalidConfig";

const TEXTS: Record<RaftErrorCode, string> = {
  ErrProposalDropped: "raft proposal dropped",
  ErrCompacted: "requested index is unavailable due to compaction",
  ErrUnavailable: "requested entry at index is unavailable",
  ErrSnapOutOfDate: "requested index is older than the existing snapshot",
  ErrSnapshotTemporarilyUnavailable: "snapshot is temporarily unavailable",
  ErrStepLocalMsg: "raft: cannot step raft local message",
  ErrStepPeerNotFound: "raft: cannot step as peer not found",
  ErrInvalidConfig: "raft: invalid configuration",
};

/** Refused work: test `code`. Broken invariants are `InvariantError`s instead. */
export class RaftError extends Error {
  override readonly name = "RaftError";
  readonly code: RaftErrorCode;

  constructor(code: RaftErrorCode, message: string = TEXTS[code]) {
    super(message);
    this.code = code;
  }
}

export function isRaftError(error: unknown, code: RaftErrorCode): error is RaftError {
  return error instanceof RaftError && error.code === code;
}
