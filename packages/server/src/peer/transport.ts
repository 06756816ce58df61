/** The network between members: keeps one `Peer` per remote member and routes to them. */
import type { Env } from "../env/env.ts";
import type { PeerRequests, Transport, TransportReceiver } from "../member/ports.ts";
import { encodeMessage } from "../raft/codec.ts";
import type { Message, NodeId } from "../raft/messages.ts";
import { frameHeader } from "./framing.ts";
import type { PeerIdentity } from "./identity.ts";
import { uploadToPeer } from "./peer-client.ts";
import { bodyOrThrow } from "./peer-error.ts";
import { createPeerRequests } from "./peer-requests.ts";
import { Peer } from "./peer.ts";
import { PATHS } from "./protocol.ts";

/** A snapshot upload that makes no progress for this long has failed. */
const SNAPSHOT_SILENCE_MS = 30_000;

export interface PeerTransportOptions {
  readonly env: Pick<Env, "clock" | "log">;
  readonly identity: PeerIdentity;
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

  constructor(options: PeerTransportOptions) {
    this.#options = options;
  }

  send(messages: Message[]): Message[] {
    const unsent: Message[] = [];
    for (const [to, ofPeer] of groupByReceiver(messages)) {
      if (this.#peers.get(to)?.send(ofPeer) !== true) unsent.push(...ofPeer);
    }
    return unsent;
  }

  async sendSnapshot(message: Message, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const url = this.#peers.get(message.to)?.urls[0];
    if (url === undefined) throw new Error("no such peer");
    const call = {
      method: "POST",
      path: PATHS.snapshot,
      timeoutMs: SNAPSHOT_SILENCE_MS,
      identity: this.#options.identity,
    } as const;
    bodyOrThrow(await uploadToPeer(url, call, withMessage(message, chunks)));
  }

  addPeer(id: NodeId, peerURLs: readonly string[]): void {
    if (this.#peers.has(id)) return this.updatePeer(id, peerURLs);
    const { env, identity, receiver, onRemoved } = this.#options;
    const peer = new Peer(id, peerURLs, {
      identity,
      clock: env.clock,
      log: env.log,
      onRemoved,
      onForeign: (clusterId) => this.#noteForeign(id, clusterId),
      onUnreachable: () => receiver.reportUnreachable(id),
    });
    this.#peers.set(id, peer);
  }

  updatePeer(id: NodeId, peerURLs: readonly string[]): void {
    this.#peers.get(id)?.setUrls(peerURLs);
  }

  removePeer(id: NodeId): void {
    this.#peers.get(id)?.close();
    this.#peers.delete(id);
  }

  activeSince(id: NodeId): number | undefined {
    return this.#peers.get(id)?.activeSince;
  }

  /** The remote member's state here, for streams that it opens to us. */
  find(id: NodeId): Peer | undefined {
    return this.#peers.get(id);
  }

  peer(id: NodeId): PeerRequests | undefined {
    const peer = this.#peers.get(id);
    if (peer === undefined) return undefined;
    const { identity, requestTimeoutMs } = this.#options;
    return createPeerRequests({ identity, urls: peer.urls, timeoutMs: requestTimeoutMs });
  }

  #noteForeign(id: NodeId, clusterId: bigint): void {
    this.#foreign.add(id);
    if (this.#foreign.size === this.#peers.size) this.#options.onForeign(clusterId);
  }

  close(): Promise<void> {
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
