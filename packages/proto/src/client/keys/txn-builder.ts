import { type Compare, type RequestOp, TxnRequest, type TxnResponse } from "../../gen/rpc.ts";
import type { WriteOptions } from "../options.ts";

export type CommitTxn = (request: TxnRequest, options?: WriteOptions) => Promise<TxnResponse>;

/**
 * A transaction, put together call by call:
 *
 *     await client.txn()
 *       .if(compare("job", "version", "=", 0))
 *       .success(putOp("job", "mine"))
 *       .failure(getOp("job"))
 *       .commit();
 *
 * The branches are called as in the protocol: with `then` the builder would be taken for a promise.
 */
export class TxnBuilder {
  /** What has been put together so far; the builder's own. */
  readonly request: TxnRequest = TxnRequest.create();
  readonly #commit: CommitTxn;

  constructor(commit: CommitTxn) {
    this.#commit = commit;
  }

  /** Adds conditions; all must hold for the success branch to run. Without any it runs. */
  if(...compares: readonly Compare[]): this {
    this.request.compare.push(...compares);
    return this;
  }

  /** Adds operations for when all conditions hold. */
  success(...ops: readonly RequestOp[]): this {
    this.request.success.push(...ops);
    return this;
  }

  /** Adds operations for when a condition does not hold. */
  failure(...ops: readonly RequestOp[]): this {
    this.request.failure.push(...ops);
    return this;
  }

  /**
   * Runs it: all of one branch at one revision, or nothing. `succeeded` of the response tells which
   * branch, `responses` holds one answer for each of its operations.
   */
  commit(options?: WriteOptions): Promise<TxnResponse> {
    return this.#commit(this.request, options);
  }
}
