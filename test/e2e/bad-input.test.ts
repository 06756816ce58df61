/**
 * What a daemon is given by mistake: bad flags, a taken port, another cluster's data, a damaged disk.
 * It must say so in one clear line, end with a code that is not zero, and leave the data as it was.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import type { Member } from "../harness/member.ts";
import { bareEnvironment, runCommand } from "../harness/run-command.ts";
import { serverKind } from "../harness/server-kind.ts";
import { waitFor } from "../harness/wait-for.ts";

const SECTOR_BYTES = 512;
const LONG_VALUE = "long ".repeat(600);

interface Refusal {
  readonly code: number | undefined;
  /** Everything it said. */
  readonly said: string;
}

/** Runs a daemon that is expected to end by itself. */
async function refused(argv: readonly string[]): Promise<Refusal> {
  const [program = "", ...args] = argv;
  const result = await runCommand(program, args, { env: bareEnvironment(), timeoutMs: 20_000 });
  const lines = `${result.stdout}${result.stderr}`.split("\n");
  if (serverKind() === "kvorum") {
    const complaints = lines.filter((line) => /"level":"(error|fatal|panic)"/.test(line));
    assert.ok(
      complaints.length <= 1,
      `one clear line, not ${complaints.length}:\n${lines.join("\n")}`,
    );
    assert.doesNotMatch(result.stderr, /^ +at /m, "a stack trace is no message");
  }
  return { code: result.code, said: lines.join("\n") };
}

/** A member's command line with some flags set otherwise. */
function argvWith(member: Member, changes: Readonly<Record<string, string | undefined>>): string[] {
  const changed = new Map<string, string | undefined>([
    ...Object.entries(member.flags),
    ...Object.entries(changes),
  ]);
  const command = member.argv.slice(0, member.argv.length - Object.keys(member.flags).length);
  for (const [flag, value] of changed) {
    if (value !== undefined) command.push(value === "" ? `--${flag}` : `--${flag}=${value}`);
  }
  return command;
}

/** A digest of every file below a folder, so that "untouched" can be told. */
function fingerprint(folder: string): string {
  const hash = createHash("sha256");
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of entries) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function newestWal(member: Member): string {
  const files = readdirSync(member.dataDir, { recursive: true, encoding: "utf8" });
  const newest = files
    .filter((file) => file.endsWith(".wal"))
    .sort()
    .at(-1);
  assert.ok(newest, "the member has written no WAL");
  return join(member.dataDir, newest);
}

/** Where the written part of a file, which may be preallocated with zeros, ends. */
function writtenBytes(file: string): number {
  const bytes = readFileSync(file);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return end;
}

/**
 * Undoes the end of the last write, as a crash in its middle does. A file of etcd's may end early; a
 * segment of Kvorum's has its size from the beginning, and a sector that was not written is zero.
 */
function tear(wal: string): void {
  const end = writtenBytes(wal);
  if (serverKind() === "etcd") {
    truncateSync(wal, end - 3);
    return;
  }
  const bytes = readFileSync(wal);
  bytes.fill(0, end - (end % SECTOR_BYTES), end);
  writeFileSync(wal, bytes);
}

const FLAGS: readonly {
  readonly name: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly code: number;
  readonly says: RegExp;
}[] = [
  {
    name: "an unknown flag",
    flags: { frobnicate: "" },
    code: 2,
    says: /^flag provided but not defined: -frobnicate$/m,
  },
  {
    name: "a number that is none",
    flags: { "snapshot-count": "many" },
    code: 2,
    says: /^invalid value "many" for flag -snapshot-count: /m,
  },
  {
    name: "a cluster state nobody knows",
    flags: { "initial-cluster-state": "maybe" },
    code: 2,
    says: /^invalid value "maybe" for flag -initial-cluster-state: /m,
  },
  {
    name: "a URL without a scheme",
    flags: { "listen-client-urls": "127.0.0.1:2379" },
    code: 2,
    says: /^invalid value "127.0.0.1:2379" for flag -listen-client-urls: /m,
  },
  {
    name: "a heartbeat as slow as an election",
    flags: { "heartbeat-interval": "500" },
    code: 1,
    says: /--election-timeout\[1000ms\] should be at least as 5 times as --heartbeat-interval\[500ms\]/,
  },
  {
    name: "a host name to bind to",
    flags: { "listen-client-urls": "http://example.com:1" },
    code: 1,
    says: /expected IP in URL for binding \(http:\/\/example.com:1\)/,
  },
  {
    name: "a compaction mode nobody knows",
    flags: { "auto-compaction-mode": "sometimes" },
    code: 1,
    says: /unknown auto-compaction-mode \\"sometimes\\"/,
  },
  {
    name: "a name that is not in the cluster",
    flags: { name: "other" },
    code: 1,
    says: /couldn't find local name \\"other\\" in the initial cluster configuration/,
  },
  {
    name: "a config file that is not there",
    flags: { "config-file": "/nonexistent/kvorum.yml" },
    code: 1,
    says: /open \/nonexistent\/kvorum.yml: no such file or directory/,
  },
];

