import type { MethodDefinition } from "../wire/message-type.ts";
import { Caller } from "./caller.ts";
import { ClusterClient } from "./cluster-client.ts";
import { EndpointSync } from "./endpoint-sync.ts";
import { MaintenanceClient } from "./maintenance-client.ts";
import { Namespace } from "./namespace/namespace.ts";
import type { CallOptions, ClientOptions } from "./options.ts";
import type { RetryPolicy } from "./retry.ts";

/**
 * A client of one cluster. Making it costs nothing: it loads grpc-js and connects with the first
 * call. Every failure is an EtcdError with the code and text that the server gave, or
 * "context deadline exceeded", "context canceled" or gRPC's own text.
 */
export class Client extends Namespace {
  readonly cluster: ClusterClient;
  readonly maintenance: MaintenanceClient;
  readonly #caller: Caller;
  readonly #sync: EndpointSync;

  constructor(options: ClientOptions) {
    const caller = new Caller(options);
    super(caller, new Uint8Array());
    this.#caller = caller;
    this.cluster = new ClusterClient(caller);
    this.maintenance = new MaintenanceClient(caller);
    this.#sync = new EndpointSync(caller, this.cluster, options);
    const { authToken } = options;
    if (authToken !== undefined) {
      caller.useTokens(() => authToken(this));
    }
  }

  /** Where calls go: those of the options, or what was last found out or set. */
  get endpoints(): readonly string[] {
    return this.#caller.endpoints;
  }

  /** Calls go to these endpoints, at least one, from now on; what is under way goes on. */
  setEndpoints(endpoints: readonly string[]): void {
    this.#caller.setEndpoints(endpoints);
  }

  /**
   * Asks the cluster who its members are; from then on calls go to the client URLs of those that
   * have started and are no learners. Nothing changes when they announce none.
   */
  syncEndpoints(options?: CallOptions): Promise<void> {
    return this.#sync.run(options);
  }

  /** Any other unary call: auth, the server's locks and elections, health. */
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

  /**
   * Ends everything that is under way with Canceled and closes the connections. Sessions are lost;
   * close them first where others should not wait for their leases to expire.
   */
  close(): void {
    this.#sync.stop();
    this.#caller.close();
  }
}

export function createClient(options: ClientOptions): Client {
  return new Client(options);
}
