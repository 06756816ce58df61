/**
 * The connections of a client. Which endpoint's turn it is says the rotation; one that is not
 * connected is passed over for one that is, and connects meanwhile.
 *
 * When none is connected, the endpoints are tried one after the other, each with a small head start
 * or until it fails, and the first that is ready wins: an endpoint that hangs costs its head start
 * only. So a client that makes one call opens one connection.
 */
import { EtcdErrors } from "../error-codes.ts";
import { EtcdError } from "../etcd-error.ts";
import { type CallScope, TIMER_MS_MAX } from "./call-scope.ts";
import { Connection } from "./connection.ts";
import { parseEndpoint } from "./endpoint.ts";
import { type GrpcJs, loadGrpcJs } from "./grpc-js.ts";
import type { ClientOptions } from "./options.ts";
import { Rotation } from "./rotation.ts";

const HEAD_START_MS = 200;

export class ConnectionPool {
  readonly #options: ClientOptions;
  readonly #connections = new Map<string, Connection>();
  readonly #rotation: Rotation;
  #grpc: GrpcJs | undefined;
  #isClosed = false;

  constructor(options: ClientOptions) {
    const { endpoints, balancing = "roundRobin" } = options;
    if (endpoints.length === 0) {
      throw new Error("no endpoint is given");
    }
    this.#options = options;
    const start = Math.floor(Math.random() * endpoints.length);
    this.#rotation = new Rotation(endpoints, balancing, start);
  }

  get endpoints(): readonly string[] {
    return this.#rotation.names;
  }

  async grpc(): Promise<GrpcJs> {
    this.#grpc ??= await loadGrpcJs();
    return this.#grpc;
  }

  /**
   * A connection that is ready: to `endpoint`, or to the one of the client's whose turn it is. Waits
   * for one within the scope and the dial timeout.
   */
  async acquire(scope: CallScope, endpoint?: string): Promise<Connection> {
    const grpc = await this.grpc();
    if (this.#isClosed) {
      throw EtcdError.from(EtcdErrors.contextCanceled);
    }
    const now = performance.now();
    const names = endpoint === undefined ? this.#rotation.order(now) : [endpoint];
    const connections = names.map((name) => this.#connection(grpc, name));
    const ready =
      this.#pickReady(connections, now) ?? (await this.#waitForReady(connections, scope));
    if (endpoint === undefined) {
      this.#rotation.took(ready.endpoint.text);
    }
    return ready;
  }

  /** The connection did not serve a call well: others go first for a while. */
  avoid(connection: Connection): void {
    this.#rotation.avoid(connection.endpoint.text, performance.now());
  }

  /**
   * Calls go to these endpoints from now on; at least one. An endpoint that is the same as one
   * before, but for how it is written, keeps its connection and its old text. What is under way on
   * the connections that are given up goes on.
   */
  setEndpoints(endpoints: readonly string[]): void {
    const known = new Map(this.endpoints.map((text) => [this.#address(text), text]));
    const names = [...new Set(endpoints.map((text) => known.get(this.#address(text)) ?? text))];
    for (const gone of this.endpoints.filter((text) => !names.includes(text))) {
      this.#connections.get(gone)?.close();
      this.#connections.delete(gone);
    }
    this.#rotation.replace(names);
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#connections.values()) {
      connection.close();
    }
  }

  #address(text: string): string {
    const { target, isSecure } = parseEndpoint(text, this.#options.tls !== undefined);
    return `${isSecure ? "s" : ""}${target}`;
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

  /**
   * The first that is ready, if any; those before it are told to connect. One that is avoided only
   * when no other is left to try.
   */
  #pickReady(connections: readonly Connection[], now: number): Connection | undefined {
    const isAvoided = ({ endpoint }: Connection): boolean =>
      this.#rotation.isAvoided(endpoint.text, now);
    const ready = connections.find((connection) => connection.isReady);
    if (ready === undefined) {
      return undefined;
    }
    const before = connections.slice(0, connections.indexOf(ready));
    for (const connection of before) {
      connection.connect();
    }
    const isAnotherLeft = before.some((other) => !isAvoided(other) && !other.hasFailed);
    return isAvoided(ready) && isAnotherLeft ? undefined : ready;
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
