/** The commands on snapshot files, held against etcdutl's on the same files. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { openCtl } from "../harness/ctl.ts";
import { goTools } from "../harness/go-tools.ts";
import { runCommand, type RunResult } from "../harness/run-command.ts";
import { launcher } from "../harness/server-kind.ts";

const cwd = temporaryFolder("ctl-offline");
const DIGEST_BYTES = 32;
const formats = ["simple", "json", "fields", "table", "protobuf", "yaml"];

/** Command lines, without the program. */
const lines = [
  ...formats.map((format) => `snapshot status good.db -w ${format}`),
  "snapshot status",
  "snapshot status a b",
  "snapshot status missing.db",
  "snapshot restore",
  "snapshot restore missing.db --data-dir {new}",
  "snapshot restore good.db --data-dir full",
  "snapshot restore good.db --data-dir {new} --wal-dir full",
  "snapshot restore good.db --data-dir {new} --bump-revision 5",
  "snapshot restore good.db --data-dir {new} --mark-compacted",
  "snapshot restore nohash.db --data-dir {new}",
  "snapshot restore badhash.db --data-dir {new}",
  "snapshot restore good.db --data-dir {new} --initial-cluster=other=http://127.0.0.1:1",
  "snapshot restore good.db --data-dir {new} --initial-cluster=nonsense",
  "snapshot restore good.db --data-dir {new} --initial-advertise-peer-urls=http://127.0.0.1:1",
];

/** The error without the log lines before it, which are laid out differently. */
function essence({ code, stdout, stderr }: RunResult): unknown {
  const error = stderr.split("\n").filter((line) => line.startsWith("Error: "));
  const text = error
    .join("\n")
    .replaceAll(/\[\d+(?: \d+)+\]/g, "[DIGEST]")
    .replace(/ \(resolved urls: .*\)$/, "");
  // What is wrong with a file is in the words of the library that found it.
  const isFile = text.includes("missing.db");
  return { code, stdout, error: isFile ? text.split(":")[0] : text };
}

test("snapshot status and restore agree with etcdutl", async (t) => {
  const tools = await goTools("etcdutl");
  if (tools.skip !== false) return t.skip(tools.skip);
  const cluster = await Cluster.start({ size: 1 });
  t.after(() => cluster.dispose());
  const opened = await openCtl("kvorumctl", cluster.endpoints);
  if (opened.skip !== false) return t.skip(opened.skip);
  await opened.ctl.out("put", "foo", "bar");
  await opened.ctl.out("snapshot", "save", join(cwd, "good.db"));
  const good = readFileSync(join(cwd, "good.db"));
  const image = good.subarray(0, good.length - DIGEST_BYTES);
  writeFileSync(join(cwd, "nohash.db"), image);
  writeFileSync(join(cwd, "badhash.db"), Buffer.concat([image, Buffer.alloc(DIGEST_BYTES)]));
  mkdirSync(join(cwd, "full", "something"), { recursive: true });
  const [node = "", program = ""] = launcher("kvorumctl");
  for (const [i, line] of lines.entries()) {
    const words = (side: string): string[] => line.replace("{new}", `${side}${i}`).split(" ");
    const theirs = await runCommand(tools.path.etcdutl, words("theirs"), { cwd });
    const ours = await runCommand(node, [program, ...words("ours")], { cwd });
    await t.test(line, () => assert.deepEqual(essence(ours), essence(theirs)));
  }
  return undefined;
});
