import {
  type CompactionRequest,
  type CompactionResponse,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  KV,
  type PutRequest,
  type PutResponse,
  type RangeRequest,
  type RangeResponse,
  type TxnRequest,
  type TxnResponse,
} from "../gen/rpc.ts";
import type { Caller } from "./caller.ts";
import type { CallOptions } from "./options.ts";

/** Keys and values. Reads are repeated when a server is not available, writes never. */
export class KvClient {
  readonly #caller: Caller;

  constructor(caller: Caller) {
    this.#caller = caller;
  }

  range(request: Partial<RangeRequest>, options?: CallOptions): Promise<RangeResponse> {
    return this.#caller.unary(KV.range, request, "repeatable", options);
  }

  /** The answer of `range` in chunks; header, more and count are in the last. */
  async *rangeStream(
    request: Partial<RangeRequest>,
    options?: CallOptions,
  ): AsyncGenerator<RangeResponse, void, void> {
    for await (const chunk of this.#caller.serverStream(KV.rangeStream, request, options)) {
      if (chunk.rangeResponse !== undefined) {
        yield chunk.rangeResponse;
      }
    }
  }

  put(request: Partial<PutRequest>, options?: CallOptions): Promise<PutResponse> {
    return this.#caller.unary(KV.put, request, "nonRepeatable", options);
  }

  deleteRange(
    request: Partial<DeleteRangeRequest>,
    options?: CallOptions,
  ): Promise<DeleteRangeResponse> {
    return this.#caller.unary(KV.deleteRange, request, "nonRepeatable", options);
  }

  txn(request: Partial<TxnRequest>, options?: CallOptions): Promise<TxnResponse> {
    return this.#caller.unary(KV.txn, request, "nonRepeatable", options);
  }

  compact(request: Partial<CompactionRequest>, options?: CallOptions): Promise<CompactionResponse> {
    return this.#caller.unary(KV.compact, request, "nonRepeatable", options);
  }
}
