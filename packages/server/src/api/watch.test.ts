import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch, WatchCreateRequest, type WatchRequest, WatchResponse } from "@kvorum/proto";
import { nodeClock } from "../env/node-env.ts";
import {
  type ApiClient,
  type Conversation,
  type ServeOptions,
  serveApi,
} from "./testing/api-client.ts";
import {
  CLUSTER_ID,
  MEMBER_ID,
  scriptMember,
  type ScriptedMember,
  type ScriptedWatchStream,
} from "./testing/scripted-member.ts";

type WatchConversation = Conversation<WatchRequest, WatchResponse>;

interface Setting {
  readonly member: ScriptedMember;
  readonly api: ApiClient;
  readonly watch: WatchConversation;
  /** The member's side of the stream. */
  readonly port: ScriptedWatchStream;
}

const key = Buffer.from("k");

function create(watch: WatchConversation, more: Partial<WatchCreateRequest> = {}): void {
  watch.send({ createRequest: WatchCreateRequest.create({ key, ...more }) });
}

async function open(
  body: (setting: Setting) => Promise<void>,
  options: ServeOptions & { metadata?: Record<string, string> } = {},
): Promise<void> {
  const member = scriptMember();
  const api = await serveApi(member, options);
  const watch = api.stream(Watch.watch, options.metadata);
  // Headers come before the first request, and with them the member's stream is there.
  await new Promise((resolve) => watch.duplex.once("metadata", resolve));
  const port = member.watchStreams[0];
  assert.ok(port !== undefined);
  try {
    await body({ member, api, watch, port });
  } finally {
    watch.duplex.cancel();
    await api.close();
  }
}

test("a created watcher is announced with its id and the current revision", () =>
  open(async ({ watch, port }) => {
    create(watch, { startRevision: 5, prevKv: true });
    const created = await watch.next();
    assert.equal(created.watchId, 0);
    assert.equal(created.created, true);
    assert.equal(created.canceled, false);
    assert.deepEqual(created.header, {
      clusterId: CLUSTER_ID,
      memberId: MEMBER_ID,
      revision: 42,
      raftTerm: 7,
    });
    assert.equal(port.created[0]?.startRevision, 5);
    assert.equal(port.created[0]?.prevKv, true);
  }));

test("requests wait for the next turn when those before have taken their share of this one", () => {
  let nowMs = 0;
  const deferred: (() => void)[] = [];
  const clock = {
    ...nodeClock,
    monotonicMs: () => (nowMs += 0.5),
    defer: (callback: () => void) => void deferred.push(callback),
  };
  return open(
    async ({ watch, port }) => {
      for (let i = 0; i < 6; i++) create(watch);
      for (let i = 0; i < 3; i++) assert.equal((await watch.next()).watchId, i);
      for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
      assert.equal(port.created.length, 3);
      deferred.shift()?.();
      for (let i = 3; i < 6; i++) assert.equal((await watch.next()).watchId, i);
    },
    { clock },
  );
});

for (const reason of [
  "mvcc: watcher range is empty",
  "mvcc: duplicate watch ID provided on the WatchStream",
  "etcdserver: mvcc: required revision has been compacted",
]) {
  test(`a refused watcher is created and canceled at once: ${reason}`, () =>
    open(async ({ watch, port }) => {
      port.refusal = Object.assign(new Error(reason), { name: "WatchCreateError" });
      create(watch);
      const response = await watch.next();
      assert.equal(response.watchId, -1);
      assert.equal(response.created, true);
      assert.equal(response.canceled, true);
      assert.equal(response.cancelReason, reason);
      assert.equal(response.header?.revision, 42);
      port.refusal = undefined;
      create(watch);
      assert.equal((await watch.next()).watchId, 0);
    }));
}

test("cancelling a watcher is confirmed, cancelling an unknown one is ignored", () =>
  open(async ({ watch, port }) => {
    create(watch);
    await watch.next();
    watch.send({ cancelRequest: { watchId: 9 } });
    watch.send({ cancelRequest: { watchId: 0 } });
    const response = await watch.next();
    assert.deepEqual(port.canceled, [9, 0]);
    assert.deepEqual(
      [response.watchId, response.canceled, response.created, response.cancelReason],
      [0, true, false, ""],
    );
  }));

test("a progress request is the member's to answer, an unknown request is ignored", () =>
  open(async ({ watch, port }) => {
    watch.send({});
    watch.send({ progressRequest: {} });
    assert.equal((await watch.next()).watchId, -1);
    assert.equal(port.progressRequests, 1);
  }));

test("encoded responses are sent as they are", () =>
  open(async ({ watch, port }) => {
    const encoded = WatchResponse.encode(WatchResponse.create({ watchId: 3 }));
    assert.equal(port.sink.send(WatchResponse.create({ watchId: 4 }), encoded), true);
    port.sink.send(WatchResponse.create({ watchId: 5 }));
    assert.equal((await watch.next()).watchId, 3);
    assert.equal((await watch.next()).watchId, 5);
  }));

test("a full sink tells the member to wait, and a drained one to go on", () =>
  open(
    async ({ watch, port }) => {
      const cancelReason = "x".repeat(6000);
      assert.equal(port.sink.send(WatchResponse.create({ watchId: 1, cancelReason })), false);
      await watch.next();
      // The client's next answer comes after the drain: requests wait for it.
      watch.send({ progressRequest: {} });
      await watch.next();
      assert.equal(port.resumes, 1);
    },
    { sinkBytesMax: 5000 },
  ));

test("the end of requests does not end the stream", () =>
  open(async ({ watch, port }) => {
    create(watch);
    await watch.next();
    watch.duplex.end();
    port.sink.send(WatchResponse.create({ watchId: 0 }));
    assert.equal((await watch.next()).created, false);
    assert.equal(port.isClosed, false);
  }));

test("a client that goes closes the member's stream", () =>
  open(async ({ watch, port }) => {
    const closed = new Promise<void>((resolve) => {
      port.onClose = resolve;
    });
    watch.duplex.cancel();
    await closed;
    assert.equal(port.isClosed, true);
  }));

test("an unexpected error ends the stream as Unknown and is logged", () =>
  open(async ({ watch, port, api }) => {
    port.refusal = new TypeError("x is not a function");
    create(watch);
    assert.deepEqual(await watch.ended, { code: 2, text: "x is not a function" });
    assert.equal(api.lines[0]?.level, "warn");
    assert.equal(port.isClosed, true);
  }));

test("a stream that requires a leader ends when the leader is lost", () =>
  open(
    async ({ watch, port, member }) => {
      create(watch);
      await watch.next();
      member.loseLeader();
      assert.deepEqual(await watch.ended, { code: 14, text: "etcdserver: no leader" });
      assert.equal(port.isClosed, true);
    },
    { metadata: { hasleader: "true" } },
  ));

test("a stream that requires none survives the loss", () =>
  open(async ({ watch, member, port }) => {
    member.loseLeader();
    create(watch);
    await watch.next();
    assert.equal(port.isClosed, false);
  }));

test("a stopping server tells open streams so", () =>
  open(async ({ watch, api }) => {
    const stopped = api.server.stop(0);
    assert.deepEqual(await watch.ended, { code: 14, text: "etcdserver: server stopped" });
    await stopped;
  }));
