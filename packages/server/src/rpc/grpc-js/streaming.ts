import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  ServerDuplexStream,
} from "@grpc/grpc-js";
import type {
  BidiRegistration,
  RequestReceiver,
  RpcMethod,
  ServerStreamRegistration,
} from "../service.ts";
import { RpcError, StatusCode } from "../status.ts";
import { type CallContext, GrpcJsCall } from "./call.ts";
import { GrpcJsSink } from "./sink.ts";
import type { LibraryWriter } from "./surface.ts";

type Method = RpcMethod<unknown, unknown>;
type Duplex = ServerDuplexStream<Buffer, Buffer>;

function open(
  writer: LibraryWriter,
  method: Method,
  context: CallContext,
): { call: GrpcJsCall; sink: GrpcJsSink } {
  const call = new GrpcJsCall(writer, { path: method.path, isStream: true }, context);
  const encode = (message: unknown): Uint8Array => method.responseType.encode(message);
  return { call, sink: new GrpcJsSink(writer, call, { encode, bytesMax: context.sinkBytesMax }) };
}

function decode(method: Method, bytes: Buffer): unknown {
  try {
    return method.requestType.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const text = `grpc: failed to unmarshal the received message: ${reason}`;
    throw new RpcError(StatusCode.Internal, text);
  }
}

/** The library's handler for a method that answers one request with a stream. */
export function serverStreamHandler(
  registration: ServerStreamRegistration,
  context: CallContext,
): handleServerStreamingCall<Buffer, Buffer> {
  const { method, handler } = registration;
  return (stream) => {
    const { call, sink } = open(stream as LibraryWriter, method, context);
    try {
      call.intercept();
      const result = handler(decode(method, stream.request), call, sink);
      result?.catch((error: unknown) => sink.end(call.statusOf(error)));
    } catch (error) {
      sink.end(call.statusOf(error));
    }
  };
}

/** The library's handler for a method with streams both ways. */
export function bidiHandler(
  registration: BidiRegistration,
  context: CallContext,
): handleBidiStreamingCall<Buffer, Buffer> {
  const { method, handler } = registration;
  return (stream) => {
    const { call, sink } = open(stream as LibraryWriter, method, context);
    try {
      call.intercept();
      deliver(stream, handler(call, sink), { method, call, sink });
    } catch (error) {
      sink.end(call.statusOf(error));
      stream.resume();
    }
  };
}

interface Delivery {
  readonly method: Method;
  readonly call: GrpcJsCall;
  readonly sink: GrpcJsSink;
}

/** Feeds the receiver, one message at a time while it asks for that. */
function deliver(stream: Duplex, receiver: RequestReceiver<unknown>, to: Delivery): void {
  let isBusy = false;
  let hasEnded = false;
  const fail = (error: unknown): void => to.sink.end(to.call.statusOf(error));
  const end = (): void => {
    if (to.call.isOpen) receiver.onEnd();
  };
  const resume = (): void => {
    isBusy = false;
    if (hasEnded) end();
    else stream.resume();
  };
  stream.on("data", (bytes: Buffer) => {
    if (!to.call.isOpen) return;
    try {
      const pending = receiver.onMessage(decode(to.method, bytes));
      if (pending === undefined) return;
      isBusy = true;
      stream.pause();
      pending.then(resume).catch(fail);
    } catch (error) {
      fail(error);
    }
  });
  stream.on("end", () => {
    hasEnded = true;
    if (!isBusy) end();
  });
}
