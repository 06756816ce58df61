/**
 * A group under arbitrary faults, all drawn from one seed: messages are lost, doubled and
 * reordered, disks and state machines finish late, members crash and come back with what their
 * storage had, the membership changes, logs are compacted. After every step the promises of Raft
 * are checked; a broken one throws, with the seed and the step in the message.
 *
 * Members run with AsyncStorageWrites, as in production.
 */
import assert from "node:assert/strict";
import type { AnyConfChange } from "../confchange/conf-change.ts";
import { decodeMessage, encodeMessage } from "../codec.ts";
import type { RaftRandom } from "../config.ts";
import { RaftError } from "../errors.ts";
import { MemoryStorage } from "../memory-storage.ts";
import {
  CONF_CHANGE_TYPES,
  createConfState,
  EMPTY_BYTES,
  type Entry,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  type NodeId,
} from "../messages.ts";
import { formatTrackerConfig } from "../tracker/tracker-config.ts";
import { createPrng } from "./prng.ts";
import { applyEntry, type Member, restartMember, stepQuietly } from "./test-cluster.ts";

interface RandomMember extends Member {
  appendWork: Message[];
  applyWork: Message[];
  /** Index that the state machine has reached. */
  appliedIndex: number;
  /** Index of the latest snapshot received: what precedes it is not applied any more. */
  snapshotIndex: number;
}

interface PendingRead {
  /** What was known to be committed when the read was asked for. */
  committed: number;
}

const MEMBERS = 5;
const IN_FLIGHT_MAX = 200;

