import { EtcdError } from "../../etcd-error.ts";
import type { TxnResponse } from "../../gen/rpc.ts";
import { GrpcCode } from "../../grpc-status.ts";
import { CallScope } from "../call-scope.ts";
import type { Bytes } from "../keys/bytes.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { WaitOptions } from "./queue-place.ts";
import type { Isolation } from "./isolation.ts";
import { type StmSnapshot, StmTransaction } from "./stm-transaction.ts";

export interface StmOptions extends WaitOptions {
  /** Default: "serializableSnapshot". */
  readonly isolation?: Isolation | undefined;
  /** Keys that every attempt reads: read with one request, before it begins. */
  readonly prefetch?: readonly Bytes[] | undefined;
  /** Attempts before a conflict is an error. Default: no limit but those of time and signal. */
  readonly attemptsMax?: number | undefined;
}

export interface StmResult<Value> {
  /** What `apply` returned in the attempt that was committed. */
  readonly value: Value;
  readonly response: TxnResponse;
}

/** Every attempt met a conflict; nothing was written. */
export class StmConflictError extends EtcdError {
  override readonly name: string = "StmConflictError";

  constructor(attempts: number) {
    super(GrpcCode.Aborted, `stm: conflict in each of ${attempts} attempts`);
  }
}

/**
 * Software transactional memory, as in clientv3/concurrency. Runs `apply`, which reads and writes
 * through the transaction only, and commits what it wrote if nothing that matters to the isolation
 * level has changed meanwhile; otherwise runs it again. So `apply` must do nothing else that shows.
 * If it throws, nothing is written and the error is handed on.
 *
 * A commit that may or may not have been processed is not repeated: it throws the server's or
 * gRPC's Unavailable, and the caller has to look.
 */
export async function runStm<Value>(
  client: Namespace,
  apply: (transaction: StmTransaction) => Promise<Value>,
  options: StmOptions = {},
): Promise<StmResult<Value>> {
  const { isolation = "serializableSnapshot", prefetch = [], attemptsMax = Infinity } = options;
  const scope = new CallScope(options.timeoutMs, options.signal);
  let known: StmSnapshot | undefined;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    scope.throwIfDone();
    const transaction = new StmTransaction({ client, isolation, scope, attempt }, known);
    known = undefined;
    const applied = await tryToApply(transaction, apply, prefetch);
    if (applied !== undefined) {
      const outcome = await transaction.commit();
      if (outcome !== undefined && "succeeded" in outcome) {
        return { value: applied.value, response: outcome };
      }
      known = outcome;
    }
  }
  throw new StmConflictError(attemptsMax);
}

/** undefined when the transaction turned out to be stale; `apply` may have hidden that. */
async function tryToApply<Value>(
  transaction: StmTransaction,
  apply: (transaction: StmTransaction) => Promise<Value>,
  prefetch: readonly Bytes[],
): Promise<{ value: Value } | undefined> {
  try {
    if (prefetch.length > 0) {
      await transaction.getAll(prefetch);
    }
    const value = await apply(transaction);
    return transaction.isStale ? undefined : { value };
  } catch (error) {
    if (transaction.isStale) {
      return undefined;
    }
    throw error;
  }
}
