/** A service of three methods over plain text, and a client for it. */
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { nodeClock } from "../../env/node-env.ts";
import type { LongMessage } from "../../lib/long-message.ts";
import type { Interceptor } from "../interceptor.ts";
import { RpcServer, type RpcServerOptions } from "../server.ts";
import type { MethodRegistration, RpcMethod, UnaryMethod } from "../service.ts";
import { RpcError, StatusCode } from "../status.ts";

const text = {
  decode(bytes: Uint8Array): string {
    if (bytes[0] === 0xff) throw new Error("cannot parse invalid wire-format data");
    return Buffer.from(bytes).toString("utf8");
  },
  encode: (message: string): Uint8Array => Buffer.from(message, "utf8"),
};

function method(
  name: string,
  requestStream: boolean,
  responseStream: boolean,
): RpcMethod<string, string> {
  const path = `/toy.Toy/${name}`;
  return { path, requestType: text, responseType: text, requestStream, responseStream };
}

export const Toy = {
  echo: method("Echo", false, false),
  count: method("Count", false, true),
  chat: method("Chat", true, true),
} as const;

/** Echo, with responses that are made while they are sent. Fails if a byte is asked for out of order. */
export const LONG_ECHO: UnaryMethod<string, string> = {
  ...Toy.echo,
  responseType: { encode: (message) => new LongText(message) },
};

/** What such a response keeps besides its bytes. */
export const KEPT_BESIDE = 64 * 1024;

class LongText implements LongMessage {
  readonly length: number;
  readonly keptBytes: number;
  readonly #bytes: Buffer;
  #taken = 0;

  constructor(message: string) {
    this.#bytes = Buffer.from(message, "utf8");
    this.length = this.#bytes.length;
    this.keptBytes = this.length + KEPT_BESIDE;
  }

  take(target: Buffer, start: number, end: number): void {
    const till = this.#taken + end - start;
    if (end <= start || till > this.length) throw new Error(`${end - start} bytes are not there`);
    this.#bytes.copy(target, start, this.#taken, till);
    this.#taken = till;
  }
}

export interface ToyServer {
  readonly server: RpcServer;
  readonly client: Client;
  readonly port: number;
  close(): Promise<void>;
}

export async function startToy(
  methods: readonly MethodRegistration[],
  more: Partial<RpcServerOptions> & { interceptors?: readonly Interceptor[] } = {},
): Promise<ToyServer> {
  const server = new RpcServer({
    clock: nodeClock,
    methods,
    interceptors: [],
    receiveBytesMax: 64 * 1024,
    concurrentStreamsMax: 100,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    stopStatus: new RpcError(StatusCode.Unavailable, "server stopped"),
    ...more,
  });
  const address = { url: "http://127.0.0.1:0", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address);
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const close = async (): Promise<void> => {
    client.close();
    await server.stop(0);
  };
  return { server, client, port, close };
}

export interface Answer {
  readonly code: number;
  readonly details: string;
  readonly response: string | undefined;
}

const asBuffer = (message: string | Buffer): Buffer => Buffer.from(message as string);
const asText = (bytes: Buffer): string => bytes.toString("utf8");

/** One unary call; never rejects. */
export function ask(
  client: Client,
  path: string,
  request: string | Buffer,
  metadata: Record<string, string> = {},
): Promise<Answer> {
  const headers = new Metadata();
  for (const [key, value] of Object.entries(metadata)) headers.set(key, value);
  return new Promise((resolve) => {
    client.makeUnaryRequest(path, asBuffer, asText, request, headers, (error, response) => {
      resolve({ code: error?.code ?? 0, details: error?.details ?? "", response });
    });
  });
}

/** Opens a bidi stream of texts. */
export function openChat(client: Client, path: string) {
  return client.makeBidiStreamRequest<string | Buffer, string>(path, asBuffer, asText);
}

/** Opens a server stream of texts. */
export function openCount(client: Client, path: string, request: string) {
  return client.makeServerStreamRequest<string, string>(path, asBuffer, asText, request);
}
