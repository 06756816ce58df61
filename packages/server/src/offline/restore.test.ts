import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { KeyValue, RangeRequest, type RangeResponse } from "@kvorum/proto";
import { type BucketSource, memoryBucket } from "../backup/bolt/bucket-source.ts";
import { encodeRevisionKey } from "../backup/buckets/key-bucket.ts";
import { openSnapshotStream } from "../backup/snapshot-stream.ts";
import { collect } from "../backup/testing/images.ts";
import type { Env } from "../env/env.ts";
import { writeFully } from "../env/file-io.ts";
import { MemoryFileSystem } from "../env/memory-file-system.ts";
import { createNodeEnv, nodeClock } from "../env/node-env.ts";
import { FaultFileSystem } from "../env/testing/fault-file-system.ts";
import { decodeApplied } from "../member/state-machine.ts";
import { Lessor } from "../lease/lessor.ts";
import { Cluster } from "../membership/cluster.ts";
import { Store } from "../mvcc/store.ts";
import type { SnapshotMetadata } from "../raft/messages.ts";
import { buckets } from "../storage/buckets.ts";
import { MemoryEngines } from "../storage/memory.ts";
import { openStoreDir } from "../storage/store-dir.ts";
import { hasWal, openWal } from "../wal/open-wal.ts";
import type { WalContent } from "../wal/wal-reader.ts";
import { type RestoreOptions, restoreInto, type RestoreWorld } from "./restore.ts";
import { readStatus } from "./status.ts";

/** A machine with one snapshot file on it. */
class Machine {
  readonly env: Env = {
    ...createNodeEnv({ logLevel: "error" }),
    fs: new MemoryFileSystem({ clock: nodeClock }),
  };
  readonly engines: MemoryEngines = new MemoryEngines(this.env.fs);
  readonly logged: string[] = [];

  static async with(snapshot: Uint8Array): Promise<Machine> {
    const machine = new Machine();
    const file = await machine.env.fs.open("/file.db", { access: "read-write", create: "must" });
    await writeFully(file, snapshot, 0);
    await file.close();
    return machine;
  }

  restore(
    options: Partial<RestoreOptions> = {},
    world: RestoreWorld = { env: this.env, openEngine: this.engines.open },
  ): Promise<void> {
    return restoreInto(world, {
      snapshotPath: "/file.db",
      name: "m0",
      dataDir: "/data",
      walDir: "",
      initialCluster: "m0=http://10.0.0.1:2380,m1=http://10.0.0.2:2380",
      initialClusterToken: "token",
      initialAdvertisePeerUrls: ["http://10.0.0.1:2380"],
      skipHashCheck: false,
      bumpRevision: 0n,
      markCompacted: false,
      log: (message) => this.logged.push(message),
      ...options,
    });
  }

  async load(walDir = "/data/member/wal"): Promise<Restored> {
    const { env, engines } = this;
    const { backend } = await openStoreDir({ env, dataDir: "/data", openEngine: engines.open });
    const { wal, ...log } = await openWal(env, walDir);
    await wal.close();
    const applied = backend.loadApplied();
    assert.ok(applied !== undefined);
    const { clock } = env;
    const lessor = await Lessor.open({ backend, clock, minTtlSeconds: 2 });
    const cluster = await Cluster.load(backend);
    const store = await Store.open({
      backend,
      clock,
      leases: lessor,
      freeze: () => backend.frozenView(() => applied),
      onFatal: (error) => {
        throw error;
      },
    });
    return { applied: decodeApplied(applied), lessor, cluster, store, log };
  }
}

/** What a member would load. */
interface Restored {
  readonly applied: SnapshotMetadata;
  readonly lessor: Lessor;
  readonly cluster: Cluster;
  readonly store: Store;
  readonly log: WalContent;
}

function etcdSnapshot(): Buffer {
  return gunzipSync(readFileSync(join(import.meta.dirname, "../backup/testdata/etcd-3.7.1.db.gz")));
}

function range(state: Restored, key: string): RangeResponse {
  const all = { key: Buffer.from(key), rangeEnd: Buffer.from([0]) };
  return state.store.rangeSync(RangeRequest.create(all));
}

function texts({ kvs }: RangeResponse): [key: string, value: string][] {
  return kvs.map(({ key, value }) => [Buffer.from(key).toString(), Buffer.from(value).toString()]);
}

const LEASE_ID = 0x58eea2023e165a07n;

