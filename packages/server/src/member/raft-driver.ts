/**
 * Turns the wheel of the Raft core: feeds it ticks, messages, proposals and reads, and carries out
 * what it asks for.
 *
 * The core runs with asynchronous storage writes. Entries go to the WAL as `MsgStorageAppend` and
 * count for this member only when the append has been reported durable; committed entries go to the
 * apply queue as `MsgStorageApply`. Messages to peers that do not depend on our disk (a leader's
 * appends) leave in the same turn, beside the disk write. What arrives during a turn is taken up
 * together at its end, so proposals share one log write and reads one round.
 *
 * Any failure to write ends the member: `onFatal` is called and nothing is acknowledged afterwards.
 */
import type { Clock, Log } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import { coalesceMessages } from "../raft/coalesce-messages.ts";
import { isRaftError } from "../raft/errors.ts";
import {
  type ConfChange,
  type Entry,
  type HardState,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  NONE,
  type NodeId,
} from "../raft/messages.ts";
import type { RawNode } from "../raft/raw-node.ts";
import type { SoftState } from "../raft/ready.ts";
import type { BasicStatus } from "../raft/status.ts";
import type { Wal } from "../wal/wal.ts";
import type { LinearizableReads } from "./linearizable-reads.ts";
import type { Transport } from "./ports.ts";
import type { Pending, Proposals } from "./proposals.ts";
import { MESSAGE_BYTES_MAX } from "./raft-node.ts";
import type { StableLog } from "./stable-log.ts";

export interface RaftDriverOptions {
  readonly id: NodeId;
  readonly node: RawNode;
  readonly stableLog: StableLog;
  readonly wal: Wal;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly log: Log;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly tickMs: number;
  /** Takes committed entries; calls back when they have been applied. */
  readonly applyEntries: (entries: readonly Entry[], done: () => void) => void;
  /** Makes a received snapshot the durable state; the WAL and the stable log included. */
  readonly installSnapshot: (message: Message) => Promise<void>;
  /** Sends a snapshot of the current state in place of what `message` names. */
  readonly sendSnapshot: (message: Message) => void;
  readonly onLeaderChange: (leader: NodeId, isLeader: boolean) => void;
  readonly onTick: (nowMs: number) => void;
  readonly onFatal: (error: unknown) => void;
}

export class RaftDriver {
  readonly #options: RaftDriverOptions;
  #scheduled = false;
  #stopped = false;
  #leader: NodeId = NONE;
  #isLeader = false;
  /** Set while a snapshot is being installed: appends wait for it. */
  #installing: Promise<void> | undefined;
  /** Resolves when everything handed to the WAL so far is durable. */
  #lastWrite: Promise<void> = Promise.resolve();
  /** The newest that the core has had; the WAL may lag in its commit index. */
  #hardState: HardState;
  /** Since the last tick a proposal could not be forwarded. */
  #isLeaderUnreachable = false;
  /** When the present leader became known; undefined before the first. */
  #leaderKnownMs: number | undefined;
  /** Monotonic time at which the next tick is due. */
  #nextTickMs: number;

  constructor(options: RaftDriverOptions) {
    this.#options = options;
    this.#hardState = options.stableLog.initialState().hardState;
    this.#nextTickMs = options.clock.monotonicMs() + options.tickMs;
  }

  get leader(): NodeId {
    return this.#leader;
  }

  /** Monotonic ms; undefined before the first leader. */
  get leaderKnownMs(): number | undefined {
    return this.#leaderKnownMs;
  }

  get isLeader(): boolean {
    return this.#isLeader;
  }

  start(): void {
    this.#scheduleTick();
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Whether a snapshot is being installed: there is no room for another one then. */
  get isInstalling(): boolean {
    return this.#installing !== undefined;
  }

  /** Resolves when no snapshot is being installed any more, whatever came of it. */
  async installed(): Promise<void> {
    await this.#installing?.catch(() => undefined);
  }

  /** Looks at the core again at the end of this turn. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    this.#options.clock.defer(() => {
      this.#scheduled = false;
      this.#guard(() => this.#pump());
    });
  }

  /** Messages from peers, in order. What a removed or unknown member says is dropped. */
  receive(messages: readonly Message[]): void {
    if (this.#stopped) return;
    this.#guard(() => {
      for (const message of messages) this.step(message);
    });
    this.wake();
  }

