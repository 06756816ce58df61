/**
 * `grpc.testing.TestService` on our transport: what the interop clients of all gRPC languages talk to.
 * Behaviour after doc/interop-test-descriptions.md of gRPC.
 */
import type { TlsOptions } from "node:tls";
import protobuf from "protobufjs";
import { nodeClock } from "../../packages/server/src/env/node-env.ts";
import { RpcServer } from "../../packages/server/src/rpc/server.ts";
import {
  bidi,
  type Call,
  type MethodRegistration,
  type RequestReceiver,
  type ResponseSink,
  type RpcMethod,
  serverStream,
  unary,
} from "../../packages/server/src/rpc/service.ts";
import { RpcError } from "../../packages/server/src/rpc/status.ts";

const PROTO = `syntax = "proto3"; package grpc.testing;
message Empty {}
message Payload { int32 type = 1; bytes body = 2; }
message EchoStatus { int32 code = 1; string message = 2; }
message SimpleRequest {
  int32 response_type = 1; int32 response_size = 2; Payload payload = 3; EchoStatus response_status = 7;
}
message SimpleResponse { Payload payload = 1; string server_id = 4; }
message StreamingInputCallRequest { Payload payload = 1; }
message StreamingInputCallResponse { int32 aggregated_payload_size = 1; }
message ResponseParameters { int32 size = 1; int32 interval_us = 2; }
message StreamingOutputCallRequest {
  int32 response_type = 1; repeated ResponseParameters response_parameters = 2; Payload payload = 3;
  EchoStatus response_status = 7;
}
message StreamingOutputCallResponse { Payload payload = 1; }`;

interface Payload {
  readonly body?: Uint8Array;
}
interface EchoStatus {
  readonly code?: number;
  readonly message?: string;
}
interface SimpleRequest {
  readonly responseSize?: number;
  readonly responseStatus?: EchoStatus | null;
}
interface InputRequest {
  readonly payload?: Payload | null;
}
interface InputResponse {
  readonly aggregatedPayloadSize: number;
}
interface OutputRequest {
  readonly responseParameters?: readonly { readonly size?: number; readonly intervalUs?: number }[];
  readonly responseStatus?: EchoStatus | null;
}
interface WithPayload {
  readonly payload: Payload;
}

const { root } = protobuf.parse(PROTO);

function codec<T>(name: string): { decode(bytes: Uint8Array): T; encode(message: T): Uint8Array } {
  const type = root.lookupType(`grpc.testing.${name}`);
  return {
    decode: (bytes) => type.decode(bytes) as unknown as T,
    encode: (message) => type.encode(type.create(message as Record<string, unknown>)).finish(),
  };
}

function method<Request, Response>(
  name: string,
  types: readonly [request: string, response: string],
  streams: { readonly request?: true; readonly response?: true } = {},
): RpcMethod<Request, Response> {
  return {
    path: `/grpc.testing.TestService/${name}`,
    requestType: codec<Request>(types[0]),
    responseType: codec<Response>(types[1]),
    requestStream: streams.request ?? false,
    responseStream: streams.response ?? false,
  };
}

const OUTPUT = ["StreamingOutputCallRequest", "StreamingOutputCallResponse"] as const;
const emptyCall = method<object, object>("EmptyCall", ["Empty", "Empty"]);
const unaryCall = method<SimpleRequest, WithPayload & { readonly serverId: string }>("UnaryCall", [
  "SimpleRequest",
  "SimpleResponse",
]);
const inputCall = method<InputRequest, InputResponse>(
  "StreamingInputCall",
  ["StreamingInputCallRequest", "StreamingInputCallResponse"],
  { request: true },
);
const outputCall = method<OutputRequest, WithPayload>("StreamingOutputCall", OUTPUT, {
  response: true,
});
const duplexCall = method<OutputRequest, WithPayload>("FullDuplexCall", OUTPUT, {
  request: true,
  response: true,
});
const halfDuplexCall = method<OutputRequest, WithPayload>("HalfDuplexCall", OUTPUT, {
  request: true,
  response: true,
});

