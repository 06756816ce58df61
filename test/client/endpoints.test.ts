import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Client } from "@kvorum/proto/client";
import type { Cluster } from "../harness/cluster.ts";
import { waitFor } from "../harness/wait-for.ts";
import { connect, startCluster } from "./connect.ts";

/** Which members answer `count` reads, one after the other. */
async function answering(client: Client, count: number): Promise<Set<bigint>> {
  const members = new Set<bigint>();
  for (let i = 0; i < count; i++) {
    const { header } = await client.kv.range({ key: "k" });
    members.add(header?.memberId ?? 0n);
  }
  return members;
}

function answeringAll(client: Client, count: number): Promise<boolean> {
  return waitFor(async () => (await answering(client, 6)).size === count, `${count} to answer`);
}

function urls(cluster: Cluster): string[] {
  return cluster.members.map((member) => member.clientUrl);
}

describe("endpoints", () => {
  test("calls go to all members in turn, and to those that are left when one dies", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    await answeringAll(client, 3);
    await cluster.member(0).kill();
    await answeringAll(client, 2);
    await cluster.startAll();
    await answeringAll(client, 3);
  });

  test("a pinned client stays with one member until that fails", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster, { balancing: "pinned" });
    const [first] = await answering(client, 6);
    assert.deepEqual(await answering(client, 6), new Set([first]));
    const ids = await Promise.all(
      cluster.members.map(async (member) => (await cluster.statusOf(member)).id),
    );
    await cluster.member(ids.indexOf(String(first))).kill();
    await client.kv.put({ key: "k" }, { retry: "repeatable" });
    const later = await answering(client, 6);
    assert.equal(later.size, 1);
    assert.equal(later.has(first ?? 0n), false);
  });

  test("a member that hangs costs one call its time, then others answer", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    await answeringAll(client, 3);
    const leader = await cluster.leader();
    const hung = cluster.members.find((member) => member !== leader);
    hung?.pause();
    let failed = 0;
    for (let i = 0; i < 6; i++) {
      await client.kv.range({ key: "k" }, { timeoutMs: 2_000 }).catch(() => failed++);
    }
    hung?.resume();
    assert.equal(failed, 1);
  });

  test("a client that knows one member learns of the others", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const { endpoint } = cluster.member(1);
    const client = connect(t, cluster, { endpoints: [endpoint] });
    assert.equal((await answering(client, 3)).size, 1);
    const watcher = client.watch({ key: "k" });
    await watcher.next();
    await client.syncEndpoints();
    const known = client.endpoints.map((each) => each.replace(/^(?!http)/, "http://"));
    assert.deepEqual(new Set(known), new Set(urls(cluster)));
    await answeringAll(client, 3);
    client.setEndpoints([cluster.member(2).endpoint]);
    assert.equal((await answering(client, 6)).size, 1);
    await client.kv.put({ key: "k" });
    assert.equal((await watcher.next()).value?.events.length, 1);
  });

  test("it does so by itself when told how often", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const { endpoint } = cluster.member(0);
    const client = connect(t, cluster, { endpoints: [endpoint], autoSyncIntervalMs: 100 });
    await answeringAll(client, 3);
  });
});
