import { createMessage, hex, NONE, type NodeId } from "../messages.ts";
import { jointIds } from "../quorum/joint.ts";
import type { Raft } from "../raft.ts";

/**
 * `PreElection` asks whether an election could be won, `Election` holds it, `Transfer` holds it on
 * the leader's own wish, which overrides the lease that voters grant to a live leader.
 */
export type CampaignType = "PreElection" | "Election" | "Transfer";

/** Marks the vote requests of a campaign that the leader asked for. */
export const CAMPAIGN_TRANSFER: Uint8Array = new TextEncoder().encode("CampaignTransfer");

/** Campaigns, unless this member leads already or must not. */
export function hup(raft: Raft, type: CampaignType): void {
  const { logger } = raft.config;
  if (raft.state === "StateLeader") {
    logger.debug(`${hex(raft.id)} ignoring MsgHup because already leader`);
  } else if (!raft.promotable()) {
    logger.warn(`${hex(raft.id)} is unpromotable and can not campaign`);
  } else if (hasUnappliedConfChanges(raft)) {
    logger.warn(
      `${hex(raft.id)} cannot campaign at term ${raft.term} since there are still pending ` +
        "configuration changes to apply",
    );
  } else {
    logger.info(`${hex(raft.id)} is starting a new election at term ${raft.term}`);
    campaign(raft, type);
  }
}

/**
 * A change takes effect when it is applied, so with one committed but unapplied this member would
 * count the votes of a configuration that may be over.
 */
function hasUnappliedConfChanges(raft: Raft): boolean {
  const { log } = raft;
  let lo = log.applied + 1;
  while (lo <= log.committed) {
    const page = log.slice(lo, log.committed + 1, raft.config.maxCommittedSizePerReady);
    if (page.some((entry) => entry.type !== "EntryNormal")) {
      return true;
    }
    lo += page.length;
  }
  return false;
}

/** Asks every voter, itself included: its own vote counts once it is durable, like any other. */
export function campaign(raft: Raft, type: CampaignType): void {
  const preElection = type === "PreElection";
  if (preElection) {
    raft.becomePreCandidate();
  } else {
    raft.becomeCandidate();
  }
  const term = preElection ? raft.term + 1 : raft.term;
  for (const id of jointIds(raft.tracker.config.voters)) {
    if (id === raft.id) {
      const vote = createMessage(preElection ? "MsgPreVoteResp" : "MsgVoteResp", id);
      vote.term = term;
      raft.send(vote);
    } else {
      requestVote(raft, id, term, type);
    }
  }
}

function requestVote(raft: Raft, id: NodeId, term: number, type: CampaignType): void {
  const request = createMessage(type === "PreElection" ? "MsgPreVote" : "MsgVote", id);
  request.term = term;
  request.index = raft.log.lastIndex();
  request.logTerm = raft.log.lastTerm();
  if (type === "Transfer") {
    request.context = CAMPAIGN_TRANSFER;
  }
  raft.config.logger.info(
    `${hex(raft.id)} [logterm: ${request.logTerm}, index: ${request.index}] ` +
      `sent ${request.type} request to ${hex(id)} at term ${raft.term}`,
  );
  raft.send(request);
}

/** Whether the voters have promised not to elect anybody while they hear from their leader. */
export function inLease(raft: Raft): boolean {
  return (
    raft.config.checkQuorum && raft.lead !== NONE && raft.electionElapsed < raft.config.electionTick
  );
}

export function isTransferCampaign(context: Uint8Array): boolean {
  return (
    context.length === CAMPAIGN_TRANSFER.length &&
    context.every((byte, at) => byte === CAMPAIGN_TRANSFER[at])
  );
}
