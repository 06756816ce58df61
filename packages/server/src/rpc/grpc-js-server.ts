/**
 * The gRPC server, on @grpc/grpc-js. Messages pass through the library as bytes; decoding, encoding,
 * limits and statuses are ours, so that what handlers and clients see does not depend on it.
 */
import type { Socket } from "node:net";
import { Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { Clock } from "../env/env.ts";
import type { GrpcJsCall } from "./grpc-js/call.ts";
import { bidiHandler, serverStreamHandler } from "./grpc-js/streaming.ts";
import { translateStatus } from "./grpc-js/surface.ts";
import { unaryHandler } from "./grpc-js/unary.ts";
import type { Interceptor } from "./interceptor.ts";
import { listen, type ListenAddress, type Listener } from "./listener.ts";
import type { MethodRegistration } from "./service.ts";
import { RpcError } from "./status.ts";

const SINK_BYTES_MAX = 1024 * 1024;
/** Timers of the library are 32-bit; it takes this for "never". */
const NEVER_MS = 2 ** 31 - 1;
const INT32_MAX = 2 ** 31 - 1;

export interface RpcServerOptions {
  readonly clock: Clock;
  readonly methods: readonly MethodRegistration[];
  readonly interceptors: readonly Interceptor[];
  /** The status of what handlers and interceptors throw. Default `RpcError.from`. */
  readonly errorToStatus?: (error: unknown) => RpcError;
  /** Largest request message; a larger one ends its call with ResourceExhausted. */
  readonly receiveBytesMax: number;
  /** For each connection. */
  readonly concurrentStreamsMax: number;
  /** Time between pings of the server on a connection; 0 for none. */
  readonly keepaliveIntervalMs: number;
  readonly keepaliveTimeoutMs: number;
  /** What streams that are still open are told when the server stops. */
  readonly stopStatus: RpcError;
  /** Bytes in one stream's sink above which its handler is asked to wait. Default 1 MiB. */
  readonly sinkBytesMax?: number;
}

function libraryOptions(options: RpcServerOptions): ServerOptions {
  const interval = options.keepaliveIntervalMs;
  return {
    "grpc.max_receive_message_length": Math.min(options.receiveBytesMax, INT32_MAX),
    "grpc.max_send_message_length": -1,
    "grpc.max_concurrent_streams": options.concurrentStreamsMax,
    "grpc.keepalive_time_ms": interval <= 0 ? NEVER_MS : Math.min(interval, NEVER_MS),
    "grpc.keepalive_timeout_ms": Math.min(options.keepaliveTimeoutMs || NEVER_MS, NEVER_MS),
    "grpc.enable_channelz": 0,
    interceptors: [translateStatus],
  };
}

const passBytes = (bytes: Buffer): Buffer => bytes;

export class RpcServer {
  readonly #options: RpcServerOptions;
  readonly #server: Server;
  readonly #inject: (socket: Socket) => void;
  readonly #open = new Set<GrpcJsCall>();
  readonly #listeners: Listener[] = [];
  #stopped: Promise<void> | undefined;

  constructor(options: RpcServerOptions) {
    this.#options = options;
    this.#server = new Server(libraryOptions(options));
    for (const registration of options.methods) this.#register(registration);
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#inject = (socket) => injector.injectConnection(socket);
  }

  /** Calls under way. */
  get openCalls(): number {
    return this.#open.size;
  }

  /** Rejects with `ListenError`. Several addresses may be added, at any time before `stop`. */
  async listen(address: ListenAddress): Promise<Listener> {
    const listener = await listen(address, (socket) => this.accept(socket));
    this.#listeners.push(listener);
    return listener;
  }

  /** Serves a connection that was accepted elsewhere. Bytes put back by `unshift` are read first. */
  accept(socket: Socket): void {
    if (this.#stopped !== undefined) socket.destroy();
    else this.#inject(socket);
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
    for (const call of [...this.#open]) {
      if (call.isStream) call.abort(this.#options.stopStatus);
    }
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.setTimer(graceMs, () => {
        for (const call of [...this.#open]) call.abort(this.#options.stopStatus);
        this.#server.forceShutdown();
        resolve();
      });
      this.#server.tryShutdown(() => {
        timer.cancel();
        resolve();
      });
    });
    await Promise.all(listeners);
  }

  #register(registration: MethodRegistration): void {
    const { path } = registration.method;
    const context = {
      clock: this.#options.clock,
      interceptors: this.#options.interceptors,
      errorToStatus: this.#options.errorToStatus ?? ((error) => RpcError.from(error)),
      sinkBytesMax: this.#options.sinkBytesMax ?? SINK_BYTES_MAX,
      open: this.#open,
    };
    switch (registration.kind) {
      case "unary":
        this.#server.register(
          path,
          unaryHandler(registration, context),
          passBytes,
          passBytes,
          "unary",
        );
        break;
      case "server-stream": {
        const handler = serverStreamHandler(registration, context);
        this.#server.register(path, handler, passBytes, passBytes, "serverStream");
        break;
      }
      case "bidi":
        this.#server.register(
          path,
          bidiHandler(registration, context),
          passBytes,
          passBytes,
          "bidi",
        );
        break;
    }
  }
}
