/** What real servers do rarely: answers that are lost, and reads that come at the same time. */
import assert from "node:assert/strict";
import { describe, test, type TestContext } from "node:test";
import { EtcdErrors, type EtcdStatus } from "../../error-codes.ts";
import type { EtcdError } from "../../etcd-error.ts";
import { KeyValue } from "../../gen/kv.ts";
import * as rpc from "../../gen/rpc.ts";
import { type Client, createClient } from "../client.ts";
import { toText } from "../keys/bytes.ts";
import { ScriptedServer, toStatus } from "../testing/scripted-server.ts";
import { Mutex } from "./mutex.ts";

const lost: EtcdStatus = { code: 14, message: "connection lost" };
const header = (revision: number): rpc.ResponseHeader => rpc.ResponseHeader.create({ revision });

/** A server that grants leases and answers transactions as told. */
async function serve(
  t: TestContext,
  txn: (request: rpc.TxnRequest) => rpc.TxnResponse,
): Promise<Client> {
  const server = new ScriptedServer()
    .unary(rpc.Lease.leaseGrant, () => rpc.LeaseGrantResponse.create({ ID: 0xabn, TTL: 60 }))
    .unary(rpc.Lease.leaseRevoke, () => rpc.LeaseRevokeResponse.create())
    .unary(rpc.KV.txn, txn);
  await server.start();
  const client = createClient({ endpoints: [server.endpoint], commandTimeoutMs: 10_000 });
  t.after(() => {
    client.close();
    server.stop();
  });
  return client;
}

function found(...kvs: Partial<KeyValue>[]): rpc.ResponseOp {
  const all = kvs.map((kv) => KeyValue.create(kv));
  return rpc.ResponseOp.create({ responseRange: rpc.RangeResponse.create({ kvs: all }) });
}

describe("a lock", () => {
  test("is held, and let go, also when the first answer to that is lost", async (t) => {
    const requests: rpc.TxnRequest[] = [];
    const client = await serve(t, (request) => {
      requests.push(request);
      if (requests.length % 2 === 1) {
        throw toStatus(lost);
      }
      const own = found({ createRevision: 7 });
      const isEntry = request.success[0]?.requestPut !== undefined;
      return rpc.TxnResponse.create({ header: header(9), responses: isEntry ? [own, own] : [] });
    });
    const mutex = new Mutex(await client.session(), "lock");
    await mutex.lock();
    assert.equal(mutex.isOwner().createRevision, 7);
    assert.equal(mutex.isLocked, true);
    await mutex.unlock();
    assert.equal(requests.length, 4);
    const [put, deletion] = [requests[0]?.success[0]?.requestPut, requests[3]];
    assert.deepEqual([toText(put?.key), put?.lease], ["lock/ab", 0xabn]);
    assert.equal(deletion?.compare[0]?.createRevision, 7);
    assert.equal(toText(deletion?.success[0]?.requestDeleteRange?.key), "lock/ab");
  });
});

describe("a transaction in memory", () => {
  test("reads at one revision, also what it asks for at the same time", async (t) => {
    const read: [string[], number[]][] = [];
    const client = await serve(t, ({ success, compare }) => {
      const ranges = success.flatMap(({ requestRange }) => requestRange ?? []);
      if (compare.length === 0) {
        read.push([ranges.map(({ key }) => toText(key)), ranges.map(({ revision }) => revision)]);
      }
      const responses = ranges.map(() => found());
      return rpc.TxnResponse.create({ succeeded: true, header: header(5), responses });
    });
    await client.stm(async (transaction) => {
      await Promise.all([
        transaction.getAll(["a", "b", "a"]),
        transaction.get("c"),
        transaction.get("a"),
      ]);
    });
    assert.deepEqual(read, [
      [
        ["a", "b"],
        [0, 0],
      ],
      [["c"], [5]],
    ]);
  });

  test("does not repeat a commit whose answer is lost", async (t) => {
    let commits = 0;
    const client = await serve(t, () => {
      commits++;
      throw toStatus(lost);
    });
    const put = client.stm((transaction) => {
      transaction.put("a", "1");
      return Promise.resolve();
    });
    await assert.rejects(put, (error: EtcdError) => error.message === lost.message);
    assert.equal(commits, 1);
  });

  test("guards what it has read and, when it wants a snapshot, what it writes", async (t) => {
    const commits: rpc.TxnRequest[] = [];
    const client = await serve(t, (request) => {
      if (request.success[0]?.requestPut !== undefined) {
        commits.push(request);
      }
      const responses = request.success.map(() => found({ modRevision: 3 }));
      return rpc.TxnResponse.create({ succeeded: true, header: header(5), responses });
    });
    for (const isolation of ["serializableSnapshot", "serializable", "readCommitted"] as const) {
      await client.stm(
        async (transaction) => {
          await transaction.get("read");
          transaction.put("written", "1");
        },
        { isolation },
      );
    }
    const guards = commits.map(({ compare }) =>
      compare.map(({ key, result, modRevision }) => [toText(key), result, modRevision]),
    );
    const { EQUAL, LESS } = rpc.Compare_CompareResult;
    const unchanged = ["read", EQUAL, 3];
    assert.deepEqual(guards, [[unchanged, ["written", LESS, 6]], [unchanged], []]);
  });
});

describe("a session", () => {
  test("that never hears from a server is lost when its granted time is over", async (t) => {
    const server = new ScriptedServer()
      .unary(rpc.Lease.leaseGrant, () => rpc.LeaseGrantResponse.create({ ID: 1n, TTL: 1 }))
      .bidi(rpc.Lease.leaseKeepAlive, (stream) => stream.resume());
    await server.start();
    const client = createClient({ endpoints: [server.endpoint] });
    t.after(() => {
      client.close();
      server.stop();
    });
    const session = await client.session();
    assert.equal((await session.done)?.is(EtcdErrors.leaseNotFound), true);
    assert.equal(session.isAlive, false);
  });
});
