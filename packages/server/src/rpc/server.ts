/** The gRPC server, on our own HTTP/2. Messages are decoded, limited and answered as grpc-go does. */
import type { RequestListener } from "node:http";
import type { Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import type { Clock } from "../env/env.ts";
import { type CallContext, type CallParts, ServerCall } from "./call.ts";
import { Connections } from "./connections.ts";
import { Deadlines } from "./deadlines.ts";
import type { Http2Connection } from "./http2/connection.ts";
import { STREAMS_MAX } from "./http2/limits.ts";
import type { RequestHead } from "./http2/request-head.ts";
import type { Http2Stream, StreamOwner } from "./http2/stream.ts";
import type { Interceptor } from "./interceptor.ts";
import { listen, type ListenAddress, type Listener } from "./listener.ts";
import { type Fields, trailersOnly } from "./metadata.ts";
import { MethodTable } from "./request.ts";
import type { MethodRegistration } from "./service.ts";
import { RpcError } from "./status.ts";
import { StreamingCall } from "./streaming.ts";
import { createTlsAcceptor } from "./tls.ts";
import { UnaryCall } from "./unary.ts";

const SINK_BYTES_MAX = 1024 * 1024;
const KEEPALIVE_MIN_INTERVAL_MS = 5_000;

export interface RpcServerOptions {
  readonly clock: Clock;
  readonly methods: readonly MethodRegistration[];
  readonly interceptors: readonly Interceptor[];
  /** The status of what handlers and interceptors throw. Default `RpcError.from`. */
  readonly errorToStatus?: (error: unknown) => RpcError;
  /** Largest request message; a larger one ends its call with ResourceExhausted. */
  readonly receiveBytesMax: number;
  /** For each connection; 0 for as many as the transport allows. */
  readonly concurrentStreamsMax: number;
  /** Time between pings of the server on a silent connection; 0 for none. */
  readonly keepaliveIntervalMs: number;
  readonly keepaliveTimeoutMs: number;
  /** The least time between pings of a client with open streams. Default 5 seconds. */
  readonly keepaliveMinIntervalMs?: number;
  /** What streams that are still open are told when the server stops. */
  readonly stopStatus: RpcError;
  /** Bytes in one stream's sink above which its handler is asked to wait. Default 1 MiB. */
  readonly sinkBytesMax?: number;
  /** Requests and responses kept for all clients together, above which the greediest lose. Default 1 GiB. */
  readonly memoryBytesMax?: number;
  /** Serves connections that speak HTTP/1; without it they are closed. */
  readonly onHttp1?: RequestListener;
}

/** Of a stream that was answered when it was opened. */
const ANSWERED: StreamOwner = {
  onData: () => undefined,
  onEnd: () => undefined,
  onCanceled: () => undefined,
  onSent: () => undefined,
};

export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #methods: MethodTable;
  readonly #context: CallContext;
  readonly #connections: Connections;
  readonly #listeners: Listener[] = [];
  readonly #stopFields: Fields;
  #stopped: Promise<void> | undefined;

  constructor(options: RpcServerOptions) {
    this.#options = options;
    this.#methods = new MethodTable(options.methods);
    this.#stopFields = trailersOnly(options.stopStatus);
    this.#context = {
      clock: options.clock,
      deadlines: new Deadlines(options.clock),
      interceptors: options.interceptors,
      errorToStatus: options.errorToStatus ?? ((error) => RpcError.from(error)),
      messageBytesMax: options.receiveBytesMax,
      sinkBytesMax: options.sinkBytesMax ?? SINK_BYTES_MAX,
      openCalls: 0,
    };
    this.#connections = new Connections({
      clock: options.clock,
      connection: {
        concurrentStreamsMax: Math.min(options.concurrentStreamsMax || STREAMS_MAX, STREAMS_MAX),
        messageBytesMax: options.receiveBytesMax,
        keepaliveMinIntervalMs: options.keepaliveMinIntervalMs ?? KEEPALIVE_MIN_INTERVAL_MS,
        keepaliveIntervalMs: options.keepaliveIntervalMs,
        keepaliveTimeoutMs: options.keepaliveTimeoutMs,
      },
      memoryBytesMax: options.memoryBytesMax,
      onHttp1: options.onHttp1,
      openStream: (stream, head, connection) => this.#openCall(stream, head, connection),
    });
  }

  /** Calls under way. */
  get openCalls(): number {
    return this.#context.openCalls;
  }

  /** Bytes kept for clients: requests, header blocks, responses that are not sent. */
  get keptBytes(): number {
    return this.#connections.keptBytes;
  }

  /**
   * Rejects with `ListenError`. Several addresses may be added, at any time before `stop`. With `tls`
   * every connection there must be secure.
   */
  async listen(address: ListenAddress, tls?: TlsOptions): Promise<Listener> {
    const serve = (socket: Socket): void => this.accept(socket);
    const accept = tls === undefined ? serve : createTlsAcceptor(tls, serve);
    const listener = await listen(address, accept);
    this.#listeners.push(listener);
    return listener;
  }

  /** Serves a connection that was accepted elsewhere. Bytes put back by `unshift` are read first. */
  accept(socket: Socket): void {
    if (this.#stopped !== undefined) socket.destroy();
    else this.#connections.accept(socket);
  }

  /**
   * Takes no more connections and calls, ends open streams with the stop status, gives unary calls
   * `graceMs` to end, then cuts what is left. Resolves when every connection is closed.
   */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#shutDown(graceMs);
    return this.#stopped;
  }

  async #shutDown(graceMs: number): Promise<void> {
    const listeners = this.#listeners.map((listener) => listener.close());
    for (const call of this.#calls()) if (call.isStream) call.abort(this.#options.stopStatus);
    const timer = this.#options.clock.setTimer(graceMs, () => this.#cut());
    await this.#connections.drain();
    timer.cancel();
    this.#context.deadlines.stop();
    await Promise.all(listeners);
  }

  #cut(): void {
    for (const call of this.#calls()) call.abort(this.#options.stopStatus);
    this.#connections.cut();
  }

  #calls(): ServerCall[] {
    return this.#connections.owners().filter((owner) => owner instanceof ServerCall);
  }

  #openCall(stream: Http2Stream, head: RequestHead, connection: Http2Connection): StreamOwner {
    const request = this.#methods.prepare(head);
    const { registration } = request;
    if (registration === undefined || this.#stopped !== undefined) {
      stream.host.sendTrailers(stream, request.refusal ?? this.#stopFields);
      return ANSWERED;
    }
    const parts: CallParts = { stream, connection, request, context: this.#context };
    if (registration.kind === "unary") return new UnaryCall(registration, parts);
    return new StreamingCall(registration, parts);
  }
}
