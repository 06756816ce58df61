/** kvorumctl as people and init systems meet it: terminals, links, bare environments. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { bareEnvironment, runCommand, start } from "../harness/run-command.ts";
import { launcher } from "../harness/server-kind.ts";
import { waitFor } from "../harness/wait-for.ts";

const [node = "", program = ""] = launcher("kvorumctl");
const folder = temporaryFolder("ctl-terminal");
const COLOUR_TERMINAL = { TERM: "xterm-256color" };
const ESCAPE = "\u001b[";
const plain = (text: string): string => text.replaceAll(/\p{Cc}\[\d+m/gu, "");
let cluster: Cluster;
let at: string;

before(async () => {
  cluster = await Cluster.start({ size: 1 });
  at = `--endpoints=${cluster.endpoints}`;
});
after(() => cluster.dispose());

test("a link from anywhere starts it", async () => {
  const link = join(folder, "ctl");
  symlinkSync(program, link);
  const env = bareEnvironment({ PATH: `${join(node, "..")}:${process.env["PATH"]}` });
  const result = await runCommand(link, [at, "put", "link", "ok"], { env, cwd: "/" });
  assert.deepEqual([result.code, result.stdout, result.stderr], [0, "OK\n", ""]);
});

test("a command that has nothing to say says nothing, on a terminal too", async () => {
  for (const pty of [false, true]) {
    const result = await runCommand(node, [program, at, "get", "missing"], { pty });
    assert.deepEqual([result.code, result.stdout, result.stderr], [0, "", ""]);
  }
});

test("colours are for terminals that have them, unless NO_COLOR is set", async () => {
  const health = [program, at, "endpoint", "health"];
  const run = async (env: NodeJS.ProcessEnv, pty: boolean): Promise<boolean> => {
    const result = await runCommand(node, health, { env: bareEnvironment(env), pty });
    assert.match(plain(result.stdout), /is healthy: successfully/);
    return result.stdout.includes(ESCAPE);
  };
  assert.equal(await run(COLOUR_TERMINAL, true), true);
  assert.equal(await run({ ...COLOUR_TERMINAL, NO_COLOR: "1" }, true), false);
  assert.equal(await run({}, true), false);
  assert.equal(await run(COLOUR_TERMINAL, false), false);
});

test("keys and values that are no UTF-8 go through unharmed", async () => {
  const shell = `"$0" "$1" "$2" put "$(printf 'k\\377')" "$(printf 'v\\376')" && "$0" "$1" "$2" get --prefix k -w json`;
  const result = await runCommand("sh", ["-c", shell, node, program, at]);
  assert.match(result.stdout, /"key":"a\/8=".*"value":"dv4="/);
});

test("a reader that takes its time gets everything", async () => {
  const value = "y".repeat(1_000_000);
  await runCommand(node, [program, at, "put", "slow"], { input: value });
  const shell = '"$0" "$1" "$2" get slow | { sleep 1; cat; }';
  const result = await runCommand("sh", ["-c", shell, node, program, at]);
  assert.equal(result.stdout.length, "slow\n".length + value.length + 1);
});

test("a pipe that closes early ends it without a word", async () => {
  await runCommand(node, [program, at, "put", "pipe"], { input: "x".repeat(500_000) });
  const shell = '"$0" "$1" "$2" get pipe | head -c 1';
  const result = await runCommand("sh", ["-c", shell, node, program, at]);
  assert.deepEqual([result.stdout, result.stderr], ["p", ""]);
});

test("saving a snapshot shows its progress on a terminal, and only there", async () => {
  mkdirSync(join(folder, "snapshots"));
  const path = join(folder, "snapshots", "s.db");
  const shell = `stty rows 24 cols 90; '${node}' '${program}' ${at} snapshot save ${path}`;
  const env = bareEnvironment(COLOUR_TERMINAL);
  const result = await runCommand("sh", ["-c", shell], { pty: true, env });
  assert.equal(result.code, 0);
  assert.match(result.stdout, /saving snapshot of/);
  assert.match(result.stdout, /Snapshot saved at .*s\.db/);
  const piped = await runCommand(node, [program, at, "snapshot", "save", path]);
  assert.doesNotMatch(piped.stderr, /saving snapshot of/);
  assert.deepEqual(readdirSync(join(folder, "snapshots")), ["s.db"]);
});

test("watch --live follows the changes of a prefix until q", async () => {
  const ctl = (...args: string[]): Promise<unknown> => runCommand(node, [program, at, ...args]);
  await ctl("put", "live/first", "one");
  const child = start(node, [program, at, "watch", "--live", "live/"], { pty: true });
  let shown = "";
  child.stdout?.on("data", (chunk: Buffer) => (shown += chunk.toString()));
  await waitFor(() => shown.includes("live/first"), "the first key on the screen");
  await ctl("put", "live/second", "two");
  await waitFor(() => shown.includes("live/second"), "the second key on the screen");
  await ctl("del", "live/first");
  await waitFor(() => shown.includes("deleted"), "the deletion on the screen");
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.stdin?.write("q");
  assert.equal(await ended, 0);
});

test("watch --live without a terminal says what to do", async () => {
  const result = await runCommand(node, [program, at, "watch", "--live", "live/"]);
  assert.equal(result.code, 4);
  assert.equal(result.stdout, "");
  assert.match(result.stderr, /^Error: watch --live needs a terminal, and stdout is none; .*\n$/);
});
