import type { InLine } from "../../lib/line.ts";
import type { LongMessage } from "../../lib/long-message.ts";
import type { OutgoingField } from "./hpack/encoder.ts";
import { STREAM_WINDOW_BYTES } from "./limits.ts";

/** Who serves a stream. After `onCanceled` nothing else is called. */
export interface StreamOwner {
  /** A part of the body, `bytes[start, end)`, to be copied if kept; `isLast` ends the request. */
  onData(bytes: Buffer, start: number, end: number, isLast: boolean): void;
  /** The request has ended without more data. */
  onEnd(): void;
  /** The stream is gone: reset, by whichever side, or the connection has ended. */
  onCanceled(): void;
  /** Of a tracked stream: what it has written was taken by the socket, as far as it was given it. */
  onSent(): void;
}

/** What a stream can do; the connection does it. */
export interface StreamHost {
  sendHeaders(stream: Http2Stream, fields: readonly OutgoingField[]): void;
  sendMessage(stream: Http2Stream, message: Uint8Array | LongMessage): void;
  sendBody(stream: Http2Stream, bytes: Uint8Array): void;
  sendTrailers(stream: Http2Stream, fields: readonly OutgoingField[]): void;
  reset(stream: Http2Stream, code: number): void;
  consume(stream: Http2Stream, bytes: number): void;
  expect(stream: Http2Stream, bytes: number): void;
}

/**
 * One request and its response. The state is RFC 9113's, section 5.1: open until one side has closed,
 * gone when both have or when it was reset.
 */
export class Http2Stream implements InLine {
  readonly id: number;
  readonly host: StreamHost;
  owner: StreamOwner | undefined = undefined;

  /** The client has ended its request. */
  isRemoteClosed = false;
  /** What the client may still send. */
  receiveWindow: number = STREAM_WINDOW_BYTES;
  /** Bytes taken that the client has not been told of. */
  unacknowledged = 0;
  /** Window above the usual, for a long message. */
  loan = 0;
  /** Window that it waits for. */
  wanted = 0;
  /** Bytes of its body still to come by `content-length`; -1 when that is not known. */
  bytesLeft: number;
  emptyFrames = 0;

  /** A message of the response is written, or waits for the window. */
  isAnswered = false;
  /** The last frame of the response is sent, or the stream was reset. */
  isClosed = false;
  sendWindow: number;
  /** What waits for window or socket: `queue[0]` from `queueOffset`. */
  queue: (Uint8Array | LongMessage)[] | undefined = undefined;
  queueOffset = 0;
  queuedBytes = 0;
  /** Whether it stands among those that may send, and where. */
  isReady = false;
  place = 0;
  /** Whether its owner wants `onSent`. */
  isTracked = false;
  /** Of a tracked stream: bytes given to the socket that it has not taken. */
  unflushedBytes = 0;
  /** To be sent behind the queue. */
  trailers: readonly OutgoingField[] | undefined = undefined;

  /** What its head is counted with. */
  headBytes = 0;

  constructor(id: number, host: StreamHost, sendWindow: number, contentLength: number) {
    this.id = id;
    this.host = host;
    this.sendWindow = sendWindow;
    this.bytesLeft = contentLength;
  }
}
