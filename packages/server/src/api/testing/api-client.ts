/** The API of a scripted member, served on a socket, and a client that speaks to it. */
import { once } from "node:events";
import {
  Client,
  type ClientDuplexStream,
  credentials,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import type { MethodDefinition } from "@kvorum/proto";
import type { Clock, Log } from "../../env/env.ts";
import { nodeClock } from "../../env/node-env.ts";
import type { InvariantError } from "../../lib/assert.ts";
import type { MemberPort } from "../../member/ports.ts";
import { RpcServer } from "../../rpc/server.ts";
import { createApi } from "../api.ts";

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

function recordLog(lines: LogLine[]): Log {
  const at = (level: string) => (msg: string, fields?: LogLine["fields"]) => {
    lines.push({ level, msg, fields });
  };
  const log: Log = {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    fatal: at("fatal"),
    enabled: (level) => level !== "debug",
    withCaller: () => log,
  };
  return log;
}

export interface Failure {
  readonly code: number;
  readonly text: string;
}

export type ApiClient = Awaited<ReturnType<typeof serveApi>>;

export interface ServeOptions {
  readonly sinkBytesMax?: number;
  readonly slowRequestMs?: number;
  /** Of the API; the transport has the machine's. */
  readonly clock?: Clock;
}

/** Serves the member's API on a free port of the loopback. */
export async function serveApi(member: MemberPort, options: ServeOptions = {}) {
  const lines: LogLine[] = [];
  const broken: InvariantError[] = [];
  const api = createApi({
    member,
    clock: options.clock ?? nodeClock,
    log: recordLog(lines),
    slowRequestMs: options.slowRequestMs ?? 60_000,
    onBroken: (error) => broken.push(error),
  });
  const server = new RpcServer({
    ...api,
    clock: nodeClock,
    receiveBytesMax: 2 * 1024 * 1024,
    concurrentStreamsMax: 100,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    ...(options.sinkBytesMax === undefined ? {} : { sinkBytesMax: options.sinkBytesMax }),
  });
  const address = { url: "http://127.0.0.1:0", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());

  function headers(metadata: Record<string, string>): Metadata {
    const result = new Metadata();
    for (const [key, value] of Object.entries(metadata)) result.set(key, value);
    return result;
  }

  /** Rejects with a `ServiceError`. */
  function call<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    metadata: Record<string, string> = {},
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        method.path,
        (message: Request) => method.requestType.encode(message),
        (bytes) => method.responseType.decode(bytes),
        method.requestType.create(request),
        headers(metadata),
        (error, response) => {
          if (error !== null) reject(error);
          else if (response !== undefined) resolve(response);
        },
      );
    });
  }

  /** The status of a call that must fail. */
  async function failure<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
    metadata: Record<string, string> = {},
  ): Promise<Failure> {
    try {
      const response = await call(method, request, metadata);
      throw new Error(`answered ${JSON.stringify(response)}`);
    } catch (error) {
      const { code, details } = error as ServiceError;
      return { code, text: details };
    }
  }

  function stream<Request, Response>(
    method: MethodDefinition<Request, Response>,
    metadata: Record<string, string> = {},
  ): Conversation<Request, Response> {
    const duplex = client.makeBidiStreamRequest(
      method.path,
      (message: Request) => method.requestType.encode(message),
      (bytes) => method.responseType.decode(bytes),
      headers(metadata),
    );
    return new Conversation(method, duplex);
  }

  /** All responses of a server stream; rejects with a `ServiceError`. */
  async function collect<Request, Response>(
    method: MethodDefinition<Request, Response>,
    request: Partial<Request>,
  ): Promise<Response[]> {
    const responses = client.makeServerStreamRequest(
      method.path,
      (message: Request) => method.requestType.encode(message),
      (bytes) => method.responseType.decode(bytes),
      method.requestType.create(request),
    );
    const all: Response[] = [];
    responses.on("data", (response: Response) => all.push(response));
    await once(responses, "end");
    return all;
  }

  const close = async (): Promise<void> => {
    client.close();
    await server.stop(0);
  };
  return { call, failure, stream, collect, close, server, lines, broken };
}

/** A stream both ways, read one response at a time. */
export class Conversation<Request, Response> {
  readonly duplex: ClientDuplexStream<Request, Response>;
  readonly #method: MethodDefinition<Request, Response>;
  readonly #received: Response[] = [];
  readonly #waiting: ((response: Response) => void)[] = [];
  readonly ended: Promise<Failure>;

  constructor(
    method: MethodDefinition<Request, Response>,
    duplex: ClientDuplexStream<Request, Response>,
  ) {
    this.#method = method;
    this.duplex = duplex;
    duplex.on("data", (response: Response) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#received.push(response);
      else waiting(response);
    });
    duplex.on("error", () => undefined);
    this.ended = new Promise((resolve) => {
      duplex.on("status", ({ code, details }) => resolve({ code, text: details }));
    });
  }

  send(request: Partial<Request>): void {
    this.duplex.write(this.#method.requestType.create(request));
  }

  next(): Promise<Response> {
    const response = this.#received.shift();
    if (response !== undefined) return Promise.resolve(response);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
