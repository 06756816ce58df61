/**
 * A backup taken under load and restored into a fresh cluster of three: every key, lease and revision
 * is there. Etcd's files are restored with etcdutl, Kvorum's with kvorumctl.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Etcd3 } from "etcd3";
import { Cluster } from "../harness/cluster.ts";
import { openCtl } from "../harness/ctl.ts";
import { goTools } from "../harness/go-tools.ts";
import { runCommand, type RunResult } from "../harness/run-command.ts";
import { launcher, serverKind } from "../harness/server-kind.ts";
import { Load } from "./load.ts";

const utl = await (async (): Promise<string[] | undefined> => {
  if (serverKind() === "kvorum") return launcher("kvorumctl");
  const tools = await goTools("etcdutl");
  return tools.skip === false ? [tools.path.etcdutl] : undefined;
})();

async function offline(...args: string[]): Promise<string> {
  const [program = "", ...before] = utl ?? [];
  const result = await runCommand(program, [...before, ...args]);
  assert.equal(result.code, 0, `${args.join(" ")}: ${result.stdout}${result.stderr}`);
  return result.stdout;
}

/** Restores the file for every member of a cluster that has not been started. */
async function restoreAll(cluster: Cluster, file: string): Promise<void> {
  for (const member of cluster.members) {
    await offline(
      "snapshot",
      "restore",
      file,
      ...["name", "data-dir", "initial-cluster", "initial-cluster-token"].map(
        (flag) => `--${flag}=${member.flags[flag] ?? ""}`,
      ),
      `--initial-advertise-peer-urls=${member.peerUrl}`,
    );
  }
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly create: string;
  readonly mod: string;
  readonly version: string;
  readonly lease: string;
}

async function everything(client: Etcd3, revision: number): Promise<Entry[]> {
  const { kvs } = await client.getAll().revision(revision).exec();
  return kvs.map((kv) => ({
    key: kv.key.toString(),
    value: kv.value.toString(),
    create: kv.create_revision,
    mod: kv.mod_revision,
    version: kv.version,
    lease: kv.lease,
  }));
}

const skip = utl === undefined && "no etcdutl on this machine";
describe("a snapshot", { skip }, () => {
  test("saved under load and restored into three members holds everything", async () => {
    const source = await Cluster.start({ size: 1 });
    after(() => source.dispose());
    const client = source.clientOf(source.member(0));
    await client.put("history").value("1");
    await client.put("history").value("2");
    await client.put("gone").value("x");
    await client.delete().key("gone");
    const lease = client.lease(600, { autoKeepAlive: false });
    await lease.put("leased").value("here");
    const leaseId = await lease.grant();

    const file = join(source.folder, "backup.db");
    const load = new Load(source, 4);
    await load.more(200, "before the backup");
    const saving = save(source, file);
    await load.more(100, "during the backup");
    await saving;
    await load.more(50, "after the backup");
    await load.stop();

    interface Status {
      readonly hash: number;
      readonly revision: number;
      readonly totalKey: number;
    }
    const status = JSON.parse(await offline("snapshot", "status", file, "-w", "json")) as Status;
    const expected = await everything(client, status.revision);
    assert.equal(status.totalKey, expected.length, "living keys");

    const copy = await Cluster.create({ size: 3 });
    after(() => copy.dispose());
    await restoreAll(copy, file);
    await copy.startAll();
    const leader = await copy.leader();
    for (const member of copy.members) {
      const restored = copy.clientOf(member);
      assert.deepEqual(await everything(restored, status.revision), expected, member.name);
      assert.equal((await restored.get("history").revision(2).string()) ?? "", "1");
      const { leases } = await restored.leaseClient.leaseLeases();
      assert.deepEqual(
        leases.map((one) => one.ID),
        [leaseId],
        `the leases of ${member.name}`,
      );
    }
    const { revision } = await copy.statusOf(leader);
    assert.equal(revision, status.revision, "the revision goes on where the snapshot ended");
    const put = await copy.clientOf(leader).put("new").value("life").exec();
    assert.equal(Number(put.header.revision), status.revision + 1);
    await copy.clientOf(leader).leaseClient.leaseRevoke({ ID: leaseId });
    assert.equal(await copy.clientOf(leader).get("leased").string(), null);
    assert.equal(new Set((await copy.hashes()).values()).size, 1, "members disagree");
  });

  test("is refused when it was damaged, and never restored over other data", async () => {
    const source = await Cluster.start({ size: 1 });
    after(() => source.dispose());
    await source.clientOf(source.member(0)).put("a").value("b");
    const file = join(source.folder, "backup.db");
    await save(source, file);
    const restore = async (from: string, dataDir: string): Promise<RunResult> => {
      const [program = "", ...before] = utl ?? [];
      const args = ["snapshot", "restore", from, `--data-dir=${dataDir}`];
      return runCommand(program, [...before, ...args]);
    };
    const fresh = join(source.folder, "fresh");
    const bytes = readFileSync(file);
    const damaged = join(source.folder, "damaged.db");

    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(5_000) ^ 1, 5_000);
    writeFileSync(damaged, flipped);
    const refused = await restore(damaged, fresh);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Error: expected sha256 \[.*\], got \[.*\]/);
    assert.equal(existsSync(join(fresh, "member", "wal")), false, "nothing of it is restored");

    writeFileSync(damaged, bytes.subarray(0, bytes.length - 32));
    const unsigned = await restore(damaged, join(source.folder, "fresh2"));
    assert.equal(unsigned.code, 1);
    assert.match(unsigned.stderr, /Error: snapshot missing hash but --skip-hash-check=false/);

    const taken = await restore(file, source.member(0).dataDir);
    assert.equal(taken.code, 1);
    assert.match(taken.stderr, /Error: data-dir ".*" not empty or could not be read/);
    assert.equal(await source.clientOf(source.member(0)).get("a").string(), "b");
  });
});

/** Saves with the command line that belongs to the server. */
async function save(cluster: Cluster, file: string): Promise<void> {
  const name = cluster.kind === "kvorum" ? "kvorumctl" : "etcdctl";
  const opened = await openCtl(name, cluster.member(0).endpoint);
  if (opened.skip !== false) throw new Error(opened.skip);
  await opened.ctl.out("snapshot", "save", file);
}
