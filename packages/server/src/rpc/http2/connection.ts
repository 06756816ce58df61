/**
 * One HTTP/2 connection, server side (RFC 9113). This is the file that owns the socket: bytes come in
 * by its events, frames are dispatched, and what a turn of the event loop has to say leaves in one
 * write at its end.
 *
 *   open -> draining -> closing -> closed
 *
 * open: streams come and go. draining: the last GOAWAY is said, the streams that are there run to their
 * end. closing: our last byte is on its way and nothing more is read. closed: the socket is gone and
 * every stream was canceled.
 */
import type { Socket } from "node:net";
import type { Clock, Timer } from "../../env/env.ts";
import type { LongMessage } from "../../lib/long-message.ts";
import type { SlabPool } from "../../lib/slab-pool.ts";
import { AbuseGuard } from "./abuse-guard.ts";
import { ConnectionLoad } from "./connection-load.ts";
import { calm, ConnectionError, Http2Code } from "./error-codes.ts";
import { type ConnectionParts, FrameDispatcher, type FrameEvents } from "./dispatcher.ts";
import { FrameReader } from "./frame-reader.ts";
import {
  encodeGoaway,
  encodePing,
  encodeRstStream,
  encodeSettings,
  STREAM_ID_MAX,
} from "./frames.ts";
import type { OutgoingField } from "./hpack/encoder.ts";
import { Keepalive } from "./keepalive.ts";
import {
  CLOSE_TIMEOUT_MS,
  FRAME_BYTES_MAX,
  HEADER_LIST_BYTES_MAX,
  PREFACE_TIMEOUT_MS,
  STALLED_WRITE_TIMEOUT_MS,
} from "./limits.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { ReceiveFlow } from "./receive-flow.ts";
import type { RequestHead } from "./request-head.ts";
import { Sender } from "./sender.ts";
import { initialPeerSettings, Setting } from "./settings.ts";
import { SocketWriter } from "./socket-writer.ts";
import { Http2Stream, type StreamHost, type StreamOwner } from "./stream.ts";
import { StreamTable } from "./stream-table.ts";

/** What connections need of the server they belong to. */
export interface ConnectionServer {
  readonly clock: Clock;
  readonly slabs: SlabPool;
  readonly memory: MemoryBudget;
  readonly options: ConnectionOptions;
  /** Who serves a new stream; it may have been answered and closed on return. */
  openStream(stream: Http2Stream, head: RequestHead, connection: Http2Connection): StreamOwner;
  /** Has `flush` called at the end of the turn. */
  requestFlush(connection: Http2Connection): void;
  /** Has `flush` called some milliseconds later. */
  requestFlushSoon(connection: Http2Connection): void;
  /** The client's first SETTINGS have come. */
  onReady(connection: Http2Connection): void;
  onClose(connection: Http2Connection): void;
}

export interface ConnectionOptions {
  /** Streams open at a time on one connection. */
  readonly concurrentStreamsMax: number;
  /** The longest message; for the bound of what is kept of requests. */
  readonly messageBytesMax: number;
  readonly keepaliveMinIntervalMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveTimeoutMs: number;
}

/** A request that waits until the client has read of its responses. */
export interface DeferredRequest {
  resume(): void;
}

/** A request that has ended. */
export interface EndedRequest {
  afterChunk(): void;
}

const DRAIN_PING = Buffer.from("draining");
const KEEPALIVE_PING = Buffer.from("alive???");

function describePeer(socket: Socket): string {
  const { remoteAddress, remotePort } = socket;
  if (remoteAddress === undefined) return "unknown";
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, "");
  return address.includes(":") ? `[${address}]:${remotePort}` : `${address}:${remotePort}`;
}

export class Http2Connection implements StreamHost, FrameEvents {
  readonly #socket: Socket;
  readonly #server: ConnectionServer;
  readonly #parts: ConnectionParts;
  readonly #dispatcher: FrameDispatcher;
  readonly #reader: FrameReader;
  #state: "open" | "draining" | "closing" | "closed" = "open";
  /** Preface, drain or close: one at a time. */
  #timer: Timer | undefined;
  #stallTimer: Timer | undefined;
  readonly #deferred = new Set<DeferredRequest>();
  #ended: EndedRequest[] = [];
  #peer: string | undefined;
  readonly load: ConnectionLoad;

