/**
 * Sends responses under both windows (RFC 9113, section 5.2) and the socket's back-pressure. What may go
 * is written at once; the rest waits in its stream, and streams take turns, a frame each.
 */
import { Line } from "../../lib/line.ts";
import type { LongMessage } from "../../lib/long-message.ts";
import { ConnectionError, Http2Code } from "./error-codes.ts";
import { Flag, FRAME_HEADER_BYTES, FrameType, putFrameHeader, STREAM_ID_MAX } from "./frames.ts";
import { HpackEncoder, type OutgoingField } from "./hpack/encoder.ts";
import type { PeerSettings } from "./settings.ts";
import type { SocketWriter } from "./socket-writer.ts";
import type { Http2Stream } from "./stream.ts";

/** A byte that says "not compressed" and four of length, in front of each message. */
const PREFIX_BYTES = 5;
const FRAME_BYTES_MAX = 16 * 1024;
/** Of what waited, a turn of the event loop sends so much: a fraction of a millisecond. */
const TURN_BYTES_MAX = 128 * 1024;

function messagePrefix(length: number): Buffer {
  const prefix = Buffer.allocUnsafe(PREFIX_BYTES);
  prefix[0] = 0;
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

function keptBytesOf(message: Uint8Array | LongMessage): number {
  return message instanceof Uint8Array ? message.length : message.keptBytes;
}

export class Sender {
  readonly encoder: HpackEncoder = new HpackEncoder();
  readonly #writer: SocketWriter;
  readonly #peer: PeerSettings;
  /** Called when a stream's trailers have been written. */
  readonly #onEnd: (stream: Http2Stream) => void;
  readonly #ready = new Line<Http2Stream>();
  #window = 65_535;
  #isPumping = false;
  #unflushed: Http2Stream[] = [];
  /** Of what waited, sent in this turn. */
  #turnBytes = 0;
  /** Bytes that wait in streams. */
  queuedBytes = 0;
  /** What is kept for them: messages are, whole, until they are sent to their end. */
  keptBytes = 0;
  /** DATA frames sent so far, and header blocks. */
  dataFrames = 0;
  headerBlocks = 0;

  constructor(writer: SocketWriter, peer: PeerSettings, onEnd: (stream: Http2Stream) => void) {
    this.#writer = writer;
    this.#peer = peer;
    this.#onEnd = onEnd;
  }

  headers(stream: Http2Stream, fields: readonly OutgoingField[], isLast: boolean): void {
    const { encoder } = this;
    const { output } = this.#writer;
    this.headerBlocks += 1;
    const bound = encoder.bound(fields);
    if (bound > this.#peer.maxFrameSize) {
      this.#longHeaders(stream, fields, isLast);
      return;
    }
    output.reserve(FRAME_HEADER_BYTES + bound);
    const at = output.used;
    const payload = at + FRAME_HEADER_BYTES;
    const end = encoder.write(output.slab, payload, fields);
    const flags = Flag.END_HEADERS | (isLast ? Flag.END_STREAM : 0);
    putFrameHeader(output.slab, at, end - payload, FrameType.HEADERS, flags, stream.id);
    output.used = end;
    this.#writer.written();
  }

  /** A message with its prefix. Its bytes must not change until they are sent. */
  message(stream: Http2Stream, message: Uint8Array | LongMessage): void {
    const total = PREFIX_BYTES + message.length;
    if (!(message instanceof Uint8Array) || !this.#maySend(stream, total)) {
      this.#enqueue(stream, messagePrefix(message.length));
      if (message.length > 0) this.#enqueue(stream, message);
      this.pump();
      return;
    }
    this.#sendAtOnce(stream, message);
  }

  #sendAtOnce(stream: Http2Stream, bytes: Uint8Array): void {
    const total = PREFIX_BYTES + bytes.length;
    const { output } = this.#writer;
    const at = this.#startData(stream, total, PREFIX_BYTES);
    const { slab } = output;
    slab[at] = 0;
    slab[at + 1] = bytes.length >>> 24;
    slab[at + 2] = bytes.length >>> 16;
    slab[at + 3] = bytes.length >>> 8;
    slab[at + 4] = bytes.length;
    output.used = at + PREFIX_BYTES;
    output.append(bytes);
    this.#writer.written();
    if (stream.isTracked) this.#track(stream, total);
  }

  /** Bytes as they are. They must not change until they are sent. */
  body(stream: Http2Stream, bytes: Uint8Array): void {
    if (bytes.length > 0) this.#enqueue(stream, bytes);
    this.pump();
  }

  /** Ends the stream once all before it is sent. */
  trailers(stream: Http2Stream, fields: readonly OutgoingField[]): void {
    if (stream.queuedBytes > 0) {
      stream.trailers = fields;
      return;
    }
    this.headers(stream, fields, true);
    this.#onEnd(stream);
  }

  /** Forgets what the stream has not sent. */
  drop(stream: Http2Stream): void {
    this.queuedBytes -= stream.queuedBytes;
    for (const bytes of stream.queue ?? []) this.keptBytes -= keptBytesOf(bytes);
    stream.queuedBytes = 0;
    stream.queueOffset = 0;
    stream.queue = undefined;
    stream.trailers = undefined;
    if (stream.isReady) this.#ready.delete(stream);
    stream.isReady = false;
  }

  /** A turn of the event loop is over, and what it wrote is handed over. */
  turnEnded(): void {
    this.#turnBytes = 0;
    this.pump();
  }

  /** Sends what windows and socket allow, but not too much in a turn. */
  pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (this.#window > 0 && !this.#writer.isBlocked) {
      if (this.#turnBytes >= TURN_BYTES_MAX) {
        this.#writer.requestFlush();
        break;
      }
      const stream = this.#ready.shift();
      if (stream === undefined) break;
      stream.isReady = false;
      this.#sendQueued(stream);
      // Behind all others.
      this.#makeReady(stream);
    }
    this.#isPumping = false;
  }

  /** WINDOW_UPDATE of the connection. */
  addWindow(bytes: number): void {
    this.#window += bytes;
    if (this.#window > STREAM_ID_MAX) {
      throw new ConnectionError(Http2Code.FLOW_CONTROL_ERROR, "connection window overflow");
    }
    this.pump();
  }

  /** A change of the stream's window, by WINDOW_UPDATE or SETTINGS; false when it overflows. */
  addStreamWindow(stream: Http2Stream, bytes: number): boolean {
    stream.sendWindow += bytes;
    if (stream.sendWindow > STREAM_ID_MAX) return false;
    this.#makeReady(stream);
    this.pump();
    return true;
  }

  /** The socket has taken everything: tells the streams that had a part in it. */
  flushed(): void {
    if (this.#unflushed.length === 0) return;
    const streams = this.#unflushed;
    this.#unflushed = [];
    for (const stream of streams) {
      stream.unflushedBytes = 0;
      if (!stream.isClosed) stream.owner?.onSent();
    }
  }

  #makeReady(stream: Http2Stream): void {
    if (stream.isReady || stream.queuedBytes === 0 || stream.sendWindow <= 0) return;
    stream.isReady = true;
    this.#ready.push(stream);
  }

  #track(stream: Http2Stream, bytes: number): void {
    if (stream.unflushedBytes === 0) this.#unflushed.push(stream);
    stream.unflushedBytes += bytes;
  }

  #maySend(stream: Http2Stream, bytes: number): boolean {
    return (
      stream.queuedBytes === 0 &&
      bytes <= stream.sendWindow &&
      bytes <= this.#window &&
      bytes <= FRAME_BYTES_MAX &&
      !this.#writer.isBlocked
    );
  }

  /** Writes the header of a DATA frame and makes room for `room` bytes; returns where they begin. */
  #startData(stream: Http2Stream, length: number, room: number): number {
    const { output } = this.#writer;
    output.reserve(FRAME_HEADER_BYTES + room);
    stream.sendWindow -= length;
    this.#window -= length;
    this.dataFrames += 1;
    return putFrameHeader(output.slab, output.used, length, FrameType.DATA, 0, stream.id);
  }

  #enqueue(stream: Http2Stream, bytes: Uint8Array | LongMessage): void {
    (stream.queue ??= []).push(bytes);
    stream.queuedBytes += bytes.length;
    this.queuedBytes += bytes.length;
    this.keptBytes += keptBytesOf(bytes);
    this.#makeReady(stream);
    // Even if nothing can be sent: at the end of the turn it is seen how much waits.
    this.#writer.written();
  }

  #sendQueued(stream: Http2Stream): void {
    const windows = Math.min(stream.sendWindow, this.#window);
    const length = Math.min(stream.queuedBytes, windows, FRAME_BYTES_MAX);
    if (length <= 0) return;
    const { output } = this.#writer;
    output.used = this.#startData(stream, length, 0);
    this.#turnBytes += length;
    this.#moveQueued(stream, length);
    const { trailers } = stream;
    if (stream.queuedBytes === 0 && trailers !== undefined) {
      stream.trailers = undefined;
      this.headers(stream, trailers, true);
      this.#onEnd(stream);
    } else {
      this.#writer.written();
    }
    if (stream.isTracked) this.#track(stream, length);
  }

  #moveQueued(stream: Http2Stream, length: number): void {
    const queue = stream.queue!;
    let left = length;
    let sent = 0;
    while (left > 0) {
      const bytes = queue[sent]!;
      const count = Math.min(left, bytes.length - stream.queueOffset);
      this.#move(bytes, stream.queueOffset, count);
      left -= count;
      stream.queueOffset += count;
      if (stream.queueOffset < bytes.length) break;
      stream.queueOffset = 0;
      this.keptBytes -= keptBytesOf(bytes);
      sent += 1;
    }
    queue.splice(0, sent);
    stream.queuedBytes -= length;
    this.queuedBytes -= length;
  }

  #move(bytes: Uint8Array | LongMessage, start: number, count: number): void {
    const { output } = this.#writer;
    if (bytes instanceof Uint8Array) output.append(bytes.subarray(start, start + count));
    else output.appendOf(bytes, count);
  }

  /** A block that does not fit into one frame. */
  #longHeaders(stream: Http2Stream, fields: readonly OutgoingField[], isLast: boolean): void {
    const buffer = Buffer.allocUnsafe(this.encoder.bound(fields));
    const block = buffer.subarray(0, this.encoder.write(buffer, 0, fields));
    const { output } = this.#writer;
    for (let at = 0; at < block.length || at === 0; at += FRAME_BYTES_MAX) {
      const part = block.subarray(at, at + FRAME_BYTES_MAX);
      const isFinal = at + part.length >= block.length;
      const type = at === 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      const first = at === 0 && isLast ? Flag.END_STREAM : 0;
      const flags = first | (isFinal ? Flag.END_HEADERS : 0);
      output.reserve(FRAME_HEADER_BYTES);
      output.used = putFrameHeader(output.slab, output.used, part.length, type, flags, stream.id);
      output.append(part);
    }
    this.#writer.written();
  }
}
