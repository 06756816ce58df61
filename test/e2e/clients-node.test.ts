/** npm's etcd3, the client Node services use, in its everyday calls while a member dies and returns. */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { type Etcd3, isRecoverableError } from "etcd3";
import { Cluster } from "../harness/cluster.ts";
import { Hopeless, waitFor } from "../harness/wait-for.ts";

/** Repeats an idempotent call over errors that etcd3 itself calls recoverable. */
async function retry<T>(call: () => Promise<T>): Promise<T> {
  const answer = await waitFor(async () => {
    try {
      return { value: await call() };
    } catch (error) {
      if (error instanceof Error && isRecoverableError(error)) throw error;
      throw new Hopeless(String(error), { cause: error });
    }
  }, "a call to succeed");
  return answer.value;
}

describe("npm's etcd3", () => {
  let cluster: Cluster;
  let client: Etcd3;

  before(async () => {
    cluster = await Cluster.start({ size: 3 });
    client = cluster.newClient();
  });

  after(async () => {
    client.close();
    await cluster.dispose();
  });

  test("puts, gets, lists, sorts and deletes", async () => {
    const space = client.namespace("basic/");
    for (const [key, value] of Object.entries({ b: "2", a: "1", c: "3" })) {
      await space.put(key).value(value);
    }
    assert.equal(await space.get("a").string(), "1");
    assert.equal(await space.get("nothing").string(), null);
    assert.deepEqual(await space.getAll().strings(), { a: "1", b: "2", c: "3" });
    assert.deepEqual(await space.getAll().sort("Value", "Descend").limit(2).keys(), ["c", "b"]);
    assert.equal(await space.getAll().count(), 3);
    assert.equal((await space.delete().key("a").exec()).deleted, "1");
    assert.equal((await space.delete().all().exec()).deleted, "2");
    assert.equal(await space.getAll().count(), 0);
  });

  test("compares and swaps", async () => {
    const key = "swap";
    await client.put(key).value("old");
    const swap = (from: string, to: string): Promise<{ succeeded: boolean }> =>
      client.if(key, "Value", "==", from).then(client.put(key).value(to)).commit();
    assert.equal((await swap("old", "new")).succeeded, true);
    assert.equal((await swap("old", "newer")).succeeded, false);
    assert.equal(await client.get(key).string(), "new");
  });

  test("refuses what etcd refuses, with its words", async () => {
    await assert.rejects(client.put("").value("x").exec(), /key is not provided/);
    await assert.rejects(client.get("a").revision(999_999).exec(), /future revision/);
  });

  test("holds a lease and its key, and lets both go", async () => {
    const lease = client.lease(10);
    await lease.put("leased").value("here");
    assert.equal(await client.get("leased").string(), "here");
    await lease.keepaliveOnce();
    await lease.revoke();
    assert.equal(await client.get("leased").string(), null);
  });

  test("excludes with a lock", async () => {
    const other = cluster.newClient();
    await client.lock("mutex").do(async () => {
      await assert.rejects(other.lock("mutex").acquire(), /lock/i);
    });
    const second = await other.lock("mutex").acquire();
    await second.release();
    other.close();
  });

  test("elects", async () => {
    const election = client.election("boss", 10);
    const campaign = election.campaign("me");
    const observer = await election.observe();
    await waitFor(() => observer.leader() === "me", "the leader to be observed");
    await observer.cancel();
    await campaign.resign();
  });

  test("watches through the death and return of a member", async () => {
    const seen: string[] = [];
    const watcher = await client.watch().prefix("watched/").create();
    watcher.on("put", (kv) => seen.push(kv.value.toString()));
    const write = (value: string): Promise<unknown> =>
      retry(async () => client.put(`watched/${value}`).value(value));
    const arrive = (value: string): Promise<unknown> =>
      waitFor(() => seen.includes(value), `${value} to be watched`);

    await write("before");
    await arrive("before");
    const victim = await cluster.leader();
    await victim.kill();
    await write("while dead");
    await arrive("while dead");
    await victim.start();
    await write("after");
    await arrive("after");
    assert.deepEqual([...new Set(seen)], ["before", "while dead", "after"]);
    await watcher.cancel();
  });
});
