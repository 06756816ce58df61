import { assert } from "../lib/assert.ts";
import { encodeConfChange } from "./codec.ts";
import { type Config, resolveConfig } from "./config.ts";
import { applyConfChange } from "./confchange/apply.ts";
import { type AnyConfChange, asConfChangeV2 } from "./confchange/conf-change.ts";
import { RaftError } from "./errors.ts";
import { entriesSize } from "./log/entry-size.ts";
import {
  type ConfState,
  createMessage,
  type Entry,
  type HardState,
  isLocalMessage,
  isLocalMessageTarget,
  isResponseMessage,
  type Message,
  type NodeId,
} from "./messages.ts";
import { Raft, type RaftState } from "./raft.ts";
import {
  type Ready,
  storageAppendMessage,
  storageAppendResponse,
  storageApplyMessage,
  storageApplyResponse,
} from "./ready.ts";
import { type BasicStatus, basicStatusOf, type Status, statusOf } from "./status.ts";

/** How the delivery of a snapshot to a follower ended. */
export type SnapshotStatus = "SnapshotFinish" | "SnapshotFailure";

/**
 * One Raft member, to be driven by its owner: feed it with `tick`, `step` and requests, and while
 * `hasReady`, take a `ready` and do what it says (see Ready). Synchronous throughout; nothing here
 * may be called from within a callback of the storage.
 *
 * Errors: RaftError for refused work, InvariantError when this member's state or its storage is
 * broken beyond what it can safely go on with. After the latter it must not be used any more.
 */
export class RawNode {
  /** The core itself. Open to the tests of this folder; everybody else has the methods below. */
  readonly raft: Raft;
  readonly #async: boolean;
  #sentLead: NodeId;
  #sentState: RaftState;
  #sentHardState: HardState;
  /** Plain mode: what the core tells itself when the last Ready has been dealt with. */
  #stepsOnAdvance: Message[] = [];

  /** Restores the member from `config.storage`. Throws ErrInvalidConfig. */
  constructor(config: Config) {
    const resolved = resolveConfig(config);
    this.raft = new Raft(resolved);
    this.#async = resolved.asyncStorageWrites;
    this.#sentLead = this.raft.lead;
    this.#sentState = this.raft.state;
    this.#sentHardState = this.raft.hardState();
  }

  /** One unit of time has passed. */
  tick(): void {
    this.raft.tick();
  }

  /** Starts an election now, by pre-vote if so configured. Ignored by leaders and learners. */
  campaign(): void {
    this.raft.step(createMessage("MsgHup"));
  }

  /**
   * Proposes one entry per payload, consecutive in the log, all or none. The payloads must not be
   * changed any more. Throws ErrProposalDropped when there is no leader to take them or it is not
   * taking any; a proposal that was forwarded or overtaken may still vanish without notice.
   */
  propose(payloads: readonly Uint8Array[]): void {
    const entries: Entry[] = new Array(payloads.length);
    for (let i = 0; i < payloads.length; i++) {
      entries[i] = { term: 0, index: 0, type: "EntryNormal", data: payloads[i]! };
    }
    this.#proposeEntries(entries);
  }

  /**
   * Proposes a membership change. One that is not admissible when it reaches the leader turns into
   * an empty entry; so the outcome is known only when it is applied. Throws ErrProposalDropped.
   */
  proposeConfChange(change: AnyConfChange): void {
    const { type, data } = encodeConfChange(change);
    this.#proposeEntries([{ term: 0, index: 0, type, data }]);
  }

