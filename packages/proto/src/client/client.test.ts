/** The client against servers that fail in chosen ways. */
import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { describe, test, type TestContext } from "node:test";
import type { ServerDuplexStream } from "@grpc/grpc-js";
import { EtcdErrors, type EtcdStatus } from "../error-codes.ts";
import type { EtcdError } from "../etcd-error.ts";
import { Event, KeyValue } from "../gen/kv.ts";
import * as rpc from "../gen/rpc.ts";
import { GrpcCode } from "../grpc-status.ts";
import { type Client, createClient } from "./client.ts";
import type { ClientLog, ClientOptions } from "./options.ts";
import { ScriptedServer, toStatus } from "./testing/scripted-server.ts";
import { WatchCompactedError } from "./watcher.ts";

const { WatchResponse } = rpc;
type WatchStream = ServerDuplexStream<rpc.WatchRequest, rpc.WatchResponse>;

const unavailable: EtcdStatus = { code: GrpcCode.Unavailable, message: "going away" };
const never = new Promise<never>(() => undefined);

function start(context: TestContext, server: ScriptedServer): Promise<ScriptedServer> {
  context.after(() => server.stop());
  return server.start();
}

function connect(context: TestContext, options: ClientOptions): Client {
  const client = createClient({ commandTimeoutMs: 10_000, ...options });
  context.after(() => client.close());
  return client;
}

/** An endpoint that nobody listens on. */
async function deadEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

function withStatus(entry: EtcdStatus): (error: EtcdError) => true {
  return (error) => {
    assert.deepEqual([error.code, error.message], [entry.code, entry.message]);
    return true;
  };
}

function rangeOf(count: number): rpc.RangeResponse {
  return rpc.RangeResponse.create({ count });
}

