import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EtcdError, EtcdErrors, type EtcdStatus, type KeyValue } from "@kvorum/proto";
import { type Client, Election, prefixRange, Session } from "@kvorum/proto/client";
import { waitFor } from "../harness/wait-for.ts";
import { connect, startCluster, text } from "./connect.ts";
import { untilKnown } from "./until-known.ts";

const is = (entry: EtcdStatus) => (error: EtcdError) => error.is(entry);

async function candidate(client: Client, ttlSeconds = 30): Promise<[Election, Session]> {
  const session = await client.session({ ttlSeconds });
  return [new Election(session, "job"), session];
}

function candidates(client: Client, count: number): Promise<boolean> {
  const isSo = async (): Promise<boolean> =>
    (await client.kv.range({ ...prefixRange("job/"), countOnly: true })).count === count;
  return waitFor(isSo, `${count} candidates`);
}

async function nextValue(leaders: AsyncGenerator<KeyValue, void, void>): Promise<string> {
  const { value } = await leaders.next();
  return text(value?.value);
}

describe("elections", () => {
  test("the first leads, speaks, resigns; the next leads", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const [a, sessionA] = await candidate(client);
    const [b] = await candidate(client);
    assert.equal(await a.leader(), undefined);
    await a.campaign("a");
    assert.equal(text(a.key), `job/${sessionA.leaseId.toString(16)}`);
    const leader = await b.leader();
    assert.deepEqual([text(leader?.key), text(leader?.value)], [text(a.key), "a"]);
    assert.equal(leader?.createRevision, a.createRevision);
    const waiting = b.campaign("b");
    await candidates(client, 2);
    await assert.rejects(b.proclaim("no"), is(EtcdErrors.electionNotLeader));
    await a.proclaim("a2");
    assert.equal(text((await b.leader())?.value), "a2");
    await a.resign();
    await waiting;
    assert.equal(text((await a.leader())?.value), "b");
    await assert.rejects(a.proclaim("no"), is(EtcdErrors.electionNotLeader));
  });

  test("a leader who campaigns again stays and says the new value", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const [a] = await candidate(client);
    await a.campaign("one");
    const before = a.createRevision;
    await a.campaign("two");
    assert.deepEqual([a.createRevision, text((await a.leader())?.value)], [before, "two"]);
  });

  test("a leader goes on after a restart with the lease of before", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const [a, session] = await candidate(client);
    await a.campaign("a");
    const { createRevision = 0 } = a;
    await session.orphan();
    assert.equal(a.createRevision, undefined);
    const again = await Session.create(client, { leaseId: session.leaseId });
    const resumed = Election.resume(again, "job", createRevision);
    await resumed.proclaim("still a");
    assert.equal(text((await resumed.leader())?.value), "still a");
  });

  test("a candidate who gives up or loses his session is none any more", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const [a] = await candidate(client);
    const [b, sessionB] = await candidate(client, 2);
    await a.campaign("a");
    await assert.rejects(
      b.campaign("b", { timeoutMs: 100 }),
      is(EtcdErrors.contextDeadlineExceeded),
    );
    await candidates(client, 1);
    const waiting = b.campaign("b");
    await candidates(client, 2);
    await client.lease.revoke(sessionB.leaseId);
    await assert.rejects(waiting, is(EtcdErrors.sessionExpired));
    await candidates(client, 1);
  });

  test("observers see every leader, also one who was there before the last one spoke", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const [a] = await candidate(client);
    const [b] = await candidate(client);
    const stop = new AbortController();
    const leaders = new Election(await client.session(), "job").observe({ signal: stop.signal });
    const first = nextValue(leaders);
    await a.campaign("a");
    assert.equal(await first, "a");
    const waiting = b.campaign("b");
    await candidates(client, 2);
    await a.proclaim("a2");
    assert.equal(await nextValue(leaders), "a2");
    await a.resign();
    await waiting;
    assert.equal(await nextValue(leaders), "b");
    const { header } = await client.kv.put({ key: "k" });
    await client.kv.compact({ revision: header?.revision ?? 0 });
    await b.proclaim("b2");
    assert.equal(await nextValue(leaders), "b2");
    const end = leaders.next();
    stop.abort();
    assert.equal((await end).done, true);
  });

  test("one leads at a time while members die one after the other, and observers follow", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const [client, other] = [connect(t, cluster), connect(t, cluster)];
    const [a] = await candidate(client);
    const [b] = await candidate(other);
    const leaders = b.observe();
    const both = [a, b] as const;
    let leading: Election = a;
    await a.campaign("m");
    assert.equal(await nextValue(leaders), "m");
    for (const member of cluster.members) {
      const [next] = both.filter((each) => each !== leading) as [Election];
      const waiting = untilKnown(() => next.campaign(member.name));
      await candidates(client, 2);
      await member.kill();
      assert.equal(next.createRevision, undefined);
      await untilKnown(() => leading.resign());
      await waiting;
      leading = next;
      assert.equal(await nextValue(leaders), member.name);
      await cluster.startAll();
    }
    await leaders.return();
  });
});
