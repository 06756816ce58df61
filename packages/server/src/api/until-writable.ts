import { createDeferred } from "../lib/deferred.ts";
import type { Call, ResponseSink } from "../rpc/service.ts";

/** Resolves when the sink takes more, or when the call is canceled. Takes over the drain listener. */
export function untilWritable(call: Call, sink: ResponseSink<never>): Promise<void> {
  const { promise, resolve } = createDeferred<void>();
  if (sink.isWritable) resolve();
  sink.onDrain(resolve);
  call.onCancel(resolve);
  return promise;
}
