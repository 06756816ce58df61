import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EtcdError, EtcdErrors } from "@kvorum/proto";
import { bytes, connect, startCluster, text } from "./connect.ts";

describe("members", () => {
  test("are listed with their URLs", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const { members } = await connect(t, cluster).cluster.memberList();
    const listed = members.map((member) => [member.name, [member.peerURLs, member.isLearner]]);
    const expected = cluster.members.map((member) => [member.name, [[member.peerUrl], false]]);
    assert.deepEqual(Object.fromEntries(listed), Object.fromEntries(expected));
  });

  test("a learner is added and removed", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const peerURLs = ["http://127.0.0.1:1"];
    const added = await client.cluster.memberAdd({ peerURLs, isLearner: true });
    const id = added.member?.ID ?? 0n;
    assert.deepEqual([added.member?.isLearner, added.members.length], [true, 2]);
    const overlapping = [...peerURLs, "http://127.0.0.1:2"];
    const again = client.cluster.memberAdd({ peerURLs: overlapping, isLearner: true });
    await assert.rejects(again, (error: EtcdError) => error.is(EtcdErrors.peerUrlExists));
    const early = client.cluster.memberPromote(id);
    await assert.rejects(early, (error: EtcdError) => error.is(EtcdErrors.learnerNotReady));
    const removed = await client.cluster.memberRemove(id);
    assert.equal(removed.members.length, 1);
    const twice = client.cluster.memberRemove(id);
    await assert.rejects(twice, (error: EtcdError) => error.is(EtcdErrors.memberNotFound));
  });
});

describe("failover", () => {
  test("reads never fail and writes go on while members die one after the other", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    for (const [i, member] of cluster.members.entries()) {
      await client.kv.put({ key: bytes("k"), value: bytes(String(i)) });
      await member.kill();
      const { kvs } = await client.kv.range({ key: bytes("k") });
      assert.equal(text(kvs[0]?.value), String(i));
      await client.kv.put({ key: bytes("k"), value: bytes("after") });
      await cluster.startAll();
    }
  });

  test("a member that hangs costs a call its time, not the next ones", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const leader = await cluster.leader();
    const hung = cluster.members.find((member) => member !== leader);
    const endpoint = hung?.endpoint ?? "";
    hung?.pause();
    const call = client.kv.range({ key: bytes("k") }, { endpoint, timeoutMs: 300 });
    await assert.rejects(call, (error: EtcdError) => error.is(EtcdErrors.contextDeadlineExceeded));
    const others = connect(t, cluster);
    for (let i = 0; i < 10; i++) {
      await others.kv.put({ key: bytes("k") }, { timeoutMs: 5_000 });
    }
    hung?.resume();
  });

  test("without a majority a call that asks for a leader fails at once", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    await client.kv.put({ key: bytes("k") });
    const [survivor, ...others] = cluster.members;
    for (const member of others) {
      await member.kill();
    }
    const endpoint = survivor?.endpoint ?? "";
    const serial = { key: bytes("k"), serializable: true };
    assert.equal((await client.kv.range(serial, { endpoint })).count, 1);
    const watcher = client.watch({ key: bytes("k"), hasLeader: true, endpoint });
    const all = async (): Promise<void> => {
      while ((await watcher.next()).done !== true);
    };
    await assert.rejects(all, (error: EtcdError) => error.is(EtcdErrors.noLeader));
    const write = client.kv.put({ key: bytes("k") }, { hasLeader: true, endpoint });
    await assert.rejects(write, (error: EtcdError) => error.is(EtcdErrors.noLeader));
  });
});
