/**
 * The state machine of one member: messages and ticks in, messages and state changes out, nothing
 * else. What it does in each role is in follower.ts, candidate.ts and leader.ts; this file holds
 * the state that the roles share, the transitions between them, and the way messages go out.
 *
 *                    timeout             pre-vote won            vote won
 *     Follower ----------------> PreCandidate --------> Candidate --------> Leader
 *         ^                           |                     |                  |
 *         +------ lost, higher term, another leader --------+------------------+
 *
 * Fields are open to the files of this folder and to nobody else; RawNode is the public face.
 */
import { assert, fail } from "../lib/assert.ts";
import { stepCandidate } from "./candidate.ts";
import type { ResolvedConfig } from "./config.ts";
import { restoreConfig } from "./confchange/apply.ts";
import { hup } from "./election/campaign.ts";
import { admitHigherTerm, handleLowerTerm } from "./election/term.ts";
import { tickElection, tickHeartbeat } from "./election/tick.ts";
import { handleVoteRequest } from "./election/vote.ts";
import { stepFollower } from "./follower.ts";
import { stepLeader } from "./leader.ts";
import { RaftLog } from "./log/log.ts";
import {
  EMPTY_BYTES,
  type HardState,
  hex,
  isEmptyHardState,
  type Message,
  type MessageType,
  NONE,
  type NodeId,
} from "./messages.ts";
import { ReadIndexQueue, type ReadState } from "./read-index.ts";
import { appendEntries } from "./replication/append-entries.ts";
import {
  handleStorageAppendResponse,
  handleStorageApplyResponse,
} from "./replication/storage-responses.ts";
import { ProgressTracker } from "./tracker/progress-tracker.ts";

export type RaftState = "StateFollower" | "StateCandidate" | "StateLeader" | "StatePreCandidate";

export class Raft {
  readonly id: NodeId;
  readonly config: ResolvedConfig;
  readonly log: RaftLog;
  term = 0;
  vote: NodeId = NONE;
  state: RaftState = "StateFollower";
  /** The leader of `term` as far as known. */
  lead: NodeId = NONE;
  /** Whom the leader is handing over to, if anybody. */
  leadTransferee: NodeId = NONE;
  isLearner = false;
  tracker: ProgressTracker;
  /**
   * While a received snapshot is being installed: the configuration it replaces. Changes that were
   * handed out for applying before the snapshot came belong to this one.
   */
  supersededTracker: ProgressTracker | undefined;
  /** To be sent at once. Never addressed to this member. */
  messages: Message[] = [];
  /** To be sent when all that is unstable now is durable. May be addressed to this member. */
  messagesAfterAppend: Message[] = [];
  readStates: ReadState[] = [];
  readonly readIndexQueue: ReadIndexQueue = new ReadIndexQueue();
  /** Reads that wait for the leader's first commit of its term. */
  pendingReads: Message[] = [];
  /**
   * At or above the index of the last membership change in the log that may not be applied yet:
   * another one is admitted only once this has been applied. Leader only.
   */
  pendingConfIndex = 0;
  /** Payload bytes appended and not yet applied; at most what there is. Leader only. */
  uncommittedSize = 0;
  /** Ticks since the last sign of the leader; at the leader, since the last quorum check. */
  electionElapsed = 0;
  /** Ticks since the last heartbeat. Leader only. */
  heartbeatElapsed = 0;
  /** Redrawn with every change of role, from [electionTick, 2 × electionTick). */
  randomizedElectionTimeout = 0;

  /** Restores from storage. Starts as a follower that knows no leader. */
  constructor(config: ResolvedConfig) {
    this.id = config.id;
    this.config = config;
    this.log = new RaftLog(config.storage, config.logger, config.maxCommittedSizePerReady);
    this.tracker = new ProgressTracker(config.maxInflightMsgs, config.maxInflightBytes);
    const { hardState, confState } = config.storage.initialState();
    restoreConfig(this, confState);
    if (!isEmptyHardState(hardState)) {
      this.#loadState(hardState);
    }
    if (config.applied > 0) {
      this.log.appliedTo(config.applied, 0);
    }
    this.becomeFollower(this.term, NONE);
  }

