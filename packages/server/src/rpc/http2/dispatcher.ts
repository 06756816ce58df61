/**
 * What each frame means (RFC 9113, sections 5.1 and 6). Errors of the connection are thrown; errors of
 * a stream reset it.
 */
import type { Clock, Timer } from "../../env/env.ts";
import type { AbuseGuard } from "./abuse-guard.ts";
import { calm, ConnectionError, frameSizeError, Http2Code, protocolError } from "./error-codes.ts";
import type { FrameHandler, FrameInfo } from "./frame-reader.ts";
import { encodePing, Flag, FrameType, readUint31, SETTINGS_ACK } from "./frames.ts";
import { HeaderReader } from "./header-reader.ts";
import type { Keepalive } from "./keepalive.ts";
import { EMPTY_DATA_MAX, HEADER_BLOCK_TIMEOUT_MS } from "./limits.ts";
import type { ReceiveFlow } from "./receive-flow.ts";
import type { RequestHead } from "./request-head.ts";
import type { Sender } from "./sender.ts";
import { applySettings, type PeerSettings } from "./settings.ts";
import type { SocketWriter } from "./socket-writer.ts";
import type { Http2Stream } from "./stream.ts";
import type { StreamTable } from "./stream-table.ts";

/** The parts of a connection. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly writer: SocketWriter;
  readonly sender: Sender;
  readonly flow: ReceiveFlow;
  readonly table: StreamTable;
  readonly guard: AbuseGuard;
  readonly keepalive: Keepalive;
  readonly peer: PeerSettings;
}

/** The connection, as far as frames change it. */
export interface FrameEvents {
  /** The first frame has come, and was SETTINGS. */
  onReady(): void;
  /** A valid request on a new stream. */
  onRequest(id: number, head: RequestHead, isLast: boolean): void;
  /** The client has reset the stream. */
  onReset(stream: Http2Stream): void;
  /** A client's mistake on a stream: reset it. `stream` is undefined when it is not open. */
  onStreamError(id: number, stream: Http2Stream | undefined, code: number): void;
  onPingAck(payload: Uint8Array): void;
  /** More may be sent than before. */
  onWindow(): void;
  /** An error beside the handling of a frame. */
  onError(error: ConnectionError): void;
}

export class FrameDispatcher implements FrameHandler {
  readonly #parts: ConnectionParts;
  readonly #events: FrameEvents;
  readonly #headers = new HeaderReader();
  #hasSettings = false;
  /** The stream whose header block is not complete; 0 for none. */
  #blockStreamId = 0;
  #blockIsLast = false;
  #blockTimer: Timer | undefined;
  /** The part of a payload that is left without padding. */
  #start = 0;
  #end = 0;

  constructor(parts: ConnectionParts, events: FrameEvents) {
    this.#parts = parts;
    this.#events = events;
  }

  /** Bytes of a header block that is not complete. */
  get keptBytes(): number {
    return this.#headers.keptBytes;
  }

  stop(): void {
    this.#blockTimer?.cancel();
  }

  onFrame(info: FrameInfo, bytes: Buffer, start: number, end: number): void {
    if (this.#blockStreamId !== 0) this.#checkContinuation(info);
    if (!this.#hasSettings) this.#checkFirst(info);
    switch (info.type) {
      case FrameType.DATA:
        return this.#data(info, bytes, start, end);
      case FrameType.HEADERS:
        return this.#headersFrame(info, bytes, start, end);
      case FrameType.CONTINUATION:
        return this.#continuation(info, bytes, start, end);
      case FrameType.RST_STREAM:
        return this.#rstStream(info.streamId, end - start);
      case FrameType.WINDOW_UPDATE:
        return this.#windowUpdate(info.streamId, bytes, start, end);
      case FrameType.SETTINGS:
        return this.#settings(info, bytes.subarray(start, end));
      case FrameType.PING:
        return this.#ping(info, bytes.subarray(start, end));
      case FrameType.PRIORITY:
        return this.#priority(info.streamId, bytes, start, end);
      case FrameType.GOAWAY:
        return this.#goaway(info.streamId, end - start);
      case FrameType.PUSH_PROMISE:
        throw protocolError("clients do not push");
      default:
        return this.#parts.guard.glitch();
    }
  }

  #checkFirst(info: FrameInfo): void {
    if (info.type !== FrameType.SETTINGS || (info.flags & Flag.ACK) !== 0) {
      throw protocolError("the first frame is not SETTINGS");
    }
    this.#hasSettings = true;
    this.#events.onReady();
  }

  #checkContinuation(info: FrameInfo): void {
    if (info.type !== FrameType.CONTINUATION || info.streamId !== this.#blockStreamId) {
      throw protocolError("a header block is not complete");
    }
  }

  /** Sets `#start` and `#end`. */
  #unpad(flags: number, bytes: Buffer, start: number, end: number): void {
    this.#start = start;
    this.#end = end;
    if ((flags & Flag.PADDED) === 0) return;
    if (start >= end) throw frameSizeError("no room for the length of the padding");
    this.#start = start + 1;
    this.#end = end - bytes[start]!;
    if (this.#end < this.#start) throw protocolError("padding is longer than the frame");
  }