  #proposeEntries(entries: Entry[]): void {
    const message = createMessage("MsgProp");
    message.from = this.raft.id;
    message.entries = entries;
    this.raft.step(message);
  }

  /**
   * Makes a committed membership change take effect; to be called as its entry is applied. To
   * refuse it, call with every `nodeId` zero, or not at all. Returns what to store as the
   * configuration from this entry on.
   */
  applyConfChange(change: AnyConfChange): ConfState {
    return applyConfChange(this.raft, asConfChangeV2(change));
  }

  /**
   * Takes in a message from a peer, or a response from the local storage; it is the core's from
   * now on. The caller vouches for `from`. Throws ErrStepLocalMsg, ErrStepPeerNotFound or
   * ErrProposalDropped; a message that is refused may simply be dropped.
   */
  step(message: Message): void {
    if (!isLocalMessageTarget(message.from)) {
      if (isLocalMessage(message.type)) {
        throw new RaftError("ErrStepLocalMsg");
      }
      const isKnown = this.raft.tracker.get(message.from) !== undefined;
      if (isResponseMessage(message.type) && !isKnown) {
        throw new RaftError("ErrStepPeerNotFound");
      }
    }
    if (message.type === "MsgProp" && message.entries.length === 0) {
      throw new RaftError("ErrProposalDropped");
    }
    this.raft.step(message);
  }

  /**
   * Asks for an index such that a state applied up to it reflects everything committed before this
   * call. The answer comes in a Ready, marked with `context`, or never: ask again after a while,
   * with another context.
   */
  readIndex(context: Uint8Array): void {
    const message = createMessage("MsgReadIndex");
    message.context = context;
    this.raft.step(message);
  }

  /** Asks the leader to hand over to `transferee`. No error and no promise. */
  transferLeader(transferee: NodeId): void {
    const message = createMessage("MsgTransferLeader");
    message.from = transferee;
    this.raft.step(message);
  }

  /** Makes a follower forget its leader, so that it may vote for another at once. */
  forgetLeader(): void {
    this.raft.step(createMessage("MsgForgetLeader"));
  }

  /** The last messages to `id` were probably lost. */
  reportUnreachable(id: NodeId): void {
    const message = createMessage("MsgUnreachable");
    message.from = id;
    this.raft.step(message);
  }

  /** To be called for every MsgSnap sent: until then, or a response, `id` gets nothing else. */
  reportSnapshot(id: NodeId, status: SnapshotStatus): void {
    const message = createMessage("MsgSnapStatus");
    message.from = id;
    message.reject = status === "SnapshotFailure";
    this.raft.step(message);
  }

  /** Whether `ready` would have anything in it. */
  hasReady(): boolean {
    const raft = this.raft;
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      raft.log.unstable.hasNextEntries() ||
      raft.log.hasNextCommittedEntries(!this.#async) ||
      raft.readStates.length > 0 ||
      this.#softStateChanged() ||
      this.#hardStateChanged() ||
      raft.log.unstable.nextSnapshot() !== undefined
    );
  }

  /**
   * Takes the outstanding work. In plain mode `advance` must follow before the next call; with
   * AsyncStorageWrites the storage messages' responses take its place, and Readies may overlap.
   */
  ready(): Ready {
    assert(this.#stepsOnAdvance.length === 0, "two accepted Ready structs without call to Advance");
    const ready = this.#collect();
    if (this.#async) {
      this.#orderStorageWork(ready);
    } else {
      this.#deferToAdvance(ready);
    }
    this.#accept(ready);
    return ready;
  }

  #collect(): Ready {
    const raft = this.raft;
    const entries = raft.log.unstable.nextEntries();
    const { term, vote } = this.#sentHardState;
    return {
      softState: this.#softStateChanged() ? { lead: raft.lead, raftState: raft.state } : undefined,
      hardState: this.#hardStateChanged() ? raft.hardState() : undefined,
      readStates: raft.readStates,
      entries,
      snapshot: raft.log.unstable.nextSnapshot(),
      committedEntries: raft.log.nextCommittedEntries(!this.#async),
      messages: raft.messages,
      mustSync: entries.length > 0 || raft.vote !== vote || raft.term !== term,
    };
  }

  #orderStorageWork(ready: Ready): void {
    const append = storageAppendMessage(this.raft, ready);
    if (append !== undefined) {
      ready.messages.push(append);
    }
    const apply = storageApplyMessage(this.raft, ready);
    if (apply !== undefined) {
      ready.messages.push(apply);
    }
  }

  #deferToAdvance(ready: Ready): void {
    const steps = this.#stepsOnAdvance;
    for (const message of this.raft.messagesAfterAppend) {
      if (message.to === this.raft.id) {
        steps.push(message);
      } else {
        ready.messages.push(message);
      }
    }
    const appended = storageAppendResponse(this.raft, ready);
    if (appended !== undefined) {
      steps.push(appended);
    }
    const applied = storageApplyResponse(this.raft, ready);
    if (applied !== undefined) {
      steps.push(applied);
    }
  }

  #accept(ready: Ready): void {
    const raft = this.raft;
    this.#sentLead = raft.lead;
    this.#sentState = raft.state;
    this.#sentHardState = ready.hardState ?? this.#sentHardState;
    raft.readStates = [];
    raft.messages = [];
    raft.messagesAfterAppend = [];
    raft.log.unstable.acceptInProgress();
    const last = ready.committedEntries.at(-1);
    if (last !== undefined) {
      raft.log.acceptApplying(last.index, entriesSize(ready.committedEntries), !this.#async);
    }
  }

  /** Plain mode: everything in the last Ready has been done. */
  advance(): void {
    assert(!this.#async, "Advance must not be called when using AsyncStorageWrites");
    const steps = this.#stepsOnAdvance;
    this.#stepsOnAdvance = [];
    for (const message of steps) {
      this.raft.step(message);
    }
  }

  get term(): number {
    return this.raft.term;
  }

  basicStatus(): BasicStatus {
    return basicStatusOf(this.raft);
  }

  status(): Status {
    return statusOf(this.raft);
  }

  #softStateChanged(): boolean {
    return this.raft.lead !== this.#sentLead || this.raft.state !== this.#sentState;
  }

  #hardStateChanged(): boolean {
    const { term, vote, commit } = this.#sentHardState;
    const raft = this.raft;
    return raft.term !== term || raft.vote !== vote || raft.log.committed !== commit;
  }
}