  /** Takes over a socket on which the client has sent the preface. */
  constructor(socket: Socket, server: ConnectionServer) {
    this.#socket = socket;
    this.#server = server;
    const { clock, options } = server;
    const peer = initialPeerSettings();
    const writer = new SocketWriter(socket, server.slabs, {
      atTurnEnd: () => server.requestFlush(this),
      soon: () => server.requestFlushSoon(this),
    });
    const sender = new Sender(writer, peer, (stream) => this.#responded(stream));
    this.#parts = {
      clock,
      writer,
      sender,
      peer,
      flow: new ReceiveFlow(writer, options.messageBytesMax),
      table: new StreamTable(),
      guard: new AbuseGuard(clock),
      keepalive: new Keepalive(
        {
          clock,
          minIntervalMs: options.keepaliveMinIntervalMs,
          intervalMs: options.keepaliveIntervalMs,
          timeoutMs: options.keepaliveTimeoutMs,
        },
        () => writer.control(encodePing(KEEPALIVE_PING, false)),
        () => this.destroy(),
      ),
    };
    this.#dispatcher = new FrameDispatcher(this.#parts, this);
    this.#reader = new FrameReader(this.#dispatcher, FRAME_BYTES_MAX);
    const account = server.memory.open(() => this.onError(calm("the server has no more memory")));
    this.load = new ConnectionLoad(this.#parts, [this.#reader, this.#dispatcher], account);
  }

  /** Says hello and serves; `bytes` came behind the preface. */
  start(bytes: Buffer): void {
    const socket = this.#socket;
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("drain", () => this.#onDrain());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#onClose());
    const { clock, options } = this.#server;
    this.#timer = clock.setTimer(PREFACE_TIMEOUT_MS, () =>
      this.onError(new ConnectionError(Http2Code.SETTINGS_TIMEOUT, "no SETTINGS")),
    );
    const settings: [number, number][] = [
      [Setting.MAX_CONCURRENT_STREAMS, options.concurrentStreamsMax],
      [Setting.MAX_HEADER_LIST_SIZE, HEADER_LIST_BYTES_MAX],
    ];
    this.#parts.writer.control(encodeSettings(settings));
    this.#parts.flow.open();
    if (bytes.length > 0) this.#onData(bytes);
  }

  /** Address of the client, `host:port`, or `unknown`. */
  get peer(): string {
    this.#peer ??= describePeer(this.#socket);
    return this.#peer;
  }

  /** Who serves the streams that are open. */
  owners(): StreamOwner[] {
    const streams = this.#parts.table.open.all();
    return streams.flatMap(({ owner }) => (owner === undefined ? [] : [owner]));
  }

  /** Counts bytes of requests that are kept; negative when they are let go. */
  hold(bytes: number): void {
    this.#parts.flow.hold(bytes);
  }

  /** Keeps a request until the client has read of what it asked for. */
  defer(request: DeferredRequest): void {
    this.#deferred.add(request);
  }

  /** Of a request that has ended, and may have been kept. */
  forget(request: DeferredRequest): void {
    this.#deferred.delete(request);
  }

  /**
   * Has a request looked at when the chunk that ended it is read: clients in Go reset a stream right
   * behind its end, and what would be answered is sent for nothing.
   */
  afterChunk(request: EndedRequest): void {
    this.#ended.push(request);
  }

  /** Hands over what was written. */
  flush(): void {
    this.#parts.writer.flush();
    this.#flushed();
  }

  /** Hands over what was written so far in a turn that goes on; `flush` follows at its end. */
  flushEarly(): void {
    this.#parts.writer.flushEarly();
  }

  /** As `flush`, some milliseconds after what asked for it. */
  flushLate(): void {
    this.#parts.writer.flushLate();
    this.#flushed();
  }

  #flushed(): void {
    const { sender, writer } = this.#parts;
    if (!writer.isBlocked) sender.flushed();
    sender.turnEnded();
    if (this.#isStuck) this.#watchStall();
    this.#relieve();
    this.load.recount();
  }

  /**
   * Ends the connection when its streams have ended. A client that is about to open one hears of it
   * in time: the first GOAWAY allows every stream, the last is said a round trip later.
   */
  drain(): void {
    if (this.#state !== "open" || this.#timer !== undefined) {
      if (this.#state === "open") this.destroy();
      return;
    }
    const { writer } = this.#parts;
    writer.control(encodeGoaway(STREAM_ID_MAX, Http2Code.NO_ERROR, "graceful_stop"));
    writer.control(encodePing(DRAIN_PING, false));
    this.#timer = this.#server.clock.setTimer(CLOSE_TIMEOUT_MS, () => this.#finishDrain());
  }

  /** Cuts the connection. */
  destroy(): void {
    this.#socket.destroy();
  }

  sendHeaders(stream: Http2Stream, fields: readonly OutgoingField[]): void {
    if (!stream.isClosed) this.#parts.sender.headers(stream, fields, false);
  }

  sendMessage(stream: Http2Stream, message: Uint8Array | LongMessage): void {
    if (stream.isClosed) return;
    stream.isAnswered = true;
    this.#parts.sender.message(stream, message);
  }

  sendBody(stream: Http2Stream, bytes: Uint8Array): void {
    if (!stream.isClosed) this.#parts.sender.body(stream, bytes);
  }

  sendTrailers(stream: Http2Stream, fields: readonly OutgoingField[]): void {
    if (!stream.isClosed) this.#parts.sender.trailers(stream, fields);
  }

  reset(stream: Http2Stream, code: number): void {
    if (stream.isClosed) return;
    this.#parts.writer.control(encodeRstStream(stream.id, code));
    this.#close(stream, "us");
  }

  consume(stream: Http2Stream, bytes: number): void {
    this.#parts.flow.consume(stream, bytes);
  }

  expect(stream: Http2Stream, bytes: number): void {
    this.#parts.flow.expect(stream, bytes);
  }

  onReady(): void {
    this.#cancelTimer();
    this.#server.onReady(this);
  }

  onRequest(id: number, head: RequestHead, isLast: boolean): void {
    const { peer, table, writer } = this.#parts;
    const { concurrentStreamsMax } = this.#server.options;
    if (
      this.#state !== "open" ||
      table.open.size >= concurrentStreamsMax ||
      !this.load.mayOpenStream
    ) {
      table.close(id, "us");
      writer.answer(encodeRstStream(id, Http2Code.REFUSED_STREAM));
      return;
    }
    if (isLast && head.contentLength > 0) {
      this.onStreamError(id, undefined, Http2Code.PROTOCOL_ERROR);
      return;
    }
    const stream = new Http2Stream(id, this, peer.initialWindowSize, head.contentLength);
    stream.isRemoteClosed = isLast;
    stream.headBytes = head.bytes;
    this.load.streamOpened(stream);
    table.add(stream);
    stream.owner = this.#server.openStream(stream, head, this);
    if (isLast && !stream.isClosed) stream.owner.onEnd();
  }

  onReset(stream: Http2Stream): void {
    this.#close(stream, "client");
    stream.owner?.onCanceled();
  }

  onStreamError(id: number, stream: Http2Stream | undefined, code: number): void {
    const { guard, table, writer } = this.#parts;
    guard.reset();
    writer.answer(encodeRstStream(id, code));
    if (stream === undefined) table.close(id, "us");
    else {
      this.#close(stream, "us");
      stream.owner?.onCanceled();
    }
  }

  onPingAck(payload: Uint8Array): void {
    if (this.#state === "open" && DRAIN_PING.equals(payload)) this.#finishDrain();
  }

  onWindow(): void {
    this.#relieve();
  }

  /** Ends the connection with a GOAWAY. */
  onError(error: ConnectionError): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    const { table, writer } = this.#parts;
    this.#cancelStreams();
    writer.control(encodeGoaway(table.lastId, error.code, error.message));
    this.#end();
  }

  #onData(chunk: Buffer): void {
    if (this.#state === "closing" || this.#state === "closed") return;
    this.#parts.keepalive.active();
    try {
      this.#reader.push(chunk);
      this.#endRequests();
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.onError(error);
      return;
    }
    // What is answered without a handler and without windows, and not read.
    if (this.load.isBlocked) this.#socket.pause();
    this.load.recount();
  }

  #endRequests(): void {
    if (this.#ended.length === 0) return;
    const ended = this.#ended;
    this.#ended = [];
    for (const request of ended) request.afterChunk();
  }

  #onDrain(): void {
    const { sender, writer } = this.#parts;
    writer.drained();
    sender.flushed();
    sender.pump();
    this.#relieve();
    this.load.recount();
  }

  #onClose(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelTimer();
    this.#stallTimer?.cancel();
    this.#parts.keepalive.stop();
    this.#dispatcher.stop();
    this.#reader.stop();
    this.#cancelStreams();
    this.load.closed();
    this.#server.onClose(this);
  }

