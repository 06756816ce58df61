/**
 * The peer port: Raft streams by HTTP upgrade, snapshots by upload, and a few plain requests. Every
 * connection that carries an identity is checked against ours first.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Clock, Log, Timer } from "../env/env.ts";
import type { PeerHost } from "../member/ports.ts";
import { listen, type ListenAddress, type Listener } from "../rpc/listener.ts";
import { formatHex, parseHex, type PeerIdentity } from "./identity.ts";
import { readIncomingStream } from "./incoming-stream.ts";
import {
  CONNECTIONS_MAX,
  HEAD_TIMEOUT_MS,
  HEADERS,
  KEEP_ALIVE_MS,
  PATHS,
  REQUEST_TIMEOUT_MS,
  SILENCE_MS,
  STATUS_MISMATCH,
  STATUS_REMOVED,
  STREAM_PROTOCOL,
} from "./protocol.ts";
import { handlePeerRequest } from "./server-routes.ts";
import type { PeerTransport } from "./transport.ts";

export interface PeerServerOptions {
  readonly identity: PeerIdentity;
  readonly host: PeerHost;
  readonly transport: PeerTransport;
  readonly log: Log;
}

/** Why a peer is turned away, as an HTTP status; undefined when it is welcome. */
function refusalStatus(request: IncomingMessage, options: PeerServerOptions): number | undefined {
  const { identity, host } = options;
  const clusterId = parseHex(request.headers[HEADERS.clusterId]);
  const to = parseHex(request.headers[HEADERS.to]);
  const from = parseHex(request.headers[HEADERS.from]);
  if (clusterId !== undefined && clusterId !== identity.clusterId) return STATUS_MISMATCH;
  if (to !== undefined && to !== identity.memberId) return STATUS_MISMATCH;
  if (from !== undefined && host.isRemoved(from)) return STATUS_REMOVED;
  return undefined;
}

function refuseUpgrade(socket: Socket, status: number, clusterId = ""): void {
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  const identity = clusterId === "" ? "" : `${HEADERS.clusterId}: ${clusterId}\r\n`;
  socket.end(
    `HTTP/1.1 ${status} Refused\r\n${identity}Connection: close\r\nContent-Length: 0\r\n\r\n`,
  );
}

function logRefusal(request: IncomingMessage, status: number, options: PeerServerOptions): void {
  const msg =
    status === STATUS_REMOVED ? "removed member is turned away" : "request cluster ID mismatch";
  options.log.warn(msg, {
    "local-member-id": formatHex(options.identity.memberId),
    "local-member-cluster-id": formatHex(options.identity.clusterId),
    "remote-peer-id": String(request.headers[HEADERS.from]),
    "remote-peer-cluster-id": String(request.headers[HEADERS.clusterId]),
  });
}

/** Those that can be dialled. */
function ownUrlsOf(request: IncomingMessage): string[] {
  const header = request.headers[HEADERS.ownUrls];
  const urls = typeof header === "string" ? header.split(",").slice(0, URLS_MAX) : [];
  return urls.filter((url) => /^https?:/.test(url) && URL.canParse(url));
}

function acceptStream(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  options: PeerServerOptions & { readonly clock: Clock },
): void {
  const from = parseHex(request.headers[HEADERS.from]);
  const isOfACluster = parseHex(request.headers[HEADERS.clusterId]) !== undefined;
  const known = request.headers.upgrade === STREAM_PROTOCOL && from !== undefined && isOfACluster;
  const status = known ? refusalStatus(request, options) : STATUS_MISMATCH;
  if (from === undefined || status !== undefined) {
    logRefusal(request, status ?? STATUS_MISMATCH, options);
    const clusterId = formatHex(options.identity.clusterId);
    return refuseUpgrade(socket, status ?? STATUS_MISMATCH, clusterId);
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${STREAM_PROTOCOL}\r\n\r\n`,
  );
  options.transport.incomingOpened(from, ownUrlsOf(request), socket);
  readIncomingStream(socket, head, options.clock, {
    // A peer speaks for itself alone.
    onMessages: (messages) => options.host.receive(messages.filter((each) => each.from === from)),
    onEnd: (reason) => {
      options.transport.incomingClosed(from, socket);
      if (reason !== "")
        options.log.warn("peer stream ended", { "remote-peer-id": formatHex(from), reason });
    },
  });
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: PeerServerOptions & { readonly clock: Clock },
): void {
  if (request.url !== PATHS.snapshot) {
    const timer = options.clock.setTimer(REQUEST_TIMEOUT_MS, () => response.destroy());
    response.once("close", () => timer.cancel());
  }
  response.setHeader(HEADERS.clusterId, formatHex(options.identity.clusterId));
  const status = refusalStatus(request, options);
  if (status !== undefined) {
    response.writeHead(status).end();
    return;
  }
  handlePeerRequest(request, response, options.host).catch((error: unknown) => {
    options.log.warn("failed to answer a peer", { path: request.url, error });
    response.destroy();
  });
}

const URLS_MAX = 16;

export interface PeerServerEnv {
  readonly clock: Clock;
  /** For tests: what else is a matter of seconds. */
  readonly silenceMs?: number;
}

/**
 * Listens before the member exists, so that a taken port is found out first; requests are answered
 * with 503 until `serve` is called.
 */
export class PeerServer {
  readonly #env: PeerServerEnv;
  readonly #listeners: Listener[] = [];
  /** Open connections, each with the timer that runs until it has said what it wants, again and again. */
  readonly #sockets = new Map<Socket, Timer | undefined>();
  #options: (PeerServerOptions & { readonly clock: Clock }) | undefined;

  constructor(env: PeerServerEnv) {
    this.#env = env;
  }

  /** Rejects with `ListenError` when the address cannot be had. */
  async listen(address: ListenAddress): Promise<Listener> {
    const server = this.#createServer();
    const listener = await listen(address, (socket) => {
      if (this.#track(socket)) server.emit("connection", socket);
    });
    this.#listeners.push(listener);
    return listener;
  }

  serve(options: PeerServerOptions): void {
    this.#options = { ...options, clock: this.#env.clock };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.keys()) socket.destroy();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #createServer(): Server {
    const server = createServer((request, response) => this.#answer(request, response));
    server.timeout = this.#env.silenceMs ?? SILENCE_MS;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      this.#hasSpoken(socket);
      socket.on("error", () => socket.destroy());
      if (this.#options === undefined) refuseUpgrade(socket, 503);
      else acceptStream(request, socket, head, this.#options);
    });
    return server;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    // One request at a time: so a connection's deadline is that of its request.
    if (!this.#hasSpoken(socket)) {
      socket.destroy();
      return;
    }
    response.once("close", () => {
      if (!socket.destroyed) this.#sockets.set(socket, this.#headTimer(socket));
    });
    if (this.#options === undefined) response.writeHead(503).end();
    else respond(request, response, this.#options);
  }

  /** False when nothing was waited for: it has asked for something already. */
  #hasSpoken(socket: Socket): boolean {
    const timer = this.#sockets.get(socket);
    timer?.cancel();
    this.#sockets.set(socket, undefined);
    return timer !== undefined;
  }

  #headTimer(socket: Socket): Timer {
    return this.#env.clock.setTimer(HEAD_TIMEOUT_MS, () => socket.destroy());
  }

  /** False when there is no room for another connection. */
  #track(socket: Socket): boolean {
    if (this.#sockets.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return false;
    }
    this.#sockets.set(socket, this.#headTimer(socket));
    socket.once("close", () => {
      this.#sockets.get(socket)?.cancel();
      this.#sockets.delete(socket);
    });
    return true;
  }
}
