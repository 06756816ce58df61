import { createMessage, hex, type Message, type MessageType, NONE } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { handleStaleStorageAppendResponse } from "../replication/storage-responses.ts";
import { inLease, isTransferCampaign } from "./campaign.ts";

/**
 * A message from a later term. Usually this member enters that term as a follower; returns whether
 * the message is to be handled any further.
 */
export function admitHigherTerm(raft: Raft, message: Message): boolean {
  const { type, term, from } = message;
  const { logger } = raft.config;
  const isRequest = type === "MsgVote" || type === "MsgPreVote";
  if (isRequest && inLease(raft) && !isTransferCampaign(message.context)) {
    // Somebody who no longer hears the leader, perhaps as he was removed, must not disturb those
    // who do (paper §6).
    logger.info(
      `${hex(raft.id)} ignored ${type} from ${hex(from)} at term ${raft.term}: lease is not ` +
        `expired (remaining ticks: ${raft.config.electionTick - raft.electionElapsed})`,
    );
    return false;
  }
  if (type === "MsgPreVote" || (type === "MsgPreVoteResp" && !message.reject)) {
    // Asked or promised for a term that nobody has entered yet.
    return true;
  }
  logger.info(
    `${hex(raft.id)} [term: ${raft.term}] received a ${type} message with higher term from ` +
      `${hex(from)} [term: ${term}]`,
  );
  raft.becomeFollower(term, isFromLeader(type) ? from : NONE);
  return true;
}

function isFromLeader(type: MessageType): boolean {
  return type === "MsgApp" || type === "MsgHeartbeat" || type === "MsgSnap";
}

/**
 * A message from an earlier term is void, but three kinds need more than silence:
 *
 * - A leader of an earlier term, when votes are subject to leases or pre-votes: this member may be
 *   stuck at a higher term that no election will spread. The empty answer carries the term to that
 *   leader and makes it step down.
 * - A pre-vote: unanswered, members with a higher term and members with a longer log could wait
 *   for each other for ever.
 * - The disk: what it has written may have been overwritten since, but a snapshot is good in any
 *   term.
 */
export function handleLowerTerm(raft: Raft, message: Message): void {
  const { type, from } = message;
  const { checkQuorum, preVote, logger } = raft.config;
  if ((checkQuorum || preVote) && (type === "MsgHeartbeat" || type === "MsgApp")) {
    raft.send(createMessage("MsgAppResp", from));
  } else if (type === "MsgPreVote") {
    logger.info(`${hex(raft.id)} rejected MsgPreVote from ${hex(from)} at term ${raft.term}`);
    const response = createMessage("MsgPreVoteResp", from);
    response.term = raft.term;
    response.reject = true;
    raft.send(response);
  } else if (type === "MsgStorageAppendResp") {
    handleStaleStorageAppendResponse(raft, message);
  } else {
    logger.info(
      `${hex(raft.id)} [term: ${raft.term}] ignored a ${type} message with lower term from ` +
        `${hex(from)} [term: ${message.term}]`,
    );
  }
}
