import type { ClientDuplexStream, ClientReadableStream } from "@grpc/grpc-js";
import type { CallScope } from "./call-scope.ts";
import { toEtcdError } from "./to-etcd-error.ts";

/**
 * The responses of a stream, at the consumer's pace. Throws EtcdError when the stream fails or the
 * scope is aborted. Leaving the loop cancels the call; whoever does not start it cancels himself.
 */
export function readStream<Request, Response>(
  stream: ClientReadableStream<Response> | ClientDuplexStream<Request, Response>,
  scope: CallScope,
): AsyncGenerator<Response, void, void> {
  // A call that fails while nobody reads, or is cancelled at the end, emits an error too.
  stream.on("error", () => undefined);
  return responsesOf(stream, scope);
}

async function* responsesOf<Request, Response>(
  stream: ClientReadableStream<Response> | ClientDuplexStream<Request, Response>,
  scope: CallScope,
): AsyncGenerator<Response, void, void> {
  const cancel = (): void => stream.cancel();
  const forget = scope.onAbort(cancel);
  if (scope.isAborted) {
    cancel();
  }
  try {
    for await (const response of stream) {
      yield response as Response;
    }
  } catch (error) {
    throw toEtcdError(error);
  } finally {
    forget();
    cancel();
  }
}
