import assert from "node:assert/strict";
import { test } from "node:test";
import {
  Compare,
  Compare_CompareResult,
  Compare_CompareTarget,
  DeleteRangeRequest,
  EtcdError,
  EtcdErrors,
  type EtcdStatus,
  RequestOp,
  TxnRequest,
  type TxnResponse,
} from "@kvorum/proto";
import { applyDeleteRange, applyPut } from "./apply-kv.ts";
import { applyTxn } from "./apply-txn.ts";
import { describe, putRequest, rangeRequest, TestStore } from "./testing/test-store.ts";

const { EQUAL, GREATER, LESS, NOT_EQUAL } = Compare_CompareResult;
const { VERSION, CREATE, MOD, VALUE, LEASE } = Compare_CompareTarget;

const noLease = { has: () => false };
const anyLease = { has: () => true };

function isStatus(status: EtcdStatus): (error: unknown) => boolean {
  return (error) => error instanceof EtcdError && error.is(status);
}

function put(
  key: string,
  value: string,
  options: Parameters<typeof putRequest>[2] = {},
): RequestOp {
  return RequestOp.create({ requestPut: putRequest(key, value, options) });
}

function del(key: string, end = "", prevKv = false): RequestOp {
  const request = { key: Buffer.from(key), rangeEnd: Buffer.from(end), prevKv };
  return RequestOp.create({ requestDeleteRange: DeleteRangeRequest.create(request) });
}

function get(key: string, end = "", revision = 0): RequestOp {
  return RequestOp.create({ requestRange: rangeRequest(key, end, { revision }) });
}

function nested(request: Partial<TxnRequest>): RequestOp {
  return RequestOp.create({ requestTxn: TxnRequest.create(request) });
}

function txn(t: TestStore, request: Partial<TxnRequest>, leases = anyLease): TxnResponse {
  return applyTxn(t.store, TxnRequest.create(request), { leases });
}

function holds(t: TestStore, compare: Partial<Compare>): boolean {
  return txn(t, { compare: [Compare.create({ key: Buffer.from("k"), ...compare })] }).succeeded;
}

test("put answers with the new revision and, if asked, the version before", async () => {
  const t = await TestStore.open();
  const first = applyPut(t.store, putRequest("k", "1", { prevKv: true }), noLease);
  assert.deepEqual([first.header?.revision, first.prevKv], [2, undefined]);
  const second = applyPut(t.store, putRequest("k", "2", { prevKv: true }), noLease);
  assert.deepEqual(describe([second.prevKv!]), ["k=1@2,2,1"]);
  assert.equal(applyPut(t.store, putRequest("k", "3"), noLease).prevKv, undefined);
});

test("put keeps value or lease if told to, and needs a key for that", async () => {
  const t = await TestStore.open();
  const missing = putRequest("k", "", { ignoreValue: true });
  assert.throws(() => applyPut(t.store, missing, noLease), isStatus(EtcdErrors.keyNotFound));
  assert.equal(t.store.currentRevision, 1);
  applyPut(t.store, putRequest("k", "1", { lease: 4n }), anyLease);
  applyPut(t.store, putRequest("k", "", { ignoreValue: true, lease: 5n }), anyLease);
  assert.deepEqual(describe(t.range("k").kvs), ["k=1@2,3,2#5"]);
  applyPut(t.store, putRequest("k", "2", { ignoreLease: true }), noLease);
  assert.deepEqual(describe(t.range("k").kvs), ["k=2@2,4,3#5"]);
});

test("put with an unknown lease changes nothing", async () => {
  const t = await TestStore.open();
  const request = putRequest("k", "1", { lease: 4n });
  assert.throws(() => applyPut(t.store, request, noLease), isStatus(EtcdErrors.leaseNotFound));
  assert.equal(t.store.currentRevision, 1);
});

test("delete answers with what was deleted, and the old revision if that was nothing", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  t.put("b", "2");
  const range = { key: Buffer.from("a"), rangeEnd: Buffer.from("z"), prevKv: true };
  const first = applyDeleteRange(t.store, DeleteRangeRequest.create(range));
  assert.deepEqual([first.deleted, first.header?.revision], [2, 4]);
  assert.deepEqual(describe(first.prevKvs), ["a=1@2,2,1", "b=2@3,3,1"]);
  const second = applyDeleteRange(t.store, DeleteRangeRequest.create(range));
  assert.deepEqual([second.deleted, second.header?.revision, second.prevKvs.length], [0, 4, 0]);
});

test("comparisons of an existing key", async () => {
  const t = await TestStore.open();
  t.put("k", "1");
  t.put("k", "b", 7n);
  const cases: [Partial<Compare>, boolean][] = [
    [{ target: VERSION, version: 2 }, true],
    [{ target: VERSION, result: GREATER, version: 1 }, true],
    [{ target: VERSION, result: LESS, version: 2 }, false],
    [{ target: CREATE, createRevision: 2 }, true],
    [{ target: MOD, result: NOT_EQUAL, modRevision: 3 }, false],
    [{ target: VALUE, value: Buffer.from("b") }, true],
    [{ target: VALUE, result: GREATER, value: Buffer.from("a") }, true],
    [{ target: VALUE, result: LESS, value: Buffer.from("ba") }, true],
    [{ target: LEASE, lease: 7n }, true],
    [{ target: LEASE, result: LESS, lease: 7n }, false],
    [{ target: VERSION, result: 9 }, true],
    [{ target: 9, result: NOT_EQUAL }, false],
  ];
  for (const [compare, expected] of cases) {
    assert.equal(holds(t, compare), expected, JSON.stringify(Object.entries(compare).map(String)));
  }
});

