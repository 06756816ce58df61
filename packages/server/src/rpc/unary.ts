import type { LongMessage } from "../lib/long-message.ts";
import { isLater, type Later, listenTo, type ReplyListener } from "../lib/reply.ts";
import { type CallParts, ServerCall } from "./call.ts";
import type { DeferredRequest } from "./http2/connection.ts";
import type { StreamOwner } from "./http2/stream.ts";
import { checkPrefix, MessageReader, type MessageSink, PREFIX_BYTES } from "./message-reader.ts";
import type { UnaryRegistration } from "./service.ts";
import { RpcError, StatusCode } from "./status.ts";

/**
 * A call with one request and one response. In the usual case the request is one DATA frame: it is
 * decoded where it lies and handed on in the same turn.
 */
export class UnaryCall
  extends ServerCall
  implements StreamOwner, MessageSink, DeferredRequest, ReplyListener<unknown>
{
  readonly isStream = false;
  readonly #registration: UnaryRegistration;
  #reader: MessageReader | undefined = undefined;
  #message: Buffer | undefined = undefined;
  /** Of the request that the handler works on. */
  #bytes = 0;

  constructor(registration: UnaryRegistration, parts: CallParts) {
    super(parts);
    this.#registration = registration;
    this.begin();
  }

  onData(bytes: Buffer, start: number, end: number, isLast: boolean): void {
    if (!this.isOpen) return;
    try {
      if (isLast && this.#reader === undefined && this.#isWhole(bytes, start, end)) {
        this.#run(bytes.subarray(start + PREFIX_BYTES, end));
        return;
      }
      if (this.#message === undefined) {
        this.#reader ??= this.#createReader();
        this.#reader.push(bytes, start, end);
      } else {
        this.stream.host.consume(this.stream, end - start);
      }
      if (isLast) this.onEnd();
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.finish(error);
    }
  }

  onEnd(): void {
    if (!this.isOpen) return;
    if (this.#message !== undefined) {
      this.#run(this.#message);
    } else {
      const isPartial = this.#reader?.isPartial === true;
      this.finish(new RpcError(StatusCode.Unknown, isPartial ? "unexpected EOF" : "EOF"));
    }
  }

  onMessage(bytes: Buffer): void {
    // As in grpc-go, what comes behind the request is ignored.
    this.#reader?.stop();
    // The request has not ended: the buffer around the message may be much larger and live long.
    this.#message = Buffer.from(bytes);
    this.connection.hold(bytes.length);
  }

  onSent(): void {
    return undefined;
  }

  resume(): void {
    if (this.isOpen && this.#message !== undefined) this.#call(this.#message);
  }

  protected released(): void {
    this.#reader?.stop();
    if (this.#message === undefined) return;
    this.#letGo();
    this.connection.forget(this);
  }

  #letGo(): void {
    this.connection.hold(-this.#message!.length);
    this.#message = undefined;
  }

  #createReader(): MessageReader {
    const { connection, context, request, stream } = this;
    return new MessageReader({ connection, context, request, stream }, this);
  }

  /** Whether the bytes are exactly one message that needs nothing done to it. */
  #isWhole(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < PREFIX_BYTES || bytes[start] !== 0) return false;
    const length = bytes.readUInt32BE(start + 1);
    if (length !== end - start - PREFIX_BYTES) return false;
    checkPrefix(0, length, this.context.messageBytesMax, "");
    return true;
  }

  #run(message: Buffer): void {
    if (!this.connection.load.isCongested) {
      this.#call(message);
      return;
    }
    if (this.#message === undefined) this.onMessage(message);
    this.connection.defer(this);
  }

  #call(bytes: Buffer): void {
    if (this.#message !== undefined) this.#letGo();
    try {
      const request = this.#decode(bytes);
      const result = this.#registration.handler(request, this);
      if (isLater(result)) this.#await(result, bytes.length);
      else this.#respond(result);
    } catch (error) {
      this.endWith(error);
    }
  }

  #decode(bytes: Buffer): unknown {
    try {
      return this.#registration.method.requestType.decode(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new RpcError(StatusCode.Internal, `grpc: error unmarshalling request: ${reason}`);
    }
  }

  #await(result: Later<unknown>, bytes: number): void {
    this.#bytes = bytes;
    this.handlerStarted(bytes);
    listenTo(result, this);
  }

  onReply(response: unknown): void {
    this.handlerSettled(this.#bytes);
    this.#respond(response);
  }

  onFailure(error: unknown): void {
    this.handlerSettled(this.#bytes);
    this.endWith(error);
  }

  #respond(response: unknown): void {
    if (!this.isOpen) return;
    let message: Uint8Array | LongMessage;
    try {
      const { complete, method } = this.#registration;
      message = method.responseType.encode(complete === undefined ? response : complete(response));
    } catch (error) {
      this.endWith(error);
      return;
    }
    this.send(message);
    this.finish();
  }
}
