/**
 * The two directions of a namespace: its prefix put before the keys of requests, and taken off the
 * keys of responses. Requests are copied, responses are changed in place: they are nobody else's.
 */
import type { Event, KeyValue } from "../../gen/kv.ts";
import type {
  Compare,
  DeleteRangeRequest,
  DeleteRangeResponse,
  PutRequest,
  PutResponse,
  RangeRequest,
  RangeResponse,
  RequestOp,
  ResponseOp,
  TxnRequest,
  TxnResponse,
} from "../../gen/rpc.ts";
import { EMPTY_BYTES } from "../../wire/reader.ts";
import type { KeyRange } from "../keys/key-range.ts";
import { prefixInterval } from "./prefix-interval.ts";

export class KeyPrefix {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isEmpty(): boolean {
    return this.bytes.length === 0;
  }

  add<Request extends KeyRange>(request: Request): Request {
    return this.isEmpty ? request : { ...request, ...prefixInterval(this.bytes, request) };
  }

  addToPut(request: PutRequest): PutRequest {
    const { key } = this.add({ key: request.key, rangeEnd: EMPTY_BYTES });
    return this.isEmpty ? request : { ...request, key };
  }

  addToTxn(request: TxnRequest): TxnRequest {
    if (this.isEmpty) {
      return request;
    }
    return {
      compare: request.compare.map((each) => this.add<Compare>(each)),
      success: request.success.map((op) => this.#addToOp(op)),
      failure: request.failure.map((op) => this.#addToOp(op)),
    };
  }

  #addToOp({ requestRange, requestPut, requestDeleteRange, requestTxn }: RequestOp): RequestOp {
    return {
      requestRange: requestRange && this.add<RangeRequest>(requestRange),
      requestPut: requestPut && this.addToPut(requestPut),
      requestDeleteRange: requestDeleteRange && this.add<DeleteRangeRequest>(requestDeleteRange),
      requestTxn: requestTxn && this.addToTxn(requestTxn),
    };
  }

  stripRange(response: RangeResponse): RangeResponse {
    this.#stripAll(response.kvs);
    return response;
  }

  stripPut(response: PutResponse): PutResponse {
    this.#strip(response.prevKv);
    return response;
  }

  stripDeleteRange(response: DeleteRangeResponse): DeleteRangeResponse {
    this.#stripAll(response.prevKvs);
    return response;
  }

  stripTxn(response: TxnResponse): TxnResponse {
    if (!this.isEmpty) {
      for (const op of response.responses) {
        this.#stripOp(op);
      }
    }
    return response;
  }

  stripEvents(events: readonly Event[]): void {
    if (!this.isEmpty) {
      for (const { kv, prevKv } of events) {
        this.#strip(kv);
        this.#strip(prevKv);
      }
    }
  }

  /** The keys that are in the namespace, by their names there. */
  keysWithin(keys: readonly Uint8Array[]): Uint8Array[] {
    const { length } = this.bytes;
    return keys
      .filter((key) => Buffer.compare(key.subarray(0, length), this.bytes) === 0)
      .map((key) => key.subarray(length));
  }

  #stripOp(op: ResponseOp): void {
    if (op.responseRange !== undefined) {
      this.stripRange(op.responseRange);
    } else if (op.responsePut !== undefined) {
      this.stripPut(op.responsePut);
    } else if (op.responseDeleteRange !== undefined) {
      this.stripDeleteRange(op.responseDeleteRange);
    } else if (op.responseTxn !== undefined) {
      this.stripTxn(op.responseTxn);
    }
  }

  #stripAll(kvs: readonly KeyValue[]): void {
    if (!this.isEmpty) {
      for (const kv of kvs) {
        this.#strip(kv);
      }
    }
  }

  #strip(kv: KeyValue | undefined): void {
    if (kv !== undefined) {
      kv.key = kv.key.subarray(this.bytes.length);
    }
  }
}