test("a file of etcd becomes the state of a member of a new cluster", async () => {
  const machine = await Machine.with(etcdSnapshot());
  await machine.restore();
  const state = await machine.load();

  assert.deepEqual(texts(range(state, "a")), [
    ["foo", "bar2"],
    ["l", "x"],
    ["z", "z"],
  ]);
  assert.equal(state.store.currentRevision, 7);
  assert.equal(state.store.compactRevision, 3);
  assert.equal(state.lessor.get(LEASE_ID)?.ttlSeconds, 1000);
  assert.equal(range(state, "l").kvs[0]?.lease, LEASE_ID);
  assert.equal(state.cluster.version, "3.7.0");

  const members = state.cluster.members();
  assert.deepEqual(
    new Map(members.map(({ name, peerURLs, clientURLs }) => [name, [...peerURLs, ...clientURLs]])),
    new Map([
      ["m0", ["http://10.0.0.1:2380"]],
      ["m1", ["http://10.0.0.2:2380"]],
    ]),
  );
  const voters = members.map(({ id }) => id);
  assert.deepEqual(state.applied, {
    index: 2,
    term: 1,
    confState: { voters, learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false },
  });
  assert.equal(state.log.metadata.nodeId, members.find(({ name }) => name === "m0")?.id);
  assert.deepEqual(state.log.hardState, { term: 1, vote: 0n, commit: 2 });
  assert.deepEqual(machine.logged, [
    "restoring snapshot",
    "added member",
    "added member",
    "restored snapshot",
  ]);
});

test("the log begins after the founding, so that nobody is brought up without the data", async () => {
  const machine = await Machine.with(etcdSnapshot());
  await machine.restore();
  const { log } = await machine.load();
  assert.deepEqual(log.previous, { index: 2, term: 1 });
  assert.deepEqual(log.checkpoint, { index: 2, term: 1 });
  assert.deepEqual(log.entries, []);
});

test("all members of the new cluster restore the same cluster", async () => {
  const ids = new Set<bigint>();
  const clusters = new Set<bigint>();
  for (const [name, url] of [
    ["m0", "http://10.0.0.1:2380"],
    ["m1", "http://10.0.0.2:2380"],
  ] as const) {
    const machine = await Machine.with(etcdSnapshot());
    await machine.restore({ name, initialAdvertisePeerUrls: [url], walDir: "/wal" });
    const { log } = await machine.load("/wal");
    ids.add(log.metadata.nodeId);
    clusters.add(log.metadata.clusterId);
  }
  assert.deepEqual([ids.size, clusters.size], [2, 1]);
});

test("a bumped revision is the store's, and all before it is compacted", async () => {
  const machine = await Machine.with(etcdSnapshot());
  await machine.restore({ bumpRevision: 1_000_000n, markCompacted: true });
  const state = await machine.load();
  assert.equal(state.store.currentRevision, 1_000_007);
  assert.equal(state.store.compactRevision, 1_000_007);
  assert.equal(texts(range(state, "a")).length, 3, "the keys themselves stay");
});

test("what etcdutl leaves of a bump is no key", async () => {
  const sources: BucketSource[] = [
    memoryBucket("key", [
      { key: encodeRevisionKey({ main: 500, sub: 0, isTombstone: false }), value: Buffer.alloc(0) },
    ]),
    memoryBucket("meta", [
      {
        key: Buffer.from("scheduledCompactRev"),
        value: encodeRevisionKey({ main: 500, sub: 0, isTombstone: false }),
      },
    ]),
  ];
  const machine = await Machine.with(await collect((await openSnapshotStream(sources)).chunks));
  await machine.restore();
  const state = await machine.load();
  assert.equal(state.store.currentRevision, 500);
  assert.equal(state.store.keysTotal, 0);
});

const refusals: { what: string; options: Partial<RestoreOptions>; message: string | RegExp }[] = [
  {
    what: "a name that is not in the cluster",
    options: { name: "m9" },
    message: `couldn't find local name "m9" in the initial cluster configuration`,
  },
  {
    what: "peer URLs other than those of the cluster",
    options: { initialAdvertisePeerUrls: ["http://10.0.0.9:2380"] },
    message: /^--initial-cluster has m0=http:\/\/10.0.0.1:2380 but missing from/,
  },
  {
    what: "a write-ahead log directory that exists",
    options: { walDir: "/file.db" },
    message: 'wal-dir "/file.db" exists',
  },
  {
    what: "a data directory that is a file",
    options: { dataDir: "/file.db" },
    message: 'data-dir "/file.db" not empty or could not be read',
  },
  {
    what: "a revision beyond what can be counted",
    options: { bumpRevision: 2n ** 63n, markCompacted: true },
    message: /cannot be bumped/,
  },
];

