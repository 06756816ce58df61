/** The one place where errors of the member become statuses of calls. */
import { EtcdError } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { InvariantError } from "../lib/assert.ts";
import { RpcError } from "../rpc/status.ts";

export interface ToStatusOptions {
  readonly log: Log;
  /** Takes a broken invariant that surfaced in a handler; must end the process. */
  readonly onBroken: (error: InvariantError) => void;
}

/**
 * Makes the translation. An `EtcdError` keeps its code and text. Anything else that is no status is
 * ours to look into: it is logged with its stack, and the client gets Unknown and the bare text.
 */
export function createToStatus(options: ToStatusOptions): (error: unknown) => RpcError {
  return (error) => {
    if (error instanceof EtcdError) return new RpcError(error.code, error.message);
    if (error instanceof RpcError) return error;
    if (error instanceof InvariantError) options.onBroken(error);
    const stack = error instanceof Error ? error.stack : undefined;
    options.log.warn("unexpected error while serving a request", { error, stacktrace: stack });
    return RpcError.from(error);
  };
}
