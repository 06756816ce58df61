/**
 * The connections of a client. Calls go to one endpoint as long as it works; the next is chosen
 * when it fails. Which is first is random, so that many clients spread over a cluster.
 *
 * When the one whose turn it is has no connection, the endpoints are tried one after the other,
 * each with a small head start or until it fails, and the first that is ready wins: an endpoint
 * that hangs costs its head start only.
 */
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import type { CallScope } from "./call-scope.ts";
import { Connection } from "./connection.ts";
import { parseEndpoint } from "./endpoint.ts";
import { type GrpcJs, loadGrpcJs } from "./grpc-js.ts";
import type { ClientOptions } from "./options.ts";

const HEAD_START_MS = 200;
/** Node's timers take no longer time. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export class ConnectionPool {
  readonly #options: ClientOptions;
  readonly #connections = new Map<string, Connection>();
  #grpc: GrpcJs | undefined;
  #current: number;
  #isClosed = false;

  constructor(options: ClientOptions) {
    if (options.endpoints.length === 0) {
      throw new Error("no endpoint is given");
    }
    this.#options = options;
    this.#current = Math.floor(Math.random() * options.endpoints.length);
  }

  get size(): number {
    return this.#options.endpoints.length;
  }

  async grpc(): Promise<GrpcJs> {
    this.#grpc ??= await loadGrpcJs();
    return this.#grpc;
  }

  /**
   * A connection that is ready: to `endpoint`, or to any of the client's. Waits for one within the
   * scope and the dial timeout.
   */
  async acquire(scope: CallScope, endpoint?: string): Promise<Connection> {
    const grpc = await this.grpc();
    if (this.#isClosed) {
      throw EtcdError.from(EtcdErrors.contextCanceled);
    }
    const names = endpoint === undefined ? this.#inOrder() : [endpoint];
    const connections = names.map((name) => this.#connection(grpc, name));
    const first = connections[0] as Connection;
    const ready = first.isReady ? first : await this.#waitForReady(connections, scope);
    if (endpoint === undefined) {
      this.#current = this.#options.endpoints.indexOf(ready.endpoint.text);
    }
    return ready;
  }

  /** The connection did not serve a call well: others go first from now on. */
  avoid(connection: Connection): void {
    const index = this.#options.endpoints.indexOf(connection.endpoint.text);
    if (index === this.#current) {
      this.#current = (index + 1) % this.size;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) {
      connection.close();
    }
  }

  #inOrder(): string[] {
    const { endpoints } = this.#options;
    return [...endpoints.slice(this.#current), ...endpoints.slice(0, this.#current)];
  }

  #connection(grpc: GrpcJs, text: string): Connection {
    let connection = this.#connections.get(text);
    if (connection === undefined) {
      const endpoint = parseEndpoint(text, this.#options.tls !== undefined);
      connection = new Connection(grpc, endpoint, this.#options);
      this.#connections.set(text, connection);
    }
    return connection;
  }

  async #waitForReady(connections: readonly Connection[], scope: CallScope): Promise<Connection> {
    const winner = await firstReady(connections, scope, this.#options.dialTimeoutMs);
    if (winner !== undefined) {
      return winner;
    }
    if (scope.isAborted || this.#isClosed) {
      throw EtcdError.from(EtcdErrors.contextCanceled);
    }
    const failed = connections.find((connection) => connection.hasFailed);
    const reason = await failed?.failure();
    const options = reason === undefined ? {} : { cause: new Error(reason) };
    throw EtcdError.from(EtcdErrors.contextDeadlineExceeded, options);
  }
}

function firstReady(
  connections: readonly Connection[],
  scope: CallScope,
  timeoutMs: number | undefined,
): Promise<Connection | undefined> {
  return new Promise((resolve) => {
    let tried = 1;
    const connect = (): void => {
      while (tried < connections.length && connections[tried - 1]?.hasFailed === true) {
        tried++;
      }
      for (const connection of connections.slice(0, tried)) {
        connection.connect();
      }
    };
    const widen = (): void => {
      tried = Math.min(tried + 1, connections.length);
      check();
    };
    const check = (): void => {
      connect();
      const ready = connections.slice(0, tried).find((connection) => connection.isReady);
      if (ready !== undefined) {
        finish(ready);
      }
    };
    const finish = (result: Connection | undefined): void => {
      clearInterval(headStart);
      clearTimeout(timeout);
      for (const forget of subscriptions) {
        forget();
      }
      resolve(result);
    };
    const giveUp = (): void => finish(undefined);
    const headStart = setInterval(widen, HEAD_START_MS);
    const left = Math.min(scope.deadline - Date.now(), timeoutMs ?? Infinity);
    const timeout =
      left === Infinity ? undefined : setTimeout(giveUp, Math.min(Math.max(0, left), TIMER_MS_MAX));
    const subscriptions = connections.map((connection) => connection.onChange(check));
    subscriptions.push(scope.onAbort(giveUp));
    if (scope.isAborted) {
      giveUp();
    } else {
      check();
    }
  });
}