describe("unary calls", () => {
  test("a read that one server cannot answer goes to another", async (t) => {
    const bad = await start(t, refusing());
    const good = await start(
      t,
      new ScriptedServer().unary(rpc.KV.range, () => rangeOf(1)),
    );
    const client = connect(t, { endpoints: [bad.endpoint, good.endpoint] });
    for (let i = 0; i < 3; i++) {
      assert.equal((await client.kv.range({})).count, 1);
    }
  });

  test("a write that may have been processed is not repeated", async (t) => {
    let puts = 0;
    const count = (): never => {
      puts++;
      throw toStatus(unavailable);
    };
    const servers = [
      await start(t, new ScriptedServer().unary(rpc.KV.put, count)),
      await start(t, new ScriptedServer().unary(rpc.KV.put, count)),
    ];
    const client = connect(t, { endpoints: servers.map((server) => server.endpoint) });
    await assert.rejects(client.kv.put({}), withStatus(unavailable));
    assert.equal(puts, 1);
    await assert.rejects(client.kv.put({}), withStatus(unavailable));
    assert.equal(puts, 2);
  });

  test("a write that its caller calls repeatable is repeated", async (t) => {
    let puts = 0;
    const server = new ScriptedServer().unary(rpc.KV.put, () => {
      if (++puts === 1) {
        throw toStatus(unavailable);
      }
      return rpc.PutResponse.create();
    });
    const { endpoint } = await start(t, server);
    assert.ok(await connect(t, { endpoints: [endpoint] }).kv.put({}, { retry: "repeatable" }));
    assert.equal(puts, 2);
  });

  test("an endpoint that does not answer in time is left out", async (t) => {
    const mute = await start(
      t,
      new ScriptedServer().unary(rpc.KV.range, () => never),
    );
    const good = await start(
      t,
      new ScriptedServer().unary(rpc.KV.range, () => rangeOf(1)),
    );
    for (const balancing of ["roundRobin", "pinned"] as const) {
      const client = connect(t, { endpoints: [mute.endpoint, good.endpoint], balancing });
      const muted = client.kv.range({}, { timeoutMs: 200, endpoint: mute.endpoint });
      await assert.rejects(muted, withStatus(EtcdErrors.contextDeadlineExceeded));
      for (let i = 0; i < 4; i++) {
        assert.equal((await client.kv.range({}, { timeoutMs: 10_000 })).count, 1);
      }
    }
  });

  test("endpoints can be replaced; what is under way goes on", async (t) => {
    let answer = (): void => undefined;
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const first = new ScriptedServer().unary(rpc.KV.range, async () => {
      arrive();
      await new Promise<void>((resolve) => (answer = resolve));
      return rangeOf(1);
    });
    const second = new ScriptedServer().unary(rpc.KV.range, () => rangeOf(2));
    await start(t, first);
    await start(t, second);
    const client = connect(t, { endpoints: [first.endpoint] });
    const call = client.kv.range({});
    await arrived;
    client.setEndpoints([second.endpoint]);
    assert.deepEqual(client.endpoints, [second.endpoint]);
    assert.equal((await client.kv.range({})).count, 2);
    answer();
    assert.equal((await call).count, 1);
  });

  test("synced endpoints are those of members that serve; same ones keep their text", async (t) => {
    const server = new ScriptedServer().unary(rpc.Cluster.memberList, () => {
      const own = rpc.Member.create({ name: "a", clientURLs: [`http://${server.endpoint}`] });
      const other = rpc.Member.create({ name: "b", clientURLs: ["http://b:1", "http://b:2"] });
      const learner = rpc.Member.create({ name: "l", clientURLs: ["http://l:1"], isLearner: true });
      const unstarted = rpc.Member.create({ clientURLs: ["http://u:1"] });
      return rpc.MemberListResponse.create({ members: [own, other, learner, unstarted] });
    });
    const { endpoint } = await start(t, server);
    const client = connect(t, { endpoints: [endpoint] });
    await client.syncEndpoints();
    assert.deepEqual(client.endpoints, [endpoint, "http://b:1", "http://b:2"]);
  });

  test("endpoints that cannot be synced stay, and the log says so", async (t) => {
    const server = new ScriptedServer().unary(rpc.Cluster.memberList, () => {
      throw toStatus(EtcdErrors.permissionDenied);
    });
    const { endpoint } = await start(t, server);
    const logged = await new Promise<unknown>((resolve) => {
      const log: ClientLog = (_level, message, fields) => {
        if (message === "endpoints could not be synced") {
          resolve(fields["error"]);
        }
      };
      connect(t, { endpoints: [endpoint], autoSyncIntervalMs: 10, log });
      // The client's own timer keeps no process alive.
      const keep = setTimeout(() => undefined, 10_000);
      t.after(() => clearTimeout(keep));
    });
    assert.match(String(logged), /permission denied/);
  });

  test("a write goes to the endpoint that can be reached", async (t) => {
    const good = await start(
      t,
      new ScriptedServer().unary(rpc.KV.put, () => rpc.PutResponse.create()),
    );
    const endpoints = [await deadEndpoint(), good.endpoint, await deadEndpoint()];
    assert.ok(await connect(t, { endpoints }).kv.put({}));
  });

  test("an error of the server arrives with its code and text", async (t) => {
    const server = new ScriptedServer().unary(rpc.KV.compact, () => {
      throw toStatus(EtcdErrors.compacted);
    });
    const { endpoint } = await start(t, server);
    const call = connect(t, { endpoints: [endpoint] }).kv.compact({ revision: 1 });
    await assert.rejects(call, withStatus(EtcdErrors.compacted));
  });

  test("without a server the call ends with its time, and says why", async (t) => {
    const client = connect(t, { endpoints: [await deadEndpoint()] });
    await assert.rejects(client.kv.put({}, { timeoutMs: 150 }), (error: EtcdError) => {
      assert.ok(error.is(EtcdErrors.contextDeadlineExceeded));
      assert.match(String(error.cause), /ECONNREFUSED/);
      return true;
    });
  });

  test("without a server the call ends with the dial timeout", async (t) => {
    const client = connect(t, { endpoints: [await deadEndpoint()], dialTimeoutMs: 50 });
    await assert.rejects(client.kv.range({}), withStatus(EtcdErrors.contextDeadlineExceeded));
  });

  test("a server that does not answer makes the call end with its time", async (t) => {
    const { endpoint } = await start(
      t,
      new ScriptedServer().unary(rpc.KV.range, () => never),
    );
    const call = connect(t, { endpoints: [endpoint] }).kv.range({}, { timeoutMs: 100 });
    await assert.rejects(call, withStatus(EtcdErrors.contextDeadlineExceeded));
  });

  test("an abort ends the call, waiting for a server or for an answer", async (t) => {
    const arrived = new AbortController();
    const server = new ScriptedServer().unary(rpc.KV.range, () => {
      arrived.abort();
      return never;
    });
    const { endpoint } = await start(t, server);
    const answer = connect(t, { endpoints: [endpoint] }).kv.range({}, { signal: arrived.signal });
    await assert.rejects(answer, withStatus(EtcdErrors.contextCanceled));
    const early = AbortSignal.abort();
    const dead = connect(t, { endpoints: [await deadEndpoint()] }).kv.range({}, { signal: early });
    await assert.rejects(dead, withStatus(EtcdErrors.contextCanceled));
  });

  test("closing the client ends its calls", async (t) => {
    let arrive = (): void => undefined;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const server = new ScriptedServer().unary(rpc.KV.range, () => {
      arrive();
      return never;
    });
    const { endpoint } = await start(t, server);
    const client = connect(t, { endpoints: [endpoint] });
    const call = client.kv.range({});
    await arrived;
    client.close();
    await assert.rejects(call, withStatus(EtcdErrors.contextCanceled));
    await assert.rejects(client.kv.range({}), withStatus(EtcdErrors.contextCanceled));
  });

  test("the metadata names the version and what was asked for", async (t) => {
    const seen: Record<string, unknown>[] = [];
    const server = new ScriptedServer().unary(rpc.KV.range, (_request, metadata) => {
      seen.push(metadata.getMap());
      return rangeOf(0);
    });
    const { endpoint } = await start(t, server);
    const client = connect(t, { endpoints: [endpoint] });
    await client.kv.range({});
    await client.kv.range({}, { hasLeader: true });
    assert.deepEqual(
      seen.map((map) => [map["client-api-version"], map["hasleader"]]),
      [
        ["3.7", undefined],
        ["3.7", "true"],
      ],
    );
  });

  test("a stale token is replaced, and even a write is sent again", async (t) => {
    const server = new ScriptedServer().unary(rpc.KV.put, (_request, metadata) => {
      if (metadata.get("token")[0] !== "second") {
        throw toStatus(EtcdErrors.invalidAuthToken);
      }
      return rpc.PutResponse.create();
    });
    const { endpoint } = await start(t, server);
    const tokens = ["first", "second"];
    const authToken = (): Promise<string | undefined> => Promise.resolve(tokens.shift());
    const client = connect(t, { endpoints: [endpoint], authToken });
    assert.ok(await client.kv.put({}));
    assert.ok(await client.kv.put({}));
    assert.deepEqual(tokens, []);
  });
});

