/**
 * Backups of a store that is not small: keys with leases and history, saved while writes go on, read
 * by both tools, restored into three members of Kvorum and into etcd, and from etcd into Kvorum. All
 * agree on HashKV, and a restore's memory does not grow with the file.
 *
 * Usage: `pnpm test:backup [--keys 100000]`. The last line is `N passed, N failed`.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Client, createClient, putOp } from "@kvorum/proto/client";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { goTools } from "../harness/go-tools.ts";
import type { Member } from "../harness/member.ts";
import { runCommand } from "../harness/run-command.ts";
import { launcher } from "../harness/server-kind.ts";
import { waitFor } from "../harness/wait-for.ts";

const { values } = parseArgs({ options: { keys: { type: "string", default: "100000" } } });
const KEYS = Number(values.keys);
const BATCH = 100;
const LEASES = 50;
const VALUE = "v".repeat(200);
/** A restore holds its caches and one batch, whatever the size of the file. */
const RESTORE_RSS_MB_MAX = 450;

const tools = await goTools("etcd", "etcdctl", "etcdutl");
if (tools.skip !== false) {
  console.log(`skipped: ${tools.skip}\n0 passed, 0 failed, 1 skipped`);
  process.exit(0);
}
const { etcdctl, etcdutl } = tools.path;
const folder = temporaryFolder("backup-scale");
let passed = 0;

function pass(what: string): void {
  passed++;
  console.log(`ok     ${what}`);
}

function connect(member: Member): Client {
  return createClient({ endpoints: [member.endpoint], commandTimeoutMs: 30_000 });
}

async function run(...command: string[]): Promise<string> {
  const [program = "", ...args] = command;
  const result = await runCommand(program, args, { timeoutMs: 300_000 });
  assert.equal(result.code, 0, `${command.join(" ")}:\n${result.stdout}${result.stderr}`);
  return result.stdout;
}

function keyAt(index: number): string {
  return `key/${String(index).padStart(9, "0")}`;
}

/** Overwrites `count` keys from `first` on, a hundred in a transaction. */
async function fill(client: Client, first: number, count: number, lease = 0n): Promise<void> {
  const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, i) => first + i * BATCH);
  const writer = async (): Promise<void> => {
    for (let start = batches.shift(); start !== undefined; start = batches.shift()) {
      const end = Math.min(start + BATCH, first + count);
      const ops = Array.from({ length: end - start }, (_, i) =>
        putOp(keyAt(start! + i), VALUE + String(start! + i), { lease }),
      );
      await client
        .txn()
        .success(...ops)
        .commit();
    }
  };
  await Promise.all([writer(), writer(), writer(), writer()]);
}

/** Keys, overwritten and deleted ones, leases, and a compaction in the middle. */
async function live(client: Client): Promise<void> {
  await fill(client, 0, KEYS);
  for (let n = 0; n < LEASES; n++) {
    const { ID } = await client.lease.grant({ TTL: 36_000 });
    await fill(client, n * BATCH, BATCH, ID);
  }
  const { header } = await client.kv.range({ key: "x" });
  await client.kv.compact({ revision: header?.revision ?? 1 });
  await fill(client, Math.floor(KEYS / 2), Math.floor(KEYS / 5));
  await client.kv.deleteRange({ key: keyAt(KEYS - KEYS / 20), rangeEnd: keyAt(KEYS) });
}

/** Writes until stopped, so that the backup is of a store that moves. */
function disturb(client: Client): () => Promise<void> {
  let stopped = false;
  const done = (async (): Promise<void> => {
    for (let n = 0; !stopped; n++) await client.kv.put({ key: `load/${n}`, value: VALUE });
  })();
  return () => {
    stopped = true;
    return done;
  };
}

function foundingFlags(member: Member): string[] {
  const flags = ["name", "data-dir", "initial-cluster", "initial-cluster-token"];
  return [
    ...flags.map((flag) => `--${flag}=${member.flags[flag] ?? ""}`),
    `--initial-advertise-peer-urls=${member.peerUrl}`,
  ];
}

