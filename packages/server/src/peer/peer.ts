/** One remote member: its URLs, our stream to it, and the connections for requests. */
import type { Clock, Log } from "../env/env.ts";
import type { PeerRequests } from "../member/ports.ts";
import type { Message } from "../raft/messages.ts";
import { formatHex, type PeerIdentity } from "./identity.ts";
import { OutgoingStream } from "./outgoing-stream.ts";
import { PeerConnections } from "./peer-connections.ts";
import { createPeerRequests } from "./peer-requests.ts";

export interface PeerOptions {
  readonly identity: PeerIdentity;
  /** Where the peer can reach us, should it not know us yet. */
  readonly ownUrls: readonly string[];
  /** Bounds a request. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Messages to this peer were dropped. */
  readonly onUnreachable: () => void;
  readonly onRemoved: () => void;
  /** The peer belongs to this other cluster. */
  readonly onForeign: (clusterId: bigint) => void;
  /** The peer has taken our stream. */
  readonly onUp: () => void;
}

export class Peer {
  readonly id: bigint;
  readonly #options: PeerOptions;
  readonly #outgoing: OutgoingStream;
  #urls: readonly string[];
  #connections: PeerConnections;
  #requests: PeerRequests;
  #uploads = 0;
  #unreachableReported = false;

  constructor(id: bigint, urls: readonly string[], options: PeerOptions) {
    this.id = id;
    this.#urls = urls;
    this.#options = options;
    this.#connections = new PeerConnections(options.clock);
    this.#requests = this.#createRequests();
    const { identity, ownUrls, clock, log, onRemoved, onForeign, onUp } = options;
    this.#outgoing = new OutgoingStream(urls, {
      identity,
      ownUrls,
      peerId: id,
      clock,
      onRemoved,
      onForeign,
      onUp: () => {
        log.info("connected to peer", { "remote-peer-id": formatHex(id) });
        onUp();
      },
      onDown: (reason) =>
        log.warn("lost connection to peer", { "remote-peer-id": formatHex(id), reason }),
    });
  }

  get requests(): PeerRequests {
    return this.#requests;
  }

  setUrls(urls: readonly string[]): void {
    if (urls.join() === this.#urls.join()) return;
    this.#urls = urls;
    this.#outgoing.setUrls(urls);
    this.#connections.close();
    this.#connections = new PeerConnections(this.#options.clock);
    this.#requests = this.#createRequests();
  }

  /** Where the next snapshot goes: each attempt tries another URL. Undefined if there is none. */
  nextUploadUrl(): string | undefined {
    return this.#urls[this.#uploads++ % this.#urls.length];
  }

  /** False when none of them was sent. */
  send(messages: readonly Message[]): boolean {
    const sent = this.#outgoing.send(messages);
    // Raft needs to hear of an outage once, not of each message lost in it.
    if (!sent && !this.#unreachableReported) this.#options.onUnreachable();
    this.#unreachableReported = !sent;
    return sent;
  }

  close(): void {
    this.#outgoing.close();
    this.#connections.close();
  }

  #createRequests(): PeerRequests {
    const { identity, requestTimeoutMs: timeoutMs } = this.#options;
    const connections = this.#connections;
    return createPeerRequests({ identity, to: this.id, urls: this.#urls, timeoutMs, connections });
  }
}
