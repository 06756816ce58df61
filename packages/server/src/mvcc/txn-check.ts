/**
 * What is wrong with a request regardless of the state of the store; checked before it is proposed.
 * Authorisation is not here.
 */
import {
  type DeleteRangeRequest,
  EtcdError,
  EtcdErrors,
  type EtcdStatus,
  type PutRequest,
  type RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  type RequestOp,
  type TxnRequest,
} from "@kvorum/proto";
import { bytesToKey } from "../lib/bytes.ts";
import { hasRevisionFilters, isDefaultOrder } from "./range.ts";

const GRPC_UNIMPLEMENTED = 12;
const sortOrders: ReadonlySet<number> = new Set(Object.values(RangeRequest_SortOrder));
const sortTargets: ReadonlySet<number> = new Set(Object.values(RangeRequest_SortTarget));

/** Throws `EtcdError`; so do all checks here. */
export function checkRangeRequest(request: RangeRequest): void {
  check(request.key.length > 0, EtcdErrors.emptyKey);
  const isKnownSort = sortOrders.has(request.sortOrder) && sortTargets.has(request.sortTarget);
  check(isKnownSort, EtcdErrors.invalidSortOption);
}

export function checkRangeStreamRequest(request: RangeRequest): void {
  checkRangeRequest(request);
  if (!isDefaultOrder(request)) {
    throw new EtcdError(GRPC_UNIMPLEMENTED, "RangeStream does not support custom sort orders");
  }
  if (hasRevisionFilters(request)) {
    throw new EtcdError(GRPC_UNIMPLEMENTED, "RangeStream does not support revision filters");
  }
}

export function checkPutRequest(request: PutRequest): void {
  check(request.key.length > 0, EtcdErrors.emptyKey);
  check(!request.ignoreValue || request.value.length === 0, EtcdErrors.valueProvided);
  check(!request.ignoreLease || request.lease === 0n, EtcdErrors.leaseProvided);
}

export function checkDeleteRangeRequest(request: DeleteRangeRequest): void {
  check(request.key.length > 0, EtcdErrors.emptyKey);
}

/** Operations, and then that no branch writes a key twice. */
export function checkTxnRequest(request: TxnRequest, maxTxnOps: number): void {
  checkOperations(request, maxTxnOps);
  collectWrites(request.success);
  collectWrites(request.failure);
}

/** Whether no branch writes; a nested transaction counts as a write. */
export function isReadOnlyTxn(request: TxnRequest): boolean {
  return everyOp(request, (op) => op.requestRange !== undefined);
}

/** Whether a read-only transaction may be answered without asking the others. */
export function isSerializableTxn(request: TxnRequest): boolean {
  return everyOp(request, (op) => op.requestRange?.serializable === true);
}

function everyOp(request: TxnRequest, test: (op: RequestOp) => boolean): boolean {
  return request.success.every(test) && request.failure.every(test);
}

function checkOperations(request: TxnRequest, maxTxnOps: number): void {
  const { compare, success, failure } = request;
  const count = Math.max(compare.length, success.length, failure.length);
  check(count <= maxTxnOps, EtcdErrors.tooManyOps);
  for (const { key } of compare) {
    check(key.length > 0, EtcdErrors.emptyKey);
  }
  for (const op of success) {
    checkOperation(op, maxTxnOps - count);
  }
  for (const op of failure) {
    checkOperation(op, maxTxnOps - count);
  }
}

function checkOperation(op: RequestOp, maxTxnOps: number): void {
  if (op.requestRange !== undefined) {
    checkRangeRequest(op.requestRange);
  } else if (op.requestPut !== undefined) {
    checkPutRequest(op.requestPut);
  } else if (op.requestDeleteRange !== undefined) {
    checkDeleteRangeRequest(op.requestDeleteRange);
  } else if (op.requestTxn !== undefined) {
    checkOperations(op.requestTxn, maxTxnOps);
  } else {
    throw EtcdError.from(EtcdErrors.keyNotFound);
  }
}

/** Keys put and ranges deleted by a list of operations and all that is nested in it. */
interface Writes {
  readonly puts: Set<string>;
  readonly deletes: DeletedRange[];
}

interface DeletedRange {
  readonly start: string;
  readonly end: string;
}

/**
 * Throws duplicate key. The rule is etcd's to the letter: the deletes of a level are known before its
 * nested transactions are looked at, those of a nested transaction only to what comes after it; the
 * two branches of a nested transaction may put the same key; and a delete up to `\0` is taken for an
 * empty range.
 */
function collectWrites(ops: readonly RequestOp[]): Writes {
  const writes: Writes = { puts: new Set(), deletes: [] };
  for (const { requestDeleteRange } of ops) {
    if (requestDeleteRange !== undefined) {
      writes.deletes.push(deletedRange(requestDeleteRange));
    }
  }
  for (const { requestTxn } of ops) {
    if (requestTxn !== undefined) {
      addNested(writes, collectWrites(requestTxn.success), collectWrites(requestTxn.failure));
    }
  }
  for (const { requestPut } of ops) {
    if (requestPut !== undefined) {
      addPut(writes, bytesToKey(requestPut.key));
    }
  }
  return writes;
}

function addNested(writes: Writes, success: Writes, failure: Writes): void {
  for (const key of success.puts) {
    addPut(writes, key);
  }
  for (const key of failure.puts) {
    if (success.puts.has(key)) {
      checkNotDeleted(writes, key);
    } else {
      addPut(writes, key);
    }
  }
  writes.deletes.push(...success.deletes, ...failure.deletes);
}

function addPut(writes: Writes, key: string): void {
  check(!writes.puts.has(key), EtcdErrors.duplicateKey);
  checkNotDeleted(writes, key);
  writes.puts.add(key);
}

function checkNotDeleted(writes: Writes, key: string): void {
  const isDeleted = writes.deletes.some(({ start, end }) => key >= start && key < end);
  check(!isDeleted, EtcdErrors.duplicateKey);
}

function deletedRange({ key, rangeEnd }: DeleteRangeRequest): DeletedRange {
  const start = bytesToKey(key);
  return { start, end: rangeEnd.length === 0 ? `${start}\0` : bytesToKey(rangeEnd) };
}

function check(condition: boolean, status: EtcdStatus): void {
  if (!condition) {
    throw EtcdError.from(status);
  }
}
