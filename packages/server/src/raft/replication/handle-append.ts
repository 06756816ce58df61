import { createMessage, hex, type Message } from "../messages.ts";
import type { Raft } from "../raft.ts";

/** An append from the leader of this term. */
export function handleAppend(raft: Raft, message: Message): void {
  if (!isWellFormed(message)) {
    raft.config.logger.error(
      `${hex(raft.id)} ignored malformed MsgApp from ${hex(message.from)} at index ${message.index}`,
    );
    return;
  }
  const response = createMessage("MsgAppResp", message.from);
  if (message.index < raft.log.committed) {
    response.index = raft.log.committed;
    raft.send(response);
    return;
  }
  const { index, logTerm, entries, commit } = message;
  const last = raft.log.maybeAppend(index, logTerm, entries, commit);
  if (last === undefined) {
    reject(raft, message, response);
  } else {
    response.index = last;
  }
  raft.send(response);
}

/**
 * The rejection suggests where to go on: the highest entry here, not beyond the one asked for, of
 * a term that the leader's log can have at that place. One question thus skips a whole tail of
 * later terms.
 */
function reject(raft: Raft, message: Message, response: Message): void {
  const { log } = raft;
  raft.config.logger.debug(
    `${hex(raft.id)} [logterm: ${log.termOrZero(message.index)}, index: ${message.index}] ` +
      `rejected MsgApp [logterm: ${message.logTerm}, index: ${message.index}] ` +
      `from ${hex(message.from)}`,
  );
  const hint = log.findConflictByTerm(Math.min(message.index, log.lastIndex()), message.logTerm);
  response.index = message.index;
  response.reject = true;
  response.rejectHint = hint.index;
  response.logTerm = hint.term;
}

/** Entries follow their predecessor one by one, in terms that never fall nor exceed the leader's. */
function isWellFormed(message: Message): boolean {
  const { entries } = message;
  let term = message.logTerm;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (entry.index !== message.index + 1 + i || entry.term < term) {
      return false;
    }
    term = entry.term;
  }
  return term <= message.term;
}
