import assert from "node:assert/strict";
import { test } from "node:test";
import { EtcdError, EtcdErrors, InternalRaftRequest, PutRequest } from "@kvorum/proto";
import { SimTime } from "../testing/sim/sim-clock.ts";
import { Foreground } from "../mvcc/turn.ts";
import type { Reply } from "../lib/reply.ts";
import { Proposals } from "./proposals.ts";
import { encodeRaftRequest } from "./raft-request.ts";
import { RequestIds } from "./request-ids.ts";

const TIMEOUT_MS = 1_000;

interface Fixture {
  readonly time: SimTime;
  readonly proposals: Proposals;
  readonly foreground: Foreground;
  /** How often something was said to be queued. */
  readonly queued: () => number;
}

function setUp(requestBytesMax = 1_000): Fixture {
  const time = new SimTime();
  const foreground = new Foreground();
  let queued = 0;
  const proposals = new Proposals({
    clock: time.createClock(),
    foreground,
    ids: new RequestIds(7n, 1),
    timeoutMs: TIMEOUT_MS,
    requestBytesMax,
    onQueued: () => queued++,
    timeoutError: () => EtcdError.from(EtcdErrors.timeout),
  });
  return { time, proposals, foreground, queued: () => queued };
}

function put(key: string): PutRequest {
  return PutRequest.create({ key: Buffer.from(key) });
}

function keysOf(taken: readonly { readonly data: Uint8Array }[]): string[] {
  return taken.map(({ data }) =>
    Buffer.from(InternalRaftRequest.decode(data).put?.key ?? []).toString(),
  );
}

function asPromise<T>(reply: Reply<T>): Promise<T> {
  return Promise.resolve(reply);
}

const is = (status: (typeof EtcdErrors)[keyof typeof EtcdErrors]) => (error: unknown) =>
  error instanceof EtcdError && error.is(status);

test("what was queued is taken in order, and given back to the front", async () => {
  const { proposals, queued } = setUp();
  const all = ["a", "b", "c"].map((key) => proposals.submit("put", put(key)));
  assert.equal(queued(), 3);
  const taken = proposals.takeQueued();
  assert.deepEqual(keysOf(taken), ["a", "b", "c"]);
  assert.ok(!proposals.hasQueued);
  all.push(proposals.submit("put", put("d")));
  proposals.settle(taken[1]!, undefined, undefined);
  proposals.requeue(taken);
  assert.deepEqual(keysOf(proposals.takeQueued()), ["a", "c", "d"]);
  assert.equal(await all[1], undefined);
  proposals.stop();
  for (const position of [0, 2, 3])
    await assert.rejects(asPromise(all[position]!), is(EtcdErrors.stopped));
});

test("an entry answers the caller whose bytes it has, not one whose id it happens to share", () => {
  const { proposals } = setUp();
  proposals.submit("put", put("a")).catch(() => undefined);
  const [pending] = proposals.takeQueued();
  const { id, data } = pending!;
  assert.equal(proposals.findByData(data), pending);
  assert.equal(proposals.findByData(Buffer.from(data)), undefined);
  assert.equal(proposals.findById(id, Buffer.from(data)), pending);
  const other = encodeRaftRequest(id, { kind: "put", message: put("b") });
  assert.equal(proposals.findById(id, other), undefined);
  assert.equal(proposals.findById(id + 1n, data), undefined);
});

test("a proposal that later ones overtake is still answered, or told that its time is up", async () => {
  const { proposals } = setUp();
  const all = ["a", "b", "c", "d"].map((key) => proposals.submit("put", put(key)));
  const [a, b, c, d] = proposals.takeQueued();
  assert.equal(proposals.findByData(c!.data), c);
  proposals.settle(c!, undefined, undefined);
  // Delayed, and come back in other memory as what was forwarded to a leader does.
  assert.equal(proposals.findByData(a!.data), undefined);
  assert.equal(proposals.findById(a!.id, Buffer.from(a!.data)), a);
  proposals.settle(a!, undefined, undefined);
  assert.equal(proposals.findById(a!.id, a!.data), undefined);
  assert.equal(proposals.findById(d!.id, Buffer.from(d!.data)), d);
  proposals.settle(d!, undefined, undefined);
  assert.equal(proposals.pendingCount, 1);
  proposals.expire(TIMEOUT_MS);
  await Promise.all([all[0], all[2], all[3]]);
  await assert.rejects(asPromise(all[1]!), is(EtcdErrors.timeout));
  assert.equal(proposals.findById(b!.id, b!.data), undefined);
  assert.equal(proposals.pendingCount, 0);
});

test("whoever waits too long is told, and what was queued is not proposed any more", async () => {
  const { proposals, time } = setUp();
  const first = proposals.submit("put", put("a"));
  await time.run(TIMEOUT_MS / 2);
  const second = proposals.submit("put", put("b"));
  proposals.expire(TIMEOUT_MS - 1);
  assert.equal(proposals.pendingCount, 2);
  proposals.expire(TIMEOUT_MS);
  await assert.rejects(asPromise(first), is(EtcdErrors.timeout));
  assert.deepEqual(keysOf(proposals.takeQueued()), ["b"]);
  proposals.expire(2 * TIMEOUT_MS);
  await assert.rejects(asPromise(second), is(EtcdErrors.timeout));
  assert.equal(proposals.pendingCount, 0);
});

test("what a leader decided goes when it no longer leads; what clients asked for stays", async () => {
  const { proposals } = setUp();
  const decided = proposals.submit("leaseRevoke", { ID: 1n }, { asLeader: true });
  proposals.submit("put", put("a")).catch(() => undefined);
  proposals.dropAsLeader();
  await assert.rejects(asPromise(decided), is(EtcdErrors.notLeader));
  assert.deepEqual(keysOf(proposals.takeQueued()), ["a"]);
  const proposed = proposals.submit("leaseRevoke", { ID: 1n }, { asLeader: true });
  const [taken] = proposals.takeQueued();
  // In the log of its term already: there it may stay.
  proposals.dropAsLeader();
  proposals.settle(taken!, undefined, undefined);
  assert.equal(await proposed, undefined);
});

test("too long, too many, too late: refused, and nothing is kept", async () => {
  const { proposals } = setUp(100);
  const long = PutRequest.create({ key: Buffer.alloc(200) });
  await assert.rejects(asPromise(proposals.submit("put", long)), is(EtcdErrors.requestTooLarge));
  const waiting = Array.from({ length: 65_536 }, (_, i) => proposals.expect(BigInt(i)));
  await assert.rejects(
    asPromise(proposals.submit("put", put("a"))),
    is(EtcdErrors.tooManyRequests),
  );
  proposals.complete(5n, undefined);
  proposals.submit("put", put("a")).catch(() => undefined);
  proposals.stop();
  await assert.rejects(asPromise(waiting[0]!), is(EtcdErrors.stopped));
  await assert.rejects(asPromise(proposals.submit("put", put("a"))), is(EtcdErrors.stopped));
  assert.equal(proposals.pendingCount, 0);
});

test("long work is told of requests for as long as they are awaited", async () => {
  const { time, proposals, foreground } = setUp();
  const answered = proposals.submit("put", put("a"));
  const late = proposals.submit("put", put("b"));
  const [first] = proposals.takeQueued();
  assert.equal(foreground.isBusy, true);
  proposals.settle(first!, undefined, undefined);
  await answered;
  assert.equal(foreground.isBusy, true);
  proposals.expire(time.createClock().monotonicMs() + TIMEOUT_MS);
  await assert.rejects(asPromise(late), is(EtcdErrors.timeout));
  assert.equal(foreground.isBusy, false);
});
