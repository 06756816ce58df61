/**
 * Transactions as apply runs them: all comparisons are evaluated on the state before, nested ones
 * along the branches that will run; then every operation of those branches is checked; then they are
 * executed, which cannot fail any more. So a transaction happens as a whole or not at all, and every
 * member comes to the same end, also one that will drop the results.
 */
import {
  type Compare,
  Compare_CompareResult,
  Compare_CompareTarget,
  EtcdError,
  EtcdErrors,
  KeyValue,
  type RangeRequest,
  RangeResponse,
  type RequestOp,
  ResponseHeader,
  ResponseOp,
  type TxnRequest,
  TxnResponse,
} from "@kvorum/proto";
import { compareBytes, EMPTY } from "../lib/bytes.ts";
import { checkPut, deleteRangeInTxn, type LeaseTable, putInTxn } from "./apply-kv.ts";
import type { KeyIndex } from "./index/key-index.ts";
import { toKeyRange } from "./key-range.ts";
import type { Store } from "./store.ts";
import type { WriteTxn } from "./write-txn.ts";

export interface TxnOptions {
  readonly leases: LeaseTable;
  /** Nobody waits for the response: ranges are checked but not read. */
  readonly skipRanges?: boolean;
}

/** Throws an `EtcdError` if any operation that would run is impossible; nothing has changed then. */
export function applyTxn(store: Store, request: TxnRequest, options: TxnOptions): TxnResponse {
  const branch = chooseBranch(store, request);
  checkBranch(store, branch, options.leases);
  const txn = store.beginWrite();
  const response = executeBranch(txn, branch, options.skipRanges ?? false);
  txn.end();
  response.header = ResponseHeader.create({ revision: txn.revision });
  return response;
}

/** The operations that will run, with the choices of nested transactions in order. */
interface Branch {
  readonly succeeded: boolean;
  readonly ops: readonly RequestOp[];
  readonly nested: readonly Branch[];
}

function chooseBranch(store: Store, request: TxnRequest): Branch {
  const succeeded = request.compare.every((compare) => holds(store, compare));
  const ops = succeeded ? request.success : request.failure;
  const nested: Branch[] = [];
  for (const { requestTxn } of ops) {
    if (requestTxn !== undefined) {
      nested.push(chooseBranch(store, requestTxn));
    }
  }
  return { succeeded, ops, nested };
}

function checkBranch(store: Store, branch: Branch, leases: LeaseTable): void {
  let nested = 0;
  for (const { requestRange, requestPut, requestTxn } of branch.ops) {
    if (requestRange !== undefined) {
      checkRevision(store, requestRange);
    } else if (requestPut !== undefined) {
      checkPut(store, requestPut, leases);
    } else if (requestTxn !== undefined) {
      checkBranch(store, branch.nested[nested++]!, leases);
    }
  }
}

/** Stricter than a plain range: a revision below −1 counts as compacted. */
function checkRevision(store: Store, { revision }: RangeRequest): void {
  if (revision > store.currentRevision) {
    throw EtcdError.from(EtcdErrors.futureRevision);
  }
  if (revision !== 0 && revision < store.compactRevision) {
    throw EtcdError.from(EtcdErrors.compacted);
  }
}

function executeBranch(txn: WriteTxn, branch: Branch, skipRanges: boolean): TxnResponse {
  let nested = 0;
  const responses: ResponseOp[] = [];
  for (const op of branch.ops) {
    if (op.requestTxn !== undefined) {
      const responseTxn = executeBranch(txn, branch.nested[nested++]!, skipRanges);
      responses.push(ResponseOp.create({ responseTxn }));
    } else {
      responses.push(executeOp(txn, op, skipRanges));
    }
  }
  return TxnResponse.create({
    header: ResponseHeader.create(),
    succeeded: branch.succeeded,
    responses,
  });
}

function executeOp(txn: WriteTxn, op: RequestOp, skipRanges: boolean): ResponseOp {
  const { requestRange, requestPut, requestDeleteRange } = op;
  if (requestRange !== undefined) {
    const responseRange = skipRanges
      ? RangeResponse.create({ header: ResponseHeader.create({ revision: txn.revision }) })
      : txn.range(requestRange);
    return ResponseOp.create({ responseRange });
  }
  if (requestPut !== undefined) {
    return ResponseOp.create({ responsePut: putInTxn(txn, requestPut) });
  }
  if (requestDeleteRange !== undefined) {
    return ResponseOp.create({ responseDeleteRange: deleteRangeInTxn(txn, requestDeleteRange) });
  }
  return ResponseOp.create();
}

/**
 * Every existing key of the range must satisfy the comparison. Where there is none, a missing key is
 * compared: it has no value, which satisfies nothing, and zeros else.
 */
function holds(store: Store, compare: Compare): boolean {
  let found = 0;
  let allHold = true;
  store.visitLive(toKeyRange(compare.key, compare.rangeEnd), (keyIndex, key) => {
    found++;
    allHold = satisfies(compare.result, compareKey(store, compare, key, keyIndex));
    return allHold;
  });
  if (found > 0) {
    return allHold;
  }
  const isValue = compare.target === Compare_CompareTarget.VALUE;
  return !isValue && satisfies(compare.result, compareKey(store, compare, "", undefined));
}

/** Negative, zero or positive: what the key has, against what the comparison names. */
function compareKey(
  store: Store,
  compare: Compare,
  key: string,
  keyIndex: KeyIndex | undefined,
): number {
  switch (compare.target) {
    case Compare_CompareTarget.VERSION:
      return (keyIndex?.version ?? 0) - (compare.version ?? 0);
    case Compare_CompareTarget.CREATE:
      return (keyIndex?.created ?? 0) - (compare.createRevision ?? 0);
    case Compare_CompareTarget.MOD:
      return (keyIndex?.main ?? 0) - (compare.modRevision ?? 0);
    case Compare_CompareTarget.LEASE:
      return compareBigints(keyIndex?.lease ?? 0n, compare.lease ?? 0n);
    case Compare_CompareTarget.VALUE:
      return compareBytes(valueOf(store, key), compare.value ?? EMPTY);
    default:
      return 0;
  }
}

function valueOf(store: Store, key: string): Uint8Array {
  const record = store.newestRecord(key);
  return record === undefined ? EMPTY : KeyValue.decode(record).value;
}

function compareBigints(a: bigint, b: bigint): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** A result that is none of the enum's is satisfied by anything. */
function satisfies(result: number, order: number): boolean {
  switch (result) {
    case Compare_CompareResult.EQUAL:
      return order === 0;
    case Compare_CompareResult.NOT_EQUAL:
      return order !== 0;
    case Compare_CompareResult.GREATER:
      return order > 0;
    case Compare_CompareResult.LESS:
      return order < 0;
    default:
      return true;
  }
}
