import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeClock } from "../../env/node-env.ts";
import { hastyClock } from "../testing/test-store.ts";
import { TestWatch } from "../testing/test-watch.ts";
import { WatchCreateError } from "./watch-stream.ts";

test("a watcher from now on gets each change of its range once, deletes too", async () => {
  const w = await TestWatch.open();
  w.t.put("a", "0");
  const client = w.client();
  const one = client.watch("a");
  const all = client.watch("a", "c");
  w.t.put("a", "1");
  w.t.put("b", "2");
  w.t.put("c", "3");
  w.t.delete("a");
  assert.deepEqual(client.described(one), ["PUT a=1@3", "DELETE a@6"]);
  assert.deepEqual(client.described(all), ["PUT a=1@3", "PUT b=2@4", "DELETE a@6"]);
  assert.equal(client.events(one)[1]?.kv?.createRevision, 0);
  assert.deepEqual(client.responses[0]?.header, {
    clusterId: 0xcdf818194e3a8c32n,
    memberId: 0x8e9e05c52164694dn,
    revision: 3,
    raftTerm: 3,
  });
});

test("ids: the server counts up, a taken one is refused, a cancelled one is not picked again", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  assert.equal(client.watch("a", "", { watchId: 1 }), 1);
  assert.equal(client.watch("a"), 0);
  assert.equal(client.watch("a"), 2);
  assert.throws(() => client.watch("a", "", { watchId: 2 }), WatchCreateError);
  assert.equal(client.stream.cancel(2), true);
  assert.equal(client.stream.cancel(2), false);
  assert.equal(client.watch("a"), 3);
  assert.equal(w.watchable.counts.watchers, 3);
});

test("ranges that cannot be watched, with etcd's words", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  assert.throws(() => client.watch("b", "a"), { message: "mvcc: watcher range is empty" });
  assert.throws(() => client.watch("a", "a"), { message: "mvcc: watcher range is empty" });
  assert.throws(() => client.watch("a", "", { startRevision: -1 }), {
    message: "etcdserver: mvcc: required revision has been compacted",
  });
  client.watch("", "\0");
  w.t.put("x", "1");
  assert.deepEqual(client.described(), ["PUT x=1@2"]);
});

test("a watcher is told its id before any event", async () => {
  const w = await TestWatch.open();
  w.t.put("a", "1");
  const client = w.client();
  const order: string[] = [];
  client.stream.create(
    {
      key: Buffer.from("a"),
      rangeEnd: Buffer.alloc(0),
      startRevision: 1,
      progressNotify: false,
      filters: [],
      prevKv: false,
      watchId: 0,
      fragment: false,
    },
    (id) => order.push(`created ${id} after ${client.responses.length}`),
  );
  await w.settle();
  assert.deepEqual(order, ["created 0 after 0"]);
  assert.deepEqual(client.described(), ["PUT a=1@2"]);
});

for (const windowBytesMax of [0, 1000, 1_000_000]) {
  test(`a watcher from the past catches up and goes on, window of ${windowBytesMax} bytes`, async () => {
    const w = await TestWatch.open({ windowBytesMax });
    for (let i = 0; i < 30; i++) {
      w.t.put(`k${i % 3}`, String(i));
    }
    w.t.delete("k0", "k2");
    const client = w.client();
    const one = client.watch("k1", "", { startRevision: 20 });
    const range = client.watch("k0", "k2", { startRevision: 28, prevKv: true });
    await w.settle();
    w.t.put("k1", "live");
    assert.deepEqual(client.described(one), [
      "PUT k1=19@21",
      "PUT k1=22@24",
      "PUT k1=25@27",
      "PUT k1=28@30",
      "DELETE k1@32",
      "PUT k1=live@33",
    ]);
    assert.deepEqual(client.described(range), [
      "PUT k0=27@29<-24",
      "PUT k1=28@30<-25",
      "DELETE k0@32<-27",
      "DELETE k1@32<-28",
      "PUT k1=live@33",
    ]);
    assert.deepEqual(w.watchable.counts.slowWatchers, 0);
  });
}

test("a watcher from the future gets nothing from before its revision", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  client.watch("a", "", { startRevision: 4 });
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.put("a", "3");
  assert.deepEqual(client.described(), ["PUT a=3@4"]);
});

test("a watch id that a double cannot hold is refused, and not rounded to another", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  for (const watchId of [2 ** 53, -(2 ** 62)]) {
    assert.throws(() => client.watch("a", "", { watchId }), { name: "WatchCreateError" });
  }
  assert.equal(client.watch("a", "", { watchId: 2 ** 53 - 1 }), 2 ** 53 - 1);
});

