/** Reads and writes of keys: writes go through the log, reads wait until they are linearizable. */
import {
  type CompactionRequest,
  CompactionResponse,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  type PutRequest,
  type PutResponse,
  type RangeRequest,
  type RangeResponse,
  type TxnRequest,
  type TxnResponse,
} from "@kvorum/proto";
import type { Later, Reply } from "../lib/reply.ts";
import { applyTxn } from "../mvcc/apply-txn.ts";
import { rangeStream } from "../mvcc/range-stream.ts";
import {
  checkDeleteRangeRequest,
  checkPutRequest,
  checkRangeRequest,
  checkRangeStreamRequest,
  checkTxnRequest,
  isReadOnlyTxn,
  isSerializableTxn,
} from "../mvcc/txn-check.ts";
import type { LinearizableReads } from "./linearizable-reads.ts";
import type { KvPort } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import { hasPut, putCost, txnCost } from "./quota.ts";
import type { SpaceGuard } from "./space-guard.ts";
import type { StateMachine } from "./state-machine.ts";

export interface KvServiceOptions {
  readonly state: StateMachine;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly space: SpaceGuard;
  readonly txnOpsMax: number;
  /** Chunks of a streamed range aim at this size. */
  readonly requestBytesMax: number;
}

export class KvService implements KvPort {
  readonly #options: KvServiceOptions;

  constructor(options: KvServiceOptions) {
    this.#options = options;
  }

  range(request: RangeRequest): Later<RangeResponse> | RangeResponse {
    checkRangeRequest(request);
    const { reads, state } = this.#options;
    if (request.serializable) return state.store.range(request);
    return reads.after(() => state.store.range(request));
  }

  async *rangeStream(request: RangeRequest): AsyncGenerator<RangeResponse> {
    checkRangeStreamRequest(request);
    const { reads, state, requestBytesMax } = this.#options;
    if (!request.serializable) await reads.wait();
    yield* rangeStream(state.store, request, requestBytesMax);
  }

  put(request: PutRequest): Reply<PutResponse> {
    checkPutRequest(request);
    this.#options.space.check(putCost(request));
    return this.#options.proposals.submit("put", request);
  }

  deleteRange(request: DeleteRangeRequest): Reply<DeleteRangeResponse> {
    checkDeleteRangeRequest(request);
    return this.#options.proposals.submit("deleteRange", request);
  }

  txn(request: TxnRequest): Later<TxnResponse> {
    const { proposals, space, txnOpsMax } = this.#options;
    checkTxnRequest(request, txnOpsMax);
    if (isReadOnlyTxn(request)) return this.#readOnlyTxn(request);
    if (hasPut(request)) space.check(txnCost(request));
    return proposals.submit("txn", request);
  }

  async compact(request: CompactionRequest): Promise<CompactionResponse> {
    const { header, removed } = await this.#options.proposals.submit("compaction", request);
    if (request.physical) await removed;
    return CompactionResponse.create({ header });
  }

  async #readOnlyTxn(request: TxnRequest): Promise<TxnResponse> {
    const { reads, state } = this.#options;
    if (!isSerializableTxn(request)) await reads.wait();
    while (state.store.longWrite !== undefined) await state.store.longWrite;
    return applyTxn(state.store, request, { leases: state.lessor });
  }
}
