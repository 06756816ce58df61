import type { LongMessage } from "../lib/long-message.ts";
import { isLater, type Later, listenTo, type ReplyListener } from "../lib/reply.ts";
import { type CallParts, ServerCall } from "./call.ts";
import { CROWDED_SINK_BYTES_MAX, WAITING_MESSAGE_BYTES } from "./http2/limits.ts";
import type { EndedRequest } from "./http2/connection.ts";
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
 * A call with streams of requests, responses or both; it is its own sink. Requests are delivered in
 * order, and none while the receiver is busy or the client does not read its responses: then the
 * stream's window closes, and the client has to wait. The one request of a server stream is delivered
 * when the client has said that there are no more.
 */
export class StreamingCall
  extends ServerCall
  implements StreamOwner, MessageSink, EndedRequest, ResponseSink<unknown>
{
  readonly isStream = true;
  readonly #registration: BidiRegistration | ServerStreamRegistration;
  readonly #reader: MessageReader;
  #receiver: RequestReceiver<unknown> | undefined = undefined;
  #waiting: Waiting[] = [];
  /** Requests that the receiver is busy with. */
  #pending = 0;
  #isDelivering = false;
  #hasEnded = false;
  /** Of a server stream: its one request has been found. */
  #isStarted = false;
  #mustDrain = false;
  #drained: (() => void) | undefined = undefined;

  constructor(registration: BidiRegistration | ServerStreamRegistration, parts: CallParts) {
    super(parts);
    this.#registration = registration;
    this.#reader = new MessageReader(parts, this);
    parts.stream.isTracked = true;
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

  writeEncoded(message: Uint8Array | LongMessage): boolean {
    if (!this.isOpen) return false;
    this.send(message);
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
    if (this.#waiting.length === 0 && this.#registration.kind === "bidi" && this.#isReady) {
      this.#deliverOne(bytes, wireBytes);
      return;
    }
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
    this.connection.afterChunk(this);
  }

  afterChunk(): void {
    if (this.isOpen) this.#deliver();
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
    // A reply that is there at once would have the next request delivered inside of this one.
    if (this.#isDelivering) return;
    while (this.#waiting.length > 0 && this.#isReady) {
      const next = this.#waiting.shift()!;
      this.#letGo(next);
      this.#deliverOne(next.bytes, next.wireBytes);
    }
    if (!this.#hasEnded || this.#pending > 0 || this.#waiting.length > 0 || !this.isOpen) return;
    this.#hasEnded = false;
    try {
      this.#receiver?.onEnd();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Whether the next request may be delivered. */
  get #isReady(): boolean {
    const concurrency = this.#receiver?.concurrency ?? 1;
    return this.isOpen && this.#pending < concurrency && !this.#mustDrain;
  }

  #deliverOne(bytes: Buffer, wireBytes: number): void {
    this.stream.host.consume(this.stream, wireBytes);
    this.#isDelivering = true;
    this.#handle(bytes);
    this.#isDelivering = false;
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
      if (isLater(result)) this.#await(result, bytes.length);
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

  #await(result: Later<void>, bytes: number): void {
    this.handlerStarted(bytes);
    this.#pending += 1;
    listenTo(result, new PendingRequest(this, bytes));
  }

  /** The receiver has dealt with a request of so many bytes. */
  settled(bytes: number): void {
    this.handlerSettled(bytes);
    this.#pending -= 1;
    this.#deliver();
  }

  /** Or has failed in it. */
  failed(bytes: number, error: unknown): void {
    this.handlerSettled(bytes);
    this.#fail(error);
  }
}

class PendingRequest implements ReplyListener<void> {
  readonly #call: StreamingCall;
  readonly #bytes: number;

  constructor(call: StreamingCall, bytes: number) {
    this.#call = call;
    this.#bytes = bytes;
  }

  onReply(): void {
    this.#call.settled(this.#bytes);
  }

  onFailure(error: unknown): void {
    this.#call.failed(this.#bytes, error);
  }
}