test("previous versions come with changes, but not with creations", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  client.watch("a", "", { prevKv: true });
  const plain = client.watch("a");
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.delete("a");
  w.t.put("a", "3");
  assert.deepEqual(client.described(0), [
    "PUT a=1@2",
    "PUT a=2@3<-1",
    "DELETE a@4<-2",
    "PUT a=3@5",
  ]);
  assert.deepEqual(client.described(plain), ["PUT a=1@2", "PUT a=2@3", "DELETE a@4", "PUT a=3@5"]);
});

test("a previous version that is compacted is gone, also where another watcher got it before", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  client.watch("a", "", { prevKv: true });
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.put("a", "3");
  await w.t.store.compact(3);
  const late = client.watch("a", "", { prevKv: true, startRevision: 3 });
  await w.settle();
  assert.deepEqual(client.described(0), ["PUT a=1@2", "PUT a=2@3<-1", "PUT a=3@4<-2"]);
  assert.deepEqual(client.described(late), ["PUT a=2@3", "PUT a=3@4<-2"]);
});

test("filters drop events, and a response that would be empty is not sent", async () => {
  const w = await TestWatch.open();
  const client = w.client();
  const noPut = client.watch("a", "", { filters: [0] });
  const noDelete = client.watch("a", "", { filters: [1] });
  const neither = client.watch("a", "", { filters: [0, 1] });
  w.t.put("a", "1");
  w.t.delete("a");
  assert.deepEqual(client.described(noPut), ["DELETE a@3"]);
  assert.deepEqual(client.described(noDelete), ["PUT a=1@2"]);
  assert.deepEqual(client.described(neither), []);
  assert.equal(client.responses.length, 2);
});

test("the changes of one revision are in one response", async () => {
  for (const windowBytesMax of [0, 1e6]) {
    const w = await TestWatch.open({ windowBytesMax });
    const live = w.client();
    live.watch("a", "z");
    const txn = w.t.store.beginWrite();
    for (let i = 0; i < 2000; i++) {
      txn.put(Buffer.from(`k${i}`), Buffer.from("v"), 0n);
    }
    txn.end();
    const late = w.client();
    late.watch("a", "z", { startRevision: 1 });
    await w.settle();
    assert.deepEqual(
      [live, late].map(({ responses }) => responses.map(({ events }) => events.length)),
      [[2000], [2000]],
    );
  }
});

test("fragments: all but the last are marked, no event is lost", async () => {
  const w = await TestWatch.open({ fragmentBytes: 1000 });
  const client = w.client();
  client.watch("a", "z", { fragment: true });
  const txn = w.t.store.beginWrite();
  for (let i = 0; i < 100; i++) {
    txn.put(Buffer.from(`k${String(i).padStart(3, "0")}`), Buffer.from("v".repeat(50)), 0n);
  }
  txn.end();
  w.t.put("k", "x".repeat(5000));
  const fragments = client.responses.map(({ fragment }) => fragment);
  assert.deepEqual(fragments.slice(-2), [false, false]);
  assert.ok(fragments.slice(0, -2).every(Boolean) && fragments.length > 5);
  assert.equal(client.events().length, 101);
});

test("a full stream gets no event until it resumes, then all it missed", async () => {
  for (const windowBytesMax of [0, 1e6]) {
    const w = await TestWatch.open({ windowBytesMax });
    const client = w.client(2);
    const other = w.client();
    client.watch("a");
    other.watch("a");
    for (let i = 0; i < 10; i++) {
      w.t.put("a", String(i));
    }
    assert.equal(client.responses.length, 2);
    assert.equal(other.responses.length, 10);
    assert.equal(w.watchable.counts.slowWatchers, 1);
    client.drain();
    await w.settle();
    w.t.put("a", "end");
    assert.deepEqual(client.described(), other.described());
  }
});

test("a watcher behind the compaction is cancelled with it, as soon as its stream has room", async () => {
  // etcd #17529: events were lost when a compaction passed a starved watcher.
  const w = await TestWatch.open();
  const client = w.client(1);
  client.watch("a");
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.put("a", "3");
  await w.t.store.compact(4);
  await w.settle();
  assert.equal(client.responses.length, 1);
  client.drain();
  await w.settle();
  const last = client.responses.at(-1);
  assert.deepEqual(
    [
      last?.canceled,
      last?.compactRevision,
      last?.watchId,
      last?.header?.revision,
      last?.cancelReason,
    ],
    [true, 4, 0, 0, ""],
  );
  assert.equal(client.responses.length, 2);
  assert.equal(w.watchable.counts.watchers, 0);
  assert.equal(client.stream.cancel(0), false);
});

