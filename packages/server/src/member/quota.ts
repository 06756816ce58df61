/**
 * The space quota (`--quota-backend-bytes`): a request that would take the store beyond it is refused
 * and raises NOSPACE for this member. The alarm, being replicated, then stops writes everywhere until
 * an operator has made room and disarms it.
 */
import type { LeaseGrantRequest, PutRequest, RequestOp, TxnRequest } from "@kvorum/proto";

const PUT_OVERHEAD_BYTES = 256;
const LEASE_BYTES = 64;

export function putCost(request: PutRequest): number {
  return PUT_OVERHEAD_BYTES + request.key.length + request.value.length;
}

export function leaseGrantCost(_request: LeaseGrantRequest): number {
  return LEASE_BYTES;
}

/** The dearer branch; nested transactions count like the operations they hold. */
export function txnCost(request: TxnRequest): number {
  return Math.max(branchCost(request.success), branchCost(request.failure));
}

function branchCost(operations: readonly RequestOp[]): number {
  let bytes = 0;
  for (const operation of operations) {
    if (operation.requestPut !== undefined) bytes += putCost(operation.requestPut);
    if (operation.requestTxn !== undefined) bytes += txnCost(operation.requestTxn);
  }
  return bytes;
}

/** Whether a transaction can put: such ones are refused while NOSPACE is raised. */
export function hasPut(request: TxnRequest): boolean {
  return [...request.success, ...request.failure].some(
    (operation) =>
      operation.requestPut !== undefined ||
      (operation.requestTxn !== undefined && hasPut(operation.requestTxn)),
  );
}