for (const { what, options, message } of refusals) {
  test(`a restore with ${what} is refused and leaves nothing behind`, async () => {
    const machine = await Machine.with(etcdSnapshot());
    await assert.rejects(machine.restore(options), { message });
    assert.deepEqual(await machine.env.fs.readdir("/"), ["file.db"]);
  });
}

test("an altered file is refused, unless its hash is not to be checked", async () => {
  const snapshot = etcdSnapshot();
  snapshot[snapshot.length - 1]! ^= 1;
  const machine = await Machine.with(snapshot);
  await assert.rejects(machine.restore(), /expected sha256 \[.*\], got \[.*\]/);
  assert.deepEqual(await machine.env.fs.readdir("/"), ["file.db"]);
  await machine.restore({ skipHashCheck: true });
  assert.equal((await machine.load()).store.currentRevision, 7);
});

test("a file without hash is refused, unless its hash is not to be checked", async () => {
  const machine = await Machine.with(etcdSnapshot().subarray(0, -32));
  await assert.rejects(machine.restore(), {
    message: "snapshot missing hash but --skip-hash-check=false",
  });
  await machine.restore({ skipHashCheck: true });
  assert.equal((await machine.load()).store.keysTotal, 3);
});

test("a file that ends early is refused and leaves nothing behind", async () => {
  const machine = await Machine.with(etcdSnapshot().subarray(0, 4 * 4096));
  await machine.env.fs.mkdir("/data", 0o700);
  await assert.rejects(machine.restore({ skipHashCheck: true }), /truncated/);
  assert.deepEqual(await machine.env.fs.readdir("/data"), []);
});

test("a data directory is not restored into twice", async () => {
  const machine = await Machine.with(etcdSnapshot());
  await machine.restore();
  await assert.rejects(machine.restore(), {
    message: 'data-dir "/data" not empty or could not be read',
  });
  assert.equal((await machine.load()).store.keysTotal, 3);
});

/** More than one batch of records. */
function largeSnapshot(): Promise<Buffer> {
  const entries = Array.from({ length: 80 }, (_none, at) => ({
    key: encodeRevisionKey({ main: 2 + at, sub: 0, isTombstone: false }),
    value: KeyValue.encode(
      KeyValue.create({
        key: Buffer.from(`k${at}`),
        value: Buffer.alloc(64 * 1024),
        createRevision: 2 + at,
        modRevision: 2 + at,
        version: 1,
      }),
    ),
  }));
  return openSnapshotStream([memoryBucket("key", entries)]).then(({ chunks }) => collect(chunks));
}

test("a store whose restore was killed is empty, or says that it lacks its log", async () => {
  const snapshot = await largeSnapshot();
  const found = new Set<string>();
  for (let n = 0; n < 5; n++) {
    const machine = await Machine.with(snapshot);
    const { fs } = machine.env;
    let writes = 0;
    await new Promise<void>((killed, reject) => {
      const dying = new FaultFileSystem(fs, ({ kind, path }) => {
        const isLast = kind === "write" && path.endsWith("/journal") && writes++ === n;
        return isLast ? { kind: "last", act: killed } : undefined;
      });
      const openEngine = new MemoryEngines(dying).open;
      const restoring = machine.restore({}, { env: { ...machine.env, fs: dying }, openEngine });
      restoring.then(killed, reject);
    });
    const { env, engines } = machine;
    const { backend } = await openStoreDir({ env, dataDir: "/data", openEngine: engines.open });
    const records = await backend.iterate(buckets.keyValue).next(1);
    const isRefused = backend.loadApplied() !== undefined;
    assert.ok(isRefused || records.length === 0, `records of nobody after ${n} writes`);
    const isLastCheckpoint = (await backend.iterate(buckets.members).next(1)).length > 0;
    assert.equal(backend.loadApplied()?.index, isLastCheckpoint ? 2 : 0, `after ${n} writes`);
    const isWhole = await hasWal(fs, "/data/member/wal");
    found.add(isWhole ? "whole" : isRefused ? "refused" : "empty");
    await backend.close();
  }
  assert.deepEqual([...found].sort(), ["refused", "whole"]);
});

test("the status of a file is read through the same door", async () => {
  const { env } = await Machine.with(etcdSnapshot());
  assert.equal((await readStatus(env.fs, "/file.db")).hash, 3918859694);
});