test("a start below the compaction is cancelled; one at it is served, with a deletion at it", async () => {
  // etcd #18089: a compaction at a delete dropped it for a watch from that revision.
  // etcd #19179: the same after a restart.
  const w = await TestWatch.open({ windowBytesMax: 0 });
  w.t.put("a", "1");
  w.t.delete("a");
  w.t.put("b", "1");
  await w.t.store.compact(3);
  for (const restarted of [false, true]) {
    if (restarted) {
      await w.t.checkpoint();
      await w.t.restart();
    }
    const fresh = restarted ? TestWatch.over(w.t) : w;
    const client = fresh.client();
    const below = client.watch("a", "z", { startRevision: 2 });
    const at = client.watch("a", "z", { startRevision: 3 });
    await fresh.settle();
    assert.deepEqual(client.described(at), ["DELETE a@3", "PUT b=1@4"]);
    assert.deepEqual(client.described(below), []);
    assert.equal(client.responses.find(({ watchId }) => watchId === below)?.compactRevision, 3);
  }
});

test("progress on request: once all watchers are synced, in order behind the events", async () => {
  // etcd #15220: a notice overtook events on another queue.
  const w = await TestWatch.open({ windowBytesMax: 0 });
  for (let i = 0; i < 20; i++) {
    w.t.put("a", String(i));
  }
  const client = w.client();
  client.watch("a", "", { startRevision: 1 });
  client.watch("b");
  client.stream.requestProgress();
  assert.equal(client.responses.length, 0);
  await w.settle();
  const last = client.responses.at(-1);
  assert.deepEqual([last?.watchId, last?.events.length, last?.header?.revision], [-1, 0, 21]);
  assert.equal(client.events().length, 20);
  client.stream.requestProgress();
  assert.equal(client.responses.at(-1)?.watchId, -1);
  assert.equal(client.responses.length, 3);
});

test("no progress for a stream without watchers, nor for one that begins in the future", async () => {
  // etcd #20221: a notice below the start revision.
  const w = await TestWatch.open();
  const client = w.client();
  client.stream.requestProgress();
  client.watch("a", "", { startRevision: 5 });
  client.stream.requestProgress();
  await w.settle();
  assert.equal(client.responses.length, 0);
  for (let i = 0; i < 4; i++) {
    w.t.put("b", "1");
  }
  client.stream.requestProgress();
  assert.equal(client.responses.at(-1)?.header?.revision, 5);
});

test("a full stream gets its progress after the events that wait", async () => {
  const w = await TestWatch.open();
  const client = w.client(1);
  client.watch("a");
  w.t.put("a", "1");
  w.t.put("a", "2");
  client.stream.requestProgress();
  await w.settle();
  assert.equal(client.responses.length, 1);
  client.drain();
  await w.settle();
  assert.deepEqual(
    client.responses.map(({ watchId, header }) => [watchId, header?.revision]),
    [
      [0, 2],
      [0, 3],
      [-1, 3],
    ],
  );
});

test("periodic progress goes to watchers that asked for it and had no event since", async () => {
  let nowMs = 0;
  const clock = { ...nodeClock, monotonicMs: () => nowMs };
  const w = await TestWatch.open({ clock, progressIntervalMs: 1000 });
  const client = w.client();
  const busy = client.watch("a", "", { progressNotify: true });
  const idle = client.watch("b", "", { progressNotify: true });
  client.watch("c");
  w.t.put("a", "1");
  nowMs = 999;
  w.watchable.tick();
  assert.equal(client.responses.length, 1);
  nowMs = 1000;
  w.watchable.tick();
  w.watchable.tick();
  assert.deepEqual(
    client.responses.slice(1).map(({ watchId, header }) => [watchId, header?.revision]),
    [[idle, 2]],
  );
  nowMs = 2000;
  w.watchable.tick();
  assert.deepEqual(
    client.responses.slice(2).map(({ watchId }) => watchId),
    [busy, idle],
  );
});

test("a stream that is closed does not wait for its next progress notice", async () => {
  let nowMs = 0;
  const clock = { ...nodeClock, monotonicMs: () => nowMs };
  const w = await TestWatch.open({ clock, progressIntervalMs: 1000 });
  const [gone, stays] = [w.client(), w.client()];
  stays.watch("a", "", { progressNotify: true });
  gone.watch("a", "", { progressNotify: true });
  gone.stream.close();
  nowMs = 1000;
  w.watchable.tick();
  assert.deepEqual([gone.responses.length, stays.responses.length], [0, 1]);
});

test("the periodic progress of many watchers takes several turns", async () => {
  let nowMs = 0;
  const clock = { ...nodeClock, monotonicMs: () => nowMs };
  const w = await TestWatch.open({ clock, progressIntervalMs: 1000 });
  const client = w.client();
  for (let i = 0; i < 1200; i++) {
    client.watch("a", "", { progressNotify: true });
  }
  nowMs = 1000;
  w.watchable.tick();
  const first = client.responses.length;
  assert.ok(first > 0 && first < 1200, `${first} in the first turn`);
  await w.settle();
  assert.equal(new Set(client.responses.map(({ watchId }) => watchId)).size, 1200);
  assert.equal(client.responses.length, 1200);
});

