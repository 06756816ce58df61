/** The operations of a transaction. */
import { RequestOp, type TxnRequest } from "../../gen/rpc.ts";
import type { Bytes } from "./bytes.ts";
import { type KeyTarget, toKeyRange } from "./key-range.ts";
import {
  type DeleteRangeInput,
  type PutInput,
  type RangeInput,
  toDeleteRangeRequest,
  toPutRequest,
  toRangeRequest,
} from "./request-input.ts";

/** Reads; sees the writes that come before it in the transaction. */
export function getOp(
  target: KeyTarget,
  options?: Omit<RangeInput, "key" | "rangeEnd">,
): RequestOp {
  const requestRange = toRangeRequest({ ...options, ...toKeyRange(target) });
  return RequestOp.create({ requestRange });
}

/** A transaction may write a key once only. */
export function putOp(
  key: Bytes,
  value: Bytes,
  options?: Omit<PutInput, "key" | "value">,
): RequestOp {
  return RequestOp.create({ requestPut: toPutRequest({ ...options, key, value }) });
}

export function deleteOp(
  target: KeyTarget,
  options?: Omit<DeleteRangeInput, "key" | "rangeEnd">,
): RequestOp {
  const requestDeleteRange = toDeleteRangeRequest({ ...options, ...toKeyRange(target) });
  return RequestOp.create({ requestDeleteRange });
}

/** A transaction within a transaction, for instance the `request` of a TxnBuilder. */
export function txnOp(requestTxn: TxnRequest): RequestOp {
  return RequestOp.create({ requestTxn });
}
