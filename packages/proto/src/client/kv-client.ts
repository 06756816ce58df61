import type { KeyValue } from "../gen/kv.ts";
import {
  type CompactionRequest,
  type CompactionResponse,
  type DeleteRangeResponse,
  KV,
  type PutResponse,
  type RangeResponse,
  TxnRequest,
  type TxnResponse,
} from "../gen/rpc.ts";
import type { Caller } from "./caller.ts";
import type { Bytes } from "./keys/bytes.ts";
import {
  type DeleteRangeInput,
  type PutInput,
  type RangeInput,
  toDeleteRangeRequest,
  toPutRequest,
  toRangeRequest,
} from "./keys/request-input.ts";
import { KeyPrefix } from "./namespace/key-prefix.ts";
import type { CallOptions, WriteOptions } from "./options.ts";

const NO_PREFIX: KeyPrefix = new KeyPrefix(new Uint8Array());

/**
 * Keys and values. Requests have the protocol's fields, with text or bytes for byte strings; a
 * range is written `{ ...prefixRange("a/"), limit: 10 }`. Reads are repeated when a server is not
 * available, writes only when their caller says that this does no harm.
 */
export class KvClient {
  readonly #caller: Caller;
  readonly #prefix: KeyPrefix;

  /** All keys are within `prefix`, on the way there and back. */
  constructor(caller: Caller, prefix: KeyPrefix = NO_PREFIX) {
    this.#caller = caller;
    this.#prefix = prefix;
  }

  /** The newest version of one key, undefined when it does not exist. */
  async get(
    key: Bytes,
    options?: CallOptions & Pick<RangeInput, "revision" | "serializable">,
  ): Promise<KeyValue | undefined> {
    const { revision = 0, serializable = false, ...call } = options ?? {};
    const { kvs } = await this.range({ key, revision, serializable }, call);
    return kvs[0];
  }

  async range(input: RangeInput, options?: CallOptions): Promise<RangeResponse> {
    const request = this.#prefix.add(toRangeRequest(input));
    const response = await this.#caller.unary(KV.range, request, "repeatable", options);
    return this.#prefix.stripRange(response);
  }

  /** The answer of `range` in chunks; header, more and count are in the last. */
  async *rangeStream(
    input: RangeInput,
    options?: CallOptions,
  ): AsyncGenerator<RangeResponse, void, void> {
    const request = this.#prefix.add(toRangeRequest(input));
    for await (const chunk of this.#caller.serverStream(KV.rangeStream, request, options)) {
      if (chunk.rangeResponse !== undefined) {
        yield this.#prefix.stripRange(chunk.rangeResponse);
      }
    }
  }

  async put(input: PutInput, options?: WriteOptions): Promise<PutResponse> {
    const request = this.#prefix.addToPut(toPutRequest(input));
    return this.#prefix.stripPut(await this.#caller.unary(KV.put, request, ...write(options)));
  }

  async deleteRange(input: DeleteRangeInput, options?: WriteOptions): Promise<DeleteRangeResponse> {
    const request = this.#prefix.add(toDeleteRangeRequest(input));
    const response = await this.#caller.unary(KV.deleteRange, request, ...write(options));
    return this.#prefix.stripDeleteRange(response);
  }

  async txn(input: Partial<TxnRequest>, options?: WriteOptions): Promise<TxnResponse> {
    const request = this.#prefix.addToTxn(TxnRequest.create(input));
    return this.#prefix.stripTxn(await this.#caller.unary(KV.txn, request, ...write(options)));
  }

  /** Concerns all keys, in a namespace too. */
  compact(request: Partial<CompactionRequest>, options?: CallOptions): Promise<CompactionResponse> {
    return this.#caller.unary(KV.compact, request, "nonRepeatable", options);
  }
}

function write(
  options: WriteOptions | undefined,
): ["repeatable" | "nonRepeatable", CallOptions | undefined] {
  return [options?.retry ?? "nonRepeatable", options];
}
