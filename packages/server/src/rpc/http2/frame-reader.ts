/**
 * Cuts a byte stream into frames. Frames that lie in one chunk are handed over where they lie; one
 * that is spread over several is put together in a buffer of its own, so that views of a payload may be
 * kept without a thought for what comes next.
 */
import { frameSizeError } from "./error-codes.ts";
import { FRAME_HEADER_BYTES, readUint31 } from "./frames.ts";

/** Takes frames; the payload is `bytes[start, end)`. */
export interface FrameHandler {
  onFrame(header: FrameInfo, bytes: Buffer, start: number, end: number): void;
}

/** One object for all frames of a reader: valid only during the call. */
export interface FrameInfo {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
}

export class FrameReader {
  readonly #handler: FrameHandler;
  readonly #frameBytesMax: number;
  readonly #info = { type: 0, flags: 0, streamId: 0 };
  #isStopped = false;
  /** The beginning of a frame whose rest has not come. */
  #partial: Buffer | undefined;
  #partialBytes = 0;

  constructor(handler: FrameHandler, frameBytesMax: number) {
    this.#handler = handler;
    this.#frameBytesMax = frameBytesMax;
  }

  /** Bytes of a frame that is not complete. */
  get keptBytes(): number {
    return this.#partial === undefined ? 0 : this.#partial.length;
  }

  /** Hands over no more frames. */
  stop(): void {
    this.#isStopped = true;
    this.#partial = undefined;
  }

  /** Throws `ConnectionError` for a frame that is too long, and what the handler throws. */
  push(chunk: Buffer): void {
    let at = this.#partial === undefined ? 0 : this.#complete(chunk);
    while (!this.#isStopped && chunk.length - at >= FRAME_HEADER_BYTES) {
      const end = at + FRAME_HEADER_BYTES + this.#payloadLength(chunk, at);
      if (end > chunk.length) break;
      this.#emit(chunk, at, end);
      at = end;
    }
    if (at < chunk.length && !this.#isStopped) this.#keep(chunk, at);
  }

  #payloadLength(bytes: Buffer, at: number): number {
    const length = (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
    if (length > this.#frameBytesMax) throw frameSizeError(`frame of ${length} bytes`);
    return length;
  }

  #emit(bytes: Buffer, at: number, end: number): void {
    const info = this.#info;
    info.type = bytes[at + 3]!;
    info.flags = bytes[at + 4]!;
    info.streamId = readUint31(bytes, at + 5);
    this.#handler.onFrame(info, bytes, at + FRAME_HEADER_BYTES, end);
  }

  #keep(chunk: Buffer, at: number): void {
    const kept = chunk.length - at;
    const isHeaderKnown = kept >= FRAME_HEADER_BYTES;
    const bytes = FRAME_HEADER_BYTES + (isHeaderKnown ? this.#payloadLength(chunk, at) : 0);
    this.#partial = Buffer.allocUnsafe(bytes);
    this.#partialBytes = 0;
    this.#append(chunk, at);
  }

  /** Appends as much as the partial frame's buffer takes; returns where the rest of the chunk begins. */
  #append(chunk: Buffer, at: number): number {
    const partial = this.#partial!;
    const count = Math.min(partial.length - this.#partialBytes, chunk.length - at);
    chunk.copy(partial, this.#partialBytes, at, at + count);
    this.#partialBytes += count;
    return at + count;
  }

  /** Goes on with the partial frame; returns how much of the chunk belonged to it. */
  #complete(chunk: Buffer): number {
    let at = 0;
    if (this.#partialBytes < FRAME_HEADER_BYTES) {
      at = this.#append(chunk, 0);
      if (this.#partialBytes < FRAME_HEADER_BYTES) return at;
      const header = this.#partial!;
      if (header.length === FRAME_HEADER_BYTES) {
        const bytes = FRAME_HEADER_BYTES + this.#payloadLength(header, 0);
        this.#partial = Buffer.allocUnsafe(bytes);
        header.copy(this.#partial);
      }
    }
    at = this.#append(chunk, at);
    const frame = this.#partial!;
    if (this.#partialBytes === frame.length) {
      this.#partial = undefined;
      this.#emit(frame, 0, frame.length);
    }
    return at;
  }
}
