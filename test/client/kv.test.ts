import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import {
  Compare,
  Compare_CompareResult,
  Compare_CompareTarget,
  type EtcdError,
  EtcdErrors,
  type EtcdStatus,
  type KeyValue,
  PutRequest,
  RangeRequest,
  RangeRequest_SortOrder,
  RangeRequest_SortTarget,
  RequestOp,
  TxnRequest,
} from "@kvorum/proto";
import { type Client, createClient } from "@kvorum/proto/client";
import { Cluster } from "../harness/cluster.ts";
import { bytes, text } from "./connect.ts";

function withStatus(entry: EtcdStatus): (error: EtcdError) => true {
  return (error) => {
    assert.deepEqual([error.code, error.message], [entry.code, entry.message]);
    return true;
  };
}

function keysOf(kvs: readonly KeyValue[]): string[] {
  return kvs.map((kv) => text(kv.key));
}

describe("keys and values", () => {
  let cluster: Cluster;
  let client: Client;

  before(async () => {
    cluster = await Cluster.start({ size: 1 });
    client = createClient({ endpoints: [cluster.endpoints], commandTimeoutMs: 10_000 });
  });
  after(async () => {
    client.close();
    await cluster.dispose();
  });

  const put = (key: string, value: string): Promise<number> =>
    client.kv
      .put({ key: bytes(key), value: bytes(value) })
      .then((response) => response.header?.revision ?? 0);

  test("a put can be read, with its revisions and version", async () => {
    const first = await put("a", "1");
    const second = await put("a", "2");
    assert.equal(second, first + 1);
    const { kvs, count, more, header } = await client.kv.range({ key: bytes("a") });
    assert.deepEqual([count, more, header?.revision], [1, false, second]);
    const [kv] = kvs;
    assert.deepEqual(
      [text(kv?.key), text(kv?.value), kv?.createRevision, kv?.modRevision, kv?.version, kv?.lease],
      ["a", "2", first, second, 2, 0n],
    );
    const old = await client.kv.range({ key: bytes("a"), revision: first });
    assert.equal(text(old.kvs[0]?.value), "1");
  });

  test("the header names cluster and member", async () => {
    const { header } = await client.kv.range({ key: bytes("a") });
    const { members } = await client.cluster.memberList();
    assert.equal(header?.memberId, members[0]?.ID);
    assert.ok((header?.clusterId ?? 0n) > 0n);
    assert.ok((header?.raftTerm ?? 0) > 0);
  });

  test("put can return what was before, and keep the value", async () => {
    await put("b", "1");
    const response = await client.kv.put({ key: bytes("b"), value: bytes("2"), prevKv: true });
    assert.equal(text(response.prevKv?.value), "1");
    await client.kv.put({ key: bytes("b"), ignoreValue: true });
    assert.equal(text((await client.kv.range({ key: bytes("b") })).kvs[0]?.value), "2");
  });

  test("a range is sorted, limited and counted as asked", async () => {
    for (const [key, value] of [
      ["r/1", "z"],
      ["r/2", "y"],
      ["r/3", "x"],
    ] as const) {
      await put(key, value);
    }
    const range = { key: bytes("r/"), rangeEnd: bytes("r0") };
    const byValue = await client.kv.range({
      ...range,
      sortTarget: RangeRequest_SortTarget.VALUE,
      sortOrder: RangeRequest_SortOrder.ASCEND,
      limit: 2,
    });
    assert.deepEqual(keysOf(byValue.kvs), ["r/3", "r/2"]);
    assert.deepEqual([byValue.more, byValue.count], [true, 3]);
    const counted = await client.kv.range({ ...range, countOnly: true });
    assert.deepEqual([counted.kvs.length, counted.count], [0, 3]);
  });

  test("a streamed range is the range", async () => {
    for (let i = 0; i < 40; i++) {
      await put(`s/${String(i).padStart(2, "0")}`, "v".repeat(100));
    }
    const range = { key: bytes("s/"), rangeEnd: bytes("s0") };
    const whole = await client.kv.range(range);
    const kvs: KeyValue[] = [];
    let count = 0;
    for await (const chunk of client.kv.rangeStream(range)) {
      kvs.push(...chunk.kvs);
      count = chunk.count;
    }
    assert.deepEqual(kvs, whole.kvs);
    assert.equal(count, 40);
  });

  test("a transaction runs one of its branches, in one revision", async () => {
    const revision = await put("t", "1");
    const compare = Compare.create({
      target: Compare_CompareTarget.MOD,
      result: Compare_CompareResult.EQUAL,
      key: bytes("t"),
      modRevision: revision,
    });
    const request = {
      compare: [compare],
      success: [
        RequestOp.create({
          requestPut: PutRequest.create({ key: bytes("t"), value: bytes("2") }),
        }),
        RequestOp.create({ requestTxn: TxnRequest.create({ success: [rangeOp("t")] }) }),
      ],
      failure: [rangeOp("t")],
    };
    const won = await client.kv.txn(request);
    assert.deepEqual([won.succeeded, won.header?.revision], [true, revision + 1]);
    const nested = won.responses[1]?.responseTxn?.responses[0]?.responseRange;
    assert.equal(text(nested?.kvs[0]?.value), "2");
    const lost = await client.kv.txn(request);
    assert.deepEqual([lost.succeeded, lost.header?.revision], [false, revision + 1]);
    assert.equal(text(lost.responses[0]?.responseRange?.kvs[0]?.value), "2");
  });

  test("deleting returns what was deleted", async () => {
    await put("d/1", "1");
    await put("d/2", "2");
    const range = { key: bytes("d/"), rangeEnd: bytes("d0") };
    const { deleted, prevKvs } = await client.kv.deleteRange({ ...range, prevKv: true });
    assert.equal(deleted, 2);
    assert.deepEqual(keysOf(prevKvs), ["d/1", "d/2"]);
    assert.equal((await client.kv.range(range)).count, 0);
  });

  test("values of a megabyte come back as they were", async () => {
    const value = Buffer.alloc(1_000_000);
    for (let i = 0; i < value.length; i++) value[i] = i * 31;
    await client.kv.put({ key: bytes("large"), value });
    const { kvs } = await client.kv.range({ key: bytes("large") });
    assert.ok(value.equals(kvs[0]?.value ?? Buffer.alloc(0)));
  });

  test("errors have etcd's codes and texts", async () => {
    const revision = await put("e", "1");
    const future = revision + 1000;
    const cases: [() => Promise<unknown>, EtcdStatus][] = [
      [() => client.kv.put({}), EtcdErrors.emptyKey],
      [() => client.kv.range({}), EtcdErrors.emptyKey],
      [() => client.kv.range({ key: bytes("e"), revision: future }), EtcdErrors.futureRevision],
      [() => client.kv.range({ key: bytes("e"), sortOrder: 9 }), EtcdErrors.invalidSortOption],
      [() => client.kv.put({ key: bytes("e"), lease: 77n }), EtcdErrors.leaseNotFound],
      [() => client.kv.put({ key: bytes("none"), ignoreValue: true }), EtcdErrors.keyNotFound],
      [() => client.kv.compact({ revision: future }), EtcdErrors.futureRevision],
      [
        () => client.kv.put({ key: bytes("e"), value: Buffer.alloc(1_700_000) }),
        EtcdErrors.requestTooLarge,
      ],
    ];
    for (const [call, entry] of cases) {
      await assert.rejects(call, withStatus(entry));
    }
  });

  test("what was compacted is gone", async () => {
    const revision = await put("c", "1");
    await put("c", "2");
    await client.kv.compact({ revision: revision + 1, physical: true });
    const old = client.kv.range({ key: bytes("c"), revision });
    await assert.rejects(old, withStatus(EtcdErrors.compacted));
    const again = client.kv.compact({ revision });
    await assert.rejects(again, withStatus(EtcdErrors.compacted));
  });

  test("parallel calls share the connection and keep their answers apart", async () => {
    const calls = Array.from({ length: 200 }, (_, i) => put(`p/${i}`, String(i)));
    const revisions = await Promise.all(calls);
    assert.equal(new Set(revisions).size, calls.length);
    const { kvs } = await client.kv.range({ key: bytes("p/"), rangeEnd: bytes("p0") });
    for (const kv of kvs) {
      assert.equal(text(kv.key), `p/${text(kv.value)}`);
    }
    assert.equal(kvs.length, 200);
  });
});

function rangeOp(key: string): RequestOp {
  return RequestOp.create({ requestRange: RangeRequest.create({ key: bytes(key) }) });
}
