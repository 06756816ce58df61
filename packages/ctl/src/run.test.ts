import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./run.ts";
import { MemoryHost } from "./testing/memory-host.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function ctl(line: string, env: NodeJS.ProcessEnv = {}, input = ""): Promise<Outcome> {
  const host = new MemoryHost(
    line.split(" ").filter((word) => word !== ""),
    input,
    env,
  );
  const code = await run(host);
  return { code, stdout: host.stdout, stderr: host.stderr };
}

test("help lists the commands in groups", async () => {
  const { code, stdout, stderr } = await ctl("");
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.match(stdout, /^A simple command line client/);
  assert.match(stdout, /Key-value commands\n {2}compaction {2}Compacts/);
  assert.doesNotMatch(stdout, /--endpoints/);
});

const failures: readonly (readonly [string, number, string])[] = [
  ["put", 128, "Error: put command needs 1 argument and input from stdin or 2 arguments\n"],
  [
    "lease revoke zz",
    128,
    'Error: bad lease ID arg (strconv.ParseInt: parsing "zz": invalid syntax), expecting ID in Hex\n',
  ],
  ["get a --order=up", 4, "Error: bad sort order up\n"],
  ["get a -w yaml", 4, "Error: unsupported output format\n"],
  ["get a --endpoints=", 2, "Error: etcdclient: no available endpoints\n"],
  ["get a --cert=", 128, "Error: empty string is passed to --cert option\n"],
  ["make-mirror", 128, "Error: make-mirror takes one destination argument\n"],
  [
    "make-mirror a --dest-cert=/nonexistent",
    128,
    "Error: KeyFile and CertFile must both be present[key: , cert: /nonexistent]\n",
  ],
  ["check perf --load=huge", 4, "Error: unknown load option huge\n"],
  ["check perf --load=constructor", 4, "Error: unknown load option constructor\n"],
  ["check datascale --load=XL", 4, "Error: unknown load option XL\n"],
  ["hashkv /nonexistent", 1, "Error: stat /nonexistent: no such file or directory\n"],
];

for (const [line, code, stderr] of failures) {
  test(`${line}: exit ${code}`, async () => {
    assert.deepEqual(await ctl(line), { code, stdout: "", stderr });
  });
}

test("wrong arguments are told before a conflict of flag and environment", async () => {
  const env = { ETCDCTL_HEX: "true" };
  assert.equal((await ctl("get --hex", env)).code, 128);
  const { code, stderr } = await ctl("get a --hex", env);
  assert.equal(code, 1);
  const line = JSON.parse(stderr) as Record<string, string>;
  assert.equal(line["level"], "fatal");
  assert.equal(line["environment-variable"], "ETCDCTL_HEX");
});

test("a shell is taught to complete", async () => {
  assert.match((await ctl("completion bash")).stdout, /complete .* kvorumctl$/m);
  assert.match((await ctl("completion zsh")).stdout, /^#compdef kvorumctl$/m);
  assert.match((await ctl("completion fish")).stdout, /^complete -c kvorumctl -a /m);
  assert.match((await ctl("completion powershell")).stdout, /^Register-ArgumentCompleter /m);
  assert.deepEqual((await ctl("__complete -- mem")).stdout, "member\n");
});
