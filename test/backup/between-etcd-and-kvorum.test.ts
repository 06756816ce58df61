/**
 * Moving house: what one of the two servers saved is restored for the other, and every key is there
 * with all its revisions.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, test } from "node:test";
import { restoreSnapshot } from "@kvorum/server/offline";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { Ctl } from "../harness/ctl.ts";
import { goTools } from "../harness/go-tools.ts";
import type { Member } from "../harness/member.ts";
import { runCommand } from "../harness/run-command.ts";
import { waitFor } from "../harness/wait-for.ts";
import { statusOf } from "./files.ts";

const tools = await goTools("etcd", "etcdctl", "etcdutl");
const skip = tools.skip === false ? false : tools.skip;
const path = tools.skip === false ? tools.path : { etcd: "", etcdctl: "", etcdutl: "" };
const folder = temporaryFolder("backup");

function etcdctl(member: Member): Ctl {
  return new Ctl("etcdctl", [path.etcdctl], member.endpoint);
}

async function etcdutl(...args: string[]): Promise<string> {
  const result = await runCommand(path.etcdutl, args);
  assert.equal(result.code, 0, `etcdutl ${args.join(" ")}:\n${result.stderr}`);
  return result.stdout;
}

/** Keys with a past: overwritten, deleted, leased, compacted away. */
async function live(cluster: Cluster): Promise<void> {
  const client = cluster.clientOf(cluster.member(0));
  const ctl = etcdctl(cluster.member(0));
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      Array.from({ length: 300 }, (_, index) =>
        client.put(`key-${index}`).value("v".repeat((index * 17 * round) % 900)),
      ),
    );
  }
  const granted = await ctl.out("lease", "grant", "3000");
  const lease = /lease ([0-9a-f]+) granted/.exec(granted)?.[1] ?? "";
  await ctl.out("put", "leased", "x", `--lease=${lease}`);
  await ctl.out("del", "key-2", "key-3");
  await ctl.out("compact", "450", "--physical");
}

/** Everything that can be read: keys, values, revisions, leases. */
async function contents(member: Member, ...more: string[]): Promise<unknown> {
  const ctl = etcdctl(member);
  const { kvs } = await ctl.json<{ kvs: unknown }>("get", "", "--prefix", ...more);
  const { leases } = await ctl.json<{ leases: unknown }>("lease", "list");
  return { kvs, leases };
}

async function revisionOf(member: Member): Promise<number> {
  const { header } = await etcdctl(member).json<{ header: { revision: number } }>("get", "x");
  return header.revision;
}

/** Restores the file with Kvorum's own tool for every member of a cluster that has not run yet. */
async function restoreAll(cluster: Cluster, file: string, bumpRevision = 0n): Promise<void> {
  for (const { name, dataDir, flags, peerUrl } of cluster.members) {
    await restoreSnapshot({
      snapshotPath: file,
      name,
      dataDir,
      walDir: "",
      initialCluster: flags["initial-cluster"] ?? "",
      initialClusterToken: flags["initial-cluster-token"] ?? "",
      initialAdvertisePeerUrls: [peerUrl],
      skipHashCheck: false,
      bumpRevision,
      markCompacted: bumpRevision > 0n,
      log: () => undefined,
    });
  }
}

test("a store of etcd moves to three members of Kvorum, and a fourth joins them", {
  skip,
}, async () => {
  const old = await Cluster.start({ size: 1, kind: "etcd" });
  after(() => old.dispose());
  await live(old);
  const file = join(folder, "from-etcd.db");
  await etcdctl(old.member(0)).out("snapshot", "save", file);
  const expected = await contents(old.member(0));
  const expectedThen = await contents(old.member(0), "--rev=500");

  const cluster = await Cluster.create({ size: 3, kind: "kvorum" });
  after(() => cluster.dispose());
  await restoreAll(cluster, file);
  await cluster.startAll();
  for (const member of cluster.members) {
    assert.deepEqual(await contents(member), expected, member.name);
    assert.deepEqual(await contents(member, "--rev=500"), expectedThen, member.name);
  }
  const past = await etcdctl(cluster.member(0)).run(["get", "key-1", "--rev=449"]);
  assert.match(past.stderr, /required revision has been compacted/);

  const late = await cluster.newMember("late");
  const ctl = etcdctl(cluster.member(0));
  // A member is taken in only once the others have been connected for five seconds.
  const add = ["member", "add", "late", `--peer-urls=${late.peerUrl}`];
  await waitFor(() => ctl.out(...add), "the fourth member to be added", { intervalMs: 500 });
  late.flags["initial-cluster-state"] = "existing";
  late.flags["initial-cluster"] = cluster.members
    .map((member) => `${member.name}=${member.peerUrl}`)
    .join(",");
  await late.start();
  assert.deepEqual(await contents(late), expected);
  assert.equal(new Set((await cluster.hashes()).values()).size, 1, "members disagree");
});

test("a store of Kvorum moves to etcd", { skip }, async () => {
  const old = await Cluster.start({ size: 1, kind: "kvorum" });
  after(() => old.dispose());
  await live(old);
  const file = join(folder, "from-kvorum.db");
  await etcdctl(old.member(0)).out("snapshot", "save", file);
  const status = await statusOf(file);
  assert.deepEqual(JSON.parse(await etcdutl("snapshot", "status", file, "-w", "json")), status);

  const cluster = await Cluster.create({ size: 1, kind: "etcd" });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  await etcdutl(
    ...["snapshot", "restore", file, "--data-dir", member.dataDir, "--name", member.name],
    ...["--initial-cluster", String(member.flags["initial-cluster"])],
    ...["--initial-cluster-token", String(member.flags["initial-cluster-token"])],
    ...["--initial-advertise-peer-urls", member.peerUrl],
  );
  await cluster.startAll();
  assert.deepEqual(await contents(member), await contents(old.member(0)));
  assert.equal(await revisionOf(member), await revisionOf(old.member(0)));
});

test("a revision bumped by either tool goes on from there, compacted", { skip }, async () => {
  const old = await Cluster.start({ size: 1, kind: "etcd" });
  after(() => old.dispose());
  await live(old);
  const file = join(folder, "bump.db");
  await etcdctl(old.member(0)).out("snapshot", "save", file);
  const revision = await revisionOf(old.member(0));
  const expected = await contents(old.member(0));

  const cluster = await Cluster.create({ size: 1, kind: "kvorum" });
  after(() => cluster.dispose());
  const member = cluster.member(0);
  await restoreAll(cluster, file, 1_000_000n);
  await cluster.startAll();
  assert.equal(await revisionOf(member), revision + 1_000_000);
  assert.deepEqual(await contents(member), expected);
  const past = await etcdctl(member).run(["get", "key-1", `--rev=${revision}`]);
  assert.match(past.stderr, /required revision has been compacted/);
  await member.stop();
  await member.start();
  assert.equal(await revisionOf(member), revision + 1_000_000);
  assert.deepEqual(await contents(member), expected);
});
