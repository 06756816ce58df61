import { hex, type Message, NONE } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { sendTimeoutNow } from "../replication/append-response.ts";
import { maybeSendAppend } from "../replication/send.ts";
import type { Progress } from "../tracker/progress.ts";

/**
 * The leader hands over to `progress` (thesis §3.10): it takes no more proposals, brings the
 * transferee's log up to its own, and then bids it to campaign. All that within one election
 * timeout, or it goes on leading as if nothing had been.
 */
export function handleTransferLeader(raft: Raft, progress: Progress, message: Message): void {
  const { logger } = raft.config;
  const transferee = message.from;
  if (progress.isLearner || transferee === raft.leadTransferee) {
    logger.info(`${hex(raft.id)} ignored transferring leadership to ${hex(transferee)}`);
    return;
  }
  if (raft.leadTransferee !== NONE) {
    logger.info(`${hex(raft.id)} aborts transferring leadership to ${hex(raft.leadTransferee)}`);
    raft.leadTransferee = NONE;
  }
  if (transferee === raft.id) {
    logger.debug(`${hex(raft.id)} is already leader. Ignored transferring leadership to self`);
    return;
  }
  logger.info(
    `${hex(raft.id)} [term ${raft.term}] starts to transfer leadership to ${hex(transferee)}`,
  );
  raft.electionElapsed = 0;
  raft.leadTransferee = transferee;
  if (progress.match === raft.log.lastIndex()) {
    sendTimeoutNow(raft, progress);
  } else {
    maybeSendAppend(raft, progress, true);
  }
}
