import { type CallParts, ServerCall } from "./call.ts";
import type { StreamOwner } from "./http2/stream.ts";
import { MessageReader, type MessageSink } from "./message-reader.ts";
import type {
  BidiRegistration,
  RequestReceiver,
  ResponseSink,
  ServerStreamRegistration,
} from "./service.ts";
import { RpcError, StatusCode } from "./status.ts";

interface Waiting {
  readonly bytes: Buffer;
  readonly wireBytes: number;
}

/** A view of a much larger buffer is copied: its decoded message may live as long as the call. */
function ownBytes(bytes: Buffer): Buffer {
  return bytes.buffer.byteLength > 2 * bytes.length ? Buffer.from(bytes) : bytes;
}

/**
 * A call with streams of requests, responses or both; it is its own sink. Requests are delivered one
 * at a time, and none while the receiver is busy or the client does not read its responses: then
 * the stream's window closes, and the client has to wait.
 */
export class StreamingCall
  extends ServerCall
  implements StreamOwner, MessageSink, ResponseSink<unknown>
{
  readonly isStream = true;
  readonly #registration: BidiRegistration | ServerStreamRegistration;
  readonly #reader: MessageReader;
  #receiver: RequestReceiver<unknown> | undefined = undefined;
  #waiting: Waiting[] = [];
  #isBusy = false;
  #hasEnded = false;
  #mustDrain = false;
  #drained: (() => void) | undefined = undefined;

  constructor(registration: BidiRegistration | ServerStreamRegistration, parts: CallParts) {
    super(parts);
    this.#registration = registration;
    const { connection, context, request, stream } = parts;
    const { encoding } = request;
    const { messageBytesMax } = context;
    this.#reader = new MessageReader({ connection, stream, messageBytesMax, encoding }, this);
    stream.isTracked = true;
    if (this.begin()) this.#open();
  }

  get bufferedBytes(): number {
    return this.isOpen ? this.stream.queuedBytes + this.stream.unflushedBytes : 0;
  }

  get isWritable(): boolean {
    return this.isOpen && !this.#mustDrain;
  }

  write(message: unknown): boolean {
    return this.isOpen && this.writeEncoded(this.#registration.method.responseType.encode(message));
  }

  writeEncoded(bytes: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.send(bytes);
    if (this.bufferedBytes >= this.context.sinkBytesMax) this.#mustDrain = true;
    return !this.#mustDrain;
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  end(error?: RpcError): void {
    this.finish(error);
  }

  onSent(): void {
    if (!this.#mustDrain || this.bufferedBytes > this.context.sinkBytesMax / 2) return;
    this.#mustDrain = false;
    this.#drained?.();
    this.#deliver();
  }

  onData(bytes: Buffer, start: number, end: number, isLast: boolean): void {
    if (!this.isOpen) return;
    try {
      this.#reader.push(bytes, start, end);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.finish(error);
    }
    if (isLast) this.onEnd();
  }

  onMessage(bytes: Buffer, wireBytes: number): void {
    if (!this.isOpen) return;
    const own = ownBytes(bytes);
    this.connection.hold(own.length);
    this.#waiting.push({ bytes: own, wireBytes });
    this.#deliver();
  }

  onEnd(): void {
    if (!this.isOpen) return;
    if (this.#reader.isPartial) {
      this.finish(new RpcError(StatusCode.Internal, "unexpected EOF"));
      return;
    }
    this.#hasEnded = true;
    this.#deliver();
  }

  protected released(): void {
    this.#reader.stop();
    for (const { bytes } of this.#waiting) this.connection.hold(-bytes.length);
    this.#waiting = [];
  }

  /** A server stream waits for its one request, a bidi handler is there from the start. */
  #open(): void {
    const registration = this.#registration;
    if (registration.kind !== "bidi") return;
    try {
      this.#receiver = registration.handler(this, this);
    } catch (error) {
      this.endWith(error);
    }
  }

  #deliver(): void {
    while (this.isOpen && !this.#isBusy && !this.#mustDrain) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.connection.hold(-next.bytes.length);
      this.stream.host.consume(this.stream, next.wireBytes);
      this.#handle(next.bytes);
    }
    if (!this.#hasEnded || this.#isBusy || this.#waiting.length > 0 || !this.isOpen) return;
    this.#hasEnded = false;
    this.#handleEnd();
  }

  #handle(bytes: Buffer): void {
    try {
      const request = this.#decode(bytes);
      const result =
        this.#registration.kind === "bidi"
          ? this.#receiver?.onMessage(request)
          : this.#startStream(this.#registration, request);
      if (result instanceof Promise) this.#settle(result);
    } catch (error) {
      this.endWith(error);
    }
  }

  /** Whatever a server stream's handler does, its client has nothing more to say. */
  #startStream(registration: ServerStreamRegistration, request: unknown): void | Promise<void> {
    if (this.#receiver !== undefined) {
      const text =
        "cardinality violation: received multiple request messages for non-client-streaming RPC";
      throw new RpcError(StatusCode.Internal, text);
    }
    this.#receiver = { onMessage: () => undefined, onEnd: () => undefined };
    return registration.handler(request, this, this);
  }

  #handleEnd(): void {
    if (this.#receiver === undefined) {
      const text =
        "cardinality violation: received no request message from non-client-streaming RPC";
      this.finish(new RpcError(StatusCode.Internal, text));
      return;
    }
    try {
      this.#receiver.onEnd();
    } catch (error) {
      this.endWith(error);
    }
  }

  #decode(bytes: Buffer): unknown {
    try {
      return this.#registration.method.requestType.decode(bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const text = `grpc: failed to unmarshal the received message: ${reason}`;
      throw new RpcError(StatusCode.Internal, text);
    }
  }

  #settle(result: Promise<void>): void {
    this.handlerStarted();
    this.#isBusy = true;
    result.then(
      () => {
        this.handlerSettled();
        this.#isBusy = false;
        this.#deliver();
      },
      (error: unknown) => {
        this.handlerSettled();
        this.endWith(error);
      },
    );
  }
}
