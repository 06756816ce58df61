/**
 * Cuts the body of a request into messages: a byte of flags, four of length, then the bytes, with no
 * regard to where DATA frames begin and end.
 *
 * A message that lies in one frame is handed over where it lies. Of others the beginning is kept in a
 * buffer that grows with what has come, never with what the client has announced.
 */
import type { CallParts } from "./call.ts";
import { inflate } from "./compression.ts";
import { RpcError, StatusCode } from "./status.ts";

export const PREFIX_BYTES = 5;
const COMPRESSED = 1;
const FIRST_BUFFER_BYTES = 16 * 1024;
/** Windows are 31-bit. */
const EXPECT_BYTES_MAX = 2 ** 30;

export interface MessageSink {
  /** A message; `wireBytes` with its prefix, as it came. It may be a view of a larger buffer. */
  onMessage(bytes: Buffer, wireBytes: number): void;
}

export class MessageReader {
  readonly #call: CallParts;
  readonly #sink: MessageSink;
  #prefixBytes = 0;
  /** As far as the prefix has come. */
  #flags = 0;
  #length = 0;
  #buffer: Buffer | undefined;
  #bytes = 0;
  #isStopped = false;

  constructor(call: CallParts, sink: MessageSink) {
    this.#call = call;
    this.#sink = sink;
  }

  /** The body has ended inside of a message, if it has ended; the start of a prefix is not one. */
  get isPartial(): boolean {
    return this.#prefixBytes === PREFIX_BYTES;
  }

  /** Throws `RpcError` for a message that is too large or malformed. */
  push(chunk: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end && !this.#isStopped) {
      if (this.#prefixBytes < PREFIX_BYTES) at = this.#readPrefix(chunk, at, end);
      if (this.#prefixBytes < PREFIX_BYTES) return;
      if (this.#bytes === 0 && end - at >= this.#length) {
        const message = chunk.subarray(at, at + this.#length);
        at += this.#length;
        this.#emit(message);
      } else {
        at = this.#collect(chunk, at, end);
      }
    }
  }

  /** Reads no more, and lets go of what is kept; also from inside of `onMessage`. */
  stop(): void {
    this.#isStopped = true;
    this.#letGo();
  }

  #letGo(): void {
    if (this.#buffer !== undefined) this.#call.connection.hold(-this.#buffer.length);
    this.#buffer = undefined;
    this.#bytes = 0;
    this.#prefixBytes = 0;
  }

  #readPrefix(chunk: Buffer, start: number, end: number): number {
    let at = start;
    while (at < end && this.#prefixBytes < PREFIX_BYTES) {
      const byte = chunk[at++]!;
      if (this.#prefixBytes === 0) this.#flags = byte;
      this.#length = this.#prefixBytes === 0 ? 0 : this.#length * 256 + byte;
      this.#prefixBytes += 1;
    }
    if (this.#prefixBytes < PREFIX_BYTES) return at;
    const { context, request } = this.#call;
    checkPrefix(this.#flags, this.#length, context.messageBytesMax, request.encoding);
    if (this.#length === 0 && at === end) this.#emit(chunk.subarray(at, at));
    return at;
  }

  #collect(chunk: Buffer, start: number, end: number): number {
    const count = Math.min(end - start, this.#length - this.#bytes);
    const needed = this.#bytes + count;
    const buffer = this.#room(needed);
    chunk.copy(buffer, this.#bytes, start, start + count);
    this.#bytes = needed;
    if (needed === this.#length) {
      const message = buffer.subarray(0, needed);
      this.#letGo();
      this.#prefixBytes = PREFIX_BYTES;
      this.#emit(message);
    } else {
      const { stream } = this.#call;
      stream.host.expect(stream, Math.min(this.#length - needed, EXPECT_BYTES_MAX));
    }
    return start + count;
  }

  #room(bytes: number): Buffer {
    const old = this.#buffer;
    if (old !== undefined && old.length >= bytes) return old;
    const doubled = Math.max(bytes, FIRST_BUFFER_BYTES, (old?.length ?? 0) * 2);
    const buffer = Buffer.allocUnsafeSlow(Math.min(doubled, this.#length));
    if (old !== undefined) old.copy(buffer, 0, 0, this.#bytes);
    this.#buffer = buffer;
    this.#call.connection.hold(buffer.length - (old?.length ?? 0));
    return buffer;
  }

  #emit(message: Buffer): void {
    const { context, request } = this.#call;
    this.#prefixBytes = 0;
    const isCompressed = this.#flags === COMPRESSED && request.encoding === "gzip";
    const bytes = isCompressed ? inflate(message, context.messageBytesMax) : message;
    this.#sink.onMessage(bytes, message.length + PREFIX_BYTES);
  }
}

/** Throws `RpcError` for a message that cannot be taken. */
export function checkPrefix(
  flags: number,
  length: number,
  messageBytesMax: number,
  encoding: string,
): void {
  if (length > messageBytesMax) {
    const text = `grpc: received message larger than max (${length} vs. ${messageBytesMax})`;
    throw new RpcError(StatusCode.ResourceExhausted, text);
  }
  if (flags > COMPRESSED) {
    const text = `grpc: received unexpected payload format ${flags}`;
    throw new RpcError(StatusCode.Internal, text);
  }
  if (flags === COMPRESSED && encoding !== "gzip") {
    const text = "grpc: compressed flag set with identity or empty encoding";
    throw new RpcError(StatusCode.Internal, text);
  }
}
