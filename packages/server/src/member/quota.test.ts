import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteRangeRequest, PutRequest, RequestOp, TxnRequest } from "@kvorum/proto";
import { hasPut, putCost, txnCost } from "./quota.ts";

const put = (bytes: number): PutRequest => PutRequest.create({ value: Buffer.alloc(bytes) });
const putOp = (bytes: number): RequestOp => RequestOp.create({ requestPut: put(bytes) });
const txnOp = (success: RequestOp[]): RequestOp =>
  RequestOp.create({ requestTxn: TxnRequest.create({ success }) });
const deleteOp = RequestOp.create({ requestDeleteRange: DeleteRangeRequest.create() });

test("a transaction costs what its dearer branch does, nested ones included", () => {
  const overhead = putCost(put(0));
  assert.equal(putCost(put(100)), overhead + 100);
  const request = TxnRequest.create({
    success: [putOp(10), txnOp([putOp(50), txnOp([putOp(5)])])],
    failure: [putOp(60)],
  });
  assert.equal(txnCost(request), 3 * overhead + 65);
  assert.equal(txnCost(TxnRequest.create({ success: [deleteOp] })), 0);
});

test("a put is found in either branch, at any depth", () => {
  assert.ok(!hasPut(TxnRequest.create({ success: [deleteOp, txnOp([deleteOp])] })));
  assert.ok(hasPut(TxnRequest.create({ failure: [txnOp([txnOp([putOp(1)])])] })));
});
