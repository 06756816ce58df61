/**
 * One long session with a command line against three members, written down and compared with the
 * session etcdctl has with etcd (`testdata/ctl-session.txt`). Run with etcdctl and with kvorumctl.
 * The recorded session is made anew by
 *
 *     KVORUM_TEST_SERVER=etcd REWRITE=1 node --conditions=source --import tsx test/e2e/etcdctl.test.ts
 */
import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { type Ctl, type CtlName, openCtl } from "../harness/ctl.ts";
import type { Member } from "../harness/member.ts";
import { bareEnvironment, start } from "../harness/run-command.ts";
import { serverKind } from "../harness/server-kind.ts";
import { waitFor } from "../harness/wait-for.ts";
import { Transcript } from "./transcript.ts";

const recorded = join(import.meta.dirname, "testdata/ctl-session.txt");

async function keys(t: Transcript): Promise<void> {
  t.title("keys");
  await t.all(
    ["put", "a", "1"],
    ["put", "--prev-kv", "a", "2"],
    ["get", "a"],
    ["get", "a", "-w", "json"],
    ["get", "a", "-w", "fields"],
    ["get", "a", "--hex"],
    ["get", "missing"],
    ["get", "missing", "-w", "json"],
    ["put", "dir/x", "10"],
    ["put", "dir/y", "9"],
    ["put", "dir/z", "8"],
  );
  await t.run(["put", "dir/stdin"], { input: "from the input" });
  await t.all(
    ["get", "--prefix", "dir/"],
    ["get", "--prefix", "dir/", "--keys-only"],
    ["get", "--prefix", "dir/", "--print-value-only"],
    ["get", "--prefix", "dir/", "--count-only", "-w", "fields"],
    ["get", "--prefix", "dir/", "--limit", "2", "-w", "json"],
    ["get", "--prefix", "dir/", "--order", "DESCEND", "--sort-by", "KEY"],
    ["get", "--prefix", "dir/", "--sort-by=VALUE"],
    ["get", "dir/x", "dir/z"],
    ["get", "--from-key", "dir/z"],
    ["get", "a", "--rev", "2"],
    ["get", "a", "--rev=99"],
    ["get", "a", "--consistency=s"],
    ["put", "a", "3", "--ignore-value"],
    ["put", "a", "--ignore-value"],
    ["put", "missing", "--ignore-value"],
    ["del", "dir/x", "--prev-kv"],
    ["del", "dir/x"],
    ["del", "--prefix", "dir/", "-w", "json"],
  );
}

async function transactions(t: Transcript): Promise<void> {
  t.title("transactions");
  const txn = (input: string, ...flags: string[]): Promise<unknown> =>
    t.run(["txn", ...flags], { input });
  await txn('mod("a") > "0"\n\nput t "one two"\nget a\n\nput t no\n\n');
  await txn('val("a") = "nothing"\n\nput t yes\n\nget t\ndel t\n\n');
  await txn('ver("t") = "0"\ncreate("a") != "0"\n\nget a\n\n\n', "-w", "json");
  await txn('mod("a") "0"\n\n\n\n');
  await txn('ver("a") > "0"\n\nput x 1\nput x 2\n\n\n');
  await txn('ver("a") > "0"\n\nfrobnicate x\n\n\n');
}

async function mistakes(t: Transcript): Promise<void> {
  t.title("mistakes");
  await t.all(
    ["get"],
    ["get", "a", "--order=UP"],
    ["get", "a", "--sort-by=SIZE"],
    ["get", "a", "-w", "table"],
    ["get", "a", "-w", "xml"],
    ["get", "--prefix", "--from-key", "a"],
    ["frobnicate"],
    ["put", "a", "b", "--frobnicate"],
    ["lease", "timetolive", "xyz"],
    ["lease", "grant"],
    ["lease", "grant", "soon"],
    ["lease", "revoke", "4711"],
    ["put", "a", "b", "--lease=4711"],
    ["member", "add"],
    ["member", "add", "x"],
    ["member", "remove", "4711"],
    ["member", "promote", "zzz"],
    ["compaction", "999999"],
    ["compaction", "soon"],
  );
}

async function leases(t: Transcript, ctl: Ctl): Promise<void> {
  t.title("leases");
  const granted = await ctl.out("lease", "grant", "600");
  const id = /^lease ([0-9a-f]{16}) granted with TTL\(600s\)\n$/.exec(granted)?.[1];
  assert.ok(id, `unexpected answer to lease grant: ${granted}`);
  t.nameId(BigInt(`0x${id}`), "<lease>");
  await t.all(
    ["put", "leased", "v", `--lease=${id}`],
    ["lease", "timetolive", id, "--keys"],
    ["lease", "list"],
    ["lease", "keep-alive", "--once", id],
    ["lease", "keep-alive", "--once", id, "-w", "json"],
    ["get", "leased", "-w", "json"],
    ["lease", "revoke", id],
    ["get", "leased"],
    ["lease", "timetolive", id],
    ["lease", "timetolive", id, "-w", "json"],
    ["lease", "keep-alive", "--once", id],
    ["lease", "list"],
  );
}

