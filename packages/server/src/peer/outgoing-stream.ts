/**
 * Our messages to one peer: a connection that we dial, keep, and dial again when it breaks.
 *
 * Delivery is at most once and in order while a connection lasts. Whatever cannot be queued is
 * dropped and reported: Raft, not this file, is what makes delivery reliable.
 */
import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { Clock, Timer } from "../env/env.ts";
import { encodeMessage } from "../raft/codec.ts";
import type { Message } from "../raft/messages.ts";
import { frameHeader, LINK_HEARTBEAT } from "./framing.ts";
import { formatHex, parseHex, type PeerIdentity } from "./identity.ts";
import {
  HEADERS,
  LINK_HEARTBEAT_INTERVAL_MS,
  PATHS,
  STATUS_REMOVED,
  STREAM_BUFFERED_BYTES_MAX,
  STREAM_PROTOCOL,
  STREAM_READ_TIMEOUT_MS,
} from "./protocol.ts";

const REDIAL_DELAY_MS = 100;

export interface OutgoingStreamOptions {
  readonly identity: PeerIdentity;
  /** Where the peer can reach us, should it not know us yet. */
  readonly ownUrls: readonly string[];
  readonly peerId: bigint;
  readonly clock: Clock;
  /** The connection broke or cannot be made; called once per outage. */
  readonly onDown: (reason: string) => void;
  readonly onUp: () => void;
  /** The peer says that this member was removed from the cluster. */
  readonly onRemoved: () => void;
  /** The peer belongs to this other cluster. */
  readonly onForeign: (clusterId: bigint) => void;
}

export class OutgoingStream {
  readonly #options: OutgoingStreamOptions;
  #urls: readonly string[];
  /** Which of the URLs is tried next. */
  #attempt = 0;
  #dialing: ClientRequest | undefined;
  #socket: Socket | undefined;
  #timer: Timer | undefined;
  #wroteSinceHeartbeat = false;
  /** When the peer last answered on this connection, and when we last looked. */
  #heardMs = 0;
  #beatMs = 0;
  #down = false;
  #closed = false;

  constructor(urls: readonly string[], options: OutgoingStreamOptions) {
    this.#urls = urls;
    this.#options = options;
    this.#dial();
  }

  setUrls(urls: readonly string[]): void {
    this.#urls = urls;
    this.#attempt = 0;
    this.#dialing?.destroy(new Error("peer has other URLs now"));
    this.#socket?.destroy();
  }

  /** False when the messages were dropped: no connection, or too much of it unsent. */
  send(messages: readonly Message[]): boolean {
    const socket = this.#socket;
    if (socket === undefined || socket.writableLength > STREAM_BUFFERED_BYTES_MAX) return false;
    socket.cork();
    for (const message of messages) {
      const bytes = encodeMessage(message);
      socket.write(frameHeader(bytes.length));
      socket.write(bytes);
    }
    socket.uncork();
    this.#wroteSinceHeartbeat = true;
    return true;
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#dialing?.destroy();
    this.#socket?.destroy();
  }

  #dial(): void {
    if (this.#closed) return;
    const url = this.#urls[this.#attempt % this.#urls.length];
    this.#attempt++;
    if (url === undefined) return this.#redial("peer has no URL");
    const { identity, peerId, ownUrls } = this.#options;
    const target = new URL(PATHS.stream, url);
    const dial = (target.protocol === "https:" ? httpsRequest : httpRequest)(target, {
      timeout: STREAM_READ_TIMEOUT_MS,
      headers: {
        connection: "Upgrade",
        upgrade: STREAM_PROTOCOL,
        [HEADERS.clusterId]: formatHex(identity.clusterId),
        [HEADERS.from]: formatHex(identity.memberId),
        [HEADERS.to]: formatHex(peerId),
        [HEADERS.ownUrls]: ownUrls.join(","),
      },
    });
    this.#dialing = dial;
    dial.once("upgrade", (_response: IncomingMessage, socket: Socket) => this.#attach(socket));
    dial.once("response", (response) => this.#refused(response));
    dial.once("timeout", () => dial.destroy(new Error("dial timed out")));
    dial.on("error", (error) => this.#redial(error.message));
    dial.end();
  }

  #refused(response: IncomingMessage): void {
    response.resume();
    const { identity, onRemoved, onForeign } = this.#options;
    const clusterId = parseHex(response.headers[HEADERS.clusterId]);
    if (response.statusCode === STATUS_REMOVED) onRemoved();
    if (clusterId !== undefined && clusterId !== identity.clusterId) onForeign(clusterId);
    this.#redial(`peer refused the stream with status ${response.statusCode}`);
  }

  #attach(socket: Socket): void {
    this.#dialing = undefined;
    if (this.#closed) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    this.#down = false;
    socket.setNoDelay(true);
    socket.setTimeout(0);
    this.#heardMs = this.#options.clock.monotonicMs();
    this.#beatMs = this.#heardMs;
    socket.on("data", () => {
      this.#heardMs = this.#options.clock.monotonicMs();
    });
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      this.#socket = undefined;
      this.#timer?.cancel();
      this.#redial("connection closed");
    });
    this.#options.onUp();
    this.#beat();
  }

  #beat(): void {
    this.#timer = this.#options.clock.setTimer(LINK_HEARTBEAT_INTERVAL_MS, () => {
      this.#checkLink();
      if (!this.#wroteSinceHeartbeat) this.#socket?.write(LINK_HEARTBEAT);
      this.#wroteSinceHeartbeat = false;
      this.#beat();
    });
  }

  /**
   * The peer answers every second. Where nothing comes back, what we write goes nowhere either, and TCP
   * may take minutes to say so, or to try again once the network works.
   */
  #checkLink(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const wasPaused = nowMs - this.#beatMs > 2 * LINK_HEARTBEAT_INTERVAL_MS;
    this.#beatMs = nowMs;
    // After a pause of this process the answers are there and have only not been read yet.
    if (!wasPaused && nowMs - this.#heardMs > STREAM_READ_TIMEOUT_MS) this.#socket?.destroy();
  }

  #redial(reason: string): void {
    this.#dialing = undefined;
    if (this.#closed) return;
    if (!this.#down) {
      this.#down = true;
      this.#options.onDown(reason);
    }
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(REDIAL_DELAY_MS, () => this.#dial());
  }
}
