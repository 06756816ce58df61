import type { Config } from "../config.ts";
import { decodeConfChange, decodeMessage, encodeMessage } from "../codec.ts";
import { RaftError } from "../errors.ts";
import { MemoryStorage } from "../memory-storage.ts";
import { type ConfState, type Entry, type Message, type NodeId, NONE } from "../messages.ts";
import { RawNode } from "../raw-node.ts";
import type { ReadState } from "../read-index.ts";
import { createPrng } from "./prng.ts";

export type Overrides = Partial<Omit<Config, "id" | "storage">>;

export interface Member {
  id: NodeId;
  raw: RawNode;
  storage: MemoryStorage;
  /** Payloads applied, empty entries left out. */
  applied: string[];
  reads: ReadState[];
  confState: ConfState;
}

/**
 * Members on a network that is instant and loses nothing but what `drop` says. Messages travel in
 * their encoded form. For tests of one behaviour; for arbitrary faults there is RandomCluster.
 */
export class TestCluster {
  readonly members: Member[];
  drop: (message: Message) => boolean = () => false;
  /** All that was delivered or dropped, for tests to look at. */
  readonly traffic: Message[] = [];
  #inFlight: Message[] = [];

  constructor(voters: number, overrides: Overrides = {}, learners = 0) {
    const ids = Array.from({ length: voters + learners }, (_, at) => BigInt(at + 1));
    const confState: ConfState = {
      voters: ids.slice(0, voters),
      learners: ids.slice(voters),
      votersOutgoing: [],
      learnersNext: [],
      autoLeave: false,
    };
    this.members = ids.map((id) => startMember(id, confState, overrides));
  }

  get(id: number): Member {
    return this.members[id - 1]!;
  }

  /** Elects a member and lets the news spread. */
  elect(id: number): Member {
    this.get(id).raw.campaign();
    this.settle();
    return this.get(id);
  }

  propose(id: number, ...payloads: string[]): void {
    this.get(id).raw.propose(payloads.map((payload) => Buffer.from(payload)));
  }

  /** Lets everybody work until nothing is left to do. */
  settle(): void {
    while (this.work() || this.deliver()) {}
  }

  /** Deals with every member's Readies; returns whether there were any. */
  work(): boolean {
    let worked = false;
    for (const member of this.members) {
      while (member.raw.hasReady()) {
        this.#inFlight.push(...handleReady(member));
        worked = true;
      }
    }
    return worked;
  }

  /** Delivers what is in flight now; returns whether there was anything. */
  deliver(): boolean {
    const messages = this.#inFlight;
    this.#inFlight = [];
    for (const message of messages) {
      this.traffic.push(message);
      const target = this.members[Number(message.to) - 1];
      if (target !== undefined && !this.drop(message)) {
        stepQuietly(target.raw, decodeMessage(encodeMessage(message)));
      }
    }
    return messages.length > 0;
  }

  /** Cuts members off from all others. */
  isolate(...ids: number[]): void {
    const cut = new Set(ids.map(BigInt));
    this.drop = ({ from, to }) => cut.has(from) || cut.has(to);
  }

  heal(): void {
    this.drop = () => false;
  }

  tick(id: number, times: number): void {
    for (let i = 0; i < times; i++) {
      this.get(id).raw.tick();
    }
  }

  leaders(): number[] {
    const leading = this.members.filter(({ raw }) => raw.basicStatus().raftState === "StateLeader");
    return leading.map(({ id }) => Number(id));
  }
}

/** A member whose log starts behind a snapshot at index 1, where `confState` holds. */
export function startMember(id: NodeId, confState: ConfState, overrides: Overrides = {}): Member {
  const storage = new MemoryStorage();
  storage.applySnapshot({ metadata: { index: 1, term: 1, confState }, data: new Uint8Array(0) });
  return restartMember(id, storage, overrides);
}

/** A member on the storage it left behind; it applies everything after the snapshot again. */
export function restartMember(
  id: NodeId,
  storage: MemoryStorage,
  overrides: Overrides = {},
): Member {
  const { index, confState } = storage.snapshot().metadata;
  const raw = new RawNode({
    electionTick: 10,
    heartbeatTick: 1,
    maxInflightMsgs: 256,
    random: createPrng(Number(id)),
    applied: index,
    ...overrides,
    id,
    storage,
  });
  return { id, raw, storage, applied: [], reads: [], confState };
}

/** Plain mode: does everything that a Ready asks for, and returns the messages to send. */
export function handleReady(member: Member): Message[] {
  const { raw, storage } = member;
  const ready = raw.ready();
  if (ready.hardState !== undefined) {
    storage.setHardState(ready.hardState);
  }
  if (ready.snapshot !== undefined) {
    storage.applySnapshot(ready.snapshot);
    member.confState = ready.snapshot.metadata.confState;
  }
  storage.append(ready.entries);
  for (const entry of ready.committedEntries) {
    applyEntry(member, entry);
  }
  member.reads.push(...ready.readStates);
  raw.advance();
  return ready.messages;
}

export function applyEntry(member: Member, entry: Entry): void {
  if (entry.type !== "EntryNormal") {
    member.confState = member.raw.applyConfChange(decodeConfChange(entry));
  } else if (entry.data.length > 0) {
    member.applied.push(Buffer.from(entry.data).toString());
  }
}

/** Steps a message that may be refused, as a network's messages may. */
export function stepQuietly(raw: RawNode, message: Message): void {
  try {
    raw.step(message);
  } catch (error) {
    if (!(error instanceof RaftError)) {
      throw error;
    }
  }
}

export function leadOf(member: Member): number | undefined {
  const { lead } = member.raw.basicStatus();
  return lead === NONE ? undefined : Number(lead);
}