function refusing(): ScriptedServer {
  return new ScriptedServer().unary(rpc.KV.range, () => {
    throw toStatus(unavailable);
  });
}

function header(revision: number): rpc.ResponseHeader {
  return rpc.ResponseHeader.create({ revision });
}

function eventAt(modRevision: number): Event {
  return Event.create({ kv: KeyValue.create({ modRevision }) });
}

/** A server whose n-th watch stream gets the n-th script, once its create request has come. */
async function watchServer(
  t: TestContext,
  ...scripts: ((stream: WatchStream, create: rpc.WatchCreateRequest) => void)[]
): Promise<Client> {
  const server = new ScriptedServer().bidi(rpc.Watch.watch, (stream) => {
    const script = scripts.shift();
    stream.once("data", (request: rpc.WatchRequest) => {
      script?.(stream, request.createRequest as rpc.WatchCreateRequest);
    });
  });
  const { endpoint } = await start(t, server);
  return connect(t, { endpoints: [endpoint] });
}

async function revisionsOf(
  responses: AsyncIterable<rpc.WatchResponse>,
  count: number,
): Promise<number[]> {
  const revisions: number[] = [];
  for await (const { events } of responses) {
    revisions.push(...events.map((event) => event.kv?.modRevision ?? 0));
    if (revisions.length >= count) {
      break;
    }
  }
  return revisions;
}

