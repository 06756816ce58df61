import type { MethodDefinition } from "../wire/message-type.ts";
import { Caller } from "./caller.ts";
import { ClusterClient } from "./cluster-client.ts";
import { KvClient } from "./kv-client.ts";
import { LeaseClient } from "./lease-client.ts";
import { MaintenanceClient } from "./maintenance-client.ts";
import type { CallOptions, ClientOptions } from "./options.ts";
import type { RetryPolicy } from "./retry.ts";
import { Watcher, type WatchOptions } from "./watcher.ts";

/**
 * A client of one cluster. Making it costs nothing: it loads grpc-js and connects with the first
 * call. Every failure is an EtcdError with the code and text that the server gave, or
 * "context deadline exceeded", "context canceled" or gRPC's own text.
 */
export class Client {
  readonly endpoints: readonly string[];
  readonly kv: KvClient;
  readonly lease: LeaseClient;
  readonly cluster: ClusterClient;
  readonly maintenance: MaintenanceClient;
  readonly #caller: Caller;

  constructor(options: ClientOptions) {
    const { authToken } = options;
    this.endpoints = options.endpoints;
    this.#caller = new Caller(options, authToken && (() => authToken(this)));
    this.kv = new KvClient(this.#caller);
    this.lease = new LeaseClient(this.#caller);
    this.cluster = new ClusterClient(this.#caller);
    this.maintenance = new MaintenanceClient(this.#caller);
  }

  /** Watches a key or a range; see Watcher for when it begins and how it ends. */
  watch(options: WatchOptions): Watcher {
    return new Watcher(this.#caller, options);
  }

  /** Any other unary call: auth, locks, elections, health. */
  call<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    options?: CallOptions & { readonly retry?: RetryPolicy },
  ): Promise<Response> {
    return this.#caller.unary(method, request, options?.retry ?? "nonRepeatable", options);
  }

  /** Any other call that answers with a stream. */
  stream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    options?: CallOptions,
  ): AsyncGenerator<Response, void, void> {
    return this.#caller.serverStream(method, request, options);
  }

  /** Ends everything that is under way with Canceled and closes the connections. */
  close(): void {
    this.#caller.close();
  }
}

export function createClient(options: ClientOptions): Client {
  return new Client(options);
}
