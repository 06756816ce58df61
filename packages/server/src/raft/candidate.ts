import { RaftError } from "./errors.ts";
import { campaign } from "./election/campaign.ts";
import { hex, type Message, NONE } from "./messages.ts";
import type { Raft } from "./raft.ts";
import { handleAppend } from "./replication/handle-append.ts";
import { handleHeartbeat } from "./replication/handle-heartbeat.ts";
import { handleSnapshot } from "./replication/handle-snapshot.ts";
import { broadcastAppend } from "./replication/send.ts";

/**
 * Candidates and pre-candidates: they count the votes of their own kind, and yield to whoever
 * turns out to lead the term.
 */
export function stepCandidate(raft: Raft, message: Message): void {
  switch (message.type) {
    case "MsgProp":
      raft.config.logger.info(`${hex(raft.id)} no leader at term ${raft.term}; dropping proposal`);
      throw new RaftError("ErrProposalDropped");
    case "MsgApp":
      raft.becomeFollower(message.term, message.from);
      handleAppend(raft, message);
      break;
    case "MsgHeartbeat":
      raft.becomeFollower(message.term, message.from);
      handleHeartbeat(raft, message);
      break;
    case "MsgSnap":
      raft.becomeFollower(message.term, message.from);
      handleSnapshot(raft, message);
      break;
    case "MsgVoteResp":
    case "MsgPreVoteResp":
      handleVoteResponse(raft, message);
      break;
    case "MsgTimeoutNow":
      raft.config.logger.debug(
        `${hex(raft.id)} [term ${raft.term} state ${raft.state}] ignored MsgTimeoutNow ` +
          `from ${hex(message.from)}`,
      );
      break;
    default:
  }
}

function handleVoteResponse(raft: Raft, message: Message): void {
  const wanted = raft.state === "StatePreCandidate" ? "MsgPreVoteResp" : "MsgVoteResp";
  if (message.type !== wanted) {
    // A late answer to the pre-vote that led to this candidacy.
    return;
  }
  raft.tracker.recordVote(message.from, !message.reject);
  const { granted, rejected, result } = raft.tracker.tallyVotes();
  raft.config.logger.info(
    `${hex(raft.id)} has received ${granted} ${message.type} votes and ${rejected} vote rejections`,
  );
  if (result === "VoteLost") {
    raft.becomeFollower(raft.term, NONE);
  } else if (result === "VoteWon") {
    handleVoteWon(raft);
  }
}

function handleVoteWon(raft: Raft): void {
  if (raft.state === "StatePreCandidate") {
    campaign(raft, "Election");
  } else {
    raft.becomeLeader();
    broadcastAppend(raft);
  }
}