const ECHO_INITIAL = "x-grpc-test-echo-initial";
const ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

function echoMetadata(call: Call): void {
  const initial = call.get(ECHO_INITIAL);
  if (initial !== undefined) call.setHeader(ECHO_INITIAL, initial);
  const trailing = call.get(ECHO_TRAILING);
  if (trailing !== undefined) call.setTrailer(ECHO_TRAILING, Buffer.from(trailing, "latin1"));
}

function checkStatus(status: EchoStatus | null | undefined): void {
  if (status === null || status === undefined || (status.code ?? 0) === 0) return;
  throw new RpcError(status.code ?? 0, status.message ?? "");
}

const zeros = (size: number): WithPayload => ({ payload: { body: new Uint8Array(size) } });

/** Writes the responses asked for, waiting where the request says so and when the client is slow. */
async function respond(
  request: OutputRequest,
  call: Call,
  sink: ResponseSink<WithPayload>,
): Promise<void> {
  checkStatus(request.responseStatus);
  for (const { size = 0, intervalUs = 0 } of request.responseParameters ?? []) {
    if (intervalUs > 0) {
      await new Promise<void>((resolve) => nodeClock.setTimer(intervalUs / 1000, resolve));
    }
    if (call.isCanceled) return;
    if (sink.write(zeros(size))) continue;
    await new Promise<void>((resolve) => {
      sink.onDrain(resolve);
      call.onCancel(resolve);
    });
  }
}

function countInput(call: Call, sink: ResponseSink<InputResponse>): RequestReceiver<InputRequest> {
  echoMetadata(call);
  let aggregatedPayloadSize = 0;
  return {
    onMessage: ({ payload }) => {
      aggregatedPayloadSize += payload?.body?.length ?? 0;
    },
    onEnd: () => {
      sink.write({ aggregatedPayloadSize });
      sink.end();
    },
  };
}

function converse(call: Call, sink: ResponseSink<WithPayload>): RequestReceiver<OutputRequest> {
  echoMetadata(call);
  return {
    onMessage: (request) => respond(request, call, sink),
    onEnd: () => sink.end(),
  };
}

function answerAtEnd(call: Call, sink: ResponseSink<WithPayload>): RequestReceiver<OutputRequest> {
  const requests: OutputRequest[] = [];
  return {
    onMessage: (request) => {
      requests.push(request);
    },
    onEnd: () => {
      const all = requests.reduce(
        (before, request) => before.then(() => respond(request, call, sink)),
        Promise.resolve(),
      );
      void all.then(() => sink.end());
    },
  };
}

const METHODS: readonly MethodRegistration[] = [
  unary(emptyCall, () => ({})),
  unary(unaryCall, (request, call) => {
    echoMetadata(call);
    checkStatus(request.responseStatus);
    return { ...zeros(request.responseSize ?? 0), serverId: "kvorum" };
  }),
  serverStream(outputCall, async (request, call, sink) => {
    await respond(request, call, sink);
    sink.end();
  }),
  bidi(inputCall, countInput),
  bidi(duplexCall, converse),
  bidi(halfDuplexCall, answerAtEnd),
];

export interface InteropService {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves on a free port of the loopback. */
export async function startInteropService(tls?: TlsOptions): Promise<InteropService> {
  const server = new RpcServer({
    clock: nodeClock,
    methods: METHODS,
    interceptors: [],
    receiveBytesMax: 4 * 1024 * 1024,
    concurrentStreamsMax: 1000,
    keepaliveIntervalMs: 0,
    keepaliveTimeoutMs: 0,
    stopStatus: new RpcError(14, "server stopped"),
  });
  const address = { url: "http://127.0.0.1:0", hostname: "127.0.0.1", port: 0, socketPath: "" };
  const { port } = await server.listen(address, tls);
  return { port, close: () => server.stop(0) };
}