export class RandomCluster {
  readonly #seed: number;
  readonly #random: RaftRandom;
  readonly #members: RandomMember[] = [];
  #inFlight: Uint8Array[] = [];
  /** By index, as first applied anywhere: what everybody else must apply there too. */
  readonly #history = new Map<number, string>();
  readonly #leaderOfTerm = new Map<number, NodeId>();
  readonly #reads = new Map<string, PendingRead>();
  #step = 0;
  #counter = 0;
  confirmedReads = 0;
  faults = true;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = createPrng(seed);
    const confState = { ...createConfState(), voters: [1n, 2n, 3n] };
    for (let id = 1; id <= MEMBERS; id++) {
      const storage = new MemoryStorage();
      storage.applySnapshot({ metadata: { index: 1, term: 1, confState }, data: EMPTY_BYTES });
      storage.setHardState({ term: 1, vote: 0n, commit: 1 });
      this.#members.push(this.#start(BigInt(id), storage));
    }
  }

  get appliedCount(): number {
    return this.#history.size;
  }

  run(steps: number): void {
    for (let i = 0; i < steps; i++) {
      this.#step++;
      try {
        this.#act();
        this.#check();
      } catch (error) {
        throw new Error(`seed ${this.#seed}, step ${this.#step}: ${String(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** Ends all faults; within this many rounds somebody must lead and all voters agree. */
  heal(rounds: number): void {
    this.faults = false;
    for (let i = 0; i < rounds; i++) {
      for (const member of this.#currentMembers()) {
        member.raw.tick();
        this.#settleMember(member);
        this.#renewSnapshots(member);
      }
      this.#deliverAll();
    }
  }

  /** Who is in the latest configuration: whoever was removed is shut down, and so disturbs nobody. */
  #currentMembers(): RandomMember[] {
    const [latest] = this.#members.toSorted((a, b) => b.appliedIndex - a.appliedIndex);
    return [...latest!.raw.raft.tracker.progress.keys()].map((id) => this.#member(id));
  }

  /**
   * What the owner owes the core: the loss of a snapshot is reported, and one that is older than
   * its receiver's membership is replaced, for no member installs a snapshot that it is not in.
   */
  #renewSnapshots(member: RandomMember): void {
    for (const [id, { state }] of member.raw.status().progress) {
      if (state === "StateSnapshot") {
        this.#compact(member);
        member.raw.reportSnapshot(id, "SnapshotFailure");
      }
    }
  }

  /** One line a member, for a failing test's message. */
  describe(): string {
    const lines = this.#members.map(({ id, raw, appliedIndex }) => {
      const { config } = raw.status();
      const fields = Object.entries(raw.basicStatus()).map(([key, value]) => `${key}=${value}`);
      const { log } = raw.raft;
      return (
        `${id}: ${formatTrackerConfig(config)} ${fields.join(" ")} appliedIndex=${appliedIndex} ` +
        `log=[${log.firstIndex()},${log.lastIndex()}]`
      );
    });
    return lines.join("\n");
  }

  /** Members that lead, by their own account, in the highest term. */
  leaders(): NodeId[] {
    const members = this.#currentMembers();
    const term = Math.max(...members.map(({ raw }) => raw.basicStatus().term));
    return members
      .filter(({ raw }) => raw.basicStatus().raftState === "StateLeader")
      .filter(({ raw }) => raw.basicStatus().term === term)
      .map(({ id }) => id);
  }

  proposeAtLeader(text: string): void {
    const [id] = this.leaders();
    this.#member(id!).raw.propose([Buffer.from(text)]);
  }

  /** What the members that the leader replicates to have applied last. */
  appliedIndexes(): number[] {
    const [id] = this.leaders();
    const { progress } = this.#member(id!).raw.status();
    return [...progress.keys()].map((member) => this.#member(member).appliedIndex);
  }

  #start(id: NodeId, storage: MemoryStorage): RandomMember {
    const member = restartMember(id, storage, {
      asyncStorageWrites: true,
      random: this.#random,
      preVote: this.#chance(50),
      checkQuorum: this.#chance(50),
      stepDownOnRemoval: true,
      maxSizePerMsg: 200,
      maxInflightMsgs: 4,
      maxCommittedSizePerReady: 300,
    });
    const appliedIndex = storage.snapshot().metadata.index;
    return { ...member, appendWork: [], applyWork: [], appliedIndex, snapshotIndex: 0 };
  }

  #act(): void {
    const member = this.#members[this.#random.nextInt(MEMBERS)]!;
    const dice = this.#random.nextInt(100);
    if (dice < 30) {
      this.#deliverOne();
    } else if (dice < 55) {
      this.#takeReady(member);
    } else if (dice < 70) {
      this.#workOff(member);
    } else if (dice < 82) {
      member.raw.tick();
    } else if (dice < 90) {
      this.#refusable(() => this.#request(member));
    } else if (dice < 92) {
      this.#crash(member);
    } else if (dice < 94) {
      this.#compact(member);
    } else if (dice < 96) {
      this.#disturb(member);
    } else {
      this.#settleMember(member);
    }
  }

  #request(member: RandomMember): void {
    const dice = this.#random.nextInt(10);
    if (dice < 6) {
      const count = 1 + this.#random.nextInt(3);
      const payloads = Array.from({ length: count }, () => Buffer.from(`p${this.#counter++}`));
      member.raw.propose(payloads);
    } else if (dice < 8) {
      const context = `r${this.#counter++}`;
      this.#reads.set(context, { committed: Math.max(1, ...this.#history.keys()) });
      member.raw.readIndex(Buffer.from(context));
    } else {
      member.raw.proposeConfChange(this.#randomChange());
    }
  }

  #randomChange(): AnyConfChange {
    const single = () => ({
      type: CONF_CHANGE_TYPES[this.#random.nextInt(CONF_CHANGE_TYPES.length)]!,
      nodeId: BigInt(1 + this.#random.nextInt(MEMBERS)),
    });
    if (this.#chance(50)) {
      return { ...single(), context: EMPTY_BYTES, id: 0n };
    }
    const changes = this.#chance(20) ? [] : [single(), single()];
    return { transition: "ConfChangeTransitionAuto", changes, context: EMPTY_BYTES };
  }

  #disturb(member: RandomMember): void {
    const other = BigInt(1 + this.#random.nextInt(MEMBERS));
    switch (this.#random.nextInt(5)) {
      case 0:
        member.raw.campaign();
        break;
      case 1:
        member.raw.transferLeader(other);
        break;
      case 2:
        member.raw.reportUnreachable(other);
        break;
      case 3:
        member.raw.reportSnapshot(other, this.#chance(50) ? "SnapshotFinish" : "SnapshotFailure");
        break;
      default:
        member.raw.forgetLeader();
    }
  }

  #takeReady(member: RandomMember): void {
    if (!member.raw.hasReady()) {
      return;
    }
    const ready = member.raw.ready();
    member.snapshotIndex = ready.snapshot?.metadata.index ?? member.snapshotIndex;
    for (const { context, index } of ready.readStates) {
      this.#checkRead(Buffer.from(context).toString(), index);
    }
    for (const message of ready.messages) {
      if (message.to === LOCAL_APPEND_THREAD) {
        member.appendWork.push(message);
      } else if (message.to === LOCAL_APPLY_THREAD) {
        member.applyWork.push(message);
      } else {
        this.#transmit(message);
      }
    }
  }

  #workOff(member: RandomMember): void {
    if (this.#chance(60)) {
      this.#appendOne(member);
    } else {
      this.#applyOne(member);
    }
  }

  #appendOne(member: RandomMember): void {
    const message = member.appendWork.shift();
    if (message === undefined) {
      return;
    }
    const { term, vote, snapshot } = message;
    // A snapshot of our own may have overtaken what was to be written here.
    const commit = Math.max(message.commit, member.storage.snapshot().metadata.index);
    // A crash may lose a commit index: only term, vote and entries are always on disk.
    const known = member.storage.initialState().hardState;
    const isForced = term !== known.term || vote !== known.vote || this.#chance(50);
    if (term !== 0 && isForced) {
      member.storage.setHardState({ term, vote, commit });
    }
    if (snapshot !== undefined) {
      member.storage.applySnapshot(snapshot);
      member.appliedIndex = snapshot.metadata.index;
      member.confState = snapshot.metadata.confState;
      const { hardState } = member.storage.initialState();
      const atLeast = Math.max(hardState.commit, snapshot.metadata.index);
      member.storage.setHardState({ ...hardState, commit: atLeast });
    }
    member.storage.append(message.entries);
    this.#respond(member, message.responses);
  }

  #applyOne(member: RandomMember): void {
    const message = member.applyWork.shift();
    if (message === undefined) {
      return;
    }
    for (const entry of message.entries) {
      if (entry.index > member.snapshotIndex) {
        this.#apply(member, entry);
      }
    }
    this.#respond(member, message.responses);
  }

  #apply(member: RandomMember, entry: Entry): void {
    assert.equal(entry.index, member.appliedIndex + 1, "applied without a gap");
    const text = `${entry.term} ${entry.type} ${Buffer.from(entry.data).toString("hex")}`;
    const known = this.#history.get(entry.index);
    assert.ok(known === undefined || known === text, `index ${entry.index}: ${known} | ${text}`);
    this.#history.set(entry.index, text);
    member.appliedIndex = entry.index;
    applyEntry(member, entry);
  }

  #respond(member: RandomMember, responses: readonly Message[]): void {
    for (const response of responses) {
      if (response.to === member.id) {
        stepQuietly(member.raw, response);
      } else {
        this.#transmit(response);
      }
    }
  }

  #transmit(message: Message): void {
    const bytes = encodeMessage(message);
    const copies = this.faults ? [1, 1, 1, 1, 1, 1, 1, 2, 0][this.#random.nextInt(9)]! : 1;
    for (let i = 0; i < copies; i++) {
      this.#inFlight.push(bytes);
    }
    if (this.#inFlight.length > IN_FLIGHT_MAX) {
      this.#inFlight.splice(0, this.#inFlight.length - IN_FLIGHT_MAX);
    }
  }

  #deliverOne(): void {
    // Mostly in order; now and then from anywhere.
    const at = this.#chance(80) ? 0 : this.#random.nextInt(this.#inFlight.length + 1);
    const [bytes] = this.#inFlight.splice(at, 1);
    if (bytes !== undefined) {
      const message = decodeMessage(bytes);
      stepQuietly(this.#member(message.to).raw, message);
    }
  }

  #deliverAll(): void {
    while (this.#inFlight.length > 0) {
      const batch = this.#inFlight;
      this.#inFlight = [];
      for (const bytes of batch) {
        const message = decodeMessage(bytes);
        const member = this.#member(message.to);
        stepQuietly(member.raw, message);
        this.#settleMember(member);
      }
    }
  }

  #settleMember(member: RandomMember): void {
    while (member.raw.hasReady() || member.appendWork.length > 0 || member.applyWork.length > 0) {
      this.#takeReady(member);
      this.#appendOne(member);
      this.#applyOne(member);
    }
  }

  /** Storage survives; what was still to be written, to be sent or only in memory does not. */
  #crash(member: RandomMember): void {
    this.#members[Number(member.id) - 1] = this.#start(member.id, member.storage);
  }

  /** Snapshots the applied state, and sometimes drops the log before it. */
  #compact({ storage, appliedIndex, confState }: RandomMember): void {
    const { index } = storage.snapshot().metadata;
    if (appliedIndex <= index || appliedIndex > storage.lastIndex()) {
      return;
    }
    storage.createSnapshot(appliedIndex, confState, EMPTY_BYTES);
    storage.compact(appliedIndex);
    const { hardState } = storage.initialState();
    storage.setHardState({ ...hardState, commit: Math.max(hardState.commit, appliedIndex) });
  }

  #checkRead(context: string, index: number): void {
    const read = this.#reads.get(context);
    assert.ok(read !== undefined, `read ${context} was asked for`);
    assert.ok(index >= read.committed, `read at ${index}, committed was ${read.committed}`);
    this.confirmedReads++;
  }

  #check(): void {
    for (const { id, raw } of this.#members) {
      const { term, raftState } = raw.basicStatus();
      if (raftState === "StateLeader") {
        const known = this.#leaderOfTerm.get(term);
        assert.ok(known === undefined || known === id, `term ${term} has one leader`);
        this.#leaderOfTerm.set(term, id);
      }
    }
  }

  #member(id: NodeId): RandomMember {
    return this.#members[Number(id) - 1]!;
  }

  #refusable(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof RaftError)) {
        throw error;
      }
    }
  }

  #chance(percent: number): boolean {
    return this.#random.nextInt(100) < percent;
  }
}