test("a restore takes no watcher back: neither the synced, nor the future, nor the blocked", async () => {
  // etcd #15271, #20221: after a snapshot watchers saw old events again.
  const w = await TestWatch.open({ windowBytesMax: 0 });
  const other = await TestWatch.open();
  for (const each of [w, other]) {
    for (let i = 0; i < 5; i++) {
      each.t.put("a", String(i));
    }
  }
  const client = w.client();
  const synced = client.watch("a");
  const idle = client.watch("z");
  const future = client.watch("a", "", { startRevision: 9 });
  const slow = w.client(1);
  slow.watch("a");
  for (const each of [w, other]) {
    each.t.put("a", "5");
    each.t.put("a", "6");
  }
  for (let i = 7; i < 10; i++) {
    other.t.put("a", String(i));
  }
  await other.t.store.compact(8);
  await other.t.checkpoint();
  await w.t.store.restore(other.t.backend);
  await w.settle();
  assert.equal(w.t.store.currentRevision, 11);
  w.t.put("a", "live");
  assert.deepEqual(client.described(synced), [
    "PUT a=5@7",
    "PUT a=6@8",
    "PUT a=7@9",
    "PUT a=8@10",
    "PUT a=9@11",
    "PUT a=live@12",
  ]);
  assert.deepEqual(client.described(future), [
    "PUT a=7@9",
    "PUT a=8@10",
    "PUT a=9@11",
    "PUT a=live@12",
  ]);
  assert.ok(client.responses.every(({ watchId }) => watchId !== idle));
  slow.drain();
  await w.settle();
  assert.deepEqual(slow.described(), [
    "PUT a=5@7",
    "PUT a=6@8",
    "PUT a=7@9",
    "PUT a=8@10",
    "PUT a=9@11",
    "PUT a=live@12",
  ]);
});

test("a restore to a store that compacted what a watcher needs cancels it", async () => {
  const w = await TestWatch.open();
  const other = await TestWatch.open();
  const client = w.client();
  client.watch("a");
  for (let i = 0; i < 5; i++) {
    other.t.put("a", String(i));
  }
  await other.t.store.compact(6);
  await other.t.checkpoint();
  await w.t.store.restore(other.t.backend);
  await w.settle();
  assert.equal(client.responses.at(-1)?.compactRevision, 6);
});

test("a closed stream gets nothing more and leaves no watcher behind", async () => {
  const w = await TestWatch.open();
  w.t.put("a", "0");
  const client = w.client(1);
  client.watch("a");
  client.watch("a", "b");
  client.watch("a", "", { startRevision: 1 });
  w.t.put("a", "1");
  client.stream.close();
  client.stream.close();
  client.drain();
  await w.settle();
  w.t.put("a", "2");
  assert.equal(client.responses.length, 1);
  assert.deepEqual(w.watchable.counts, { streams: 0, watchers: 0, slowWatchers: 0 });
  assert.throws(() => client.watch("a"), WatchCreateError);
});

test("watchers of the same id on different streams share the bytes of a response", async () => {
  const w = await TestWatch.open();
  const seen: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < 3; i++) {
    const stream = w.watchable.openStream({
      send: (_response, encoded) => {
        seen.push(encoded);
        return true;
      },
    });
    const request = {
      key: Buffer.from("a"),
      rangeEnd: Buffer.alloc(0),
      startRevision: 0,
      progressNotify: false,
      filters: [],
      prevKv: false,
      watchId: 0,
      fragment: false,
    };
    stream.create(request, () => {});
  }
  w.t.put("a", "1");
  assert.equal(seen.length, 3);
  assert.ok(seen[0] !== undefined && seen.every((bytes) => bytes === seen[0]));
});

test("a slow client reads a long history whole, although it stops and resumes in mid-batch", async () => {
  const w = await TestWatch.open({ windowBytesMax: 0, clock: hastyClock() });
  const value = "v".repeat(4000);
  for (let i = 0; i < 1500; i++) {
    w.t.put(`k${i % 7}`, value);
  }
  const client = w.client(1);
  client.watch("k", "l", { startRevision: 1 });
  for (let turn = 0; turn < 200; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    client.drain(1);
  }
  const mains = client.events().map(({ kv }) => kv!.modRevision);
  assert.deepEqual(
    mains,
    Array.from({ length: 1500 }, (_, i) => i + 2),
  );
  assert.ok(client.responses.length > 5);
});
