/** What calls of every kind have in common, from the head of the request to the one end. */
import type { Clock } from "../env/env.ts";
import type { LongMessage } from "../lib/long-message.ts";
import { gzipMessage, isWorthGzip } from "./compression.ts";
import type { Deadlines, Expiring } from "./deadlines.ts";
import type { Http2Connection } from "./http2/connection.ts";
import type { Http2Stream } from "./http2/stream.ts";
import type { Interceptor } from "./interceptor.ts";
import {
  decodeBinary,
  errorTrailers,
  type Fields,
  isBinary,
  metadataField,
  OK_TRAILERS,
  trailersOnly,
} from "./metadata.ts";
import type { GrpcRequest } from "./request.ts";
import type { Call } from "./service.ts";
import { RpcError, StatusCode } from "./status.ts";

/** What all calls of a server share. */
export interface CallContext {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly interceptors: readonly Interceptor[];
  /** What a call ends with when its handler or an interceptor threw. */
  readonly errorToStatus: (error: unknown) => RpcError;
  readonly messageBytesMax: number;
  /** Bytes in a sink above which it asks to wait. */
  readonly sinkBytesMax: number;
  /** Calls under way. */
  openCalls: number;
}

export interface CallParts {
  readonly stream: Http2Stream;
  readonly connection: Http2Connection;
  readonly request: GrpcRequest;
  readonly context: CallContext;
}

const CANCELED = new RpcError(StatusCode.Canceled, "context canceled");
const EXPIRED = new RpcError(StatusCode.DeadlineExceeded, "context deadline exceeded");

export abstract class ServerCall implements Call, Expiring {
  readonly path: string;
  abstract readonly isStream: boolean;
  readonly startedMs: number;
  protected readonly stream: Http2Stream;
  protected readonly connection: Http2Connection;
  protected readonly request: GrpcRequest;
  protected readonly context: CallContext;
  deadlineMs: number = Infinity;
  deadlinePlace: number = -1;
  #state: "open" | "canceled" | "ended" = "open";
  #hasSentHeaders = false;
  /** Handlers of this call that have not returned. */
  #running = 0;
  /** Interceptors that have let the call begin. */
  #passed = 0;
  #listeners: (() => void)[] | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  #headers: Fields;
  #trailers: Fields | undefined = undefined;

  constructor(parts: CallParts) {
    this.path = parts.request.head.path;
    this.stream = parts.stream;
    this.connection = parts.connection;
    this.request = parts.request;
    this.context = parts.context;
    this.startedMs = parts.context.clock.monotonicMs();
    this.#headers = parts.request.responseHeaders;
  }

  get peer(): string {
    return this.connection.peer;
  }

  get isOpen(): boolean {
    return this.#state === "open";
  }

  get isCanceled(): boolean {
    return this.#state === "canceled";
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onCancel(() => controller.abort());
    }
    return this.#controller.signal;
  }

  get(key: string): string | undefined {
    const value = this.request.head.get(key);
    if (value === undefined || !isBinary(key)) return value;
    return decodeBinary(value).toString("latin1");
  }

  timeLeftMs(): number {
    if (this.deadlineMs === Infinity) return Infinity;
    return this.deadlineMs - this.context.clock.monotonicMs();
  }

  onCancel(listener: () => void): void {
    if (this.#state === "canceled") listener();
    else if (this.#state === "open") (this.#listeners ??= []).push(listener);
  }

  setHeader(key: string, value: string | Uint8Array): void {
    this.#headers = [...this.#headers, metadataField(key, value)];
  }

  setTrailer(key: string, value: string | Uint8Array): void {
    this.#trailers = [...(this.#trailers ?? []), metadataField(key, value)];
  }

  sendInitialMetadata(): void {
    if (this.#state !== "open" || this.#hasSentHeaders) return;
    this.#hasSentHeaders = true;
    this.stream.host.sendHeaders(this.stream, this.#headers);
  }

  /** Starts the clock and runs the interceptors. False when the call has ended with that. */
  protected begin(): boolean {
    this.context.openCalls += 1;
    const { timeoutMs } = this.request;
    if (timeoutMs !== Infinity) {
      this.deadlineMs = this.startedMs + timeoutMs;
      if (timeoutMs <= 0) {
        this.abort(EXPIRED);
        return false;
      }
      this.context.deadlines.add(this);
    }
    try {
      this.#intercept();
      return true;
    } catch (error) {
      this.endWith(error);
      return false;
    }
  }

  #intercept(): void {
    const { interceptors } = this.context;
    while (this.#passed < interceptors.length) {
      interceptors[this.#passed]!.begin?.(this);
      this.#passed += 1;
    }
  }

  /** A handler has returned a promise; its request had so many bytes. */
  protected handlerStarted(bytes: number): void {
    this.#running += 1;
    this.connection.load.handlerStarted(bytes);
  }

  /** And the promise has settled. */
  protected handlerSettled(bytes: number): void {
    this.#running -= 1;
    this.connection.load.handlerSettled(bytes, this.#state !== "open");
  }

  /** Sends one message, the headers before it. */
  protected send(message: Uint8Array | LongMessage): void {
    if (!this.#hasSentHeaders) this.sendInitialMetadata();
    if (this.request.isGzip && message instanceof Uint8Array && isWorthGzip(message)) {
      this.stream.host.sendBody(this.stream, gzipMessage(message));
      return;
    }
    this.stream.host.sendMessage(this.stream, message);
  }

  /** The call's own end, with OK or an error. Idempotent. */
  protected finish(error?: RpcError): void {
    if (this.#state !== "open") return;
    this.#sendStatus(error);
    this.#close("ended", error?.code ?? StatusCode.OK, error?.message ?? "");
  }

  /** The end with whatever status the server makes of `error`. */
  protected endWith(error: unknown): void {
    if (this.#state === "open") this.finish(this.context.errorToStatus(error));
  }

  abort(error: RpcError): void {
    if (this.#state !== "open") return;
    this.#sendStatus(error);
    this.#cancel(error);
  }

  onDeadline(): void {
    this.abort(EXPIRED);
  }

  /** The stream is gone. */
  onCanceled(): void {
    this.#cancel(CANCELED);
  }

  #sendStatus(error: RpcError | undefined): void {
    const { host } = this.stream;
    if (this.#trailers !== undefined && !this.#hasSentHeaders) this.sendInitialMetadata();
    if (error !== undefined && !this.#hasSentHeaders) {
      host.sendTrailers(this.stream, trailersOnly(error));
      return;
    }
    this.sendInitialMetadata();
    const status = error === undefined ? OK_TRAILERS : errorTrailers(error);
    const trailers = this.#trailers === undefined ? status : [...status, ...this.#trailers];
    host.sendTrailers(this.stream, trailers);
  }

  #cancel(error: RpcError): void {
    if (this.#state !== "open") return;
    const listeners = this.#listeners;
    this.#close("canceled", error.code, error.message);
    if (listeners !== undefined) for (const listener of listeners) listener();
  }

  #close(state: "canceled" | "ended", code: number, message: string): void {
    this.#state = state;
    this.#listeners = undefined;
    if (this.#running > 0) this.connection.load.abandoned(this.#running);
    this.context.openCalls -= 1;
    this.context.deadlines.remove(this);
    this.released();
    const { interceptors } = this.context;
    for (let index = 0; index < this.#passed; index++) {
      interceptors[index]!.end?.(this, code, message);
    }
  }

  /** The call has ended: let go of what is kept of its request. */
  protected abstract released(): void;
}