/** Runs a command that goes on by itself until it has printed `until`, then interrupts it. */
async function watchFor(ctl: Ctl, args: string[], until: string): Promise<string> {
  const [program = "", ...before] = ctl.command;
  const child = start(program, [...before, `--endpoints=${ctl.endpoints}`, ...args], {
    env: bareEnvironment(),
  });
  let shown = "";
  child.stdout?.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  let complaints = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaints += chunk.toString()));
  const printed = (): boolean => shown.includes(until);
  await waitFor(printed, `"${until}" from ${args.join(" ")}`).catch((error: unknown) => {
    throw new Error(`${String(error)}; it printed:\n${shown}${complaints}`);
  });
  child.kill("SIGINT");
  await waitFor(() => child.exitCode ?? child.signalCode, "the end of the watch");
  return shown;
}

async function watching(t: Transcript, ctl: Ctl): Promise<void> {
  t.title("watch");
  const { header } = await ctl.json<{ header: { revision: number } }>("put", "w/a", "1");
  await ctl.out("put", "w/b", "2");
  await ctl.out("put", "w/a", "3");
  await ctl.out("del", "w/b");
  await ctl.out("put", "w/last", "end");
  const from = `--rev=${header.revision}`;
  for (const args of [
    ["watch", "--prefix", "w/", from],
    ["watch", "--prefix", "w/", from, "--prev-kv"],
    ["watch", "w/a", "w/z", from, "-w", "fields"],
  ]) {
    t.note(`$ ${args.join(" ")}\n${await watchFor(ctl, args, "end")}`);
  }
  const script =
    'printf "%s\\n" "$ETCD_WATCH_REVISION $ETCD_WATCH_EVENT_TYPE" "$ETCD_WATCH_KEY" finished';
  const exec = ["watch", "w/last", from, "--", "sh", "-c", script];
  t.note(`$ watch with a command\n${await watchFor(ctl, exec, "finished")}`);
}

async function maintenance(t: Transcript, ctl: Ctl, cluster: Cluster): Promise<void> {
  t.title("endpoints");
  for (const format of ["simple", "json", "table", "fields"]) {
    await t.runUnordered(["endpoint", "health", "-w", format]);
  }
  await t.all(
    ["alarm", "list"],
    ["alarm", "disarm"],
    ["defrag"],
    ["compaction", "5"],
    ["compaction", "5"],
    ["get", "a", "--rev=3"],
    ["get", "a", "--rev=5", "--print-value-only"],
  );
  await sameHashes(t, ctl);
  await statusTable(t, ctl, cluster);
}

async function sameHashes(t: Transcript, ctl: Ctl): Promise<void> {
  interface HashKV {
    HashKV: { hash: number };
  }
  const answers = await ctl.json<HashKV[]>("endpoint", "hashkv", "--cluster");
  assert.equal(answers.length, 3);
  const hashes = new Set(answers.map((answer) => answer.HashKV.hash));
  assert.equal(hashes.size, 1, `members disagree: ${JSON.stringify(answers)}`);
  t.name(String([...hashes][0]), "<hash>");
  await t.all(["endpoint", "hashkv"], ["endpoint", "hashkv", "-w", "table"]);
}

/** Sizes and indexes are the server's own; the columns and what they mean are not. */
async function statusTable(t: Transcript, ctl: Ctl, cluster: Cluster): Promise<void> {
  const table = await ctl.out("endpoint", "status", "-w", "table");
  const rows = table.split("\n").map((line) => line.split("│").map((cell) => cell.trim()));
  t.note(`status columns: ${(rows[1] ?? []).join(" | ")}\n`);
  const leader = await cluster.leader();
  for (const member of cluster.members) {
    const row = rows.find((cells) => cells[1] === member.endpoint);
    assert.ok(row, `no row of ${member.endpoint} in\n${table}`);
    assert.equal(row[9], String(member === leader), "is leader");
    assert.match(row[5] ?? "", /^\d+(\.\d+)? [kM]?B$/, "db size");
    assert.match(row[7] ?? "", /^\d+%$/, "percentage not in use");
    assert.ok(Number(row[12]) >= Number(row[13]), "applied index over the raft index");
    t.note(`${[1, 2, 3, 8, 10, 14, 15, 16].map((column) => row[column]).join(" | ")}\n`);
  }
}

async function leadership(t: Transcript, ctl: Ctl, cluster: Cluster): Promise<void> {
  t.title("leadership");
  const leader = await cluster.leader();
  const next = cluster.members.find((member) => member !== leader);
  assert.ok(next);
  const id = async (member: Member): Promise<string> =>
    BigInt((await cluster.statusOf(member)).id).toString(16);
  const moved = await ctl.out("move-leader", await id(next));
  assert.equal(
    moved,
    `Leadership transferred from ${await id(leader)} to ${await id(next)}\n`,
    "move-leader",
  );
  await waitFor(async () => (await cluster.leader()) === next, `${next.name} to lead`);
  const refused = await ctl.at(leader.endpoint).run(["move-leader", await id(leader)]);
  assert.equal(refused.code, 128);
  t.note(
    `$ move-leader without the leader\n${refused.stderr.replaceAll(leader.endpoint, "<follower>")}`,
  );
}