  /**
   * A snapshot that is durable here. If the core accepts it, its configuration is that of the
   * snapshot at once, so nothing older may be applied any more: the install begins in this turn.
   */
  receiveSnapshot(message: Message): void {
    if (this.#stopped) return;
    this.#guard(() => {
      this.step(message);
      this.#pump();
    });
  }

  step(message: Message): void {
    try {
      this.#options.node.step(message);
    } catch (error) {
      // Refusals leave the core as it was; a dropped forwarded proposal times out at its proposer.
      const refused =
        isRaftError(error, "ErrProposalDropped") ||
        isRaftError(error, "ErrStepPeerNotFound") ||
        isRaftError(error, "ErrStepLocalMsg");
      if (!refused) throw error;
    }
  }

  /** Runs `action` on the core, then carries out what follows from it. */
  run(action: (node: RawNode) => void): void {
    if (this.#stopped) return;
    this.#guard(() => action(this.#options.node));
    this.wake();
  }

  /**
   * Proposes a membership change. Without a leader that takes it nothing happens, and the caller's
   * wait for the entry runs into its deadline, as with any other proposal that is lost.
   */
  proposeConfChange(change: ConfChange): void {
    this.run((node) => {
      try {
        node.proposeConfChange(change);
      } catch (error) {
        if (!isRaftError(error, "ErrProposalDropped")) throw error;
      }
    });
  }

  /** The last entry that a follower is known to have; 0 where that is not known. */
  matchOf(id: NodeId): number {
    return this.#options.node.status().progress.get(id)?.match ?? 0;
  }

  basicStatus(): BasicStatus {
    return this.#options.node.basicStatus();
  }

  /** Whether a follower has at least `share` of the leader's log. False where that is not known. */
  isCaughtUp(id: NodeId, share: number): boolean {
    const leaderMatch = this.matchOf(this.#options.id);
    return leaderMatch > 0 && this.matchOf(id) >= leaderMatch * share;
  }

  #pump(): void {
    if (this.#stopped) return;
    this.#propose();
    this.#startReads();
    const { node } = this.#options;
    // A restarted member has nothing to hand out yet.
    this.#campaignIfAlone();
    while (node.hasReady()) {
      const ready = node.ready();
      if (ready.softState !== undefined) this.#noteLeader(ready.softState);
      this.#dispatch(ready.messages);
      // What is read takes time, in which the disk and the peers are to be at work already.
      for (const read of ready.readStates) {
        this.#options.reads.confirm(read.context, read.index);
      }
      this.#campaignIfAlone();
    }
  }

  /** The only voter need not wait for an election timeout to learn that nobody else leads. */
  #campaignIfAlone(): void {
    if (this.#leader !== NONE) return;
    const { node, id } = this.#options;
    const { raftState, config } = node.status();
    const { incoming, outgoing } = config.voters;
    const isAlone = outgoing.size === 0 && incoming.size === 1 && incoming.has(id);
    if (isAlone && raftState === "StateFollower") node.campaign();
  }

  #propose(): void {
    const { node, proposals } = this.#options;
    if (!proposals.hasQueued || this.#leader === NONE || this.#isLeaderUnreachable) return;
    // The core may know better than what it last told: it steps down in the middle of a turn.
    if (node.basicStatus().raftState !== "StateLeader") proposals.dropAsLeader();
    const taken = proposals.takeQueued();
    if (taken.length === 0) return;
    try {
      node.propose(taken.map((pending: Pending) => pending.data));
    } catch (error) {
      if (!isRaftError(error, "ErrProposalDropped")) throw error;
      proposals.requeue(taken);
    }
  }

  #startReads(): void {
    if (this.#leader === NONE) return;
    const context = this.#options.reads.nextRound();
    if (context !== undefined) this.#options.node.readIndex(context);
  }

  #noteLeader({ lead, raftState }: SoftState): void {
    const isLeader = raftState === "StateLeader";
    if (lead === this.#leader && isLeader === this.#isLeader) return;
    if (lead !== NONE && lead !== this.#leader)
      this.#leaderKnownMs = this.#options.clock.monotonicMs();
    this.#leader = lead;
    this.#isLeader = isLeader;
    this.#options.proposals.dropAsLeader();
    this.#options.onLeaderChange(lead, isLeader);
    if (lead === NONE) return;
    // Rounds asked of another leader are never answered; proposals may have waited for this one.
    this.#retryReads(true);
    this.wake();
  }

  #retryReads(force: boolean): void {
    const { reads, clock, node } = this.#options;
    const context = reads.retry(clock.monotonicMs(), force);
    if (context !== undefined && this.#leader !== NONE) node.readIndex(context);
  }

  #dispatch(messages: readonly Message[]): void {
    const outgoing: Message[] = [];
    for (const message of messages) {
      if (message.to === LOCAL_APPEND_THREAD) this.#append(message);
      else if (message.to === LOCAL_APPLY_THREAD) this.#apply(message);
      else if (message.type === "MsgSnap") this.#options.sendSnapshot(message);
      else outgoing.push(message);
    }
    if (outgoing.length > 0) this.#send(outgoing);
  }

  /** A proposal for a leader that cannot be reached is kept, and forwarded again at the next tick. */
  #send(messages: Message[]): void {
    const { transport, proposals } = this.#options;
    for (const unsent of transport.send(coalesceMessages(messages, MESSAGE_BYTES_MAX))) {
      if (unsent.type !== "MsgProp") continue;
      proposals.takeBack(unsent.entries);
      this.#isLeaderUnreachable = true;
    }
  }

  #append(message: Message): void {
    if (message.snapshot !== undefined) {
      assert(this.#installing === undefined, "a snapshot arrived while another is installed");
      // What is written after the snapshot must not go back behind its hard state.
      this.#hardState = hardStateOf(message) ?? this.#hardState;
      const install = this.#options.installSnapshot(message).then(() => {
        this.#installing = undefined;
        this.#deliver(message.responses);
      });
      this.#installing = install;
      this.#watch(install);
    } else if (this.#installing !== undefined) {
      this.#watch(this.#installing.then(() => this.#write(message)));
    } else {
      this.#watch(this.#write(message));
    }
  }

  async #write(message: Message): Promise<void> {
    const { wal, stableLog } = this.#options;
    const known = this.#hardState;
    const hardState = hardStateOf(message) ?? known;
    this.#hardState = hardState;
    // A commit index alone is not worth waiting for: lost, it is learned again from the leader.
    const voted = hardState.term !== known.term || hardState.vote !== known.vote;
    const sync = message.entries.length > 0 || voted;
    const write = wal.append({ hardState, entries: message.entries }, { sync });
    // The responses may speak of entries of earlier messages, so they wait for those writes too.
    this.#lastWrite = sync ? write : Promise.all([this.#lastWrite, write]).then(() => undefined);
    await this.#lastWrite;
    stableLog.append(message.entries);
    stableLog.setHardState(hardState);
    this.#guard(() => this.#deliver(message.responses));
  }

  #apply(message: Message): void {
    this.#options.applyEntries(message.entries, () => {
      this.#guard(() => this.#deliver(message.responses));
    });
  }

  /** Hands on the responses of finished storage work, to the core itself and to peers. */
  #deliver(responses: readonly Message[]): void {
    if (this.#stopped) return;
    const outgoing: Message[] = [];
    for (const response of responses) {
      if (response.to === this.#options.id) this.step(response);
      else outgoing.push(response);
    }
    if (outgoing.length > 0) this.#send(outgoing);
    this.wake();
  }

  #scheduleTick(): void {
    const { clock, tickMs } = this.#options;
    const delay = Math.max(0, this.#nextTickMs - clock.monotonicMs());
    clock.setTimer(delay, () => {
      if (this.#stopped) return;
      this.#guard(() => this.#tick());
      // After a pause of the process, missed ticks are not made up for: they would be an election.
      this.#nextTickMs = Math.max(this.#nextTickMs, clock.monotonicMs()) + tickMs;
      this.#scheduleTick();
    });
  }

  #tick(): void {
    const { node, clock, proposals, onTick } = this.#options;
    const now = clock.monotonicMs();
    this.#isLeaderUnreachable = false;
    node.tick();
    proposals.expire(now);
    this.#retryReads(false);
    onTick(now);
    this.wake();
  }

  #watch(work: Promise<void>): void {
    work.catch((error: unknown) => this.#fail(error));
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#options.onFatal(error);
  }
}

/** The hard state that a MsgStorageAppend carries; undefined when it did not change. */
function hardStateOf(message: Message): HardState | undefined {
  if (message.term === 0 && message.vote === NONE && message.commit === 0) return undefined;
  assert(message.term > 0, `hard state without a term: commit ${message.commit}`);
  return { term: message.term, vote: message.vote, commit: message.commit };
}
