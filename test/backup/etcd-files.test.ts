/**
 * Kvorum's snapshot files in the hands of etcd's own tools, and theirs in Kvorum's: `etcdutl` and
 * Kvorum must say the same of every file, and etcd must live on one of ours.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import {
  type BucketSource,
  memoryBucket,
} from "../../packages/server/src/backup/bolt/bucket-source.ts";
import type { SnapshotStatus } from "../../packages/server/src/backup/snapshot-status.ts";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { Ctl } from "../harness/ctl.ts";
import { goTools } from "../harness/go-tools.ts";
import type { Member } from "../harness/member.ts";
import { runCommand } from "../harness/run-command.ts";
import {
  alarmKey,
  etcdBuckets,
  keyName,
  LEASE_ID,
  LEASED_KEY,
  type StoreShape,
  valueOf,
} from "./etcd-store.ts";
import { saveSnapshot, statusOf } from "./files.ts";

const tools = await goTools("etcd", "etcdctl", "etcdutl");
const skip = tools.skip === false ? false : tools.skip;
const path = tools.skip === false ? tools.path : { etcd: "", etcdctl: "", etcdutl: "" };
const folder = temporaryFolder("backup");

async function etcdutl(...args: string[]): Promise<string> {
  const result = await runCommand(path.etcdutl, args);
  assert.equal(result.code, 0, `etcdutl ${args.join(" ")}:\n${result.stderr}`);
  return result.stdout;
}

async function etcdStatusOf(file: string): Promise<SnapshotStatus> {
  return JSON.parse(await etcdutl("snapshot", "status", file, "-w", "json")) as SnapshotStatus;
}

const shapes: { what: string; shape: StoreShape }[] = [
  { what: "no key", shape: { keys: 0, valueBytes: () => 0 } },
  { what: "one key", shape: { keys: 1, valueBytes: () => 3 } },
  { what: "empty values", shape: { keys: 300, valueBytes: () => 0 } },
  { what: "values of many pages", shape: { keys: 30, valueBytes: (index) => index * 9_000 } },
  { what: "pages filled to the last byte", shape: { keys: 200, valueBytes: () => 4096 - 90 } },
  { what: "odd sizes", shape: { keys: 3_000, valueBytes: (index) => (index * 7_919) % 2_500 } },
  { what: "three levels", shape: { keys: 70_000, valueBytes: () => 1_500 } },
];

for (const { what, shape } of shapes) {
  test(`etcdutl finds no fault in a file with ${what} and computes our status`, {
    skip,
  }, async () => {
    const file = join(folder, "written.db");
    await saveSnapshot(etcdBuckets(shape), file);
    const status = await statusOf(file);
    assert.deepEqual(await etcdStatusOf(file), status);
    const deleted = Math.ceil(shape.keys / 10);
    assert.equal(status.totalKey, shape.keys - deleted);
    assert.equal(status.version, "3.7.0");
  });
}

test("etcdutl reads large keys, branch overflow and alarms in our files", { skip }, async () => {
  const entries = Array.from({ length: 500 }, (_, index) => {
    const key = keyName(index).padEnd((index * 131) % 6_000, "a");
    return { key: Buffer.from(key), value: Buffer.alloc(index) };
  });
  const buckets: BucketSource[] = etcdBuckets({ keys: 10, valueBytes: () => 1 }).map((bucket) => {
    if (bucket.name === "authUsers") return memoryBucket("authUsers", entries);
    if (bucket.name !== "alarm") return bucket;
    return memoryBucket("alarm", [{ key: alarmKey(), value: Buffer.alloc(0) }]);
  });
  const file = join(folder, "large-keys.db");
  await saveSnapshot(buckets, file);
  assert.deepEqual(await etcdStatusOf(file), await statusOf(file));
});

/** How many keys the store has. */
async function countKeys(ctl: Ctl): Promise<number> {
  const answer = await ctl.out("get", "", "--prefix", "--count-only", "-w", "fields");
  return Number(/"Count" : (\d+)/.exec(answer)?.[1]);
}

