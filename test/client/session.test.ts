import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Event_EventType, type EtcdError, EtcdErrors } from "@kvorum/proto";
import { Session } from "@kvorum/proto/client";
import { connect, startCluster } from "./connect.ts";

describe("sessions", () => {
  test("the keys of a session are gone when it is closed", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const session = await client.session({ ttlSeconds: 20 });
    await client.kv.put({ key: "here", lease: session.leaseId });
    assert.equal(session.isAlive, true);
    await session.close();
    assert.equal(await client.kv.get("here"), undefined);
    assert.deepEqual([session.isAlive, session.signal.aborted], [false, true]);
    assert.equal(await session.done, undefined);
  });

  test("a lease that is revoked under a session is reported once, with the reason", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const session = await client.session({ ttlSeconds: 2 });
    const reasons: EtcdError[] = [];
    session.onLost((reason) => reasons.push(reason));
    await client.lease.revoke(session.leaseId);
    const reason = await session.done;
    assert.ok(reason?.is(EtcdErrors.leaseNotFound));
    assert.equal(session.signal.reason, reason);
    assert.deepEqual(reasons, [reason]);
    await session.close();
  });

  test("an orphan's lease lives on, and another session may take it over", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const first = await client.session({ ttlSeconds: 20 });
    await client.kv.put({ key: "here", lease: first.leaseId });
    await first.orphan();
    assert.equal(first.loss, undefined);
    const second = await Session.create(client, { leaseId: first.leaseId });
    assert.deepEqual([second.leaseId, second.ttlSeconds], [first.leaseId, 20]);
    assert.ok(await client.kv.get("here"));
    await second.close();
    const gone = Session.create(client, { leaseId: first.leaseId });
    await assert.rejects(gone, (error: EtcdError) => error.is(EtcdErrors.leaseNotFound));
  });

  test("a session outlives the death of any member, one after the other", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const session = await client.session({ ttlSeconds: 15 });
    await client.kv.put({ key: "here", lease: session.leaseId });
    for (const member of cluster.members) {
      await member.kill();
      assert.ok(await client.kv.get("here"));
      await cluster.startAll();
    }
    assert.equal(session.isAlive, true);
    await session.close();
    assert.equal(await client.kv.get("here"), undefined);
  });

  test("a session outlives a member that hangs for longer than a lease", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const leader = await cluster.leader();
    const session = await client.session({ ttlSeconds: 6 });
    await client.kv.put({ key: "here", lease: session.leaseId });
    const [hung, ...others] = cluster.members.filter((member) => member !== leader);
    hung?.pause();
    const endpoints = [leader, ...others].map((member) => member.endpoint);
    const elsewhere = connect(t, cluster, { endpoints });
    const { ID } = await elsewhere.lease.grant({ TTL: 9 });
    const { header } = await elsewhere.kv.put({ key: "clock", lease: ID });
    const startRevision = (header?.revision ?? 0) + 1;
    const expired = await elsewhere.watch({ key: "clock", startRevision }).events().next();
    assert.equal(expired.value?.type, Event_EventType.DELETE);
    assert.ok(await elsewhere.kv.get("here"));
    assert.equal(session.isAlive, true);
    hung?.resume();
    await session.close({ timeoutMs: 30_000 });
    assert.equal(await elsewhere.kv.get("here"), undefined);
  });

  test("a session that cannot reach any member is lost after its time to live", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    const session = await client.session({ ttlSeconds: 3 });
    await cluster.member(0).kill();
    assert.ok((await session.done)?.is(EtcdErrors.leaseNotFound));
  });
});