test("a missing key compares as zeros, but its value satisfies nothing", async () => {
  const t = await TestStore.open();
  assert.equal(holds(t, { target: VERSION, version: 0 }), true);
  assert.equal(holds(t, { target: CREATE, result: GREATER, createRevision: 0 }), false);
  assert.equal(holds(t, { target: LEASE, lease: 0n }), true);
  for (const result of [EQUAL, NOT_EQUAL, GREATER, LESS]) {
    assert.equal(holds(t, { target: VALUE, result, value: Buffer.from("") }), false);
  }
});

test("a comparison of a range holds if every key of it does", async () => {
  const t = await TestStore.open();
  t.put("k1", "a");
  t.put("k2", "a");
  const all = { rangeEnd: Buffer.from("l"), target: VALUE, value: Buffer.from("a") };
  assert.equal(holds(t, all), true);
  t.put("k3", "b");
  assert.equal(holds(t, all), false);
  assert.equal(holds(t, { ...all, key: Buffer.from("x"), rangeEnd: Buffer.from("y") }), false);
});

test("operations run in order, share the main revision and see earlier ones", async () => {
  const t = await TestStore.open();
  t.put("a", "0");
  const response = txn(t, {
    success: [get("a"), put("a", "1"), get("a"), del("a"), get("a"), put("b", "2")],
  });
  assert.equal(response.header?.revision, 3);
  const ranges = response.responses.flatMap(({ responseRange }) => responseRange ?? []);
  assert.deepEqual(
    ranges.map(({ kvs, header }) => [describe(kvs).join(), header?.revision]),
    [
      ["a=0@2,2,1", 2],
      ["a=1@2,3,2", 3],
      ["", 3],
    ],
  );
  assert.deepEqual(describe(t.range("\0", "\0").kvs), ["b=2@3,3,1"]);
});

test("nested transactions choose their branches on the state before", async () => {
  const t = await TestStore.open();
  const exists = Compare.create({
    key: Buffer.from("a"),
    result: GREATER,
    target: VERSION,
    version: 0,
  });
  const inner = nested({
    compare: [exists],
    success: [put("in", "yes")],
    failure: [put("in", "no")],
  });
  const response = txn(t, { success: [put("a", "1"), inner, nested({ success: [get("a")] })] });
  assert.deepEqual(describe(t.range("in").kvs), ["in=no@2,2,1"]);
  const innerResponse = response.responses[1]?.responseTxn;
  assert.equal(innerResponse?.succeeded, false);
  assert.equal(innerResponse?.header?.revision, 0);
  const read = response.responses[2]?.responseTxn?.responses[0]?.responseRange;
  assert.deepEqual(describe(read!.kvs), ["a=1@2,2,1"]);
});

test("a transaction with one impossible operation changes nothing, whoever runs it", async () => {
  // etcd #18667: a member that dropped the results also dropped the error, and diverged.
  for (const skipRanges of [false, true]) {
    const t = await TestStore.open();
    t.put("a", "1");
    t.put("a", "2");
    await t.store.compact(3);
    const impossible: [RequestOp, EtcdStatus][] = [
      [get("a", "", 9), EtcdErrors.futureRevision],
      [get("a", "", 2), EtcdErrors.compacted],
      [get("a", "", -5), EtcdErrors.compacted],
      [put("x", "1", { lease: 9n }), EtcdErrors.leaseNotFound],
      [put("x", "", { ignoreValue: true }), EtcdErrors.keyNotFound],
      [nested({ success: [get("a", "", 9)] }), EtcdErrors.futureRevision],
    ];
    for (const [op, status] of impossible) {
      const request = TxnRequest.create({ success: [put("b", "1"), op] });
      const run = (): unknown => applyTxn(t.store, request, { leases: noLease, skipRanges });
      assert.throws(run, isStatus(status));
      assert.equal(t.store.currentRevision, 3);
      assert.deepEqual(t.range("b").kvs, []);
    }
  }
});

test("an impossible operation of the branch that does not run is no matter", async () => {
  const t = await TestStore.open();
  assert.equal(txn(t, { success: [put("a", "1")], failure: [get("a", "", 99)] }).succeeded, true);
  assert.equal(t.store.currentRevision, 2);
});

test("members that skip ranges end with the same state and revision", async () => {
  const ops = [put("a", "1"), get("a"), del("b"), get("\0", "\0")];
  const revisions: (number | undefined)[] = [];
  for (const skipRanges of [false, true]) {
    const t = await TestStore.open();
    const request = TxnRequest.create({ success: ops });
    const response = applyTxn(t.store, request, { leases: noLease, skipRanges });
    revisions.push(
      response.header?.revision,
      response.responses[1]?.responseRange?.header?.revision,
    );
  }
  assert.deepEqual(revisions, [2, 2, 2, 2]);
});

test("a delete from \\0 on and a put that ignores the value do not crash a member", async () => {
  // The duplicate check lets this through, as etcd's does.
  const t = await TestStore.open();
  t.put("k", "1");
  const response = txn(t, { success: [del("a", "\0"), put("k", "", { ignoreValue: true })] });
  assert.equal(response.header?.revision, 3);
  assert.deepEqual(describe(t.range("k").kvs), ["k=@3,3,1"]);
});

test("a transaction without effect leaves the revision as it is", async () => {
  const t = await TestStore.open();
  t.put("a", "1");
  assert.equal(txn(t, { success: [get("a"), del("zzz")] }).header?.revision, 2);
});
