import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Event_EventType, type EtcdError, EtcdErrors } from "@kvorum/proto";
import {
  allKeys,
  compare,
  deleteOp,
  fromKey,
  getOp,
  keyMissing,
  Mutex,
  prefixRange,
  putOp,
  toText,
  txnOp,
} from "@kvorum/proto/client";
import { connect, startCluster, text } from "./connect.ts";

describe("namespaces", () => {
  test("keys are named without the prefix, and others are not seen", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const space = client.namespace("app/");
    await client.kv.put({ key: "a", value: "outside" });
    await client.kv.put({ key: "app0", value: "after" });
    await space.kv.put({ key: "a", value: "1" });
    const { prevKv } = await space.kv.put({ key: "a", value: "2", prevKv: true });
    assert.deepEqual([text(prevKv?.key), text(prevKv?.value)], ["a", "1"]);
    assert.equal(toText((await client.kv.get("app/a"))?.value), "2");
    await space.kv.put({ key: "b", value: "3" });
    for (const range of [allKeys(), fromKey("a"), prefixRange("")]) {
      const { kvs } = await space.kv.range(range);
      assert.deepEqual(
        kvs.map((kv) => text(kv.key)),
        ["a", "b"],
      );
    }
    const chunks: string[] = [];
    for await (const { kvs } of space.kv.rangeStream(allKeys())) {
      chunks.push(...kvs.map((kv) => text(kv.key)));
    }
    assert.deepEqual(chunks, ["a", "b"]);
    const deleted = await space.kv.deleteRange({ ...allKeys(), prevKv: true });
    assert.deepEqual(
      deleted.prevKvs.map((kv) => text(kv.key)),
      ["a", "b"],
    );
    assert.equal((await client.kv.range(allKeys())).count, 2);
  });

  test("a key is needed, as without a namespace", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    for (const view of [client, client.namespace("app/")]) {
      const isEmptyKey = (error: EtcdError): boolean => error.is(EtcdErrors.emptyKey);
      await assert.rejects(view.kv.put({ value: "v" }), isEmptyKey);
      await assert.rejects(view.kv.range({}), isEmptyKey);
    }
  });

  test("transactions within transactions stay inside, namespaces within namespaces too", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const space = client.namespace("app/").namespace("x/");
    await client.kv.put({ key: "k", value: "outside" });
    const inner = space
      .txn()
      .if(keyMissing("k"), compare(prefixRange("n"), "version", "<", 5))
      .success(putOp("k", "inside"), getOp(allKeys()));
    const outer = await space
      .txn()
      .if(keyMissing("k"))
      .success(putOp("n", "1"), txnOp(inner.request))
      .failure(deleteOp(allKeys()))
      .commit();
    const nested = outer.responses[1]?.responseTxn;
    assert.deepEqual([outer.succeeded, nested?.succeeded], [true, true]);
    const seen = nested?.responses[1]?.responseRange?.kvs.map((kv) => text(kv.key));
    assert.deepEqual(seen, ["k", "n"]);
    const { kvs } = await client.kv.range(allKeys());
    assert.deepEqual(
      kvs.map((kv) => text(kv.key)),
      ["app/x/k", "app/x/n", "k"],
    );
  });

  test("watches see the namespace only", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const space = client.namespace("app/");
    const { header } = await client.kv.put({ key: "app0", value: "after" });
    const watcher = space.watch({
      ...allKeys(),
      prevKv: true,
      startRevision: header?.revision ?? 0,
    });
    await client.kv.put({ key: "a", value: "outside" });
    await space.kv.put({ key: "a", value: "1" });
    await space.kv.deleteRange({ key: "a" });
    const events = watcher.events();
    const put = (await events.next()).value;
    const deletion = (await events.next()).value;
    assert.deepEqual([put?.type, text(put?.kv?.key)], [Event_EventType.PUT, "a"]);
    assert.deepEqual([deletion?.type, text(deletion?.prevKv?.key)], [Event_EventType.DELETE, "a"]);
  });

  test("a lease shows its keys of the namespace; locks of a namespace are its own", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const space = client.namespace("app/");
    const session = await space.session({ ttlSeconds: 20 });
    const other = await client.session({ ttlSeconds: 20 });
    await space.kv.put({ key: "k", lease: session.leaseId });
    await client.kv.put({ key: "k", lease: session.leaseId });
    const { keys } = await space.lease.timeToLive({ ID: session.leaseId, keys: true });
    assert.deepEqual(keys.map(text), ["k"]);
    await new Mutex(session, "lock").lock();
    assert.equal(await new Mutex(other, "lock").tryLock(), true);
    assert.equal(await new Mutex(other, "app/lock").tryLock(), false);
    await session.close();
    await other.close();
  });
});
