/**
 * A network that loses, delays, doubles and reorders, cuts links one way or both, and forgets what
 * is under way when an end of it dies. What arrives was encoded and decoded on the way.
 */
import type {
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
  HashKVRequest,
  HashKVResponse,
} from "@kvorum/proto";
import type { Prng } from "../../lib/prng.ts";
import type { PeerHost, PeerRequests, Transport } from "../../member/ports.ts";
import { decodeMessage, encodeMessage } from "../../raft/codec.ts";
import type { Message, NodeId } from "../../raft/messages.ts";
import type { SimClock } from "./sim-clock.ts";

export interface NetworkFaults {
  /** Share of messages lost, and share delivered twice. */
  readonly loss: number;
  readonly duplicate: number;
  readonly delayMinMs: number;
  readonly delayMeanMs: number;
}

export const CALM: NetworkFaults = { loss: 0, duplicate: 0, delayMinMs: 0.2, delayMeanMs: 0.5 };

/** A member that is running. */
export interface SimNode {
  readonly host: PeerHost;
  readonly clock: SimClock;
  readonly transport: SimTransport;
}

/** Messages of a peer that has been silent for longer have a gap before them. */
const SILENCE_MS = 5_000;
/** A sender waits longer for the answer to a snapshot. */
const SNAPSHOT_TIMEOUT_MS = 30_000;

export class SimNetwork {
  faults: NetworkFaults = CALM;
  readonly #prng: Prng;
  readonly #clock: SimClock;
  readonly #nodes = new Map<NodeId, SimNode>();
  /** Cut links, one way: "from>to". */
  readonly #cuts = new Set<string>();

  constructor(prng: Prng, clock: SimClock) {
    this.#prng = prng;
    this.#clock = clock;
  }

  attach(id: NodeId, node: SimNode): void {
    this.#nodes.set(id, node);
  }

  detach(id: NodeId): void {
    this.#nodes.delete(id);
  }

  node(id: NodeId): PeerHost | undefined {
    const node = this.#nodes.get(id);
    return node?.clock.isAlive === true ? node.host : undefined;
  }

  cut(from: NodeId, to: NodeId): void {
    this.#cuts.add(`${from}>${to}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  isCut(from: NodeId, to: NodeId): boolean {
    return this.#cuts.has(`${from}>${to}`);
  }

  createTransport(id: NodeId, clock: SimClock): SimTransport {
    return new SimTransport(this, id, clock);
  }

