/**
 * The peer port: Raft streams by HTTP upgrade, snapshots by upload, and a few plain requests. Every
 * connection that carries an identity is checked against ours first.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Log } from "../env/env.ts";
import type { PeerHost } from "../member/ports.ts";
import { listen, type ListenAddress, type Listener } from "../rpc/listener.ts";
import { formatHex, parseHex, type PeerIdentity } from "./identity.ts";
import { readIncomingStream } from "./incoming-stream.ts";
import { HEADERS, STATUS_MISMATCH, STATUS_REMOVED, STREAM_PROTOCOL } from "./protocol.ts";
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

function acceptStream(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
  options: PeerServerOptions,
): void {
  const from = parseHex(request.headers[HEADERS.from]);
  const known = request.headers.upgrade === STREAM_PROTOCOL && from !== undefined;
  const status = known ? refusalStatus(request, options) : STATUS_MISMATCH;
  if (from === undefined || status !== undefined) {
    logRefusal(request, status ?? STATUS_MISMATCH, options);
    const clusterId = formatHex(options.identity.clusterId);
    return refuseUpgrade(socket, status ?? STATUS_MISMATCH, clusterId);
  }
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${STREAM_PROTOCOL}\r\n\r\n`,
  );
  const peer = options.transport.find(from);
  peer?.incomingOpened(socket);
  readIncomingStream(socket, head, {
    // A peer speaks for itself alone.
    onMessages: (messages) => options.host.receive(messages.filter((each) => each.from === from)),
    onEnd: (reason) => {
      peer?.incomingClosed(socket);
      if (reason !== "")
        options.log.warn("peer stream ended", { "remote-peer-id": formatHex(from), reason });
    },
  });
}

function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: PeerServerOptions,
): void {
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

/**
 * Listens before the member exists, so that a taken port is found out first; requests are answered
 * with 503 until `serve` is called.
 */
export class PeerServer {
  readonly #listeners: Listener[] = [];
  readonly #sockets = new Set<Socket>();
  #options: PeerServerOptions | undefined;

  /** Rejects with `ListenError` when the address cannot be had. */
  async listen(address: ListenAddress): Promise<Listener> {
    const server = this.#createServer();
    const listener = await listen(address, (socket) => {
      this.#track(socket);
      server.emit("connection", socket);
    });
    this.#listeners.push(listener);
    return listener;
  }

  serve(options: PeerServerOptions): void {
    this.#options = options;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #createServer(): Server {
    const server = createServer({ keepAliveTimeout: 1_000 }, (request, response) => {
      if (this.#options === undefined) response.writeHead(503).end();
      else respond(request, response, this.#options);
    });
    server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
      socket.on("error", () => socket.destroy());
      if (this.#options === undefined) refuseUpgrade(socket, 503);
      else acceptStream(request, socket, head, this.#options);
    });
    return server;
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
  }
}
