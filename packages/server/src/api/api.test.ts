import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AlarmResponse,
  Auth,
  Cluster,
  DowngradeRequest_DowngradeAction,
  EtcdError,
  EtcdErrors,
  Health,
  KV,
  Lease,
  LeaseGrantResponse,
  LeaseKeepAliveRequest,
  Maintenance,
  Member,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  Watch,
} from "@kvorum/proto";
import { InvariantError } from "../lib/assert.ts";
import { createDeferred } from "../lib/deferred.ts";
import { Reply } from "../lib/reply.ts";
import { type ApiClient, type ServeOptions, serveApi } from "./testing/api-client.ts";
import {
  CLUSTER_ID,
  MEMBER_ID,
  scriptMember,
  type ScriptedMember,
} from "./testing/scripted-member.ts";

async function withApi(
  script: Partial<ScriptedMember>,
  body: (api: ApiClient, member: ScriptedMember) => Promise<void>,
  options: ServeOptions = {},
): Promise<void> {
  const member = scriptMember(script);
  const api = await serveApi(member, options);
  try {
    await body(api, member);
  } finally {
    await api.close();
  }
}

const key = Buffer.from("k");
const header = (revision: number): ResponseHeader => ({
  clusterId: CLUSTER_ID,
  memberId: MEMBER_ID,
  revision,
  raftTerm: 7,
});

test("headers keep the member's revision, and get the rest filled in", () =>
  withApi(
    {
      put: () =>
        Promise.resolve(PutResponse.create({ header: ResponseHeader.create({ revision: 9 }) })),
      range: () => RangeResponse.create(),
      alarm: () => Promise.resolve(AlarmResponse.create()),
      status: () => StatusResponse.create({ header: ResponseHeader.create({ revision: 3 }) }),
    },
    async (api) => {
      assert.deepEqual((await api.call(KV.put, { key })).header, header(9));
      assert.deepEqual((await api.call(KV.range, { key })).header, header(42));
      assert.deepEqual((await api.call(Maintenance.alarm, {})).header, header(42));
      assert.deepEqual((await api.call(Maintenance.status, {})).header, header(3));
    },
  ));

test("answers about the cluster have a header without revision", () => {
  const one = Member.create({ ID: 5n, peerURLs: ["http://a:1"] });
  return withApi(
    {
      memberList: (linearizable) => Promise.resolve(linearizable ? [one] : []),
      memberAdd: (peerURLs, isLearner) => {
        const member = Member.create({ ID: 6n, peerURLs, isLearner });
        return Promise.resolve({ member, members: [one, member] });
      },
      memberRemove: () => Promise.resolve([]),
      memberUpdate: () => Promise.resolve([one]),
      memberPromote: () => Promise.resolve([one]),
    },
    async (api) => {
      const list = await api.call(Cluster.memberList, { linearizable: true });
      assert.deepEqual(list.header, header(0));
      assert.equal(list.members[0]?.ID, 5n);
      const urls = ["http://b:2", "http://a:1"];
      const added = await api.call(Cluster.memberAdd, { peerURLs: urls, isLearner: true });
      assert.deepEqual(added.member?.peerURLs, ["http://a:1", "http://b:2"]);
      assert.equal(added.member.isLearner, true);
      assert.equal(added.members.length, 2);
      assert.deepEqual((await api.call(Cluster.memberRemove, { ID: 5n })).header, header(0));
      assert.equal((await api.call(Cluster.memberUpdate, { ID: 5n })).members.length, 1);
      assert.equal((await api.call(Cluster.memberPromote, { ID: 5n })).members.length, 1);
    },
  );
});

test("peer URLs of a new member must parse", () =>
  withApi({}, async (api) => {
    for (const peerURLs of [
      [],
      [""],
      ["http://a"],
      ["http://a:1", "ftp://b:1"],
      ["http://a:1/x"],
    ]) {
      const { code, text } = await api.failure(Cluster.memberAdd, { peerURLs });
      assert.deepEqual([code, text], [3, "etcdserver: given member URLs are invalid"]);
    }
  }));

test("defragment and move leader have no header", () =>
  withApi(
    { defragment: () => Promise.resolve(), moveLeader: () => Promise.resolve() },
    async (api) => {
      assert.equal((await api.call(Maintenance.defragment, {})).header, undefined);
      assert.equal((await api.call(Maintenance.moveLeader, { targetID: 1n })).header, undefined);
    },
  ));

test("only the leader can be moved away from", () =>
  withApi({ leaderId: 1n }, async (api) => {
    const failure = await api.failure(Maintenance.moveLeader, { targetID: 1n });
    assert.deepEqual(failure, { code: 9, text: "etcdserver: not leader" });
  }));

