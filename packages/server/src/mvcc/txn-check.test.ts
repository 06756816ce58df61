import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Compare,
  DeleteRangeRequest,
  EtcdError,
  EtcdErrors,
  type EtcdStatus,
  RequestOp,
  TxnRequest,
} from "@kvorum/proto";
import { putRequest, rangeRequest } from "./testing/test-store.ts";
import {
  checkPutRequest,
  checkRangeRequest,
  checkRangeStreamRequest,
  checkTxnRequest,
  isReadOnlyTxn,
  isSerializableTxn,
} from "./txn-check.ts";

const put = (key: string): RequestOp => RequestOp.create({ requestPut: putRequest(key, "v") });
const get = (key: string, serializable = false): RequestOp =>
  RequestOp.create({ requestRange: rangeRequest(key, "", { serializable }) });
const del = (key: string, end = ""): RequestOp =>
  RequestOp.create({
    requestDeleteRange: DeleteRangeRequest.create({
      key: Buffer.from(key),
      rangeEnd: Buffer.from(end),
    }),
  });
const txn = (success: RequestOp[], failure: RequestOp[] = []): RequestOp =>
  RequestOp.create({ requestTxn: TxnRequest.create({ success, failure }) });

function statusOf(check: () => void): EtcdStatus | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof EtcdError);
    return error.status;
  }
}

test("which operations write a key twice", () => {
  const duplicate = EtcdErrors.duplicateKey;
  const cases: [string, RequestOp[], EtcdStatus | undefined][] = [
    ["two puts", [put("a"), put("a")], duplicate],
    ["put in a deleted range", [del("a", "c"), put("b")], duplicate],
    ["put before the delete", [put("b"), del("a", "c")], duplicate],
    ["put at the end of a deleted range", [del("a", "b"), put("b")], undefined],
    ["deletes may overlap", [del("a", "c"), del("b")], undefined],
    ["a delete up to \\0 is not seen", [del("a", "\0"), put("b")], undefined],
    ["put here and nested", [put("a"), txn([put("a")])], duplicate],
    ["branches of one nested txn", [txn([put("a")], [put("a")])], undefined],
    ["two nested txns", [txn([put("a")]), txn([], [put("a")])], duplicate],
    ["nested put, delete here", [txn([put("a")]), del("a")], duplicate],
    ["put here, nested delete", [put("a"), txn([], [del("a")])], duplicate],
    ["nested put after nested delete", [txn([del("a")]), txn([put("a")])], duplicate],
    ["nested put before nested delete", [txn([put("a")]), txn([del("a")])], undefined],
    ["put and delete in the branches of one", [txn([put("a")], [del("a")])], undefined],
    ["deep", [put("a"), txn([txn([txn([put("a")])])])], duplicate],
    ["reads do not matter", [get("a"), put("a"), get("a")], undefined],
  ];
  for (const [name, ops, expected] of cases) {
    const check = (request: Partial<TxnRequest>) => (): void => {
      checkTxnRequest(TxnRequest.create(request), 128);
    };
    assert.equal(statusOf(check({ success: ops })), expected, name);
    assert.equal(statusOf(check({ failure: ops })), expected, name);
  }
});

test("the outer branches may write the same keys", () => {
  checkTxnRequest(TxnRequest.create({ success: [put("a")], failure: [put("a"), del("b")] }), 128);
});

test("operations are counted by level, the largest list of each", () => {
  const many = (count: number): RequestOp[] =>
    Array.from({ length: count }, (_, i) => get(`k${i}`));
  const check = (request: Partial<TxnRequest>) => (): void => {
    checkTxnRequest(TxnRequest.create(request), 10);
  };
  assert.equal(statusOf(check({ success: many(10), failure: many(10) })), undefined);
  assert.equal(statusOf(check({ failure: many(11) })), EtcdErrors.tooManyOps);
  assert.equal(statusOf(check({ success: [txn(many(9))] })), undefined);
  assert.equal(statusOf(check({ success: [txn(many(10))] })), EtcdErrors.tooManyOps);
});

test("what a request must have", () => {
  const checkOp = (op: RequestOp) => (): void => {
    checkTxnRequest(TxnRequest.create({ success: [op] }), 128);
  };
  assert.equal(statusOf(checkOp(RequestOp.create())), EtcdErrors.keyNotFound);
  for (const op of [put(""), get(""), del("")]) {
    assert.equal(statusOf(checkOp(op)), EtcdErrors.emptyKey);
  }
  const compare = [Compare.create()];
  const emptyCompare = (): void => checkTxnRequest(TxnRequest.create({ compare }), 128);
  assert.equal(statusOf(emptyCompare), EtcdErrors.emptyKey);
  const badPuts: [Parameters<typeof putRequest>[2], EtcdStatus][] = [
    [{ ignoreValue: true }, EtcdErrors.valueProvided],
    [{ ignoreLease: true, lease: 1n }, EtcdErrors.leaseProvided],
  ];
  for (const [options, expected] of badPuts) {
    assert.equal(
      statusOf(() => {
        checkPutRequest(putRequest("k", "v", options));
      }),
      expected,
    );
  }
  for (const options of [{ sortOrder: 3 }, { sortTarget: 5 }, { sortTarget: -1 }]) {
    assert.equal(
      statusOf(() => {
        checkRangeRequest(rangeRequest("k", "", options));
      }),
      EtcdErrors.invalidSortOption,
    );
  }
});

test("a streamed range has neither sorting nor revision filters", () => {
  assert.throws(() => {
    checkRangeStreamRequest(rangeRequest("k", "", { sortOrder: 2 }));
  }, /RangeStream does not support custom sort orders/);
  assert.throws(() => {
    checkRangeStreamRequest(rangeRequest("k", "", { maxModRevision: 3 }));
  }, /RangeStream does not support revision filters/);
  checkRangeStreamRequest(rangeRequest("k", "", { sortTarget: 3 }));
});

test("read-only means plain ranges in both branches", () => {
  const request = (success: RequestOp[], failure: RequestOp[] = []): TxnRequest =>
    TxnRequest.create({ success, failure });
  assert.equal(isReadOnlyTxn(request([get("a")], [get("b")])), true);
  assert.equal(isReadOnlyTxn(request([get("a")], [put("b")])), false);
  assert.equal(isReadOnlyTxn(request([txn([get("a")])])), false);
  assert.equal(isSerializableTxn(request([get("a", true)], [get("b", true)])), true);
  assert.equal(isSerializableTxn(request([get("a", true)], [get("b")])), false);
});