  #loadState(state: HardState): void {
    const { committed } = this.log;
    if (state.commit < committed || state.commit > this.log.lastIndex()) {
      fail(
        `state.commit ${state.commit} is out of range [${committed}, ${this.log.lastIndex()}]. ` +
          "Was the raft log corrupted, truncated, or lost?",
      );
    }
    this.log.committed = state.commit;
    this.term = state.term;
    this.vote = state.vote;
  }

  hardState(): HardState {
    return { term: this.term, vote: this.vote, commit: this.log.committed };
  }

  /** One unit of time: campaigns, heartbeats and quorum checks come from here. */
  tick(): void {
    if (this.state === "StateLeader") {
      tickHeartbeat(this);
    } else {
      tickElection(this);
    }
  }

  /**
   * Takes in one message, which the core owns from now on. Throws ErrProposalDropped when a
   * proposal found nobody to take it; nothing else is refused.
   */
  step(message: Message): void {
    if (message.term > this.term && !admitHigherTerm(this, message)) {
      return;
    }
    if (message.term !== 0 && message.term < this.term) {
      handleLowerTerm(this, message);
      return;
    }
    switch (message.type) {
      case "MsgHup":
        hup(this, this.config.preVote ? "PreElection" : "Election");
        break;
      case "MsgVote":
      case "MsgPreVote":
        handleVoteRequest(this, message);
        break;
      case "MsgStorageAppendResp":
        handleStorageAppendResponse(this, message);
        break;
      case "MsgStorageApplyResp":
        handleStorageApplyResponse(this, message);
        break;
      default:
        this.#stepByRole(message);
    }
  }

  #stepByRole(message: Message): void {
    switch (this.state) {
      case "StateFollower":
        stepFollower(this, message);
        break;
      case "StatePreCandidate":
      case "StateCandidate":
        stepCandidate(this, message);
        break;
      case "StateLeader":
        stepLeader(this, message);
        break;
    }
  }

  /**
   * Queues a message. Answers that vote, in an election or for an append, wait until everything
   * unstable at this moment is durable: a vote that a crash can undo must not be counted (paper
   * §5.1, thesis §3.8). Rejections wait with them, for they too may rest on unstable state. All
   * else may overtake the disk.
   */
  send(message: Message): void {
    if (message.from === NONE) {
      message.from = this.id;
    }
    this.#stampTerm(message);
    if (isVotingResponse(message.type)) {
      this.messagesAfterAppend.push(message);
      return;
    }
    if (message.to === this.id) {
      fail(`${message.type} is addressed to its sender(${this.id})`);
    }
    this.messages.push(message);
  }

  #stampTerm(message: Message): void {
    const { type, term } = message;
    if (isElectionMessage(type)) {
      // A pre-vote is for a term that its sender has not entered, so the caller must say which.
      if (term === 0) {
        fail(`term should be set when sending ${type} [term(${this.term})]`);
      }
      return;
    }
    if (term !== 0) {
      fail(`term should not be set when sending ${type} [term(${term})]`);
    }
    // Forwarded requests are local to whoever leads when they arrive, in whatever term.
    if (type !== "MsgProp" && type !== "MsgReadIndex") {
      message.term = this.term;
    }
  }

  becomeFollower(term: number, lead: NodeId): void {
    this.#reset(term);
    this.lead = lead;
    this.state = "StateFollower";
    this.config.logger.info(`${hex(this.id)} became follower at term ${this.term}`);
  }

  /** Enters the next term and votes for itself. */
  becomeCandidate(): void {
    assert(this.state !== "StateLeader", "invalid transition [leader -> candidate]");
    this.#reset(this.term + 1);
    this.vote = this.id;
    this.state = "StateCandidate";
    this.config.logger.info(`${hex(this.id)} became candidate at term ${this.term}`);
  }

  /** Neither term nor vote changes: a pre-vote is only a question. */
  becomePreCandidate(): void {
    assert(this.state !== "StateLeader", "invalid transition [leader -> pre-candidate]");
    this.tracker.resetVotes();
    this.lead = NONE;
    this.state = "StatePreCandidate";
    this.config.logger.info(`${hex(this.id)} became pre-candidate at term ${this.term}`);
  }

  /** Appends the empty entry whose commit makes everything before it known to be committed. */
  becomeLeader(): void {
    assert(this.state !== "StateFollower", "invalid transition [follower -> leader]");
    this.#reset(this.term);
    this.lead = this.id;
    this.state = "StateLeader";
    const own = this.tracker.get(this.id);
    assert(own !== undefined, `leader(${this.id}) is not in its configuration`);
    own.becomeReplicate();
    own.recentActive = true;
    // The tail may hold a membership change; to search it costs more than to wait for it.
    this.pendingConfIndex = this.log.lastIndex();
    const accepted = appendEntries(this, [
      { term: 0, index: 0, type: "EntryNormal", data: EMPTY_BYTES },
    ]);
    assert(accepted, "empty entry was dropped");
    this.config.logger.info(`${hex(this.id)} became leader at term ${this.term}`);
  }

  #reset(term: number): void {
    if (this.term !== term) {
      this.term = term;
      this.vote = NONE;
    }
    this.lead = NONE;
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    const { electionTick, random } = this.config;
    this.randomizedElectionTimeout = electionTick + random.nextInt(electionTick);
    this.leadTransferee = NONE;
    this.tracker.resetVotes();
    const last = this.log.lastIndex();
    for (const progress of this.tracker.ordered) {
      progress.reset(progress.id === this.id ? last : 0, last + 1);
    }
    this.pendingConfIndex = 0;
    this.uncommittedSize = 0;
    this.pendingReads = [];
    this.readIndexQueue.reset();
  }

  /** Whether this member may become leader: a voter, and not in the middle of a snapshot. */
  promotable(): boolean {
    const own = this.tracker.get(this.id);
    return own !== undefined && !own.isLearner && this.log.unstable.snapshot === undefined;
  }

  /** Only with this is `log.committed` known to cover all that earlier terms committed. */
  committedEntryInCurrentTerm(): boolean {
    return this.log.matchTerm(this.log.committed, this.term);
  }
}

function isVotingResponse(type: MessageType): boolean {
  return type === "MsgAppResp" || type === "MsgVoteResp" || type === "MsgPreVoteResp";
}

function isElectionMessage(type: MessageType): boolean {
  return (
    type === "MsgVote" ||
    type === "MsgVoteResp" ||
    type === "MsgPreVote" ||
    type === "MsgPreVoteResp"
  );
}
