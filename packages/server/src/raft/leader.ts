import { RaftError } from "./errors.ts";
import { handleTransferLeader } from "./election/transfer.ts";
import { handleReadConfirmation, handleReadIndex } from "./leader-reads.ts";
import { hex, type Message, NONE } from "./messages.ts";
import type { Raft } from "./raft.ts";
import { handleAppendResponse } from "./replication/append-response.ts";
import { propose } from "./replication/propose.ts";
import { broadcastHeartbeat, maybeSendAppend } from "./replication/send.ts";
import type { Progress } from "./tracker/progress.ts";

/** The leader takes proposals and reads, and follows up on what the members report. */
export function stepLeader(raft: Raft, message: Message): void {
  switch (message.type) {
    case "MsgProp":
      if (!propose(raft, message.entries)) {
        throw new RaftError("ErrProposalDropped");
      }
      break;
    case "MsgReadIndex":
      handleReadIndex(raft, message);
      break;
    case "MsgBeat":
      broadcastHeartbeat(raft);
      break;
    case "MsgCheckQuorum":
      checkQuorum(raft);
      break;
    default:
      stepReport(raft, message);
  }
}

/** Messages about one member, by itself or on its behalf. */
function stepReport(raft: Raft, message: Message): void {
  const progress = raft.tracker.get(message.from);
  if (progress === undefined) {
    raft.config.logger.debug(`${hex(raft.id)} no progress available for ${hex(message.from)}`);
    return;
  }
  switch (message.type) {
    case "MsgAppResp":
      handleAppendResponse(raft, progress, message);
      break;
    case "MsgHeartbeatResp":
      handleHeartbeatResponse(raft, progress, message);
      break;
    case "MsgSnapStatus":
      handleSnapshotStatus(progress, message);
      break;
    case "MsgUnreachable":
      handleUnreachable(progress);
      break;
    case "MsgTransferLeader":
      handleTransferLeader(raft, progress, message);
      break;
    default:
  }
}

/** Without a quorum heard since the last check this member may lead nobody, and must say so. */
function checkQuorum(raft: Raft): void {
  if (!raft.tracker.quorumActive()) {
    raft.config.logger.warn(`${hex(raft.id)} stepped down to follower since quorum is not active`);
    raft.becomeFollower(raft.term, NONE);
  }
  for (const progress of raft.tracker.ordered) {
    if (progress.id !== raft.id) {
      progress.recentActive = false;
    }
  }
}

/**
 * A sign of life lifts the pause. Whoever is behind, or under probe, gets an append: it restarts a
 * stream of which everything was lost, or brings a caught-up member back from its probe.
 */
function handleHeartbeatResponse(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  progress.appendFlowPaused = false;
  if (progress.match < raft.log.lastIndex() || progress.state === "StateProbe") {
    maybeSendAppend(raft, progress, true);
  }
  handleReadConfirmation(raft, message);
}

/**
 * The snapshot has been delivered, or lost. Either way the next append waits: for the follower's
 * own word in the first case, for a heartbeat in the second.
 */
function handleSnapshotStatus(progress: Progress, message: Message): void {
  if (progress.state !== "StateSnapshot") {
    return;
  }
  if (message.reject) {
    // Or the probe would start behind a snapshot that was never installed.
    progress.pendingSnapshot = 0;
  }
  progress.becomeProbe();
  progress.appendFlowPaused = true;
}

/** A stream of appends was probably lost; find out what arrived. */
function handleUnreachable(progress: Progress): void {
  if (progress.state === "StateReplicate") {
    progress.becomeProbe();
  }
}