async function membership(t: Transcript, ctl: Ctl, cluster: Cluster): Promise<void> {
  t.title("membership");
  for (const format of ["simple", "table", "json", "fields"]) {
    await t.runUnordered(["member", "list", "-w", format]);
  }
  const added = await cluster.newMember("m3");
  t.nameUrls("m3");
  // A member counts as connected to the others only after five seconds.
  const answer = await waitFor(async () => {
    const add = ["member", "add", "m3", "--learner", `--peer-urls=${added.peerUrl}`];
    const tried = await ctl.run(add);
    if (tried.code !== 0) assert.match(tried.stderr, /etcdserver: unhealthy cluster/);
    return tried.code === 0 ? tried : undefined;
  }, "the learner to be added");
  const id = /^Member\s+([0-9a-f]+) added/.exec(answer.stdout)?.[1] ?? "";
  t.nameId(BigInt(`0x${id}`), "<m3>");
  const initial = /ETCD_INITIAL_CLUSTER="(.*)"/.exec(answer.stdout)?.[1] ?? "";
  const inOrder = initial.split(",").sort().join(",");
  t.note(`$ member add m3 --learner\n${answer.stdout.replace(initial, inOrder)}`);
  await t.runUnordered(["member", "list"]);
  await t.run(["member", "add", "m4", "--learner", "--peer-urls=http://127.0.0.1:1"]);

  added.flags["initial-cluster"] = initial;
  added.flags["initial-cluster-state"] = "existing";
  await added.start();
  const promoted = await waitFor(async () => {
    const tried = await ctl.run(["member", "promote", id]);
    if (tried.code !== 0) assert.match(tried.stderr, /in sync with leader/);
    return tried.code === 0 ? tried : undefined;
  }, "the learner to be promoted");
  t.note(`$ member promote <m3>\n${promoted.stdout}`);
  await t.runUnordered(["member", "list"]);
  await t.all(
    ["member", "promote", id],
    ["member", "update", id, `--peer-urls=${added.peerUrl}`],
    ["member", "remove", id],
    ["member", "remove", id],
  );
  const left = await added.exited();
  t.note(`the removed member: exit ${left.code ?? left.signal}\n`);
  cluster.members.splice(cluster.members.indexOf(added), 1);
  await t.runUnordered(["member", "list"]);
  await t.run(["put", "three", "again"]);
}

async function snapshot(t: Transcript, ctl: Ctl, cluster: Cluster): Promise<void> {
  t.title("snapshot");
  const file = join(cluster.folder, "saved.db");
  t.name(file, "<file>");
  const single = new Transcript(cluster, ctl.at(cluster.member(0).endpoint));
  single.name(file, "<file>");
  await single.run(["snapshot", "save", file]);
  t.note(single.text);
  assert.equal(statSync(file).size % 512, 32, "a snapshot ends with a checksum of 32 bytes");
}

async function session(name: CtlName): Promise<string> {
  const cluster = await Cluster.start({ size: 3 });
  after(() => cluster.dispose());
  const opened = await openCtl(name, cluster.endpoints);
  assert.equal(opened.skip, false);
  if (opened.skip !== false) return "";
  const { ctl } = opened;
  const t = new Transcript(cluster, ctl);
  t.name(name, "<ctl>");
  const list = await cluster.clientOf(cluster.member(0)).cluster.memberList({});
  t.nameId(BigInt(list.header.cluster_id), "<cluster>");
  for (const member of list.members) t.nameId(BigInt(member.ID), `<${member.name}>`);
  const parts = [keys, transactions, mistakes, leases, watching, maintenance];
  for (const part of parts) await part(t, ctl, cluster);
  await leadership(t, ctl, cluster);
  await membership(t, ctl, cluster);
  await snapshot(t, ctl, cluster);
  await plainOnTerminals(ctl);
  return t.text;
}

/** etcd's own tests drive the command line through a terminal without HOME, LANG and TERM. */
async function plainOnTerminals(ctl: Ctl): Promise<void> {
  const onTerminal = async (...args: string[]): Promise<string> =>
    (await ctl.run(args, { pty: true })).stdout;
  assert.equal(await onTerminal("put", "pty", "x"), "OK\r\n");
  assert.equal(await onTerminal("get", "pty"), "pty\r\nx\r\n");
  assert.equal(await onTerminal("get", "missing"), "");
}

/** The session as a test, for one of the command lines. */
export async function describeSession(name: CtlName): Promise<void> {
  const opened = await openCtl(name, "");
  describe(`a session with ${name}`, { skip: opened.skip }, () => {
    test("is word for word the one etcdctl has with etcd", async () => {
      const text = await session(name);
      const rewrite = process.env["REWRITE"] !== undefined && name === "etcdctl";
      if (rewrite && serverKind() === "etcd") writeFileSync(recorded, text);
      assert.deepEqual(text.split("\n"), readFileSync(recorded, "utf8").split("\n"));
    });
  });
}
