import { restoreConfig } from "../confchange/apply.ts";
import { createMessage, hex, type Message, NONE, type Snapshot } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { ProgressTracker } from "../tracker/progress-tracker.ts";

/** A snapshot from the leader of this term; the answer tells how far the log now reaches. */
export function handleSnapshot(raft: Raft, message: Message): void {
  const { snapshot } = message;
  const restored = snapshot !== undefined && restore(raft, snapshot);
  raft.config.logger.info(
    `${hex(raft.id)} [commit: ${raft.log.committed}] ${restored ? "restored" : "ignored"} ` +
      `snapshot [index: ${snapshot?.metadata.index}, term: ${snapshot?.metadata.term}]`,
  );
  const response = createMessage("MsgAppResp", message.from);
  response.index = restored ? raft.log.lastIndex() : raft.log.committed;
  raft.send(response);
}

/** Replaces log and configuration by the snapshot's, unless it has nothing new. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { index, term } = snapshot.metadata;
  if (index <= raft.log.committed) {
    return false;
  }
  if (raft.state !== "StateFollower") {
    // Cannot happen; yet a leader whose log is replaced under it would do real damage.
    raft.config.logger.warn(`${hex(raft.id)} attempted to restore snapshot as leader`);
    raft.becomeFollower(raft.term + 1, NONE);
    return false;
  }
  if (!isMember(raft, snapshot)) {
    raft.config.logger.warn(
      `${hex(raft.id)} attempted to restore snapshot but it is not in the ConfState`,
    );
    return false;
  }
  if (raft.log.matchTerm(index, term)) {
    // The log has everything already: only the commit index is news.
    raft.log.commitTo(index);
    return false;
  }
  raft.log.restore(snapshot);
  const { maxInflightMsgs, maxInflightBytes } = raft.config;
  raft.supersededTracker ??= raft.tracker;
  raft.tracker = new ProgressTracker(maxInflightMsgs, maxInflightBytes);
  restoreConfig(raft, snapshot.metadata.confState);
  return true;
}

/** Whoever waits in `learnersNext` still is an outgoing voter, so that need not be searched. */
function isMember(raft: Raft, snapshot: Snapshot): boolean {
  const { voters, learners, votersOutgoing } = snapshot.metadata.confState;
  return [voters, learners, votersOutgoing].some((ids) => ids.includes(raft.id));
}