  #headersFrame(info: FrameInfo, bytes: Buffer, start: number, end: number): void {
    const { flags, streamId } = info;
    if (streamId === 0) throw protocolError("HEADERS on stream 0");
    this.#unpad(flags, bytes, start, end);
    if ((flags & Flag.PRIORITY) !== 0) this.#skipPriority(streamId, bytes);
    const isLast = (flags & Flag.END_STREAM) !== 0;
    if ((flags & Flag.END_HEADERS) !== 0) {
      this.#block(streamId, isLast, { bytes, start: this.#start, end: this.#end });
      return;
    }
    this.#blockStreamId = streamId;
    this.#blockIsLast = isLast;
    this.#headers.addFragment(bytes, this.#start, this.#end);
    this.#blockTimer = this.#parts.clock.setTimer(HEADER_BLOCK_TIMEOUT_MS, () =>
      this.#events.onError(calm("header block takes too long")),
    );
  }

  #skipPriority(streamId: number, bytes: Buffer): void {
    if (this.#end - this.#start < 5) throw frameSizeError("HEADERS too short for its priority");
    if (readUint31(bytes, this.#start) === streamId)
      throw protocolError("stream depends on itself");
    this.#start += 5;
  }

  #continuation(info: FrameInfo, bytes: Buffer, start: number, end: number): void {
    const id = this.#blockStreamId;
    if (id === 0) throw protocolError("CONTINUATION without HEADERS");
    this.#headers.addFragment(bytes, start, end);
    if ((info.flags & Flag.END_HEADERS) === 0) return;
    this.#blockTimer?.cancel();
    this.#blockStreamId = 0;
    const block = this.#headers.takeFragments();
    this.#block(id, this.#blockIsLast, { bytes: block, start: 0, end: block.length });
  }

  #block(id: number, isLast: boolean, { bytes, start, end }: Block): void {
    const { table } = this.#parts;
    const stream = table.open.get(id);
    if (stream !== undefined) {
      this.#trailers(stream, isLast, this.#headers.readTrailers(bytes, start, end));
      return;
    }
    if (id <= table.lastId) {
      this.#lateBlock(id, { bytes, start, end });
      return;
    }
    table.useId(id);
    const head = this.#headers.readRequest(bytes, start, end);
    if (head !== undefined) this.#events.onRequest(id, head, isLast);
    else this.#events.onStreamError(id, undefined, Http2Code.PROTOCOL_ERROR);
  }

  /** Trailers that crossed our reset are decoded and dropped; anything else is a mistake. */
  #lateBlock(id: number, { bytes, start, end }: Block): void {
    const by = this.#parts.table.closedBy(id);
    if (by === undefined) throw protocolError(`HEADERS on stream ${id}, which was skipped`);
    if (by === "client") {
      throw new ConnectionError(Http2Code.STREAM_CLOSED, `HEADERS on stream ${id}`);
    }
    this.#headers.readTrailers(bytes, start, end);
    this.#parts.guard.glitch();
  }

  #trailers(stream: Http2Stream, isLast: boolean, isValid: boolean): void {
    if (stream.isRemoteClosed) this.#fail(stream, Http2Code.STREAM_CLOSED);
    else if (!isValid || !isLast || stream.bytesLeft > 0) {
      this.#fail(stream, Http2Code.PROTOCOL_ERROR);
    } else {
      stream.isRemoteClosed = true;
      this.#parts.flow.release(stream);
      stream.owner?.onEnd();
    }
  }

  #fail(stream: Http2Stream, code: number): void {
    this.#events.onStreamError(stream.id, stream, code);
  }

  #data(info: FrameInfo, bytes: Buffer, start: number, end: number): void {
    const { flow, table } = this.#parts;
    const { flags, streamId } = info;
    if (streamId === 0) throw protocolError("DATA on stream 0");
    flow.receive(end - start);
    this.#unpad(flags, bytes, start, end);
    const stream = table.open.get(streamId);
    if (stream === undefined) this.#lateData(streamId);
    else if (stream.isRemoteClosed) this.#fail(stream, Http2Code.STREAM_CLOSED);
    else if (!flow.receiveOnStream(stream, end - start)) {
      this.#fail(stream, Http2Code.FLOW_CONTROL_ERROR);
    } else {
      const padding = end - start - (this.#end - this.#start);
      if (padding > 0) flow.consume(stream, padding);
      this.#body(stream, bytes, (flags & Flag.END_STREAM) !== 0);
    }
  }

  #lateData(id: number): void {
    const { guard, table } = this.#parts;
    if (table.isIdle(id)) throw protocolError(`DATA on idle stream ${id}`);
    if (table.closedBy(id) === "us") guard.glitch();
    else this.#events.onStreamError(id, undefined, Http2Code.STREAM_CLOSED);
  }

  /** A part of the body, at `#start` to `#end`. */
  #body(stream: Http2Stream, bytes: Buffer, isLast: boolean): void {
    const start = this.#start;
    const end = this.#end;
    if (stream.bytesLeft >= 0) {
      stream.bytesLeft -= end - start;
      if (stream.bytesLeft < 0 || (isLast && stream.bytesLeft > 0)) {
        this.#fail(stream, Http2Code.PROTOCOL_ERROR);
        return;
      }
    }
    if (isLast) {
      stream.isRemoteClosed = true;
      this.#parts.flow.release(stream);
    }
    if (end > start) stream.owner?.onData(bytes, start, end, isLast);
    else if (isLast) stream.owner?.onEnd();
    else {
      stream.emptyFrames += 1;
      if (stream.emptyFrames > EMPTY_DATA_MAX) throw calm("too many empty frames");
    }
  }

  #rstStream(id: number, length: number): void {
    const { guard, table } = this.#parts;
    if (length !== 4) throw frameSizeError(`RST_STREAM of ${length} bytes`);
    if (id === 0 || table.isIdle(id)) throw protocolError(`RST_STREAM on stream ${id}`);
    const stream = table.open.get(id);
    if (stream === undefined) return guard.glitch();
    if (!hasItsAnswer(stream)) guard.reset();
    this.#events.onReset(stream);
  }

  #windowUpdate(id: number, bytes: Buffer, start: number, end: number): void {
    const { guard, sender, table } = this.#parts;
    if (end - start !== 4) throw frameSizeError(`WINDOW_UPDATE of ${end - start} bytes`);
    guard.windowUpdate(table.opened, sender.dataFrames);
    const increment = readUint31(bytes, start);
    if (id === 0) {
      if (increment === 0) throw protocolError("WINDOW_UPDATE of 0");
      sender.addWindow(increment);
      return this.#events.onWindow();
    }
    const stream = table.open.get(id);
    if (stream === undefined) {
      if (table.isIdle(id)) throw protocolError(`WINDOW_UPDATE on idle stream ${id}`);
      return;
    }
    if (increment === 0) return this.#fail(stream, Http2Code.PROTOCOL_ERROR);
    if (!sender.addStreamWindow(stream, increment)) {
      return this.#fail(stream, Http2Code.FLOW_CONTROL_ERROR);
    }
    this.#events.onWindow();
  }

  #settings(info: FrameInfo, payload: Buffer): void {
    const { guard, peer, sender, writer } = this.#parts;
    if (info.streamId !== 0) throw protocolError("SETTINGS on a stream");
    if ((info.flags & Flag.ACK) !== 0) {
      if (payload.length > 0) throw frameSizeError("acknowledgement with settings");
      return guard.glitch();
    }
    guard.settings();
    const before = peer.initialWindowSize;
    applySettings(peer, payload, (bytes) => sender.encoder.setTableBytesMax(bytes));
    writer.answer(SETTINGS_ACK);
    if (peer.initialWindowSize !== before) this.#moveWindows(peer.initialWindowSize - before);
  }

  #moveWindows(delta: number): void {
    const { sender, table } = this.#parts;
    for (const stream of table.open.all()) {
      if (!sender.addStreamWindow(stream, delta)) {
        throw new ConnectionError(Http2Code.FLOW_CONTROL_ERROR, "stream window overflow");
      }
    }
    this.#events.onWindow();
  }

  #ping(info: FrameInfo, payload: Buffer): void {
    const { keepalive, sender, table, writer } = this.#parts;
    if (info.streamId !== 0) throw protocolError("PING on a stream");
    if (payload.length !== 8) throw frameSizeError(`PING of ${payload.length} bytes`);
    if ((info.flags & Flag.ACK) !== 0) return this.#events.onPingAck(payload);
    // Clients measure the way with PINGs among their requests; the next response takes the answer along.
    writer.answerSoon(encodePing(payload, true));
    keepalive.pinged(table.open.size > 0, sender.dataFrames + sender.headerBlocks);
  }

  #priority(id: number, bytes: Buffer, start: number, end: number): void {
    if (id === 0) throw protocolError("PRIORITY on stream 0");
    if (end - start !== 5) throw frameSizeError(`PRIORITY of ${end - start} bytes`);
    if (readUint31(bytes, start) === id) throw protocolError("stream depends on itself");
    this.#parts.guard.glitch();
  }

  /** The client opens no more streams; those that are open go on. */
  #goaway(id: number, length: number): void {
    if (id !== 0) throw protocolError("GOAWAY on a stream");
    if (length < 8) throw frameSizeError(`GOAWAY of ${length} bytes`);
    this.#parts.guard.glitch();
  }
}

interface Block {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Whether the client has what it paid for, and only hangs up. An answer that waits for a window was
 * made for nothing: a client that gives none could have any number of them made.
 */
function hasItsAnswer({ isRemoteClosed, isAnswered, queuedBytes }: Http2Stream): boolean {
  return isRemoteClosed && isAnswered && queuedBytes === 0;
}
