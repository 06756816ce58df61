/** A gRPC server that answers as a test tells it, for faults that a real server makes rarely. */
import type { Metadata, ServerDuplexStream } from "@grpc/grpc-js";
import * as grpc from "@grpc/grpc-js";
import type { EtcdStatus } from "../../error-codes.ts";
import type { MethodDefinition } from "../../wire/message-type.ts";

/** Answers with a response, throws a status, or never settles. */
export type UnaryHandler<Request, Response> = (
  request: Request,
  metadata: Metadata,
) => Response | Promise<Response>;

export class ScriptedServer {
  readonly #server = new grpc.Server();
  #port = 0;

  get endpoint(): string {
    return `127.0.0.1:${this.#port}`;
  }

  unary<Request, Response>(
    method: MethodDefinition<Request, Response>,
    handler: UnaryHandler<Request, Response>,
  ): this {
    const answer: grpc.handleUnaryCall<Request, Response> = (call, callback) => {
      void answerWith(handler, call, callback);
    };
    this.#server.addService(definition(method), { [method.name]: answer });
    return this;
  }

  bidi<Request, Response>(
    method: MethodDefinition<Request, Response>,
    handler: (stream: ServerDuplexStream<Request, Response>) => void,
  ): this {
    this.#server.addService(definition(method), { [method.name]: handler });
    return this;
  }

  /** Listens on a port of the kernel's choice. */
  start(): Promise<this> {
    return new Promise((resolve, reject) => {
      const credentials = grpc.ServerCredentials.createInsecure();
      this.#server.bindAsync("127.0.0.1:0", credentials, (error, port) => {
        this.#port = port;
        return error === null ? resolve(this) : reject(error);
      });
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

async function answerWith<Request, Response>(
  handler: UnaryHandler<Request, Response>,
  call: grpc.ServerUnaryCall<Request, Response>,
  callback: grpc.sendUnaryData<Response>,
): Promise<void> {
  try {
    callback(null, await handler(call.request, call.metadata));
  } catch (error) {
    callback(toStatus(error));
  }
}

function definition<Request, Response>(
  method: MethodDefinition<Request, Response>,
): grpc.ServiceDefinition {
  const { path, name, requestType, responseType, requestStream, responseStream } = method;
  const codecs = {
    requestSerialize: requestType.encode,
    requestDeserialize: requestType.decode,
    responseSerialize: responseType.encode,
    responseDeserialize: responseType.decode,
  };
  return { [name]: { path, requestStream, responseStream, ...codecs } };
}

/** What a handler throws, or ends a stream with, as grpc-js wants it. */
export function toStatus(error: unknown): Error & { code: number; details: string } {
  const { code, message } = error as EtcdStatus;
  return Object.assign(new Error(message), { code, details: message });
}
