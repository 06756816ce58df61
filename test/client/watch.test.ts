import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Event,
  Event_EventType,
  EtcdErrors,
  type WatchResponse,
  WatchCreateRequest_FilterType,
} from "@kvorum/proto";
import { type Client, WatchCompactedError, type Watcher } from "@kvorum/proto/client";
import { bytes, connect, startCluster, text } from "./connect.ts";

function describeEvent(event: Event): string {
  const kind = event.type === Event_EventType.PUT ? "PUT" : "DELETE";
  return `${kind} ${text(event.kv?.key)}=${text(event.kv?.value)}`;
}

/** Reads until `count` events have come. */
async function take(watcher: Watcher, count: number): Promise<Event[]> {
  const events: Event[] = [];
  while (events.length < count) {
    const { done, value } = await watcher.next();
    assert.ok(done !== true, "the watch ended early");
    events.push(...value.events);
  }
  return events;
}

async function created(watcher: Watcher): Promise<WatchResponse> {
  const { value } = await watcher.next();
  assert.equal(value?.created, true);
  return value as WatchResponse;
}

async function put(client: Client, key: string, value: string): Promise<number> {
  const { header } = await client.kv.put({ key: bytes(key), value: bytes(value) });
  return header?.revision ?? 0;
}

const everything = { key: bytes("\0"), rangeEnd: bytes("\0") };

describe("watch", () => {
  test("reports puts and deletes, with what was before", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const watcher = client.watch({ key: bytes("k"), prevKv: true });
    await created(watcher);
    await put(client, "other", "0");
    await put(client, "k", "1");
    await put(client, "k", "2");
    await client.kv.deleteRange({ key: bytes("k") });
    const events = await take(watcher, 3);
    assert.deepEqual(events.map(describeEvent), ["PUT k=1", "PUT k=2", "DELETE k="]);
    assert.deepEqual(
      events.map((event) => text(event.prevKv?.value)),
      ["", "1", "2"],
    );
  });

  test("starts in the past, and filters", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const first = await put(client, "k", "1");
    await client.kv.deleteRange({ key: bytes("k") });
    await put(client, "k", "2");
    const past = client.watch({ key: bytes("k"), startRevision: first });
    assert.equal((await take(past, 3)).length, 3);
    const filters = [WatchCreateRequest_FilterType.NOPUT];
    const deletes = client.watch({ key: bytes("k"), startRevision: first, filters });
    assert.deepEqual((await take(deletes, 1)).map(describeEvent), ["DELETE k="]);
  });

  test("a start that is compacted is reported with the lowest revision left", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const first = await put(client, "k", "1");
    await put(client, "k", "2");
    const last = await put(client, "k", "3");
    await client.kv.compact({ revision: last });
    const watcher = client.watch({ key: bytes("k"), startRevision: first });
    await created(watcher);
    await assert.rejects(watcher.next(), (error: WatchCompactedError) => {
      assert.ok(error instanceof WatchCompactedError);
      assert.ok(error.is(EtcdErrors.compacted));
      assert.equal(error.compactRevision, last);
      return true;
    });
  });

  test("an empty range is refused with etcd's reason", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const watcher = client.watch({ key: bytes("b"), rangeEnd: bytes("a") });
    await assert.rejects(watcher.next(), /^EtcdError: mvcc: watcher range is empty$/);
  });

  test("progress on request tells the revision reached", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const watcher = client.watch({ key: bytes("k") });
    await created(watcher);
    const revision = await put(client, "other", "1");
    watcher.requestProgress();
    const { value } = await watcher.next();
    assert.deepEqual([value?.events.length, value?.header?.revision], [0, revision]);
  });

  test("fragments of a large revision come as one response", async (t) => {
    const client = connect(t, await startCluster(t, { size: 1 }));
    const value = "v".repeat(1_200_000);
    for (let i = 0; i < 4; i++) {
      await put(client, `k/${i}`, value);
    }
    const watcher = client.watch({
      key: bytes("k/"),
      rangeEnd: bytes("k0"),
      prevKv: true,
      fragment: true,
    });
    await created(watcher);
    await client.kv.deleteRange({ key: bytes("k/"), rangeEnd: bytes("k0") });
    const { value: response } = await watcher.next();
    assert.deepEqual(
      response?.events.map(describeEvent),
      [0, 1, 2, 3].map((i) => `DELETE k/${i}=`),
    );
    assert.equal(response?.fragment, false);
  });

  test("goes on where it was when the member restarts, missing and repeating nothing", async (t) => {
    const cluster = await startCluster(t, { size: 1 });
    const client = connect(t, cluster);
    const watcher = client.watch(everything);
    await created(watcher);
    await put(client, "a", "1");
    await put(client, "b", "2");
    const before = await take(watcher, 2);
    await cluster.member(0).kill();
    await cluster.startAll();
    await put(client, "c", "3");
    await cluster.member(0).stop();
    await cluster.startAll();
    await put(client, "d", "4");
    const events = [...before, ...(await take(watcher, 2))];
    assert.deepEqual(events.map(describeEvent), ["PUT a=1", "PUT b=2", "PUT c=3", "PUT d=4"]);
  });

  test("goes on at another member when its own dies", async (t) => {
    const cluster = await startCluster(t, { size: 3 });
    const client = connect(t, cluster);
    const others = connect(t, cluster);
    const watcher = client.watch(everything);
    await created(watcher);
    const keys: string[] = [];
    for (const member of cluster.members) {
      for (let i = 0; i < 20; i++) {
        keys.push(`${member.name}/${i}`);
        await putUntilDone(others, `${member.name}/${i}`);
      }
      await member.kill();
      await putUntilDone(others, member.name);
      keys.push(member.name);
      await cluster.startAll();
    }
    const events = await take(watcher, keys.length);
    const revisions = events.map((event) => event.kv?.modRevision ?? 0);
    assert.deepEqual(
      revisions,
      [...new Set(revisions)].sort((a, b) => a - b),
    );
    const names = events.map((event) => text(event.kv?.key));
    assert.deepEqual([...new Set(names)], keys);
  });
});

/** A put whose fate is unknown is made again: its key may be put twice, not less than once. */
async function putUntilDone(client: Client, key: string): Promise<void> {
  for (;;) {
    try {
      await put(client, key, "");
      return;
    } catch {
      // A member that dies takes its calls with it.
    }
  }
}