/** Restores the file with etcdutl as the data of a member that has not run yet. */
async function restoreFor(member: Member, file: string): Promise<void> {
  const initial = `${member.name}=${member.peerUrl}`;
  await etcdutl(
    ...["snapshot", "restore", file, "--data-dir", member.dataDir, "--name", member.name],
    ...["--initial-cluster", initial, "--initial-advertise-peer-urls", member.peerUrl],
    ...["--initial-cluster-token", String(member.flags["initial-cluster-token"])],
  );
}

test("etcd restores our file, serves its keys, compacts, defragments and restarts", {
  skip,
}, async () => {
  const shape: StoreShape = { keys: 4_000, valueBytes: (index) => (index * 31) % 1_200 };
  const file = join(folder, "restored.db");
  await saveSnapshot(etcdBuckets(shape), file);
  const cluster = await Cluster.create({ size: 1, kind: "etcd" });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  await restoreFor(member, file);
  await cluster.startAll();
  const ctl = new Ctl("etcdctl", [path.etcdctl], member.endpoint);

  for (const index of [1, 7, 1_234, 3_999]) {
    const value = await ctl.out("get", keyName(index), "--print-value-only");
    assert.equal(value, `${valueOf(index, shape).toString()}\n`);
  }
  assert.equal(await ctl.out("get", keyName(10)), "", "deleted");
  assert.equal(await countKeys(ctl), 3_600);
  const leases = await ctl.out("lease", "timetolive", LEASE_ID.toString(16), "--keys");
  assert.match(
    leases,
    new RegExp(`granted with TTL\\(4000s\\).*attached keys\\(\\[${LEASED_KEY}\\]`),
  );

  // Emptying and compacting the store takes nearly every page apart that we have laid out.
  await ctl.out("del", "key-0003", "--from-key");
  const { header } = await ctl.json<{ header: { revision: number } }>("put", "after", "restore");
  await ctl.out("compact", "--physical", String(header.revision));
  await ctl.out("defrag");
  await member.stop();
  await member.start();
  assert.equal(await ctl.out("get", "after", "--print-value-only"), "restore\n");
  assert.equal(await countKeys(ctl), 270 + 1);
});

test("Kvorum computes etcdutl's status of what a living etcd saved", { skip }, async () => {
  const cluster = await Cluster.start({ size: 1, kind: "etcd" });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  const ctl = new Ctl("etcdctl", [path.etcdctl], member.endpoint);
  const client = cluster.clientOf(member);
  const file = join(folder, "etcd.db");
  const compare = async (): Promise<SnapshotStatus> => {
    await ctl.out("snapshot", "save", file);
    const status = await statusOf(file);
    assert.deepEqual(status, await etcdStatusOf(file));
    return status;
  };
  await compare();

  const granted = await ctl.out("lease", "grant", "1000");
  const lease = /lease ([0-9a-f]+) granted/.exec(granted)?.[1] ?? "";
  for (let start = 0; start < 10_000; start += 500) {
    await Promise.all(
      Array.from({ length: 500 }, (_, offset) => {
        const index = start + offset;
        const put = client.put(keyName(index)).value("v".repeat((index * 13) % 400));
        return index % 100 === 0 ? put.lease(BigInt(`0x${lease}`).toString()) : put;
      }),
    );
  }
  assert.equal((await compare()).totalKey, 10_000);

  await ctl.out("del", keyName(2_000), keyName(6_000));
  await client.put("large").value("L".repeat(1_000_000));
  const { header } = await ctl.json<{ header: { revision: number } }>("put", "small", "s");
  assert.equal((await compare()).totalKey, 6_002);
  await ctl.out("compact", "--physical", String(header.revision - 1));
  await client.put(keyName(1)).value("again");
  const status = await compare();
  assert.equal(status.totalKey, 6_002);
  assert.equal(status.revision, header.revision + 1);
  await ctl.out("lease", "revoke", lease);
  await compare();
});
