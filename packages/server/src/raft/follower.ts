import { hup } from "./election/campaign.ts";
import { RaftError } from "./errors.ts";
import { hex, type Message, NONE } from "./messages.ts";
import type { Raft } from "./raft.ts";
import { handleAppend } from "./replication/handle-append.ts";
import { handleHeartbeat } from "./replication/handle-heartbeat.ts";
import { handleSnapshot } from "./replication/handle-snapshot.ts";

/** Followers obey the leader of their term and pass on to it what only it can do. */
export function stepFollower(raft: Raft, message: Message): void {
  switch (message.type) {
    case "MsgApp":
      acknowledgeLeader(raft, message);
      handleAppend(raft, message);
      break;
    case "MsgHeartbeat":
      acknowledgeLeader(raft, message);
      handleHeartbeat(raft, message);
      break;
    case "MsgSnap":
      acknowledgeLeader(raft, message);
      handleSnapshot(raft, message);
      break;
    case "MsgProp":
      forwardProposal(raft, message);
      break;
    case "MsgReadIndex":
    case "MsgTransferLeader":
      forward(raft, message);
      break;
    case "MsgReadIndexResp":
      raft.readStates.push({ index: message.index, context: message.context });
      break;
    case "MsgForgetLeader":
      forgetLeader(raft);
      break;
    case "MsgTimeoutNow":
      // No pre-vote: the leader itself has asked, so this is no return from a partition.
      raft.config.logger.info(
        `${hex(raft.id)} [term ${raft.term}] received MsgTimeoutNow from ${hex(message.from)} ` +
          "and starts an election to get leadership",
      );
      hup(raft, "Transfer");
      break;
    default:
  }
}

function acknowledgeLeader(raft: Raft, message: Message): void {
  raft.electionElapsed = 0;
  raft.lead = message.from;
}

function forwardProposal(raft: Raft, message: Message): void {
  const { logger, disableProposalForwarding } = raft.config;
  if (raft.lead === NONE || disableProposalForwarding) {
    logger.info(
      `${hex(raft.id)} not forwarding to leader ${hex(raft.lead)} at term ${raft.term}; ` +
        "dropping proposal",
    );
    throw new RaftError("ErrProposalDropped");
  }
  forward(raft, message);
}

function forward(raft: Raft, message: Message): void {
  if (raft.lead === NONE) {
    raft.config.logger.info(
      `${hex(raft.id)} no leader at term ${raft.term}; dropping ${message.type}`,
    );
    return;
  }
  message.to = raft.lead;
  raft.send(message);
}

/**
 * Makes this member ready to vote although its lease on the leader has not run out. Not with
 * lease-based reads, whose safety rests on that lease.
 */
function forgetLeader(raft: Raft): void {
  const { logger, readOnlyOption } = raft.config;
  if (readOnlyOption === "ReadOnlyLeaseBased") {
    logger.error("ignoring MsgForgetLeader due to ReadOnlyLeaseBased");
  } else if (raft.lead !== NONE) {
    logger.info(`${hex(raft.id)} forgetting leader ${hex(raft.lead)} at term ${raft.term}`);
    raft.lead = NONE;
  }
}
