import assert from "node:assert/strict";
import { test } from "node:test";
import { nodeClock } from "../../env/node-env.ts";
import { ManualClock } from "../../env/testing/manual-clock.ts";
import { hastyClock } from "../testing/test-store.ts";
import { type TestClient, TestWatch } from "../testing/test-watch.ts";

async function open(responseMs: number): Promise<{ w: TestWatch; clock: ManualClock }> {
  const clock = new ManualClock();
  return { w: await TestWatch.open({ clock, responseMs }), clock };
}

/** How many events each response brought. */
function sizes(client: TestClient): number[] {
  return client.responses.map(({ events }) => events.length);
}

test("a change that comes alone is delivered at once, to however many watch it", async () => {
  const { w, clock } = await open(0.5);
  const client = w.client();
  for (let i = 0; i < 50; i++) {
    client.watch("a");
  }
  for (const count of [50, 100]) {
    w.t.put("a", "1");
    assert.equal(client.responses.length, count);
    clock.advance(25);
  }
});

test("changes in quick succession come in one response, when the first is paid off", async () => {
  const { w, clock } = await open(4);
  const client = w.client();
  const one = client.watch("a");
  const all = client.watch("a", "z");
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.put("b", "3");
  clock.advance(7.9);
  await w.settle();
  assert.deepEqual(sizes(client), [1, 1]);
  clock.advance(0.1);
  await w.settle();
  assert.deepEqual(sizes(client), [1, 1, 1, 2]);
  assert.deepEqual(client.described(one), ["PUT a=1@2", "PUT a=2@3"]);
  assert.deepEqual(client.described(all), ["PUT a=1@2", "PUT a=2@3", "PUT b=3@4"]);
  assert.deepEqual(
    client.responses.map(({ header }) => header?.revision),
    [2, 2, 4, 4],
  );
});

test("a rest is never longer than a tenth of a second", async () => {
  const { w, clock } = await open(1000);
  const client = w.client();
  client.watch("a");
  for (let round = 1; round <= 3; round++) {
    w.t.put("a", "1");
    w.t.put("a", "2");
    clock.advance(100);
    await w.settle();
    assert.equal(client.events().length, 2 * round);
  }
});

test("a stream that was not served for a while does not wait for others", async () => {
  const { w } = await open(50);
  const busy = w.client();
  const quiet = w.client();
  busy.watch("a");
  quiet.watch("b");
  w.t.put("a", "1");
  w.t.put("a", "2");
  w.t.put("b", "3");
  assert.deepEqual([sizes(busy), sizes(quiet)], [[1], [1]]);
});

test("a progress notice comes after the changes that wait for the end of a rest", async () => {
  const { w, clock } = await open(10);
  const client = w.client();
  client.watch("a");
  w.t.put("a", "1");
  w.t.put("a", "2");
  client.stream.requestProgress();
  await w.settle();
  assert.equal(client.responses.length, 1);
  clock.advance(10);
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

test("a progress notice comes although changes go on and the watchers are too many for one turn", async () => {
  const { w, clock } = await open(0.5);
  const client = w.client();
  for (let i = 0; i < 600; i++) {
    client.watch("a");
  }
  w.t.put("a", "first");
  w.t.put("a", "waits for the end of the rest");
  client.stream.requestProgress();
  clock.advance(100);
  for (let turn = 0; turn < 20; turn++) {
    w.t.put("a", "and on");
    await new Promise<void>((resolve) => {
      clock.defer(resolve);
    });
  }
  const at = client.responses.findIndex(({ watchId }) => watchId === -1);
  assert.ok(at > 0);
  const { revision } = client.responses[at]!.header!;
  const before = client.responses.slice(0, at).flatMap(({ events }) => events);
  const behind = client.responses.slice(at).flatMap(({ events }) => events);
  assert.equal(before.filter(({ kv }) => kv!.modRevision === revision).length, 600);
  assert.ok(behind.every(({ kv }) => kv!.modRevision > revision));
});

test("a stream that is full at the end of its rest goes on when it has room, and not before", async () => {
  const { w, clock } = await open(10);
  const client = w.client(1);
  client.watch("a");
  w.t.put("a", "1");
  w.t.put("a", "2");
  clock.advance(10);
  await w.settle();
  assert.equal(client.responses.length, 1);
  client.drain();
  await w.settle();
  assert.deepEqual(client.described(), ["PUT a=1@2", "PUT a=2@3"]);
});

test("watchers that rested share the bytes of their events, whatever their stream", async () => {
  const { w, clock } = await open(1);
  const seen: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < 3; i++) {
    const stream = w.watchable.openStream({
      send: (_response, encoded) => {
        seen.push(encoded);
        return true;
      },
    });
    stream.create(watchA, () => {});
  }
  for (let i = 0; i < 5; i++) {
    w.t.put("a", "1");
  }
  clock.advance(3);
  await w.settle();
  assert.equal(seen.length, 6);
  assert.ok(seen[3] !== undefined && seen.slice(3).every((bytes) => bytes === seen[3]));
});

const watchA = {
  key: Buffer.from("a"),
  rangeEnd: Buffer.alloc(0),
  startRevision: 0,
  progressNotify: false,
  filters: [],
  prevKv: false,
  watchId: 0,
  fragment: false,
};

test("a revision that thousands watch reaches them over several turns, each once", async () => {
  const w = await TestWatch.open();
  const clients = Array.from({ length: 3 }, () => w.client());
  for (let i = 0; i < 900; i++) {
    for (const client of clients) {
      client.watch("a");
    }
  }
  const received = (): number => clients.reduce((sum, { responses }) => sum + responses.length, 0);
  w.t.put("a", "1");
  assert.equal(received(), 0);
  await nextTurn();
  assert.ok(received() < 2700);
  w.t.put("b", "2");
  await w.settle();
  assert.equal(received(), 2700);
  for (const client of clients) {
    const ids = new Set(client.responses.map(({ watchId }) => watchId));
    assert.equal(ids.size, 900);
  }
  assert.equal(w.watchable.counts.slowWatchers, 0);
});

test("the watchers of a closed stream go in slices, and get nothing meanwhile", async () => {
  const w = await TestWatch.open({ clock: hastyClock() });
  const client = w.client();
  const other = w.client();
  for (let i = 0; i < 500; i++) {
    client.watch(`a${i}`);
  }
  client.watch("a", "", { startRevision: 1 });
  other.watch("a0");
  client.stream.close();
  await nextTurn();
  const { watchers } = w.watchable.counts;
  assert.ok(watchers > 1 && watchers < 502, `${watchers} watchers are left`);
  w.t.put("a0", "1");
  w.t.put("a499", "1");
  assert.equal(client.stream.cancel(0), false);
  await w.settle();
  assert.deepEqual(w.watchable.counts, { streams: 1, watchers: 1, slowWatchers: 0 });
  assert.deepEqual([client.responses.length, other.responses.length], [0, 1]);
});

async function nextTurn(): Promise<void> {
  await new Promise<void>((resolve) => {
    nodeClock.defer(resolve);
  });
}
