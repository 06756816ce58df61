/**
 * Put and DeleteRange as apply runs them. Everything that can fail is checked before the first write,
 * from replicated state alone, so that every member comes to the same end.
 */
import {
  type DeleteRangeRequest,
  DeleteRangeResponse,
  EtcdError,
  EtcdErrors,
  type KeyValue,
  type PutRequest,
  PutResponse,
  RangeRequest,
  ResponseHeader,
} from "@kvorum/proto";
import { toKeyRange } from "./key-range.ts";
import type { Store } from "./store.ts";
import type { WriteTxn } from "./write-txn.ts";

/** Knows which leases there are. */
export interface LeaseTable {
  has(id: bigint): boolean;
}

/** Throws lease or key not found, and nothing has changed then. */
export function applyPut(store: Store, request: PutRequest, leases: LeaseTable): PutResponse {
  checkPut(store, request, leases);
  const txn = store.beginWrite();
  const response = putInTxn(txn, request);
  txn.end();
  return response;
}

export function applyDeleteRange(store: Store, request: DeleteRangeRequest): DeleteRangeResponse {
  const txn = store.beginWrite();
  const response = deleteRangeInTxn(txn, request);
  txn.end();
  return response;
}

/** What of a put depends on the state of the store. Throws lease or key not found. */
export function checkPut(store: Store, request: PutRequest, leases: LeaseTable): void {
  if (request.lease !== 0n && !leases.has(request.lease)) {
    throw EtcdError.from(EtcdErrors.leaseNotFound);
  }
  if ((request.ignoreValue || request.ignoreLease) && !store.hasKey(request.key)) {
    throw EtcdError.from(EtcdErrors.keyNotFound);
  }
}

/** The put must have been checked. */
export function putInTxn(txn: WriteTxn, request: PutRequest): PutResponse {
  const { ignoreValue, ignoreLease, prevKv } = request;
  let previous: KeyValue | undefined;
  if (ignoreValue || ignoreLease || prevKv) {
    previous = txn.get(request.key);
  }
  // A transaction may delete a key "from \0 on" and then put it: there is nothing to inherit.
  const value = ignoreValue ? (previous?.value ?? request.value) : request.value;
  const lease = ignoreLease ? (previous?.lease ?? 0n) : request.lease;
  txn.put(request.key, value, lease);
  return PutResponse.create({
    header: ResponseHeader.create({ revision: txn.revision }),
    ...(prevKv && previous !== undefined ? { prevKv: previous } : {}),
  });
}

export function deleteRangeInTxn(txn: WriteTxn, request: DeleteRangeRequest): DeleteRangeResponse {
  const { key, rangeEnd } = request;
  const prevKvs = request.prevKv ? txn.range(RangeRequest.create({ key, rangeEnd })).kvs : [];
  const deleted = txn.deleteRange(toKeyRange(key, rangeEnd));
  return DeleteRangeResponse.create({
    header: ResponseHeader.create({ revision: txn.revision }),
    deleted,
    prevKvs,
  });
}
