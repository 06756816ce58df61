import { createMessage, hex, type Message, NONE } from "../messages.ts";
import type { Raft } from "../raft.ts";

/**
 * A request for a vote or pre-vote in this term or, for a pre-vote, a later one. Granted at most
 * once per term, and only to a log at least as complete as the own one (paper §5.2, §5.4.1).
 *
 * A learner votes like everybody else. It may long be a voter without having learnt so yet, and
 * its vote the one that is needed to elect a leader who can tell it.
 */
export function handleVoteRequest(raft: Raft, message: Message): void {
  const granted = mayVoteFor(raft, message) && raft.log.isUpToDate(message.index, message.logTerm);
  raft.config.logger.info(
    `${hex(raft.id)} [logterm: ${raft.log.lastTerm()}, index: ${raft.log.lastIndex()}, ` +
      `vote: ${hex(raft.vote)}] ${granted ? "cast" : "rejected"} ${message.type} for ` +
      `${hex(message.from)} [logterm: ${message.logTerm}, index: ${message.index}] ` +
      `at term ${raft.term}`,
  );
  const response = createMessage(
    message.type === "MsgVote" ? "MsgVoteResp" : "MsgPreVoteResp",
    message.from,
  );
  // A granted pre-vote is in the asker's future term; answered in the own one it would be ignored.
  response.term = granted ? message.term : raft.term;
  response.reject = !granted;
  raft.send(response);
  if (granted && message.type === "MsgVote") {
    raft.electionElapsed = 0;
    raft.vote = message.from;
  }
}

function mayVoteFor(raft: Raft, message: Message): boolean {
  return (
    raft.vote === message.from ||
    (raft.vote === NONE && raft.lead === NONE) ||
    (message.type === "MsgPreVote" && message.term > raft.term)
  );
}
