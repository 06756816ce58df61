/** The writes of the checks, on a cluster: `check perf` itself takes a minute. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@kvorum/proto/client";
import { runWriteLoad } from "../../packages/ctl/src/write-load.ts";
import { Cluster } from "../harness/cluster.ts";

test("a load writes as often as it is told, with each of its clients", async (t) => {
  const cluster = await Cluster.start({ size: 1 });
  t.after(() => cluster.dispose());
  const clients = [1, 2, 3].map(() => createClient({ endpoints: [cluster.endpoints] }));
  t.after(() => {
    for (const client of clients) client.close();
  });
  const told: number[] = [];
  const stats = await runWriteLoad({
    clients,
    prefix: "load/",
    keyBytes: 20,
    valueBytes: 10,
    count: 30,
    perSecond: 1000,
    signal: new AbortController().signal,
    onWrite: (done) => told.push(done),
  });
  assert.equal(stats.errors.size, 0);
  assert.ok(stats.slowest > 0 && stats.stddev < stats.slowest);
  assert.deepEqual(
    told,
    [...Array(30).keys()].map((i) => i + 1),
  );
  const keys = await cluster.clientOf(cluster.member(0)).getAll().prefix("load/").count();
  assert.equal(keys, 30);
});

test("errors are counted, and an interrupted load begins no write", async (t) => {
  const client = createClient({ endpoints: ["127.0.0.1:1"], commandTimeoutMs: 1 });
  t.after(() => client.close());
  const load = { clients: [client], prefix: "", keyBytes: 10, valueBytes: 1, count: 2 };
  const failed = await runWriteLoad({ ...load, signal: new AbortController().signal });
  assert.deepEqual([...failed.errors.values()], [2]);
  const idle = await runWriteLoad({ ...load, signal: AbortSignal.abort() });
  assert.equal(idle.errors.size, 0);
});
