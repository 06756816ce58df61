/**
 * The connections of a server: accepted, told apart, served, counted. What they have written in a turn
 * of the event loop is flushed for all of them at its end.
 */
import { createServer, type RequestListener, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Clock } from "../env/env.ts";
import type { SlabPool } from "../lib/slab-pool.ts";
import {
  type ConnectionOptions,
  type ConnectionServer,
  Http2Connection,
} from "./http2/connection.ts";
import { MemoryBudget } from "./http2/memory-budget.ts";
import { PENDING_CONNECTIONS_MAX, PREFACE_TIMEOUT_MS, SERVER_BYTES_MAX } from "./http2/limits.ts";
import { outputSlabs } from "./http2/output.ts";
import { readPreface } from "./http2/preface.ts";
import type { RequestHead } from "./http2/request-head.ts";
import type { Http2Stream, StreamOwner } from "./http2/stream.ts";

export interface ConnectionsOptions {
  readonly clock: Clock;
  readonly connection: ConnectionOptions;
  /** What all connections together may have kept for them. Default `SERVER_BYTES_MAX`. */
  readonly memoryBytesMax?: number | undefined;
  /** Serves what is not HTTP/2; without it such connections are closed. */
  readonly onHttp1: RequestListener | undefined;
  readonly openStream: (
    stream: Http2Stream,
    head: RequestHead,
    connection: Http2Connection,
  ) => StreamOwner;
}

/**
 * So many connections wait for the end of a turn; with more, the first of them is flushed at once. What
 * is written to it comes in a row, and its client need not wait until all others have theirs.
 */
const UNFLUSHED_MAX = 8;
/** How long what can wait is held back: about as long as a response takes while the server is busy. */
const SOON_MS = 50;

export class Connections implements ConnectionServer {
  readonly clock: Clock;
  readonly slabs: SlabPool = outputSlabs();
  readonly memory: MemoryBudget;
  readonly options: ConnectionOptions;
  readonly openStream: ConnectionsOptions["openStream"];
  readonly #http1: Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #open = new Set<Http2Connection>();
  readonly #pending = new Set<Http2Connection | Socket>();
  #toFlush: Http2Connection[] = [];
  /** Of these, from the first on: what they had written has left already. */
  #flushedEarly = 0;
  readonly #flushAll = (): void => this.#flush();
  #toFlushSoon: Http2Connection[] = [];
  readonly #flushLate = (): void => {
    const connections = this.#toFlushSoon;
    this.#toFlushSoon = [];
    for (const connection of connections) connection.flushLate();
  };
  #onEmpty: (() => void) | undefined;

  constructor(options: ConnectionsOptions) {
    this.clock = options.clock;
    this.options = options.connection;
    this.memory = new MemoryBudget(options.memoryBytesMax ?? SERVER_BYTES_MAX, options.clock);
    this.openStream = options.openStream;
    if (options.onHttp1 !== undefined) {
      this.#http1 = createServer({ headersTimeout: PREFACE_TIMEOUT_MS }, options.onHttp1);
    }
  }

  /** Takes a socket, raw or secure. */
  accept(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    if (this.#pending.size >= PENDING_CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    this.#pending.add(socket);
    const timer = this.clock.setTimer(PREFACE_TIMEOUT_MS, () => socket.destroy());
    socket.once("close", () => {
      timer.cancel();
      this.#pending.delete(socket);
      this.#sockets.delete(socket);
      this.#checkEmpty();
    });
    const decided = (): void => {
      timer.cancel();
      this.#pending.delete(socket);
    };
    readPreface(socket, {
      onHttp2: (_, rest) => {
        decided();
        this.#serveHttp2(socket, rest);
      },
      onOther: (_, bytes) => {
        decided();
        this.#serveHttp1(socket, bytes);
      },
    });
  }

  requestFlush(connection: Http2Connection): void {
    if (this.#toFlush.length === 0) this.clock.defer(this.#flushAll);
    this.#toFlush.push(connection);
    if (this.#toFlush.length - this.#flushedEarly > UNFLUSHED_MAX) {
      this.#toFlush[this.#flushedEarly++]!.flushEarly();
    }
  }

  /** A connection asks again only after `flushLate`. */
  requestFlushSoon(connection: Http2Connection): void {
    if (this.#toFlushSoon.length === 0) this.clock.setTimer(SOON_MS, this.#flushLate);
    this.#toFlushSoon.push(connection);
  }

  onReady(connection: Http2Connection): void {
    this.#pending.delete(connection);
  }

  onClose(connection: Http2Connection): void {
    this.#pending.delete(connection);
    this.#open.delete(connection);
  }

  /** Who serves the streams that are open. */
  owners(): StreamOwner[] {
    return [...this.#open].flatMap((connection) => connection.owners());
  }

  /** What is kept for clients: requests, header blocks, responses that are not sent. */
  get keptBytes(): number {
    return this.memory.usedBytes;
  }

  /** Lets every connection end when its streams have; resolves when the last is closed. */
  drain(): Promise<void> {
    for (const connection of [...this.#open]) connection.drain();
    for (const socket of [...this.#pending]) socket.destroy();
    this.#http1?.closeIdleConnections();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.#checkEmpty();
    });
  }

  /** Sends what is written, then cuts every connection. */
  cut(): void {
    for (const connection of this.#open) connection.flush();
    for (const socket of [...this.#sockets]) socket.destroySoon();
    for (const socket of [...this.#sockets]) {
      const timer = this.clock.setTimer(CUT_TIMEOUT_MS, () => socket.destroy());
      socket.once("close", () => timer.cancel());
    }
  }

  #serveHttp2(socket: Socket, rest: Buffer): void {
    const connection = new Http2Connection(socket, this);
    this.#open.add(connection);
    this.#pending.add(connection);
    connection.start(rest);
  }

  #serveHttp1(socket: Socket, bytes: Buffer): void {
    if (this.#http1 === undefined) {
      socket.destroy();
      return;
    }
    socket.unshift(bytes);
    this.#http1.emit("connection", socket);
  }

  #flush(): void {
    const connections = this.#toFlush;
    this.#toFlush = [];
    this.#flushedEarly = 0;
    for (let index = 0; index < connections.length; index++) connections[index]!.flush();
  }

  #checkEmpty(): void {
    if (this.#sockets.size === 0) this.#onEmpty?.();
  }
}

/** For the last bytes to leave a connection that is cut. */
const CUT_TIMEOUT_MS = 200;
