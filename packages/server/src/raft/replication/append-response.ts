import { createMessage, hex, type Message } from "../messages.ts";
import { releasePendingReads } from "../leader-reads.ts";
import type { Raft } from "../raft.ts";
import { formatProgress, type Progress } from "../tracker/progress.ts";
import { maybeCommit } from "./commit.ts";
import { broadcastAppend, maybeSendAppend } from "./send.ts";

/** A follower's answer to an append or snapshot, or the leader's own disk's to its append. */
export function handleAppendResponse(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  if (message.reject) {
    handleRejection(raft, progress, message);
  } else {
    handleAcknowledgement(raft, progress, message);
  }
}

/**
 * The logs differ at `message.index`. The follower says that at `rejectHint` it has an entry of
 * term `logTerm`, and terms only rise along a log; so wherever the leader's term is higher than
 * that at or below the hint, the logs differ for certain, and the search goes on below:
 *
 *     index       1 2 3 4 5 6 7 8 9
 *     leader      1 3 3 3 5 5 5 5 5       probe at 9 is rejected with hint 6, term 2,
 *     follower    1 1 1 1 2 2             the next probe is at 1, and succeeds
 *
 * Together with the follower's choice of the hint that takes one probe per term, not per entry.
 */
function handleRejection(raft: Raft, progress: Progress, message: Message): void {
  raft.config.logger.debug(
    `${hex(raft.id)} received MsgAppResp(rejected, hint: (index ${message.rejectHint}, ` +
      `term ${message.logTerm})) from ${hex(message.from)} for index ${message.index}`,
  );
  let next = message.rejectHint;
  if (message.logTerm > 0) {
    next = raft.log.findConflictByTerm(next, message.logTerm).index;
  }
  if (!progress.maybeDecrTo(message.index, next)) {
    return;
  }
  if (progress.state === "StateReplicate") {
    progress.becomeProbe();
  }
  raft.config.logger.debug(
    `${hex(raft.id)} decreased progress of ${hex(message.from)} to [${formatProgress(progress)}]`,
  );
  maybeSendAppend(raft, progress, true);
}

function handleAcknowledgement(raft: Raft, progress: Progress, message: Message): void {
  // An old acknowledgement may still tell that a follower under probe is there and agrees.
  const confirmsProbe = progress.match === message.index && progress.state === "StateProbe";
  if (message.index > raft.log.lastIndex()) {
    raft.config.logger.error(
      `${hex(raft.id)} ignored acknowledgement of index ${message.index} by ` +
        `${hex(message.from)}: the log ends at ${raft.log.lastIndex()}`,
    );
    return;
  }
  if (!progress.maybeUpdate(message.index) && !confirmsProbe) {
    return;
  }
  resumeFlow(raft, progress, message);
  if (maybeCommit(raft)) {
    releasePendingReads(raft);
    broadcastAppend(raft);
  } else if (progress.id !== raft.id && progress.canBumpCommit(raft.log.committed)) {
    maybeSendAppend(raft, progress, true);
  }
  if (progress.id !== raft.id) {
    // Room for more than one message may have come free at once.
    while (maybeSendAppend(raft, progress, false)) {}
  }
  if (progress.id === raft.leadTransferee && progress.match === raft.log.lastIndex()) {
    sendTimeoutNow(raft, progress);
  }
}

function resumeFlow(raft: Raft, progress: Progress, message: Message): void {
  if (progress.state === "StateProbe") {
    progress.becomeReplicate();
  } else if (progress.state === "StateReplicate") {
    progress.inflights.freeTo(message.index);
  } else if (progress.match + 1 >= raft.log.firstIndex()) {
    // Whatever snapshot it has taken, from here or elsewhere, the log can do the rest.
    raft.config.logger.debug(
      `${hex(raft.id)} recovered from needing snapshot, resumed sending replication messages ` +
        `to ${hex(message.from)} [${formatProgress(progress)}]`,
    );
    progress.becomeProbe();
    progress.becomeReplicate();
  }
}

/** Bids a follower that has everything to campaign at once (thesis §3.10). */
export function sendTimeoutNow(raft: Raft, progress: Progress): void {
  raft.config.logger.info(`${hex(raft.id)} sent MsgTimeoutNow to ${hex(progress.id)}`);
  raft.send(createMessage("MsgTimeoutNow", progress.id));
}
