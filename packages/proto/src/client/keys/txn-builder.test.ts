import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  Compare_CompareResult,
  Compare_CompareTarget,
  TxnRequest,
  TxnResponse,
} from "../../gen/rpc.ts";
import { compare, type CompareOperator, keyExists, keyMissing } from "./compare.ts";
import { prefixRange } from "./key-range.ts";
import { deleteOp, getOp, putOp, txnOp } from "./request-op.ts";
import { TxnBuilder } from "./txn-builder.ts";

function builder(): TxnBuilder {
  return new TxnBuilder(() => Promise.resolve(TxnResponse.create()));
}

describe("compare", () => {
  const operators: [CompareOperator, number][] = [
    ["=", Compare_CompareResult.EQUAL],
    ["==", Compare_CompareResult.EQUAL],
    ["===", Compare_CompareResult.EQUAL],
    ["!=", Compare_CompareResult.NOT_EQUAL],
    ["!==", Compare_CompareResult.NOT_EQUAL],
    [">", Compare_CompareResult.GREATER],
    ["<", Compare_CompareResult.LESS],
  ];
  for (const [operator, result] of operators) {
    test(`knows ${operator}`, () => {
      assert.equal(compare("k", "version", operator, 1).result, result);
    });
  }

  test("sets the one field that its target names", () => {
    const { VERSION, CREATE, MOD, VALUE, LEASE } = Compare_CompareTarget;
    const found = [
      compare("k", "version", "=", 1),
      compare("k", "createRevision", "=", 2),
      compare("k", "modRevision", "=", 3),
      compare("k", "value", "=", "v"),
      compare("k", "lease", "=", 5n),
    ].map(({ target, version, createRevision, modRevision, value, lease }) => [
      target,
      [version, createRevision, modRevision, value?.toString(), lease],
    ]);
    const none = undefined;
    assert.deepEqual(found, [
      [VERSION, [1, none, none, none, none]],
      [CREATE, [none, 2, none, none, none]],
      [MOD, [none, none, 3, none, none]],
      [VALUE, [none, none, none, "v", none]],
      [LEASE, [none, none, none, none, 5n]],
    ]);
  });

  test("takes ranges", () => {
    const { key, rangeEnd } = compare(prefixRange("a/"), "modRevision", "<", 7);
    assert.deepEqual([key.toString(), rangeEnd.toString()], ["a/", "a0"]);
  });
});

describe("TxnBuilder", () => {
  test("collects conditions and both branches over several calls", () => {
    const inner = builder().success(deleteOp(prefixRange("a/")));
    const { request } = builder()
      .if(keyMissing("k"))
      .if(keyExists("l"), compare("k", "lease", "=", 0n))
      .success(putOp("k", "v", { lease: 7n }))
      .failure(getOp("k", { keysOnly: true }), txnOp(inner.request));
    const sent = TxnRequest.decode(TxnRequest.encode(request));
    assert.equal(sent.compare.length, 3);
    assert.equal(sent.success[0]?.requestPut?.lease, 7n);
    assert.equal(sent.failure[0]?.requestRange?.keysOnly, true);
    const nested = sent.failure[1]?.requestTxn?.success[0]?.requestDeleteRange;
    assert.equal(nested?.rangeEnd.toString(), "a0");
  });

  test("is no promise", () => {
    assert.equal("then" in builder(), false);
  });
});
