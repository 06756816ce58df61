import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import {
  AlarmRequest_AlarmAction,
  type EtcdError,
  EtcdErrors,
  Health,
  HealthCheckResponse_ServingStatus,
} from "@kvorum/proto";
import { bytes, connect, startCluster } from "./connect.ts";

describe("maintenance", () => {
  test("status speaks of the member that is asked", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const answers = await Promise.all(
      cluster.members.map((member) => client.maintenance.status(member.endpoint)),
    );
    const ids = answers.map((answer) => answer.header?.memberId ?? 0n);
    assert.equal(new Set(ids).size, 3);
    const [leader] = new Set(answers.map((answer) => answer.leader));
    assert.ok(ids.includes(leader ?? 0n));
    for (const answer of answers) {
      assert.deepEqual([answer.isLearner, answer.errors], [false, []]);
      assert.ok(answer.raftAppliedIndex <= answer.raftIndex);
      assert.match(answer.version, /^\d+\.\d+\.\d+$/);
    }
  });

  test("all members have the same hash at one revision", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    let revision = 0;
    for (let i = 0; i < 20; i++) {
      const { header } = await client.kv.put({ key: bytes(`k${i}`), value: bytes("v") });
      revision = header?.revision ?? 0;
    }
    for (const member of cluster.members) {
      await client.kv.range({ key: bytes("k") }, { endpoint: member.endpoint });
    }
    const hashes = await Promise.all(
      cluster.members.map((member) => client.maintenance.hashKV(member.endpoint, revision)),
    );
    assert.equal(new Set(hashes.map((answer) => answer.hash)).size, 1);
    assert.equal(hashes[0]?.hashRevision, revision);
  });

  test("a snapshot ends with the digest of what came before", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    await client.kv.put({ key: bytes("k"), value: Buffer.alloc(100_000, 1) });
    const blobs: Uint8Array[] = [];
    let remaining = Infinity;
    for await (const part of client.maintenance.snapshot(cluster.member(0).endpoint)) {
      blobs.push(part.blob);
      assert.ok(part.remainingBytes <= remaining);
      remaining = part.remainingBytes;
    }
    const whole = Buffer.concat(blobs);
    const digest = createHash("sha256").update(whole.subarray(0, -32)).digest();
    assert.deepEqual(whole.subarray(-32), digest);
    assert.equal((whole.length - 32) % 512, 0);
    assert.equal(remaining, 0);
  });

  test("a snapshot can be left half-way", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    await client.kv.put({ key: bytes("k"), value: Buffer.alloc(1_000_000, 1) });
    for await (const part of client.maintenance.snapshot(cluster.member(0).endpoint)) {
      assert.ok(part.blob.length > 0);
      break;
    }
    assert.equal((await client.kv.range({ key: bytes("k") })).count, 1);
  });

  test("leadership can be moved, by the leader alone", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const leader = await cluster.leader();
    const others = cluster.members.filter((member) => member !== leader);
    const [follower, heir] = others.map((member) => member.endpoint);
    const { header } = await client.maintenance.status(heir ?? "");
    const id = header?.memberId ?? 0n;
    await assert.rejects(client.maintenance.moveLeader(follower ?? "", id), (error: EtcdError) =>
      error.is(EtcdErrors.notLeader),
    );
    await client.maintenance.moveLeader(leader.endpoint, id);
    assert.equal((await client.maintenance.status(heir ?? "")).leader, id);
  });

  test("alarms are raised, listed and lowered", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    const { header } = await client.maintenance.status(cluster.endpoints);
    const alarm = { memberID: header?.memberId ?? 0n, alarm: 1 };
    await client.maintenance.alarm({ action: AlarmRequest_AlarmAction.ACTIVATE, ...alarm });
    assert.deepEqual((await client.maintenance.alarm({})).alarms, [alarm]);
    const full = client.kv.put({ key: bytes("k") });
    await assert.rejects(full, (error: EtcdError) => error.is(EtcdErrors.noSpace));
    await client.maintenance.alarm({ action: AlarmRequest_AlarmAction.DEACTIVATE, ...alarm });
    assert.deepEqual((await client.maintenance.alarm({})).alarms, []);
    await client.kv.put({ key: bytes("k") });
  });

  test("defragment and health answer", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    await client.maintenance.defragment(cluster.endpoints);
    const { status } = await client.call(Health.check, {});
    assert.equal(status, HealthCheckResponse_ServingStatus.SERVING);
  });
});