describe("watch", () => {
  test("goes on after the last revision when the stream breaks", async (t) => {
    const starts: number[] = [];
    const client = await watchServer(
      t,
      (stream, create) => {
        starts.push(create.startRevision);
        stream.write(WatchResponse.create({ created: true, header: header(5) }));
        stream.emit("error", toStatus(unavailable));
      },
      (stream, create) => {
        starts.push(create.startRevision);
        stream.write(WatchResponse.create({ created: true, header: header(5) }));
        stream.write(WatchResponse.create({ events: [eventAt(6), eventAt(6), eventAt(7)] }));
        stream.write(WatchResponse.create({ events: [eventAt(8)], fragment: true }));
        stream.emit("error", toStatus(unavailable));
      },
      (stream, create) => {
        starts.push(create.startRevision);
        stream.write(WatchResponse.create({ created: true, header: header(9) }));
        stream.write(WatchResponse.create({ events: [eventAt(8)], fragment: true }));
        stream.write(WatchResponse.create({ events: [eventAt(8), eventAt(9)] }));
      },
    );
    const watcher = client.watch({ key: Buffer.from("k"), fragment: true });
    assert.deepEqual(await revisionsOf(watcher, 6), [6, 6, 7, 8, 8, 9]);
    assert.deepEqual(starts, [0, 6, 8]);
  });

  test("compaction is told with the revision to go on from", async (t) => {
    const client = await watchServer(t, (stream) => {
      stream.write(WatchResponse.create({ created: true, header: header(5) }));
      stream.write(WatchResponse.create({ canceled: true, compactRevision: 4 }));
    });
    const watcher = client.watch({ startRevision: 2 });
    assert.equal((await watcher.next()).value?.created, true);
    await assert.rejects(watcher.next(), (error: WatchCompactedError) => {
      assert.ok(error instanceof WatchCompactedError);
      assert.ok(error.is(EtcdErrors.compacted));
      assert.equal(error.compactRevision, 4);
      return true;
    });
  });

  test("a watch that the server refuses fails with its reason", async (t) => {
    const cancelReason = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";
    const client = await watchServer(t, (stream) => {
      stream.write(
        WatchResponse.create({ created: true, canceled: true, watchId: -1, cancelReason }),
      );
    });
    const watcher = client.watch({});
    await assert.rejects(watcher.next(), withStatus(EtcdErrors.permissionDenied));
    assert.equal((await watcher.next()).done, true);
  });

  test("lack of a leader is told to those who asked", async (t) => {
    const client = await watchServer(t, (stream) => {
      stream.emit("error", toStatus(EtcdErrors.noLeader));
    });
    const watcher = client.watch({ hasLeader: true });
    await assert.rejects(watcher.next(), withStatus(EtcdErrors.noLeader));
  });

  test("a progress request is answered without events", async (t) => {
    const client = await watchServer(t, (stream) => {
      stream.write(WatchResponse.create({ created: true, header: header(5) }));
      stream.once("data", (request: rpc.WatchRequest) => {
        assert.ok(request.progressRequest);
        stream.write(WatchResponse.create({ watchId: -1, header: header(9) }));
      });
    });
    const watcher = client.watch({});
    watcher.requestProgress();
    await watcher.next();
    assert.equal((await watcher.next()).value?.header?.revision, 9);
  });

  test("cancel ends the loop", async (t) => {
    const client = await watchServer(t, (stream) => {
      stream.write(WatchResponse.create({ created: true, header: header(5) }));
    });
    const watcher = client.watch({});
    await watcher.next();
    const next = watcher.next();
    watcher.cancel();
    assert.equal((await next).done, true);
  });

  test("the end of the client ends the loop with an error", async (t) => {
    const client = await watchServer(t, (stream) => {
      stream.write(WatchResponse.create({ created: true, header: header(5) }));
    });
    const watcher = client.watch({});
    await watcher.next();
    const next = watcher.next();
    client.close();
    await assert.rejects(next, withStatus(EtcdErrors.contextCanceled));
  });
});

