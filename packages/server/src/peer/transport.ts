/** The network between members: keeps one `Peer` per remote member and routes to them. */
import type { Socket } from "node:net";
import type { Env } from "../env/env.ts";
import type { PeerRequests, Transport, TransportReceiver } from "../member/ports.ts";
import { encodeMessage } from "../raft/codec.ts";
import type { Message, NodeId } from "../raft/messages.ts";
import { frameHeader } from "./framing.ts";
import type { PeerIdentity } from "./identity.ts";
import { IncomingStreams } from "./incoming-streams.ts";
import { uploadToPeer } from "./peer-client.ts";
import { bodyOrThrow } from "./peer-error.ts";
import { Peer } from "./peer.ts";
import { PATHS } from "./protocol.ts";

/** Members that are not known here yet, at most; there is one new one at a time. */
const STRANGERS_MAX = 8;
/** A snapshot upload that makes no progress for this long has failed. */
const SNAPSHOT_SILENCE_MS = 30_000;

export interface PeerTransportOptions {
  readonly env: Pick<Env, "clock" | "log">;
  readonly identity: PeerIdentity;
  /** Where peers reach us; told to those that may not know us yet. */
  readonly ownUrls: readonly string[];
  /** Bounds a request to a peer, a snapshot aside. */
  readonly requestTimeoutMs: number;
  readonly receiver: Pick<TransportReceiver, "reportUnreachable">;
  /** A peer says that this member was removed from the cluster. */
  readonly onRemoved: () => void;
  /** Every peer there is belongs to this other cluster. */
  readonly onForeign: (clusterId: bigint) => void;
}

export class PeerTransport implements Transport {
  readonly #options: PeerTransportOptions;
  readonly #peers = new Map<NodeId, Peer>();
  /** Peers that said they belong to another cluster. */
  readonly #foreign = new Set<NodeId>();
  /** Peers that we know only because they have dialled us. */
  readonly #strangers = new Set<NodeId>();
  readonly #incoming: IncomingStreams;
  readonly #uploads = new AbortController();

  constructor(options: PeerTransportOptions) {
    this.#options = options;
    this.#incoming = new IncomingStreams(options.env.clock);
  }

  send(messages: Message[]): Message[] {
    const unsent: Message[] = [];
    for (const [to, ofPeer] of groupByReceiver(messages)) {
      if (this.#peers.get(to)?.send(ofPeer) !== true) unsent.push(...ofPeer);
    }
    return unsent;
  }

  async sendSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const url = this.#peers.get(message.to)?.nextUploadUrl();
    if (url === undefined) throw new Error("no such peer");
    const call = {
      to: message.to,
      signal: this.#uploads.signal,
      method: "POST",
      path: PATHS.snapshot,
      timeoutMs: SNAPSHOT_SILENCE_MS,
      identity: this.#options.identity,
    } as const;
    bodyOrThrow(await uploadToPeer(url, call, withMessage(message, chunks)));
  }

  addPeer(id: NodeId, peerURLs: readonly string[]): void {
    this.#strangers.delete(id);
    if (this.#peers.has(id)) return this.updatePeer(id, peerURLs);
    const { env, identity, ownUrls, requestTimeoutMs, receiver, onRemoved } = this.#options;
    const peer = new Peer(id, peerURLs, {
      identity,
      ownUrls,
      requestTimeoutMs,
      clock: env.clock,
      log: env.log,
      onRemoved,
      onUp: () => this.#foreign.delete(id),
      onForeign: (clusterId) => this.#noteForeign(id, clusterId),
      onUnreachable: () => receiver.reportUnreachable(id),
    });
    this.#peers.set(id, peer);
  }

  updatePeer(id: NodeId, peerURLs: readonly string[]): void {
    this.#peers.get(id)?.setUrls(peerURLs);
  }

  removePeer(id: NodeId): void {
    this.#forget(id);
    // When it dials again it is told what has become of it.
    this.#incoming.close(id);
  }

  activeSince(id: NodeId): number | undefined {
    return this.#incoming.activeSince(id);
  }

  /**
   * A member of our cluster has opened a stream to us. If it is not known here we are behind: it may be
   * the leader that has to bring us up to date, so it gets answers at the URLs it names.
   */
  incomingOpened(id: NodeId, urls: readonly string[], socket: Socket): void {
    this.#incoming.opened(id, socket);
    const isUnknown = !this.#peers.has(id) && id !== this.#options.identity.memberId;
    if (!isUnknown || urls.length === 0 || this.#strangers.size >= STRANGERS_MAX) return;
    this.addPeer(id, urls);
    this.#strangers.add(id);
  }

  incomingClosed(id: NodeId, socket: Socket): void {
    this.#incoming.closed(id, socket);
    const isGone = this.#incoming.activeSince(id) === undefined;
    if (isGone && this.#strangers.has(id)) this.#forget(id);
  }

  peer(id: NodeId): PeerRequests | undefined {
    return this.#peers.get(id)?.requests;
  }

  #noteForeign(id: NodeId, clusterId: bigint): void {
    this.#foreign.add(id);
    if (this.#foreign.size === this.#peers.size) this.#options.onForeign(clusterId);
  }

  #forget(id: NodeId): void {
    this.#peers.get(id)?.close();
    this.#peers.delete(id);
    this.#strangers.delete(id);
    this.#foreign.delete(id);
  }

  close(): Promise<void> {
    this.#uploads.abort(new Error("the member is stopping"));
    this.#incoming.closeAll();
    for (const peer of this.#peers.values()) peer.close();
    this.#peers.clear();
    return Promise.resolve();
  }
}

function groupByReceiver(messages: Message[]): Map<NodeId, Message[]> {
  const groups = new Map<NodeId, Message[]>();
  for (const message of messages) {
    const group = groups.get(message.to);
    if (group === undefined) groups.set(message.to, [message]);
    else group.push(message);
  }
  return groups;
}

/** A snapshot on the wire: the framed Raft message, then the bytes of the state. */
async function* withMessage(
  message: Message,
  chunks: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const bytes = encodeMessage(message);
  yield frameHeader(bytes.length);
  yield bytes;
  yield* chunks;
}