  /** Runs requests that had to wait while there is room again. */
  #relieve(): void {
    if (this.#deferred.size === 0 || this.load.isCrowded) return;
    for (const request of this.#deferred) {
      if (this.load.isCongested) return;
      this.#deferred.delete(request);
      request.resume();
    }
  }

  #watchStall(): void {
    if (this.#stallTimer !== undefined) return;
    const before = this.#progress;
    this.#stallTimer = this.#server.clock.setTimer(STALLED_WRITE_TIMEOUT_MS, () => {
      this.#stallTimer = undefined;
      if (!this.#isStuck) return;
      if (this.#progress === before) this.onError(calm("responses are not read"));
      else this.#watchStall();
    });
  }

  /** Something has to wait until the client reads. */
  get #isStuck(): boolean {
    return this.#socket.isPaused() || this.load.isCongested;
  }

  /** Grows whenever the client takes something. */
  get #progress(): number {
    const { sender } = this.#parts;
    return sender.dataFrames + this.#socket.bytesWritten - this.#socket.writableLength;
  }

  #responded(stream: Http2Stream): void {
    const isEarly = !stream.isRemoteClosed;
    if (isEarly) {
      this.#parts.writer.control(encodeRstStream(stream.id, Http2Code.NO_ERROR));
    }
    this.#close(stream, isEarly ? "us" : "client");
  }

  #close(stream: Http2Stream, by: "us" | "client"): void {
    const { flow, sender, table } = this.#parts;
    stream.isClosed = true;
    this.load.streamClosed(stream);
    table.close(stream.id, by);
    flow.release(stream);
    sender.drop(stream);
    if (this.#state === "draining" && table.open.size === 0) this.#end();
  }

  #cancelStreams(): void {
    const { flow, sender, table } = this.#parts;
    this.#deferred.clear();
    this.#ended = [];
    for (const stream of table.open.all()) {
      stream.isClosed = true;
      this.load.streamClosed(stream);
      table.open.delete(stream.id);
      flow.release(stream);
      sender.drop(stream);
      stream.owner?.onCanceled();
    }
  }

  #finishDrain(): void {
    if (this.#state !== "open") return;
    const { table, writer } = this.#parts;
    this.#cancelTimer();
    this.#state = "draining";
    writer.control(encodeGoaway(table.lastId, Http2Code.NO_ERROR, ""));
    if (table.open.size === 0) this.#end();
  }

  /** Sends what is written, then closes; cuts the connection if the client does not let it go. */
  #end(): void {
    this.#state = "closing";
    this.#reader.stop();
    this.#dispatcher.stop();
    this.#cancelTimer();
    this.#parts.writer.flush();
    this.#socket.end();
    this.#socket.resume();
    this.load.recount();
    this.#timer = this.#server.clock.setTimer(CLOSE_TIMEOUT_MS, () => this.destroy());
  }

  #cancelTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
