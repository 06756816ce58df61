import { EMPTY_BYTES } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { propose } from "../replication/propose.ts";
import { formatTrackerConfig } from "../tracker/tracker-config.ts";

/**
 * Once the change that entered a joint configuration is applied, its leader proposes to leave it.
 * Called after every applied batch: refused now (a leader transfer is under way), it is tried
 * again on the next one, by this leader or by its successor. The proposal is empty, so that no
 * quota refuses it.
 */
export function autoLeaveJoint(raft: Raft): void {
  const { config } = raft.tracker;
  if (
    !config.autoLeave ||
    raft.state !== "StateLeader" ||
    raft.log.applied < raft.pendingConfIndex
  ) {
    return;
  }
  const accepted = propose(raft, [
    { term: 0, index: 0, type: "EntryConfChangeV2", data: EMPTY_BYTES },
  ]);
  raft.config.logger.info(
    `${accepted ? "" : "not "}initiating automatic transition out of joint configuration ` +
      formatTrackerConfig(config),
  );
}