test("errors of the member keep code and text, thrown or rejected", () =>
  withApi(
    {
      range: () => {
        throw EtcdError.from(EtcdErrors.emptyKey);
      },
      put: () => Promise.reject(EtcdError.from(EtcdErrors.tooManyRequests)),
      deleteRange: () => Promise.reject(new Error("out of cheese")),
    },
    async (api) => {
      assert.deepEqual(await api.failure(KV.range, {}), {
        code: 3,
        text: "etcdserver: key is not provided",
      });
      assert.deepEqual(await api.failure(KV.put, { key }), {
        code: 2,
        text: "etcdserver: too many requests",
      });
      assert.equal(api.lines.length, 0);
      assert.deepEqual(await api.failure(KV.deleteRange, { key }), {
        code: 2,
        text: "out of cheese",
      });
      assert.equal(api.lines[0]?.level, "warn");
      assert.match(String(api.lines[0]?.fields?.["stacktrace"]), /api\.test/);
    },
  ));

test("a broken invariant is handed on", () =>
  withApi(
    {
      put: () => Promise.reject(new InvariantError("1 is not 2")),
    },
    async (api) => {
      await api.failure(KV.put, { key });
      assert.equal(api.broken[0]?.message, "1 is not 2");
    },
  ));

test("a client that requires a leader is refused while there is none", () =>
  withApi({ leaderId: 0n, range: () => RangeResponse.create() }, async (api) => {
    const noLeader = { code: 14, text: "etcdserver: no leader" };
    assert.deepEqual(await api.failure(KV.range, { key }, { hasleader: "true" }), noLeader);
    assert.deepEqual(await api.stream(Watch.watch, { hasleader: "true" }).ended, noLeader);
    assert.equal((await api.call(KV.range, { key }, { hasleader: "false" })).count, 0);
  }));

test("a learner serves status and serializable ranges only", () =>
  withApi(
    { isLearner: true, range: () => RangeResponse.create(), status: () => StatusResponse.create() },
    async (api) => {
      const refused = { code: 9, text: "etcdserver: rpc not supported for learner" };
      assert.deepEqual(await api.failure(KV.range, { key }), refused);
      assert.deepEqual(await api.failure(KV.put, { key }), refused);
      assert.deepEqual(await api.failure(Cluster.memberList, {}), refused);
      assert.deepEqual(await api.stream(Watch.watch).ended, refused);
      await api.call(KV.range, { key, serializable: true });
      await api.call(Maintenance.status, {});
    },
  ));

test("slow unary requests are logged", () =>
  withApi(
    { range: () => RangeResponse.create() },
    async (api) => {
      await api.call(KV.range, { key });
      const [line] = api.lines;
      assert.equal(line?.msg, "request stats");
      assert.equal(line.fields?.["response type"], "/etcdserverpb.KV/Range");
    },
    { slowRequestMs: -1 },
  ));

test("a streamed range has its header in the last message, with the revision read", () =>
  withApi(
    {
      rangeStream: async function* () {
        yield await Promise.resolve(RangeResponse.create());
        yield RangeResponse.create({ count: 2, header: ResponseHeader.create({ revision: 17 }) });
      },
    },
    async (api) => {
      const chunks = await api.collect(KV.rangeStream, { key });
      assert.deepEqual(
        chunks.map((chunk) => chunk.rangeResponse?.header),
        [undefined, header(17)],
      );
    },
  ));

test("keep-alives of a stream are under way together and answered in order, with TTL 0 for an unknown lease", () => {
  const first = new Reply<number>();
  const asked: bigint[] = [];
  const last = createDeferred<void>();
  return withApi(
    {
      leaseRenew: (id) => {
        asked.push(id);
        if (id === 1n) return first;
        if (id === 3n) last.resolve();
        return id === 404n
          ? Promise.reject(EtcdError.from(EtcdErrors.leaseNotFound))
          : Promise.resolve(Number(id));
      },
    },
    async (api) => {
      const stream = api.stream(Lease.leaseKeepAlive);
      for (const ID of [1n, 404n, 3n]) stream.send(LeaseKeepAliveRequest.create({ ID }));
      await last.promise;
      assert.deepEqual(asked, [1n, 404n, 3n]);
      first.resolve(1);
      const answers = [await stream.next(), await stream.next(), await stream.next()];
      assert.deepEqual(
        answers.map(({ ID, TTL }) => [ID, TTL]),
        [
          [1n, 1],
          [404n, 0],
          [3n, 3],
        ],
      );
      assert.deepEqual(answers[0]?.header, header(42));
      stream.duplex.end();
      assert.equal((await stream.ended).code, 0);
    },
  );
});

test("a keep-alive that fails otherwise ends its stream", () =>
  withApi({ leaseRenew: () => Promise.reject(EtcdError.from(EtcdErrors.timeout)) }, async (api) => {
    const stream = api.stream(Lease.leaseKeepAlive);
    stream.send(LeaseKeepAliveRequest.create({ ID: 1n }));
    assert.deepEqual(await stream.ended, { code: 14, text: "etcdserver: request timed out" });
  }));

test("an unknown lease has TTL -1, and no error", () =>
  withApi(
    {
      leaseTimeToLive: () => Promise.reject(EtcdError.from(EtcdErrors.leaseNotFound)),
      leaseGrant: () => Promise.resolve(LeaseGrantResponse.create({ ID: 5n, TTL: 2 })),
    },
    async (api) => {
      const response = await api.call(Lease.leaseTimeToLive, { ID: 9n });
      assert.deepEqual([response.ID, response.TTL, response.grantedTTL], [9n, -1, 0]);
      assert.deepEqual(response.header, header(42));
      assert.equal((await api.call(Lease.leaseGrant, { TTL: 1 })).TTL, 2);
    },
  ));