/** Peak memory of a process in MB, as the kernel counts it while it runs. */
async function peakOf(command: readonly string[]): Promise<number> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  let peak = 0;
  let code: number | null | undefined;
  child.once("exit", (exit) => {
    code = exit;
  });
  const sample = (): boolean => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended between the look and the reading.
    }
    return code !== undefined;
  };
  await waitFor(sample, "the restore to end", { timeoutMs: 300_000, intervalMs: 20 });
  assert.equal(code, 0, `${command.join(" ")}:\n${said}`);
  return peak;
}

interface Facts {
  readonly revision: number;
  readonly hash: number;
  readonly count: number;
  readonly leases: number;
}

async function factsOf(member: Member, revision: number): Promise<Facts> {
  const client = connect(member);
  try {
    const { hash } = await client.maintenance.hashKV(member.endpoint, revision);
    const all = await client.kv.range({ key: "key/", rangeEnd: "key0", revision, countOnly: true });
    const { leases } = await client.lease.leases();
    return { revision, hash, count: all.count, leases: leases.length };
  } finally {
    client.close();
  }
}

async function saveUnderLoad(member: Member, file: string): Promise<number> {
  const client = connect(member);
  await live(client);
  const stop = disturb(client);
  await run(etcdctl, `--endpoints=${member.endpoint}`, "snapshot", "save", file);
  await stop();
  client.close();
  const ours = JSON.parse(
    await run(...launcher("kvorumctl"), "snapshot", "status", file, "-w", "json"),
  );
  const theirs = JSON.parse(await run(etcdutl, "snapshot", "status", file, "-w", "json"));
  assert.deepEqual(ours, theirs);
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  pass(`${KEYS} keys saved under load, ${megabytes} MB: etcdutl and kvorumctl agree on the file`);
  return (ours as { revision: number }).revision;
}

async function fromKvorum(): Promise<void> {
  const source = await Cluster.start({ size: 1, kind: "kvorum" });
  const file = join(folder, "kvorum.db");
  const revision = await saveUnderLoad(source.member(0), file);
  const expected = await factsOf(source.member(0), revision);

  const three = await Cluster.create({ size: 3, kind: "kvorum" });
  for (const member of three.members) {
    const restore = [
      ...launcher("kvorumctl"),
      "snapshot",
      "restore",
      file,
      ...foundingFlags(member),
    ];
    const peak = await peakOf(restore);
    assert.ok(peak < RESTORE_RSS_MB_MAX, `the restore took ${peak.toFixed(0)} MB`);
    console.log(`       a restore's peak: ${peak.toFixed(0)} MB`);
  }
  await three.startAll();
  for (const member of three.members) {
    assert.deepEqual(await factsOf(member, revision), expected, member.name);
  }
  pass(`restored into three members of Kvorum: ${JSON.stringify(expected)}`);
  await three.dispose();

  const etcd = await Cluster.create({ size: 1, kind: "etcd" });
  await run(etcdutl, "snapshot", "restore", file, ...foundingFlags(etcd.member(0)));
  await etcd.startAll();
  assert.deepEqual(await factsOf(etcd.member(0), revision), expected);
  pass("restored into etcd: the same keys, leases and hash");
  await etcd.dispose();
  await source.dispose();
}

async function fromEtcd(): Promise<void> {
  const source = await Cluster.start({ size: 1, kind: "etcd" });
  const file = join(folder, "etcd.db");
  const revision = await saveUnderLoad(source.member(0), file);
  const expected = await factsOf(source.member(0), revision);
  const cluster = await Cluster.create({ size: 1, kind: "kvorum" });
  const [member] = [cluster.member(0)];
  await run(...launcher("kvorumctl"), "snapshot", "restore", file, ...foundingFlags(member));
  await cluster.startAll();
  assert.deepEqual(await factsOf(member, revision), expected);
  pass("etcd's snapshot restored into Kvorum: the same keys, leases and hash");
  await cluster.dispose();
  await source.dispose();
}

let failed = 0;
for (const part of [fromKvorum, fromEtcd]) {
  try {
    await part();
  } catch (error) {
    failed++;
    console.log(`not ok ${part.name}: ${error instanceof Error ? error.stack : String(error)}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
