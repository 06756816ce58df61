/**
 * The etcd API of a running member, served over TLS on the server's transport: every call is handed on
 * byte for byte. Clients thus meet the transport over TLS with real answers behind it.
 */
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { Cluster, KV, Lease, Maintenance, type MethodDefinition, Watch } from "@kvorum/proto";
import { nodeClock } from "../../packages/server/src/env/node-env.ts";
import { RpcServer } from "../../packages/server/src/rpc/server.ts";
import {
  bidi,
  type Call,
  type MethodRegistration,
  type RequestReceiver,
  type ResponseSink,
  type RpcMethod,
  unary,
} from "../../packages/server/src/rpc/service.ts";
import { RpcError } from "../../packages/server/src/rpc/status.ts";
import type { Certificate } from "./certificate.ts";

const asIs = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
const bytesType = { decode: asIs, encode: asIs };

type AnyMethod = Pick<MethodDefinition<never, never>, "path" | "requestStream" | "responseStream">;
type Bytes = RpcMethod<Buffer, Buffer>;

const toStatus = ({ code, details }: ServiceError): RpcError => new RpcError(code, details);

function handOn(backend: Client, { path }: Bytes, request: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    backend.makeUnaryRequest(path, asIs, asIs, request, (error, response) => {
      if (response !== undefined) resolve(response);
      else reject(error === null ? new Error("no response") : toStatus(error));
    });
  });
}

function handOnStream(
  backend: Client,
  { path }: Bytes,
  call: Call,
  sink: ResponseSink<Buffer>,
): RequestReceiver<Buffer> {
  const stream = backend.makeBidiStreamRequest(path, asIs, asIs);
  stream.on("data", (response: Buffer) => {
    if (!sink.write(response)) stream.pause();
  });
  sink.onDrain(() => stream.resume());
  stream.on("error", (error: ServiceError) => sink.end(toStatus(error)));
  stream.on("end", () => sink.end());
  call.onCancel(() => stream.cancel());
  return {
    onMessage: (request) => {
      stream.write(request);
    },
    onEnd: () => stream.end(),
  };
}

function register(backend: Client, definition: AnyMethod): MethodRegistration {
  const { path, requestStream, responseStream } = definition;
  const types = { requestType: bytesType, responseType: bytesType };
  if (!requestStream && !responseStream) {
    const method = { path, requestStream, responseStream, ...types };
    return unary(method, (request: Buffer) => handOn(backend, method, request));
  }
  // A stream of responses to one request is on the wire what a stream of requests is.
  const method = { path, requestStream: true, responseStream: true, ...types };
  return bidi(method, (call, sink: ResponseSink<Buffer>) =>
    handOnStream(backend, method, call, sink),
  );
}

export interface EtcdOverTls {
  /** host:port. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** `member` is the host and port of one that serves in plain text. */
export async function startEtcdOverTls(
  member: string,
  { cert, key }: Certificate,
): Promise<EtcdOverTls> {
  const backend = new Client(member, credentials.createInsecure());
  const services = [KV, Watch, Lease, Cluster, Maintenance];
  const definitions = services.flatMap((service) => Object.values<AnyMethod>(service));
  const server = new RpcServer({
    clock: nodeClock,
    methods: definitions.map((definition) => register(backend, definition)),
    interceptors: [],
    receiveBytesMax: 2 * 1024 * 1024,
    concurrentStreamsMax: 0,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    stopStatus: new RpcError(14, "server stopped"),
    onHttp1: (request, response) => {
      response.end(`plain old ${request.url}`);
    },
  });
  const address = { url: "https://127.0.0.1:0", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address, { cert, key });
  const close = async (): Promise<void> => {
    await server.stop(0);
    backend.close();
  };
  return { endpoint: `127.0.0.1:${port}`, close };
}
