/** One endpoint: a gRPC channel, made when it is first needed, and what is known about it. */
import type { Client, ClientDuplexStream, ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { Health } from "../gen/health.ts";
import type { MethodDefinition } from "../wire/message-type.ts";
import type { CallScope } from "./call-scope.ts";
import type { Endpoint } from "./endpoint.ts";
import type { GrpcJs } from "./grpc-js.ts";
import type { ClientOptions, TlsOptions } from "./options.ts";
import { toEtcdError } from "./to-etcd-error.ts";

const KEEPALIVE_MS_MIN = 10_000;
const KEEPALIVE_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
const SEND_BYTES_MAX = 2 * 1024 * 1024;
const RECONNECT_FIRST_MS = 50;
const RECONNECT_MS_MAX = 1000;
const PROBE_MS = 200;

export class Connection {
  readonly endpoint: Endpoint;
  readonly #grpc: GrpcJs;
  readonly #client: Client;
  readonly #listeners = new Set<() => void>();
  #isClosed = false;

  constructor(grpc: GrpcJs, endpoint: Endpoint, options: ClientOptions) {
    this.endpoint = endpoint;
    this.#grpc = grpc;
    const credentials = endpoint.isSecure
      ? secureCredentials(grpc, options.tls ?? {})
      : grpc.credentials.createInsecure();
    this.#client = new grpc.Client(endpoint.target, credentials, channelOptions(endpoint, options));
    this.#watchState();
  }

  get isReady(): boolean {
    return this.#state() === this.#grpc.connectivityState.READY;
  }

  get hasFailed(): boolean {
    return this.#state() === this.#grpc.connectivityState.TRANSIENT_FAILURE;
  }

  /** Starts to connect if it is not connected. */
  connect(): void {
    if (!this.#isClosed) {
      this.#client.getChannel().getConnectivityState(true);
    }
  }

  /** Calls `listener` whenever `isReady` or `hasFailed` may have changed; returns the way out. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  unary<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    metadata: Metadata,
    scope: CallScope,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestType.encode,
        method.responseType.decode,
        request,
        metadata,
        { deadline: scope.deadline },
        (error, response) => {
          forget();
          if (error === null) {
            resolve(response as Response);
          } else {
            reject(toEtcdError(error));
          }
        },
      );
      const forget = scope.onAbort(() => call.cancel());
    });
  }

  serverStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Request,
    metadata: Metadata,
    scope: CallScope,
  ): ClientReadableStream<Response> {
    const { encode } = method.requestType;
    const { decode } = method.responseType;
    const options = { deadline: scope.deadline };
    return this.#client.makeServerStreamRequest(
      method.path,
      encode,
      decode,
      request,
      metadata,
      options,
    );
  }

  bidiStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    metadata: Metadata,
    scope: CallScope,
  ): ClientDuplexStream<Request, Response> {
    const { encode } = method.requestType;
    const { decode } = method.responseType;
    return this.#client.makeBidiStreamRequest(method.path, encode, decode, metadata, {
      deadline: scope.deadline,
    });
  }

  /** Why there is no connection, in grpc-js's words; undefined when there is one after all. */
  failure(): Promise<string | undefined> {
    const { path, requestType, responseType } = Health.check;
    return new Promise((resolve) => {
      this.#client.makeUnaryRequest(
        path,
        requestType.encode,
        responseType.decode,
        requestType.create(),
        { deadline: Date.now() + PROBE_MS },
        (error) => resolve(error?.details),
      );
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#client.close();
  }

  #state(): number {
    return this.#isClosed
      ? this.#grpc.connectivityState.SHUTDOWN
      : this.#client.getChannel().getConnectivityState(false);
  }

  #watchState(): void {
    this.#client.getChannel().watchConnectivityState(this.#state(), Infinity, () => {
      for (const listener of this.#listeners) {
        listener();
      }
      if (!this.#isClosed) {
        this.#watchState();
      }
    });
  }
}

function secureCredentials(
  grpc: GrpcJs,
  tls: TlsOptions,
): InstanceType<GrpcJs["ChannelCredentials"]> {
  const verify = tls.insecureSkipVerify === true ? { rejectUnauthorized: false } : {};
  return grpc.credentials.createSsl(tls.ca ?? null, tls.key ?? null, tls.cert ?? null, verify);
}

function channelOptions(
  endpoint: Endpoint,
  options: ClientOptions,
): Record<string, string | number> {
  const settings: Record<string, string | number> = {
    "grpc.max_receive_message_length": options.maxRecvBytes ?? -1,
    "grpc.max_send_message_length": options.maxSendBytes ?? SEND_BYTES_MAX,
    "grpc.initial_reconnect_backoff_ms": RECONNECT_FIRST_MS,
    "grpc.max_reconnect_backoff_ms": RECONNECT_MS_MAX,
    "grpc.service_config_disable_resolution": 1,
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
  };
  const { keepaliveTimeMs = KEEPALIVE_MS, keepaliveTimeoutMs = KEEPALIVE_TIMEOUT_MS } = options;
  if (keepaliveTimeMs > 0) {
    settings["grpc.keepalive_time_ms"] = Math.max(keepaliveTimeMs, KEEPALIVE_MS_MIN);
    settings["grpc.keepalive_timeout_ms"] = keepaliveTimeoutMs;
  }
  const serverName = options.tls?.serverName ?? endpoint.serverName;
  if (endpoint.isSecure && serverName !== undefined) {
    settings["grpc.ssl_target_name_override"] = serverName;
    settings["grpc.default_authority"] = serverName;
  }
  return settings;
}