  /** Runs `deliver` at the far end after a while, never, or (unless `once`) twice. */
  carry(from: NodeId, to: NodeId, deliver: (host: PeerHost) => void, once = false): void {
    const { loss, duplicate } = this.faults;
    if (this.isCut(from, to) || this.#prng.nextFloat() < loss) return;
    const copies = !once && this.#prng.nextFloat() < duplicate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.#clock.setTimer(this.delayMs(), () => {
        const node = this.#nodes.get(to);
        if (node?.clock.isAlive !== true || this.isCut(from, to)) return;
        // A process that is stopped or busy takes it up afterwards.
        node.clock.defer(() => this.#arrive(node, from, to, deliver));
      });
    }
  }

  #arrive(node: SimNode, from: NodeId, to: NodeId, deliver: (host: PeerHost) => void): void {
    if (this.#nodes.get(to) !== node) return;
    if (node.host.isRemoved(from)) return this.#turnAway(to, from);
    node.transport.meet(from);
    deliver(node.host);
  }

  /** How far a transfer of this many chunks gets before it breaks, as connections do. */
  chunksDelivered(from: NodeId, to: NodeId, chunks: number): number {
    if (this.isCut(from, to)) return 0;
    return this.#prng.nextFloat() < this.faults.loss * 2 ? this.#prng.nextInt(chunks + 1) : chunks;
  }

  /** As the peer port does with streams of a removed member: it is told so. */
  #turnAway(from: NodeId, removed: NodeId): void {
    this.#clock.setTimer(this.delayMs(), () => {
      const node = this.#nodes.get(removed);
      if (node?.clock.isAlive === true && !this.isCut(from, removed)) {
        node.host.removedFromCluster();
      }
    });
  }

  /** Time that passes for a member. */
  pause(of: NodeId, durationMs: number): Promise<void> {
    return (this.#nodes.get(of)?.clock ?? this.#clock).sleep(durationMs);
  }

  delayMs(): number {
    const { delayMinMs, delayMeanMs } = this.faults;
    const exponential = -Math.log(1 - this.#prng.nextFloat()) * (delayMeanMs - delayMinMs);
    return delayMinMs + exponential;
  }
}

export class SimTransport implements Transport {
  readonly #network: SimNetwork;
  readonly #id: NodeId;
  readonly #clock: SimClock;
  readonly #peers = new Set<NodeId>();
  readonly #heard = new Map<NodeId, { since: number; last: number }>();

  constructor(network: SimNetwork, id: NodeId, clock: SimClock) {
    this.#network = network;
    this.#id = id;
    this.#clock = clock;
  }

  /** A member that is down has no connection to it; that a link is cut is not known to the sender. */
  send(messages: Message[]): Message[] {
    const unsent: Message[] = [];
    for (const message of messages) {
      if (!this.#peers.has(message.to) || this.#network.node(message.to) === undefined) {
        unsent.push(message);
        continue;
      }
      const bytes = Buffer.from(encodeMessage(message));
      // A stream delivers at most once. Raft would not mind more, but a proposal would be made twice.
      const once = message.type === "MsgProp";
      this.#network.carry(
        this.#id,
        message.to,
        (host) => host.receive([decodeMessage(bytes)]),
        once,
      );
    }
    return unsent;
  }

  async sendSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const copies: Buffer[] = [];
    for await (const chunk of chunks) copies.push(Buffer.from(chunk));
    const bytes = Buffer.from(encodeMessage(message));
    const { to } = message;
    const receive = (host: PeerHost): Promise<void> =>
      host.receiveSnapshot(decodeMessage(bytes), this.#replay(to, copies));
    await this.#ask(to, receive, SNAPSHOT_TIMEOUT_MS);
  }

  /** The chunks as they arrive; when the connection breaks the receiver learns of it much later. */
  async *#replay(to: NodeId, chunks: readonly Buffer[]): AsyncIterable<Uint8Array> {
    const whole = this.#network.chunksDelivered(this.#id, to, chunks.length);
    for (const chunk of chunks.slice(0, whole)) {
      await this.#network.pause(to, this.#network.delayMs());
      yield chunk;
    }
    if (whole === chunks.length) return;
    await this.#network.pause(to, SILENCE_MS);
    throw new Error("connection lost");
  }

  addPeer(id: NodeId): void {
    this.#peers.add(id);
  }

  updatePeer(): void {}

  removePeer(id: NodeId): void {
    this.#peers.delete(id);
  }

  activeSince(id: NodeId): number | undefined {
    const heard = this.#heard.get(id);
    const now = this.#clock.monotonicMs();
    return heard !== undefined && now - heard.last < SILENCE_MS ? heard.since : undefined;
  }

  /** To be called for everything that arrives. Whoever has dialled us can be answered. */
  meet(id: NodeId): void {
    this.#peers.add(id);
    const now = this.#clock.monotonicMs();
    const heard = this.#heard.get(id);
    const since = heard !== undefined && now - heard.last < SILENCE_MS ? heard.since : now;
    this.#heard.set(id, { since, last: now });
  }

  peer(id: NodeId): PeerRequests | undefined {
    if (!this.#peers.has(id)) return undefined;
    return {
      promoteMember: (member) => this.#ask(id, (host) => host.promoteMember(member)),
      leaseRenew: (lease) => this.#ask(id, (host) => host.leaseRenew(lease)),
      leaseTimeToLive: (request: LeaseTimeToLiveRequest) =>
        this.#ask<LeaseTimeToLiveResponse>(id, (host) => host.leaseTimeToLive(request)),
      hashKV: (request: HashKVRequest) =>
        this.#ask<HashKVResponse>(id, (host) => host.hashKV(request)),
    };
  }

  close(): Promise<void> {
    this.#peers.clear();
    return Promise.resolve();
  }

  /** A request with an answer: either may be lost, which the asker learns after a timeout. */
  #ask<T>(to: NodeId, request: (host: PeerHost) => Promise<T>, timeoutMs = SILENCE_MS): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#clock.setTimer(timeoutMs, () => reject(new Error("no answer")));
      this.#network.carry(this.#id, to, (host) => {
        const answer = (settle: () => void): void => this.#network.carry(to, this.#id, settle);
        request(host).then(
          (value) => answer(() => resolve(value)),
          (error: unknown) => answer(() => reject(error)),
        );
      });
    });
  }
}
