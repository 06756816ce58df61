import type { handleUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import type { UnaryRegistration } from "../service.ts";
import { RpcError, StatusCode } from "../status.ts";
import { type CallContext, GrpcJsCall } from "./call.ts";
import { toBuffer, toLibraryStatus } from "./surface.ts";

type Callback = sendUnaryData<Buffer>;

/** The library's handler for a unary method. */
export function unaryHandler(
  registration: UnaryRegistration,
  context: CallContext,
): handleUnaryCall<Buffer, Buffer> {
  const { method, handler } = registration;
  const info = { path: method.path, isStream: false };
  return (libraryCall, callback) => {
    const call = new GrpcJsCall(libraryCall, info, context);
    call.terminate = (error) => callback(toLibraryStatus(error));
    try {
      call.intercept();
      const result = handler(decodeRequest(registration, libraryCall.request), call);
      if (!(result instanceof Promise)) return respond(registration, call, callback, result);
      result.then(
        (response) => respond(registration, call, callback, response),
        (error: unknown) => fail(call, callback, error),
      );
    } catch (error) {
      fail(call, callback, error);
    }
  };
}

export function decodeRequest(registration: UnaryRegistration, bytes: Buffer): unknown {
  try {
    return registration.method.requestType.decode(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RpcError(StatusCode.Internal, `grpc: error unmarshalling request: ${reason}`);
  }
}

function respond(
  registration: UnaryRegistration,
  call: GrpcJsCall,
  callback: Callback,
  response: unknown,
): void {
  if (!call.isOpen) return;
  let bytes: Buffer;
  try {
    bytes = toBuffer(registration.method.responseType.encode(response));
  } catch (error) {
    return fail(call, callback, error);
  }
  if (call.finish()) callback(null, bytes);
}

function fail(call: GrpcJsCall, callback: Callback, reason: unknown): void {
  const error = call.statusOf(reason);
  if (call.finish(error)) callback(toLibraryStatus(error));
}
