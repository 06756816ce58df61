/** A service of plain HTTP/2 on the server's transport, without gRPC: what h2spec wants to talk to. */
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { TlsOptions } from "node:tls";
import { nodeClock } from "../../packages/server/src/env/node-env.ts";
import { Connections } from "../../packages/server/src/rpc/connections.ts";
import { OutgoingField } from "../../packages/server/src/rpc/http2/hpack/encoder.ts";
import type { Http2Stream, StreamOwner } from "../../packages/server/src/rpc/http2/stream.ts";
import { createTlsAcceptor } from "../../packages/server/src/rpc/tls.ts";

const HEADERS = [
  new OutgoingField(":status", "200"),
  new OutgoingField("content-type", "text/plain"),
];
const TRAILERS = [new OutgoingField("x-end", "true")];
const BODY = Buffer.from("hello from the other side of the frames\n");

/** Answers every request with 200 and a few bytes, when it has ended. */
class Responder implements StreamOwner {
  readonly #stream: Http2Stream;

  constructor(stream: Http2Stream) {
    this.#stream = stream;
  }

  onData(_bytes: Buffer, start: number, end: number, isLast: boolean): void {
    this.#stream.host.consume(this.#stream, end - start);
    if (isLast) this.onEnd();
  }

  onEnd(): void {
    const { host } = this.#stream;
    host.sendHeaders(this.#stream, HEADERS);
    host.sendBody(this.#stream, BODY);
    host.sendTrailers(this.#stream, TRAILERS);
  }

  onCanceled(): void {
    return undefined;
  }

  onSent(): void {
    return undefined;
  }
}

export interface HttpService {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on a free port of the loopback. */
export async function startHttpService(tls?: TlsOptions): Promise<HttpService> {
  const connections = new Connections({
    clock: nodeClock,
    connection: {
      concurrentStreamsMax: 100,
      messageBytesMax: 1024 * 1024,
      keepaliveMinIntervalMs: 0,
      keepaliveIntervalMs: 0,
      keepaliveTimeoutMs: 0,
    },
    onHttp1: undefined,
    openStream: (stream) => new Responder(stream),
  });
  const accept = connections.accept.bind(connections);
  const server = createServer(tls === undefined ? accept : createTlsAcceptor(tls, accept));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.close();
    const drained = connections.drain();
    connections.cut();
    await drained;
  };
  return { port, close };
}
