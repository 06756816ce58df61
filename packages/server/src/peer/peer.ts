/** One remote member: its URLs, our stream to it, and how long its messages have been arriving. */
import type { Socket } from "node:net";
import type { Clock } from "../env/env.ts";
import type { Log } from "../env/env.ts";
import type { Message } from "../raft/messages.ts";
import { formatHex, type PeerIdentity } from "./identity.ts";
import { OutgoingStream } from "./outgoing-stream.ts";

export interface PeerOptions {
  readonly identity: PeerIdentity;
  readonly clock: Clock;
  readonly log: Log;
  /** Messages to this peer were dropped. */
  readonly onUnreachable: () => void;
  readonly onRemoved: () => void;
  /** The peer belongs to this other cluster. */
  readonly onForeign: (clusterId: bigint) => void;
}

export class Peer {
  readonly id: bigint;
  readonly #options: PeerOptions;
  readonly #outgoing: OutgoingStream;
  #urls: readonly string[];
  /** Streams that the peer has open to us; two for a moment when it dials anew. */
  readonly #incoming = new Set<Socket>();
  #activeSince: number | undefined;
  #unreachableReported = false;

  constructor(id: bigint, urls: readonly string[], options: PeerOptions) {
    this.id = id;
    this.#urls = urls;
    this.#options = options;
    const { identity, clock, log, onRemoved, onForeign } = options;
    this.#outgoing = new OutgoingStream(urls, {
      identity,
      peerId: id,
      clock,
      onRemoved,
      onForeign,
      onUp: () => log.info("connected to peer", { "remote-peer-id": formatHex(id) }),
      onDown: (reason) =>
        log.warn("lost connection to peer", { "remote-peer-id": formatHex(id), reason }),
    });
  }

  get urls(): readonly string[] {
    return this.#urls;
  }

  /** Monotonic ms since when the peer's messages arrive; undefined while they do not. */
  get activeSince(): number | undefined {
    return this.#activeSince;
  }

  setUrls(urls: readonly string[]): void {
    this.#urls = urls;
    this.#outgoing.setUrls(urls);
  }

  /** False when none of them was sent. */
  send(messages: readonly Message[]): boolean {
    const sent = this.#outgoing.send(messages);
    // Raft needs to hear of an outage once, not of each message lost in it.
    if (!sent && !this.#unreachableReported) this.#options.onUnreachable();
    this.#unreachableReported = !sent;
    return sent;
  }

  incomingOpened(socket: Socket): void {
    this.#incoming.add(socket);
    this.#activeSince ??= this.#options.clock.monotonicMs();
  }

  incomingClosed(socket: Socket): void {
    this.#incoming.delete(socket);
    if (this.#incoming.size === 0) this.#activeSince = undefined;
  }

  /** Both directions. A removed peer that dials again is told what it is. */
  close(): void {
    this.#outgoing.close();
    for (const socket of this.#incoming) socket.destroy();
  }
}