describe("a daemon", () => {
  for (const { name, flags, code, says } of FLAGS) {
    test(`refuses ${name}`, async () => {
      const cluster = await Cluster.create({ size: 1 });
      const result = await refused(argvWith(cluster.member(0), flags));
      assert.match(result.said, says);
      assert.equal(result.code, code, result.said);
    });
  }

  test("refuses a positional argument", async () => {
    const cluster = await Cluster.create({ size: 1 });
    const result = await refused([...cluster.member(0).argv, "extra"]);
    assert.match(result.said, /\\"extra\\" is not a valid flag/);
    assert.equal(result.code, 1, result.said);
  });

  test("refuses a flag that is also set in the environment", async () => {
    const cluster = await Cluster.create({ size: 1 });
    const [program = "", ...args] = cluster.member(0).argv;
    const env = bareEnvironment({ ETCD_NAME: "other" });
    const result = await runCommand(program, args, { env });
    assert.match(result.stderr, /conflicting environment variable is shadowed by corresponding/);
    assert.equal(result.code, 1);
  });

  for (const role of ["client", "peer"] as const) {
    test(`refuses a ${role} port in use`, async () => {
      const cluster = await Cluster.create({ size: 1 });
      const member = cluster.member(0);
      const port = role === "client" ? member.clientPort : member.peerPort;
      const squatter = createServer().listen(port, "127.0.0.1");
      after(() => squatter.close());
      const result = await refused(member.argv);
      assert.match(
        result.said,
        new RegExp(`listen tcp 127\\.0\\.0\\.1:${port}: bind: address already in use`),
      );
      assert.equal(result.code, 1, result.said);
    });
  }

  test("refuses to write where it cannot", async () => {
    const cluster = await Cluster.create({ size: 1 });
    const file = join(cluster.folder, "a-file");
    writeFileSync(file, "");
    const result = await refused(argvWith(cluster.member(0), { "data-dir": join(file, "data") }));
    assert.match(result.said, /not a directory/);
    assert.equal(result.code, 1, result.said);
  });

  test("joins no cluster that does not know it", async () => {
    const cluster = await Cluster.start({ size: 1 });
    after(() => cluster.dispose());
    const stranger = await cluster.newMember("stranger");
    const others = cluster.members.map((member) => `${member.name}=${member.peerUrl}`).join(",");
    const result = await refused(
      argvWith(stranger, { "initial-cluster": others, "initial-cluster-state": "existing" }),
    );
    assert.match(result.said, /error validating peerURLs .*: member count is unequal/);
    assert.equal(result.code, 1, result.said);
  });
});

describe("a daemon on a read-only disk", () => {
  test("says so and ends", async (t) => {
    const cluster = await Cluster.create({ size: 1 });
    const member = cluster.member(0);
    mkdirSync(member.dataDir, { mode: 0o700 });
    const mount = `mount -t tmpfs -o ro,mode=0700 tmpfs ${member.dataDir}`;
    const inside = ["--mount", "--map-root-user", "sh", "-c", `${mount} && exec "$@"`, "sh"];
    const allowed = await runCommand("unshare", [...inside, "true"]).catch(() => undefined);
    if (allowed?.code !== 0) {
      t.skip("no right to mount here");
      return;
    }
    const result = await refused(["unshare", ...inside, ...member.argv]);
    assert.match(result.said, /read-only file system/i);
    assert.notEqual(result.code, 0, result.said);
  });
});

describe("a daemon with data that is not as it left it", () => {
  async function killedMember(): Promise<{ cluster: Cluster; member: Member }> {
    const cluster = await Cluster.start({ size: 1 });
    const member = cluster.member(0);
    for (let n = 0; n < 50; n++) await cluster.clientOf(member).put(`key/${n}`).value(String(n));
    await cluster.clientOf(member).put("last").value(LONG_VALUE);
    await member.kill();
    return { cluster, member };
  }

  test("drops the torn end of its WAL, which nobody was told of", async () => {
    const { cluster, member } = await killedMember();
    after(() => cluster.dispose());
    const wal = newestWal(member);
    tear(wal);
    await member.start();
    const keys = await cluster.clientOf(member).getAll().prefix("key/").keys();
    assert.equal(keys.length, 50);
    const last = await cluster.clientOf(member).get("last").string();
    assert.ok(last === null || last === LONG_VALUE, "a torn write came back in part");
    await cluster.clientOf(member).put("and").value("on");
  });

  test("refuses a WAL changed in its middle, and touches nothing", async () => {
    const { cluster, member } = await killedMember();
    after(() => cluster.dispose());
    const wal = newestWal(member);
    const bytes = readFileSync(wal);
    const inside = bytes.indexOf("key/10");
    assert.ok(inside > 0, "the WAL holds no key as it is");
    bytes.writeUInt8(bytes.readUInt8(inside) ^ 1, inside);
    writeFileSync(wal, bytes);
    const before = fingerprint(join(wal, ".."));
    const result = await refused(member.argv);
    assert.notEqual(result.code, 0, result.said);
    assert.match(result.said, /crc mismatch|CRC|checksum|corrupt/);
    assert.equal(fingerprint(join(wal, "..")), before, "the WAL was changed");
  });

  test("does not mix with a cluster whose data it does not hold", async () => {
    const cluster = await Cluster.start({ size: 3 });
    after(() => cluster.dispose());
    const leader = await cluster.leader();
    const victim = cluster.members.find((member) => member !== leader);
    assert.ok(victim);
    await cluster.clientOf(leader).put("ours").value("1");
    await victim.kill();
    const { cluster: other, member: foreign } = await killedMember();
    after(() => other.dispose());
    victim.wipe();
    cpSync(foreign.dataDir, victim.dataDir, { recursive: true });

    victim.spawn();
    const noticed = (): boolean =>
      cluster.members.some((member) => member.hasLogged("cluster ID mismatch"));
    await waitFor(noticed, "somebody to notice").catch((error: unknown) => {
      throw new Error(cluster.logs(30), { cause: error });
    });
    await cluster.clientOf(leader).put("ours").value("2");
    const keys = await cluster.clientOf(leader).getAll().prefix("key/").keys();
    assert.deepEqual(keys, [], "data of the other cluster came in");
  });
});