for (const bodyBytes of [0, 1, 32 * 1024, 32 * 1024 + 1, 200_000]) {
  test(`a snapshot of ${bodyBytes} bytes comes in blobs of 32 KiB and a digest`, () => {
    const file = Buffer.alloc(bodyBytes + 32, 1).fill(2, bodyBytes);
    let isReleased = false;
    return withApi(
      {
        backup: () =>
          Promise.resolve({
            totalBytes: file.length,
            version: "3.7.0",
            chunks: (async function* () {
              try {
                for (let at = 0; at < file.length; at += 7001) {
                  yield await Promise.resolve(Buffer.from(file.subarray(at, at + 7001)));
                }
              } finally {
                isReleased = true;
              }
            })(),
            // Who is given a chunk back writes into it.
            release: (chunk) => void chunk.fill(0),
          }),
      },
      async (api) => {
        const messages = await api.collect(Maintenance.snapshot, {});
        assert.deepEqual(Buffer.concat(messages.map((message) => message.blob)), file);
        const digest = messages.pop();
        assert.deepEqual(digest?.blob, Buffer.alloc(32, 2));
        assert.equal(digest.remainingBytes, 0);
        let remaining = bodyBytes;
        for (const { blob, remainingBytes, version, header: none } of messages) {
          assert.equal(blob.length, Math.min(remaining, 32 * 1024));
          remaining -= blob.length;
          assert.equal(remainingBytes, remaining);
          assert.equal(version, "3.7.0");
          assert.equal(none, undefined);
        }
        assert.equal(remaining, 0);
        assert.equal(isReleased, true);
      },
      { sinkBytesMax: 40_000 },
    );
  });
}

test("a snapshot that nobody reads waits, and is released when its client goes", async () => {
  let sent = 0;
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await withApi(
    {
      backup: () =>
        Promise.resolve({
          totalBytes: 64 * 1024 * 1024 + 32,
          version: "3.7.0",
          chunks: (async function* () {
            try {
              for (; sent < 1024; sent++) yield await Promise.resolve(Buffer.alloc(64 * 1024));
            } finally {
              release();
            }
          })(),
          release: () => undefined,
        }),
    },
    async (api) => {
      const stream = api.stream({ ...Maintenance.snapshot, requestStream: true });
      stream.send({});
      stream.duplex.end();
      await stream.next();
      stream.duplex.pause();
      stream.duplex.cancel();
      await released;
      assert.ok(sent < 1024, `${sent} chunks were read`);
    },
    { sinkBytesMax: 128 * 1024 },
  );
});

test("downgrades are validated, refused, and can always be canceled", () =>
  withApi({}, async (api) => {
    const { VALIDATE, ENABLE, CANCEL } = DowngradeRequest_DowngradeAction;
    const table: [number, string, number, string][] = [
      [VALIDATE, "x", 3, "etcdserver: wrong downgrade target version format"],
      [VALIDATE, "v3.6.0", 3, "etcdserver: wrong downgrade target version format"],
      [VALIDATE, "3.6-rc.1", 3, "etcdserver: wrong downgrade target version format"],
      [VALIDATE, "3.6.0-rc.1+x", 12, "kvorum cannot be downgraded"],
      [VALIDATE, "3.5.0", 3, "etcdserver: invalid downgrade target version"],
      [ENABLE, "3.7.0", 3, "etcdserver: invalid downgrade target version"],
      [ENABLE, "3.6", 12, "kvorum cannot be downgraded"],
      [9, "3.6.0", 2, "etcdserver: unknown method"],
    ];
    for (const [action, version, code, text] of table) {
      assert.deepEqual(await api.failure(Maintenance.downgrade, { action, version }), {
        code,
        text,
      });
    }
    const canceled = await api.call(Maintenance.downgrade, { action: CANCEL });
    assert.equal(canceled.version, "3.7");
    assert.deepEqual(canceled.header, header(42));
  }));

test("authentication is off and cannot be switched on", () =>
  withApi({}, async (api) => {
    const status = await api.call(Auth.authStatus, {});
    assert.deepEqual([status.enabled, status.authRevision], [false, 1]);
    assert.deepEqual((await api.call(Auth.authDisable, {})).header, header(42));
    assert.deepEqual(await api.failure(Auth.authenticate, { name: "root" }), {
      code: 9,
      text: "etcdserver: authentication is not enabled",
    });
    assert.equal((await api.failure(Auth.authEnable, {})).code, 12);
    assert.equal((await api.failure(Auth.userAdd, { name: "a" })).code, 12);
  }));

test("the health service knows the server as a whole", () =>
  withApi({}, async (api) => {
    assert.equal((await api.call(Health.check, {})).status, 1);
    assert.deepEqual(await api.failure(Health.check, { service: "x" }), {
      code: 5,
      text: "unknown service",
    });
  }));
