import { type CallParts, ServerCall } from "./call.ts";
import { CROWDED_SINK_BYTES_MAX, WAITING_MESSAGE_BYTES } from "./http2/limits.ts";
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

const CARDINALITY = "cardinality violation: received";
const NO_REQUEST = `${CARDINALITY} no request message from non-client-streaming RPC`;
const MANY_REQUESTS = `${CARDINALITY} multiple request messages for non-client-streaming RPC`;

/** A view of a much larger buffer is copied: its decoded message may live as long as the call. */
function ownBytes(bytes: Buffer): Buffer {
  return bytes.buffer.byteLength > 2 * bytes.length ? Buffer.from(bytes) : bytes;
}

/**
 * A call with streams of requests, responses or both; it is its own sink. Requests are delivered one
 * at a time, and none while the receiver is busy or the client does not read its responses: then
 * the stream's window closes, and the client has to wait. The one request of a server stream is
 * delivered when the client has said that there are no more.
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
  /** Of a server stream: its one request has been found. */
  #isStarted = false;
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
    if (this.bufferedBytes >= this.#markBytes) this.#mustDrain = true;
    return !this.#mustDrain;
  }

  onDrain(listener: () => void): void {
    this.#drained = listener;
  }

  end(error?: RpcError): void {
    this.finish(error);
  }

  onSent(): void {
    if (!this.#mustDrain || this.bufferedBytes > this.#markBytes / 2) return;
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
      this.abort(error);
    }
    if (isLast) this.onEnd();
  }

  onMessage(bytes: Buffer, wireBytes: number): void {
    if (!this.isOpen) return;
    const own = ownBytes(bytes);
    this.#waiting.push({ bytes: own, wireBytes });
    this.connection.hold(own.length + WAITING_MESSAGE_BYTES);
    this.#deliver();
  }

  onEnd(): void {
    if (!this.isOpen) return;
    if (this.#reader.isPartial) {
      this.abort(new RpcError(StatusCode.Internal, "unexpected EOF"));
      return;
    }
    this.#hasEnded = true;
    this.#deliver();
  }

  protected released(): void {
    this.#reader.stop();
    for (const next of this.#waiting) this.#letGo(next);
    this.#waiting = [];
  }

  #letGo(next: Waiting): void {
    this.connection.hold(-next.bytes.length - WAITING_MESSAGE_BYTES);
  }

  /** Bytes at which the handler is to wait: less if many streams wait already. */
  get #markBytes(): number {
    const { sinkBytesMax } = this.context;
    if (!this.connection.load.isCrowded) return sinkBytesMax;
    return Math.min(sinkBytesMax, CROWDED_SINK_BYTES_MAX);
  }

  /** A bidi handler is there from the start, that of a server stream comes with its request. */
  #open(): void {
    const registration = this.#registration;
    try {
      this.#receiver =
        registration.kind === "bidi"
          ? registration.handler(this, this)
          : {
              onMessage: (request) => registration.handler(request, this, this),
              onEnd: () => undefined,
            };
    } catch (error) {
      this.#fail(error);
    }
  }

  #deliver(): void {
    if (this.#registration.kind === "server-stream" && !this.#isOnly()) return;
    while (this.isOpen && !this.#isBusy && !this.#mustDrain) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#letGo(next);
      this.stream.host.consume(this.stream, next.wireBytes);
      this.#handle(next.bytes);
    }
    if (!this.#hasEnded || this.#isBusy || this.#waiting.length > 0 || !this.isOpen) return;
    this.#hasEnded = false;
    try {
      this.#receiver?.onEnd();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether the request of a server stream has come and no other can; ends the call if one has. */
  #isOnly(): boolean {
    if (this.#isStarted) return true;
    if (!this.#hasEnded) return false;
    const { length } = this.#waiting;
    this.#isStarted = length === 1;
    if (this.#isStarted) return true;
    this.finish(new RpcError(StatusCode.Internal, length === 0 ? NO_REQUEST : MANY_REQUESTS));
    return false;
  }

  #handle(bytes: Buffer): void {
    try {
      const result = this.#receiver?.onMessage(this.#decode(bytes));
      if (result instanceof Promise) this.#settle(result, bytes.length);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A handler that fails in one request may keep something for the stream: it is told to let go. */
  #fail(error: unknown): void {
    if (this.isOpen) this.abort(this.context.errorToStatus(error));
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

  #settle(result: Promise<void>, bytes: number): void {
    this.handlerStarted(bytes);
    this.#isBusy = true;
    result.then(
      () => {
        this.handlerSettled(bytes);
        this.#isBusy = false;
        this.#deliver();
      },
      (error: unknown) => {
        this.handlerSettled(bytes);
        this.#fail(error);
      },
    );
  }
}
