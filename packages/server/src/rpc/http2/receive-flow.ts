/**
 * Flow control of what we receive (RFC 9113, section 5.2). The connection's window is large and always
 * given back; what bounds memory are the streams' windows. A stream gets no more than the usual window
 * unless the length of its message is known to need it: then it is lent the rest, so that the message
 * comes without a round trip for each window. Loans have a budget and are served in order, so that of
 * many long messages some can always complete.
 */
import { calm } from "./error-codes.ts";
import { encodeWindowUpdate } from "./frames.ts";
import {
  CONNECTION_WINDOW_BYTES,
  HELD_REQUEST_BYTES_MAX,
  LOANED_BYTES_MAX,
  STREAM_WINDOW_BYTES,
} from "./limits.ts";
import type { SocketWriter } from "./socket-writer.ts";
import type { Http2Stream } from "./stream.ts";

const CONNECTION_UPDATE_BYTES = CONNECTION_WINDOW_BYTES / 4;
const STREAM_UPDATE_BYTES = (STREAM_WINDOW_BYTES + 1) / 2;
const INITIAL_WINDOW_BYTES = 65_535;

export class ReceiveFlow {
  readonly #writer: SocketWriter;
  readonly #messageBytesMax: number;
  readonly #waiting = new Set<Http2Stream>();
  #unacknowledged = 0;
  #loaned = 0;
  #held = 0;

  constructor(writer: SocketWriter, messageBytesMax: number) {
    this.#writer = writer;
    this.#messageBytesMax = messageBytesMax;
  }

  /** Request bytes kept for messages that are not complete or not taken. */
  get heldBytes(): number {
    return this.#held;
  }

  /** Opens the connection's window to its full size. */
  open(): void {
    this.#writer.control(encodeWindowUpdate(0, CONNECTION_WINDOW_BYTES - INITIAL_WINDOW_BYTES));
  }

  /** A DATA frame, of whichever stream; its window cannot be exceeded as it opens again at once. */
  receive(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#unacknowledged < CONNECTION_UPDATE_BYTES) return;
    this.#writer.control(encodeWindowUpdate(0, this.#unacknowledged));
    this.#unacknowledged = 0;
  }

  /** Whether the stream's window allows the frame. */
  receiveOnStream(stream: Http2Stream, bytes: number): boolean {
    stream.receiveWindow -= bytes;
    return stream.receiveWindow >= 0;
  }

  /** The stream has done with so many bytes, and may send as many more. */
  consume(stream: Http2Stream, bytes: number): void {
    if (stream.isRemoteClosed || stream.isClosed) return;
    const repaid = Math.min(bytes, stream.loan);
    if (repaid > 0) this.#repay(stream, repaid);
    stream.unacknowledged += bytes - repaid;
    if (stream.unacknowledged >= STREAM_UPDATE_BYTES) this.#grant(stream, stream.unacknowledged);
  }

  /** The stream's message needs so many more bytes. */
  expect(stream: Http2Stream, bytes: number): void {
    const missing = bytes - stream.receiveWindow;
    if (missing <= 0 || stream.isRemoteClosed) return;
    stream.wanted = missing;
    this.#waiting.add(stream);
    this.#lend();
  }

  /** Counts bytes that are kept; negative when they are let go. */
  hold(bytes: number): void {
    this.#held += bytes;
    if (this.#held > HELD_REQUEST_BYTES_MAX + this.#messageBytesMax) {
      throw calm("too much request data without a complete request");
    }
  }

  /** The stream will receive nothing more. */
  release(stream: Http2Stream): void {
    this.#waiting.delete(stream);
    if (stream.loan > 0) this.#repay(stream, stream.loan);
  }

  #repay(stream: Http2Stream, bytes: number): void {
    stream.loan -= bytes;
    this.#loaned -= bytes;
    this.#lend();
  }

  #lend(): void {
    for (const stream of this.#waiting) {
      if (this.#loaned > 0 && this.#loaned + stream.wanted > LOANED_BYTES_MAX) return;
      this.#waiting.delete(stream);
      const bytes = stream.wanted;
      stream.wanted = 0;
      stream.loan += bytes;
      this.#loaned += bytes;
      stream.receiveWindow += bytes;
      this.#writer.control(encodeWindowUpdate(stream.id, bytes));
    }
  }

  #grant(stream: Http2Stream, bytes: number): void {
    stream.unacknowledged = 0;
    stream.receiveWindow += bytes;
    this.#writer.control(encodeWindowUpdate(stream.id, bytes));
  }
}
