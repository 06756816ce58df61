import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EtcdError, EtcdErrors, type EtcdStatus } from "@kvorum/proto";
import { bytes, connect, startCluster, text } from "./connect.ts";

describe("leases", () => {
  test("a lease is granted, listed, looked at and revoked with its keys", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const { ID, TTL, error } = await client.lease.grant({ TTL: 60 });
    assert.deepEqual([TTL, error], [60, ""]);
    await client.kv.put({ key: bytes("k"), lease: ID });
    const chosen = await client.lease.grant({ TTL: 60, ID: 0x1234n });
    assert.equal(chosen.ID, 0x1234n);
    const { leases } = await client.lease.leases();
    assert.deepEqual(new Set(leases.map((lease) => lease.ID)), new Set([ID, 0x1234n]));
    const look = await client.lease.timeToLive({ ID, keys: true });
    assert.equal(look.grantedTTL, 60);
    assert.deepEqual(look.keys.map(text), ["k"]);
    await client.lease.revoke(ID);
    assert.equal((await client.kv.range({ key: bytes("k") })).count, 0);
    assert.equal((await client.lease.timeToLive({ ID })).TTL, -1);
  });

  test("errors have etcd's codes and texts", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    await client.lease.grant({ TTL: 60, ID: 7n });
    const is = (entry: EtcdStatus) => (error: EtcdError) => error.is(entry);
    await assert.rejects(client.lease.grant({ TTL: 60, ID: 7n }), is(EtcdErrors.leaseExists));
    await assert.rejects(client.lease.grant({ TTL: 9e9 + 1 }), is(EtcdErrors.leaseTtlTooLarge));
    await assert.rejects(client.lease.revoke(8n), is(EtcdErrors.leaseNotFound));
    await assert.rejects(client.lease.keepAliveOnce(8n), is(EtcdErrors.leaseNotFound));
  });

  test("a lease that is kept alive outlives its time, and its loss is reported", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const { ID } = await client.lease.grant({ TTL: 2 });
    await client.kv.put({ key: bytes("k"), lease: ID });
    const started = performance.now();
    const responses = client.lease.keepAlive(ID);
    while (performance.now() - started < 4_500) {
      const { value } = await responses.next();
      assert.equal(value?.TTL, 2);
    }
    assert.equal((await client.kv.range({ key: bytes("k") })).count, 1);
    await client.lease.revoke(ID);
    const rest = async (): Promise<never> => {
      for (;;) {
        await responses.next();
      }
    };
    await assert.rejects(rest, (error: EtcdError) => error.is(EtcdErrors.leaseNotFound));
  });

  test("a lease that is not kept alive expires with its keys", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const { ID } = await client.lease.grant({ TTL: 2 });
    const watcher = client.watch({ key: bytes("k") });
    await watcher.next();
    await client.kv.put({ key: bytes("k"), lease: ID });
    await watcher.next();
    assert.equal((await watcher.next()).value?.events.length, 1);
    await assert.rejects(client.lease.keepAliveOnce(ID), (error: EtcdError) =>
      error.is(EtcdErrors.leaseNotFound),
    );
  });

  test("keeping alive goes on over the death of a member", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const { ID } = await client.lease.grant({ TTL: 10 });
    const responses = client.lease.keepAlive(ID);
    await responses.next();
    for (const member of cluster.members) {
      await member.kill();
      await responses.next();
      await cluster.startAll();
    }
    assert.ok((await client.lease.timeToLive({ ID })).TTL > 0);
  });
});