type KeepAliveStream = ServerDuplexStream<rpc.LeaseKeepAliveRequest, rpc.LeaseKeepAliveResponse>;

/** A server that answers keep-alive requests with times to live, one after the other. */
async function leaseServer(t: TestContext, ...answers: (number | "break")[]): Promise<Client> {
  const server = new ScriptedServer().bidi(rpc.Lease.leaseKeepAlive, (stream: KeepAliveStream) => {
    stream.on("data", ({ ID }: rpc.LeaseKeepAliveRequest) => {
      const answer = answers.shift();
      if (answer === "break") {
        stream.emit("error", toStatus(unavailable));
      } else if (answer !== undefined) {
        stream.write(rpc.LeaseKeepAliveResponse.create({ ID, TTL: answer }));
      }
    });
    stream.on("end", () => stream.end());
  });
  const { endpoint } = await start(t, server);
  return connect(t, { endpoints: [endpoint] });
}

describe("lease keep-alive", () => {
  test("once: a lease that is not there is an error, a broken stream is not", async (t) => {
    const client = await leaseServer(t, "break", 7, 0);
    assert.equal((await client.lease.keepAliveOnce(3n)).TTL, 7);
    await assert.rejects(client.lease.keepAliveOnce(3n), withStatus(EtcdErrors.leaseNotFound));
  });

  test("the loop goes on over a broken stream and reports the loss", async (t) => {
    const client = await leaseServer(t, "break", 1, 0);
    const responses = client.lease.keepAlive(3n);
    assert.equal((await responses.next()).value?.TTL, 1);
    await assert.rejects(responses.next(), withStatus(EtcdErrors.leaseNotFound));
  });

  test("a stream without answers is given up in time for another", async (t) => {
    let streams = 0;
    const server = new ScriptedServer().bidi(rpc.Lease.leaseKeepAlive, (stream) => {
      const isMute = ++streams === 1;
      stream.on("data", ({ ID }: rpc.LeaseKeepAliveRequest) => {
        if (!isMute) {
          stream.write(rpc.LeaseKeepAliveResponse.create({ ID, TTL: 60 }));
        }
      });
      stream.on("end", () => stream.end());
    });
    const { endpoint } = await start(t, server);
    const client = connect(t, { endpoints: [endpoint] });
    const responses = client.lease.keepAlive(3n, { firstAnswerMs: 3000 });
    assert.equal((await responses.next()).value?.TTL, 60);
    assert.equal(streams, 2);
  });

  test("a lease that no server answers for is lost after its time to live", async (t) => {
    const client = await leaseServer(t, 1);
    const responses = client.lease.keepAlive(3n);
    assert.equal((await responses.next()).value?.TTL, 1);
    await assert.rejects(responses.next(), (error: EtcdError) => {
      assert.match(String(error.cause), /time to live/);
      return error.is(EtcdErrors.leaseNotFound);
    });
  });

  test("an abort ends the loop, the end of the client ends it with an error", async (t) => {
    const client = await leaseServer(t, 60, 60);
    const stop = new AbortController();
    const one = client.lease.keepAlive(3n, { signal: stop.signal });
    const other = client.lease.keepAlive(4n);
    await one.next();
    await other.next();
    stop.abort();
    assert.equal((await one.next()).done, true);
    client.close();
    await assert.rejects(other.next(), withStatus(EtcdErrors.contextCanceled));
  });
});
