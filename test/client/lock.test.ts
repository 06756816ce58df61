import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type EtcdError, EtcdErrors, type EtcdStatus } from "@kvorum/proto";
import { type Client, Mutex, prefixRange, putOp, type Session } from "@kvorum/proto/client";
import type { Cluster } from "../harness/cluster.ts";
import { waitFor } from "../harness/wait-for.ts";
import { connect, startCluster, text } from "./connect.ts";
import { untilKnown } from "./until-known.ts";

const is = (entry: EtcdStatus) => (error: EtcdError) => error.is(entry);

function openSession(client: Client, ttlSeconds = 30): Promise<Session> {
  return client.session({ ttlSeconds });
}

function waiters(client: Client, count: number): Promise<boolean> {
  const isSo = async (): Promise<boolean> =>
    (await client.kv.range({ ...prefixRange("lock/"), countOnly: true })).count === count;
  return waitFor(isSo, `${count} keys of the lock`);
}

describe("locks", () => {
  test("one holds, the others wait in the order in which they came", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const mutexes = await Promise.all(
      [1, 2, 3].map(async () => new Mutex(await openSession(client), "lock")),
    );
    const [first, second, third] = mutexes as [Mutex, Mutex, Mutex];
    await first.lock();
    assert.equal(await new Mutex(await openSession(client), "lock").tryLock(), false);
    const order: string[] = [];
    const waiting = second.lock().then(() => order.push("second"));
    await waiters(client, 2);
    const last = third.lock().then(() => order.push("third"));
    await waiters(client, 3);
    assert.deepEqual(order, []);
    await first.unlock();
    await waiting;
    await second.unlock();
    await last;
    assert.deepEqual(order, ["second", "third"]);
    assert.deepEqual(
      [first, second, third].map((mutex) => mutex.isLocked),
      [false, false, true],
    );
  });

  test("the key is the name, a slash and the lease in hex; ownership is a condition", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const session = await openSession(client);
    const mutex = new Mutex(session, "lock");
    await mutex.lock();
    assert.equal(text(mutex.key), `lock/${session.leaseId.toString(16)}`);
    const guarded = client.txn().if(mutex.isOwner()).success(putOp("k", "mine"));
    assert.equal((await guarded.commit()).succeeded, true);
    const late = client.txn().if(mutex.isOwner()).success(putOp("k", "late"));
    await mutex.unlock();
    assert.equal((await late.commit()).succeeded, false);
    const unowned = client.txn().if(mutex.isOwner()).success(putOp("k", "unowned"));
    assert.equal((await unowned.commit()).succeeded, false);
    await assert.rejects(mutex.unlock(), is(EtcdErrors.lockReleased));
  });

  test("one who gives up waiting leaves nothing behind, and may come again", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const holder = new Mutex(await openSession(client), "lock");
    const other = new Mutex(await openSession(client), "lock");
    await holder.lock();
    const late = other.lock({ timeoutMs: 100 });
    await assert.rejects(late, is(EtcdErrors.contextDeadlineExceeded));
    await waiters(client, 1);
    const stop = new AbortController();
    const stopped = other.lock({ signal: stop.signal });
    await waiters(client, 2);
    stop.abort();
    await assert.rejects(stopped, is(EtcdErrors.contextCanceled));
    await waiters(client, 1);
    const waiting = other.lock();
    await holder.unlock();
    await waiting;
    assert.equal(other.isLocked, true);
  });

  test("one who loses his session loses his place, and is told", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const holder = new Mutex(await openSession(client), "lock");
    const session = await openSession(client, 2);
    await holder.lock();
    const waiting = new Mutex(session, "lock").lock();
    await waiters(client, 2);
    await client.lease.revoke(session.leaseId);
    await assert.rejects(waiting, is(EtcdErrors.sessionExpired));
    await assert.rejects(new Mutex(session, "lock").tryLock(), is(EtcdErrors.sessionExpired));
  });

  test("a lock outlives the compaction of everything that was before", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const holder = new Mutex(await openSession(client), "lock");
    const other = new Mutex(await openSession(client), "lock");
    await holder.lock();
    const waiting = other.lock();
    await waiters(client, 2);
    const { header } = await client.kv.put({ key: "k" });
    await client.kv.compact({ revision: header?.revision ?? 0 });
    await holder.unlock();
    await waiting;
  });

  test("withLock excludes calls of one process too, and lets go whatever happens", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    let inside = 0;
    const results = await Promise.all(
      [1, 2, 3].map((i) =>
        client.withLock("lock", async (signal) => {
          assert.equal(++inside, 1);
          await client.kv.put({ key: "k" });
          inside--;
          assert.equal(signal.aborted, false);
          return i;
        }),
      ),
    );
    assert.deepEqual(results, [1, 2, 3]);
    const failing = client.withLock("lock", () => Promise.reject(new Error("no")));
    await assert.rejects(failing, /^Error: no$/);
    await waiters(client, 0);
    assert.deepEqual((await client.lease.leases()).leases, []);
  });

  test("nobody is in there with another while members die one after the other", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const clients = [1, 2, 3].map(() => connect(t, cluster));
    const sessions = await Promise.all(clients.map((client) => openSession(client)));
    const state = { inside: 0, entered: 0, isOver: false };
    const contending = sessions.map(async (session) => {
      const mutex = new Mutex(session, "lock");
      while (!state.isOver) await enterOnce(mutex, session, state);
    });
    await killEach(cluster, state);
    state.isOver = true;
    await Promise.all(contending);
    assert.deepEqual(
      sessions.map((session) => session.isAlive),
      [true, true, true],
    );
    await Promise.all(sessions.map((session) => untilKnown(() => session.close())));
  });
});

interface State {
  inside: number;
  entered: number;
  isOver: boolean;
}

async function enterOnce(mutex: Mutex, session: Session, state: State): Promise<void> {
  await untilKnown(() => mutex.lock());
  assert.equal(++state.inside, 1);
  const owned = { compare: [mutex.isOwner()], success: [putOp("k", mutex.key)] };
  const { succeeded } = await untilKnown(() => session.client.kv.txn(owned));
  assert.equal(succeeded, true);
  state.entered++;
  state.inside--;
  await untilKnown(() => mutex.unlock());
}

/** Each member goes in the midst of the work and comes back when it has gone on without him. */
async function killEach(cluster: Cluster, state: State): Promise<void> {
  for (const member of cluster.members) {
    const before = state.entered;
    await waitFor(() => state.entered > before + 3, "the work to go on");
    await member.kill();
    const without = state.entered;
    await waitFor(() => state.entered > without + 3, "the work to go on without a member");
    await cluster.startAll();
  }
}
