/**
 * The seam between the API and the transport. Handlers see requests, a `Call` and, when they answer
 * more than once, a `ResponseSink`; nothing of HTTP/2, of sockets or of the library underneath.
 *
 * Everything is push: a request is handed over by a function call, and no iterator or promise is made
 * per message. A unary handler that can answer at once returns the response itself.
 */
import type { LongMessage } from "../lib/long-message.ts";
import type { Later } from "../lib/reply.ts";
import type { RpcError } from "./status.ts";

/** One RPC, structurally what the generated method definitions are. */
export interface RpcMethod<Request, Response, Encoded = Uint8Array> {
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly requestType: { decode(bytes: Uint8Array): Request };
  readonly responseType: { encode(message: Response): Encoded };
  readonly requestStream: boolean;
  readonly responseStream: boolean;
}

/** One with a single response, which may be long. */
export type UnaryMethod<Request, Response> = RpcMethod<Request, Response, Uint8Array | LongMessage>;

/** What a handler may know of the call it serves. */
export interface Call {
  readonly path: string;
  /** Whether requests or responses of this call are streams. */
  readonly isStream: boolean;
  /** Address of the client, as `host:port`, or `unknown`. */
  readonly peer: string;
  /** The first value of a metadata key (lower case), undefined when absent. */
  get(key: string): string | undefined;
  /** Monotonic time at which the call began. */
  readonly startedMs: number;
  /** Until the client's deadline, negative when past; Infinity when it gave none. */
  timeLeftMs(): number;
  /**
   * The client went away, its deadline passed, the server stops, or a request of a stream has failed;
   * nothing can be sent any more.
   */
  readonly isCanceled: boolean;
  /** Called once, at once when already canceled; never after its handler has ended the call. */
  onCancel(listener: () => void): void;
  /** The same as a signal; made on first use. */
  readonly signal: AbortSignal;
  /** Adds to the metadata in front of the first response. Values of `-bin` keys are bytes. */
  setHeader(key: string, value: string | Uint8Array): void;
  /** Adds to the metadata behind the last response. */
  setTrailer(key: string, value: string | Uint8Array): void;
  /** Sends the headers now rather than with the first message. */
  sendInitialMetadata(): void;
  /** Ends the call from beside its handler, which sees it as canceled. */
  abort(status: RpcError): void;
}

/** Where a streaming handler's responses go. After the end or cancellation it drops what it gets. */
export interface ResponseSink<Response> {
  /** False when the sink is over its high-water mark (or ended): wait for `onDrain` or `onCancel`. */
  write(message: Response): boolean;
  /** Like `write`, for a message that is encoded already, and must not change afterwards. */
  writeEncoded(message: Uint8Array | LongMessage): boolean;
  /** Sets the one listener that is called each time the sink falls below half its mark again. */
  onDrain(listener: () => void): void;
  /** Ends the call, after what has been written, with OK or the given status. Idempotent. */
  end(status?: RpcError): void;
  /** Bytes that were written and that the socket has not taken. */
  readonly bufferedBytes: number;
  /** Whether `write` would answer true. */
  readonly isWritable: boolean;
}

/**
 * Takes the requests of one streaming call, in order. While as many answers of `onMessage` as
 * `concurrency` says are still to come, no further message is delivered, and the client is held back.
 */
export interface RequestReceiver<Request> {
  /** Default 1. */
  readonly concurrency?: number;
  /** Bytes of the request are a view of a larger buffer: of what is to be kept a copy is to be made. */
  onMessage(request: Request): void | Later<void>;
  /**
   * The client has sent its last request, and all are dealt with. Whether that ends the call is up to
   * the handler.
   */
  onEnd(): void;
}

/** A handler that throws or rejects ends its call with the status that the server makes of that. */
export type UnaryHandler<Request, Response> = (
  request: Request,
  call: Call,
) => Response | Later<Response>;

/** The call ends by `sink.end()`; returning or resolving does not end it. */
export type ServerStreamHandler<Request, Response> = (
  request: Request,
  call: Call,
  sink: ResponseSink<Response>,
) => void | Promise<void>;

/** The call ends by `sink.end()`. */
export type BidiHandler<Request, Response> = (
  call: Call,
  sink: ResponseSink<Response>,
) => RequestReceiver<Request>;

export interface UnaryRegistration<Request = unknown, Response = unknown> {
  readonly kind: "unary";
  readonly method: UnaryMethod<Request, Response>;
  readonly handler: UnaryHandler<Request, Response>;
  /** What is done to every response before it is encoded. */
  readonly complete: ((response: Response) => Response) | undefined;
}

export interface ServerStreamRegistration<Request = unknown, Response = unknown> {
  readonly kind: "server-stream";
  readonly method: RpcMethod<Request, Response>;
  readonly handler: ServerStreamHandler<Request, Response>;
}

export interface BidiRegistration<Request = unknown, Response = unknown> {
  readonly kind: "bidi";
  readonly method: RpcMethod<Request, Response>;
  readonly handler: BidiHandler<Request, Response>;
}

/** One method and who serves it; a server takes a list of them. */
export type MethodRegistration = UnaryRegistration | ServerStreamRegistration | BidiRegistration;

export function unary<Request, Response>(
  method: UnaryMethod<Request, Response>,
  handler: UnaryHandler<Request, Response>,
  complete?: (response: Response) => Response,
): MethodRegistration {
  return { kind: "unary", method, handler, complete } as UnaryRegistration<
    Request,
    Response
  > as UnaryRegistration;
}

export function serverStream<Request, Response>(
  method: RpcMethod<Request, Response>,
  handler: ServerStreamHandler<Request, Response>,
): MethodRegistration {
  const registration: ServerStreamRegistration<Request, Response> = {
    kind: "server-stream",
    method,
    handler,
  };
  return registration as ServerStreamRegistration;
}

export function bidi<Request, Response>(
  method: RpcMethod<Request, Response>,
  handler: BidiHandler<Request, Response>,
): MethodRegistration {
  return { kind: "bidi", method, handler } as BidiRegistration<
    Request,
    Response
  > as BidiRegistration;
}
