/** Makes calls: finds a connection, adds the metadata, tries again where that is safe. */
import { setMaxListeners } from "node:events";
import type { ClientDuplexStream, Metadata } from "@grpc/grpc-js";
import type { EtcdError } from "../etcd-error.ts";
import type { MethodDefinition } from "../wire/message-type.ts";
import { CallScope } from "./call-scope.ts";
import type { Connection } from "./connection.ts";
import { ConnectionPool } from "./connection-pool.ts";
import type { CallOptions, ClientOptions } from "./options.ts";
import { readStream } from "./read-stream.ts";
import {
  ATTEMPTS_MAX,
  backoffMs,
  isStaleToken,
  mayRetry,
  type RetryPolicy,
  speaksAgainstEndpoint,
} from "./retry.ts";
import { toEtcdError } from "./to-etcd-error.ts";

const API_VERSION = "3.7";

export type TokenSource = () => Promise<string | undefined>;

export class Caller {
  readonly #options: ClientOptions;
  readonly #pool: ConnectionPool;
  readonly #ended = new AbortController();
  #fetchToken: TokenSource | undefined;
  #token: Promise<string | undefined> | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#pool = new ConnectionPool(options);
    // One listener for each call under way, and there is no limit to those.
    setMaxListeners(0, this.#ended.signal);
  }

  get endpoints(): readonly string[] {
    return this.#pool.endpoints;
  }

  /** At least one. */
  setEndpoints(endpoints: readonly string[]): void {
    this.#pool.setEndpoints(endpoints);
  }

  /** Every call goes with a token of this source from now on. */
  useTokens(source: TokenSource): void {
    this.#fetchToken = source;
  }

  get commandTimeoutMs(): number | undefined {
    return this.#options.commandTimeoutMs;
  }

  get hasTokenSource(): boolean {
    return this.#fetchToken !== undefined;
  }

  get isClosed(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Ends all calls and streams with Canceled. */
  close(): void {
    this.#ended.abort();
    this.#pool.close();
  }

  scope(options: CallOptions, defaultTimeoutMs?: number): CallScope {
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    return new CallScope(timeoutMs, options.signal, this.#ended.signal);
  }

  unary<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    policy: RetryPolicy,
    options: CallOptions = {},
  ): Promise<Response> {
    const message = method.requestType.create(request);
    const scope = this.scope(options, this.commandTimeoutMs);
    return this.attempts(method.path, policy, scope, options, (connection, metadata) =>
      connection.unary(method, message, metadata, scope),
    );
  }

  /**
   * Yields the responses. Tries again before the first response only: what came after it has been
   * seen. The consumer's pace holds the server back.
   */
  async *serverStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    options: CallOptions = {},
  ): AsyncGenerator<Response, void, void> {
    const message = method.requestType.create(request);
    const scope = this.scope(options);
    const open = async (connection: Connection, metadata: Metadata): Promise<Opened<Response>> => {
      const stream = connection.serverStream(method, message, metadata, scope);
      const iterator = readStream(stream, scope);
      return { iterator, first: await iterator.next() };
    };
    const { iterator, first } = await this.attempts(
      method.path,
      "repeatable",
      scope,
      options,
      open,
    );
    try {
      for (let next = first; next.done !== true; next = await iterator.next()) {
        yield next.value;
      }
    } finally {
      await iterator.return();
    }
  }

  /** Opens a stream in both directions; the caller of this ends it and reopens it. */
  async bidiStream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    scope: CallScope,
    options: CallOptions,
  ): Promise<OpenStream<Request, Response>> {
    const connection = await this.#pool.acquire(scope, options.endpoint);
    const metadata = await this.#metadata(options);
    const stream = connection.bidiStream(method, metadata, scope);
    const responses = readStream(stream, scope);
    return { stream, responses, avoid: () => this.#pool.avoid(connection) };
  }

  /** Runs `attempt` until it succeeds, fails for good, or the scope ends. */
  async attempts<Result>(
    path: string,
    policy: RetryPolicy,
    scope: CallScope,
    options: CallOptions,
    attempt: (connection: Connection, metadata: Metadata) => Promise<Result>,
  ): Promise<Result> {
    for (let count = 0; ; count++) {
      await this.#pause(scope, count);
      const connection = await this.#pool.acquire(scope, options.endpoint);
      const metadata = await this.#metadata(options);
      try {
        return await attempt(connection, metadata);
      } catch (thrown) {
        const error = toEtcdError(thrown);
        this.#report(path, connection, count, error);
        if (speaksAgainstEndpoint(error)) {
          this.#pool.avoid(connection);
        }
        if (count + 1 >= ATTEMPTS_MAX || !this.#shouldRetry(error, policy, options)) {
          throw error;
        }
      }
    }
  }

  /** The token is no longer good: the next call gets a new one. */
  forgetToken(): void {
    this.#token = undefined;
  }

  #shouldRetry(error: EtcdError, policy: RetryPolicy, options: CallOptions): boolean {
    if (isStaleToken(error) && this.hasTokenSource && options.withoutToken !== true) {
      this.forgetToken();
      return true;
    }
    const others = options.endpoint === undefined ? this.endpoints.length : 1;
    return mayRetry(error, policy, others);
  }

  /** Says in the log why a stream is opened again. */
  reportStream(path: string, thrown: unknown): void {
    const error = toEtcdError(thrown).toRpcString();
    this.#options.log?.("warn", "stream failed, opening another", { method: path, error });
  }

  #report(path: string, connection: Connection, attempt: number, error: EtcdError): void {
    this.#options.log?.("warn", "retrying of unary invoker failed", {
      target: connection.endpoint.text,
      method: path,
      attempt,
      error: error.toRpcString(),
    });
  }

  async #pause(scope: CallScope, count: number): Promise<void> {
    const milliseconds = backoffMs(count, this.endpoints.length);
    if (milliseconds > 0) {
      await scope.sleep(milliseconds);
    }
    scope.throwIfDone();
  }

  async #metadata(options: CallOptions): Promise<Metadata> {
    const { Metadata } = await this.#pool.grpc();
    const metadata = new Metadata();
    metadata.set("client-api-version", API_VERSION);
    if (options.hasLeader === true) {
      metadata.set("hasleader", "true");
    }
    const token = options.withoutToken === true ? undefined : await this.#currentToken();
    if (token !== undefined && token !== "") {
      metadata.set("token", token);
    }
    return metadata;
  }

  async #currentToken(): Promise<string | undefined> {
    if (this.#fetchToken === undefined) {
      return undefined;
    }
    this.#token ??= this.#fetchToken();
    try {
      return await this.#token;
    } catch (error) {
      this.forgetToken();
      throw error;
    }
  }
}

interface Opened<Response> {
  readonly iterator: AsyncGenerator<Response, void, void>;
  readonly first: IteratorResult<Response, void>;
}

export interface OpenStream<Request, Response> {
  readonly stream: ClientDuplexStream<Request, Response>;
  readonly responses: AsyncGenerator<Response, void, void>;
  /** Lets the next call or stream begin with another endpoint. */
  avoid(): void;
}
