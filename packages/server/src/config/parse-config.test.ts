import assert from "node:assert/strict";
import { test } from "node:test";
import * as yaml from "yaml";
import { FLAGS } from "./flags/flags.ts";
import { type ConfigInput, type ConfigResult, parseConfig } from "./parse-config.ts";
import { USAGE } from "./help.ts";

const VERSIONS = { etcd: "3.7.1", kvorum: "0.1.0", node: "v20.20.0", platform: "linux/x64" };

function parse(argv: string[], more: Partial<ConfigInput> = {}): ConfigResult {
  const readFile = (path: string): string => {
    throw Object.assign(new Error(`open ${path}`), { code: "ENOENT" });
  };
  const loadYaml = (): typeof yaml => yaml;
  return parseConfig({ argv, env: {}, versions: VERSIONS, readFile, loadYaml, ...more });
}

function run(argv: string[], more: Partial<ConfigInput> = {}) {
  const result = parse(argv, more);
  assert.equal(result.kind, "run", JSON.stringify(result));
  return result.config;
}

function exit(argv: string[], more: Partial<ConfigInput> = {}) {
  const result = parse(argv, more);
  assert.equal(result.kind, "exit", JSON.stringify(result));
  return result;
}

/** The `error` of the line that says why flags were refused. */
function refused(argv: string[], more: Partial<ConfigInput> = {}): unknown {
  const result = exit(argv, more);
  assert.equal(result.code, 1);
  assert.equal(result.stdout + result.stderr, "");
  assert.equal(result.notices[0]?.msg, "Running: ");
  const last = result.notices.at(-1);
  assert.equal(last?.msg, "failed to verify flags");
  return last.fields["error"];
}

const file = (text: string): Partial<ConfigInput> => ({ readFile: () => text });
const FILE_ARGS = ["--config-file", "kvorum.yml"];

const syntaxErrors: [string[], string][] = [
  [["--foo"], "flag provided but not defined: -foo"],
  [["-x"], "flag provided but not defined: -x"],
  [
    ["--experimental-watch-progress-notify-interval=5s"],
    "flag provided but not defined: -experimental-watch-progress-notify-interval",
  ],
  [["--discovery", "x"], "flag provided but not defined: -discovery"],
  [["--name"], "flag needs an argument: -name"],
  [["---x"], "bad flag syntax: ---x"],
  [["-=1"], "bad flag syntax: -=1"],
  [["--snapshot-count=abc"], 'invalid value "abc" for flag -snapshot-count: parse error'],
  [["--snapshot-count=-1"], 'invalid value "-1" for flag -snapshot-count: parse error'],
  [
    ["--heartbeat-interval=99999999999999999999999"],
    'invalid value "99999999999999999999999" for flag -heartbeat-interval: value out of range',
  ],
  [
    ["--grpc-keepalive-min-time=5"],
    'invalid value "5" for flag -grpc-keepalive-min-time: parse error',
  ],
  [["--pre-vote=maybe"], 'invalid boolean value "maybe" for -pre-vote: parse error'],
  [["--max-learners=x"], 'invalid value "x" for flag -max-learners: parse error'],
  [["--quota-backend-bytes=1e3"], 'invalid value "1e3" for flag -quota-backend-bytes: parse error'],
  [
    ["--max-concurrent-streams=-1"],
    'invalid value "-1" for flag -max-concurrent-streams: strconv.ParseUint: parsing "-1": invalid syntax',
  ],
  [
    ["--max-concurrent-streams=4294967296"],
    'invalid value "4294967296" for flag -max-concurrent-streams: strconv.ParseUint: parsing "4294967296": value out of range',
  ],
  [
    ["--listen-peer-urls=foo"],
    'invalid value "foo" for flag -listen-peer-urls: URL scheme must be http, https, unix, or unixs: foo',
  ],
  [
    ["--listen-peer-urls=http://a"],
    'invalid value "http://a" for flag -listen-peer-urls: URL address does not have the form "host:port": http://a',
  ],
  [
    ["--listen-peer-urls=http://a:1/x"],
    'invalid value "http://a:1/x" for flag -listen-peer-urls: URL must not contain a path: http://a:1/x',
  ],
  [
    ["--listen-peer-urls=http://a b:1"],
    'invalid value "http://a b:1" for flag -listen-peer-urls: parse "http://a b:1": invalid character " " in host name',
  ],
  [
    ["--listen-client-urls=127.0.0.1:2379"],
    'invalid value "127.0.0.1:2379" for flag -listen-client-urls: parse "127.0.0.1:2379": first path segment in URL cannot contain colon',
  ],
  [
    ["--initial-cluster-state=bogus"],
    'invalid value "bogus" for flag -initial-cluster-state: invalid value',
  ],
  [
    ["--v2-deprecation=not-yet"],
    'invalid value "not-yet" for flag -v2-deprecation: invalid value "not-yet"',
  ],
  [
    ["--feature-gates=Bogus=true"],
    'invalid value "Bogus=true" for flag -feature-gates: unrecognized feature gate: Bogus',
  ],
  [
    ["--feature-gates=LeaseCheckpoint"],
    'invalid value "LeaseCheckpoint" for flag -feature-gates: missing bool value for LeaseCheckpoint',
  ],
  [
    ["--cors=foo"],
    'invalid value "foo" for flag -cors: URL scheme must be http, https, unix, or unixs: foo',
  ],
];
for (const [argv, line] of syntaxErrors) {
  test(`command line: refuses ${argv.join(" ")} with exit code 2`, () => {
    const result = exit(argv);
    assert.equal(result.code, 2);
    assert.equal(result.stderr, `${line}\n${USAGE}`);
    assert.deepEqual(result.notices, []);
  });
}

test("command line: takes one or two dashes, and values after = or as the next argument", () => {
  const config = run(["-name", "a", "--data-dir=/d", "-wal-dir=/w", "--snapshot-count", "0x10"]);
  assert.equal(config.name, "a");
  assert.equal(config.dataDir, "/d");
  assert.equal(config.walDir, "/w");
  assert.equal(config.snapshotCount, 16);
});

test("command line: takes booleans bare or after =, never as the next argument", () => {
  assert.equal(run(["--pre-vote=false"]).preVote, false);
  assert.equal(run(["--unsafe-no-fsync"]).unsafeNoFsync, true);
  assert.equal(refused(["--pre-vote", "false"]), '"false" is not a valid flag');
});

test("command line: refuses what is no flag", () => {
  assert.equal(refused(["extra"]), '"extra" is not a valid flag');
  assert.equal(refused(["--", "--name=a"]), '"--name=a" is not a valid flag');
});

test("command line: prints the version with the line that scripts look for", () => {
  const result = exit(["--version"]);
  assert.equal(result.code, 0);
  assert.match(result.stdout, /^etcd Version: 3\.7\.1\n/);
  assert.equal(result.stdout.trimEnd().split("\n").length, 4);
});

for (const flag of ["-h", "-help", "--help"]) {
  test(`command line: answers ${flag} with the flags on stdout and the usage on stderr`, () => {
    const result = exit([flag]);
    assert.equal(result.code, 0);
    assert.equal(result.stderr, USAGE);
    for (const name of FLAGS.keys()) {
      if (FLAGS.get(name)?.kind === "ignored") continue;
      assert.ok(result.stdout.includes(`  --${name} '`), `${name} is missing`);
    }
  });
}

test("command line: accepts and reports flags that have long been ignored", () => {
  const result = parse(["--name=a", "--data-dir=d", "--force", "--snapshot=1"]);
  assert.equal(result.kind, "run");
  assert.deepEqual(
    result.notices.slice(1).map((notice) => notice.fields["flag-name"]),
    ["force", "snapshot"],
  );
});

test("command line: names the sub-programs that do not exist", () => {
  assert.match(exit(["gateway", "start"]).stderr, /kvorum gateway is not supported/);
});

test("defaults: are etcd's", () => {
  const config = run([]);
  assert.equal(config.name, "default");
  assert.equal(config.dataDir, "default.etcd");
  assert.equal(config.initialCluster, "default=http://localhost:2380");
  assert.deepEqual(
    config.listenClientUrls.map((url) => url.text),
    ["http://localhost:2379"],
  );
  assert.equal(config.heartbeatMs, 100);
  assert.equal(config.electionMs, 1000);
  assert.equal(config.quotaBackendBytes, 2147483648);
  assert.equal(config.maxRequestBytes, 1572864);
  assert.equal(config.maxConcurrentStreams, 4294967295);
  assert.equal(config.grpcKeepaliveIntervalMs, 7_200_000);
  assert.equal(config.compactionBatchLimit, 1000);
  assert.equal(config.compactionSleepMs, 10);
  assert.equal(config.watchProgressNotifyMs, 600_000);
  assert.deepEqual(config.logOutputs, ["default"]);
});

test("defaults: accept every flag given at its default", () => {
  const argv = [...FLAGS.values()]
    .filter((flag) => !["config-file", "version", "data-dir"].includes(flag.name))
    .map((flag) => `--${flag.name}=${flag.default}`);
  assert.equal(run(argv).name, "default");
});

test("defaults: name the initial cluster after the member", () => {
  assert.equal(
    run(["--name=m", "--initial-advertise-peer-urls=http://b:1,http://a:1"]).initialCluster,
    "m=http://a:1,m=http://b:1",
  );
});

test("defaults: keep a URL list that is given empty", () => {
  assert.equal(run(["--listen-peer-urls="]).listenPeerUrls[0]?.text, "http://localhost:2380");
});

test("defaults: are 0 for a quota that is switched off", () => {
  assert.equal(run(["--quota-backend-bytes=-1"]).quotaBackendBytes, 0);
});

test("defaults: raise a progress interval below its minimum", () => {
  assert.equal(run(["--watch-progress-notify-interval=1ms"]).watchProgressNotifyMs, 100);
});

const table: [string[], string][] = [
  [
    ["--listen-peer-urls=http://example.com:2380"],
    "expected IP in URL for binding (http://example.com:2380)",
  ],
  [
    ["--listen-client-urls=http://:2379", "--advertise-client-urls=http://a:1"],
    "expected IP in URL for binding (http://:2379)",
  ],
  [
    ["--initial-advertise-peer-urls=http://:2380"],
    '--initial-advertise-peer-urls "http://:2380" must be "host:port" (unexpected empty host (http://:2380))',
  ],
  [
    ["--advertise-client-urls=http://:2379"],
    '--advertise-client-urls "http://:2379" must be in the format "host:port", "unix:/path/to/socket" or "unixs:/path/to/socket" (unexpected empty host (http://:2379))',
  ],
  [["--heartbeat-interval=0"], "--heartbeat-interval must be >0 (set to 0ms)"],
  [["--election-timeout=0"], "--election-timeout must be >0 (set to 0ms)"],
  [
    ["--heartbeat-interval=300"],
    "--election-timeout[1000ms] should be at least as 5 times as --heartbeat-interval[300ms]",
  ],
  [
    ["--election-timeout=50001"],
    "--election-timeout[50001ms] is too long, and should be set less than 50000ms",
  ],
  [
    ["--listen-client-urls=http://127.0.0.1:1"],
    "--advertise-client-urls is required when --listen-client-urls is set explicitly",
  ],
  [["--auto-compaction-mode=x"], 'unknown auto-compaction-mode "x"'],
  [["--auto-compaction-mode="], "undefined auto-compaction-mode"],
  [
    ["--auto-compaction-retention=-1"],
    'error parsing CompactionRetention: time: invalid duration "-1"',
  ],
  [
    ["--auto-compaction-retention=-1h"],
    'invalid auto-compaction-retention "-1h" for mode periodic',
  ],
  [["--discovery-token=t"], "both --discovery-token and --discovery-endpoints must be set"],
  [
    ["--discovery-srv=d", "--initial-cluster=a=http://a:1"],
    'multiple discovery or bootstrap flags are set. Choose one of "initial-cluster", "discovery-endpoints" or "discovery-srv"',
  ],
  [
    ["--discovery-fallback=proxy"],
    'v2 proxy is deprecated, and --discovery-fallback can\'t be configured as "proxy"',
  ],
  [["--logger=foo"], 'unknown logger option "foo"'],
  [["--logger=capnslog"], "--logger=capnslog is removed in v3.5"],
  [["--log-level=foo"], 'unrecognized level: "foo"'],
  [["--log-format=foo"], "unknown log format: foo, supported values json, console"],
  [["--log-outputs=default,stdout"], 'multi logoutput for "default" is not supported yet'],
  [["--tls-min-version=foo"], 'unexpected TLS version "foo" (must be one of: TLS1.2, TLS1.3)'],
  [
    ["--feature-gates=LeaseCheckpointPersist=true"],
    "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
  ],
  [["--compact-hash-check-time=0"], "--compact-hash-check-time must be >0 (set to 0s)"],
  [
    ["--listen-client-urls=https://127.0.0.1:1", "--advertise-client-urls=https://a:1"],
    "TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:1 with HTTPS scheme",
  ],
];
for (const [argv, text] of table) {
  test(`validation: refuses ${argv.join(" ")}`, () => assert.equal(refused(argv), text));
}

for (const argument of [
  "--cert-file=a.pem",
  "--client-cert-auth",
  "--peer-auto-tls",
  "--auth-token=jwt,pub-key=a",
  "--auth-token=",
  "--log-format=console",
  "--log-outputs=systemd/journal",
  "--listen-metrics-urls=http://127.0.0.1:1",
  "--force-new-cluster",
  "--enable-grpc-gateway=false",
  "--corrupt-check-time=1m",
]) {
  test(`settings that are not supported yet: refuses ${argument} by name`, () => {
    const name = argument.split("=")[0] ?? "";
    const text = String(refused([argument]));
    assert.ok(text.startsWith(name), text);
    assert.ok(text.endsWith("is not supported by this version of kvorum"), text);
  });
}

test("settings that are not supported yet: refuses a feature gate by name", () => {
  assert.equal(
    refused(["--feature-gates=LeaseCheckpoint=true"]),
    "feature gate LeaseCheckpoint is not supported by this version of kvorum",
  );
});

test("settings that are not supported yet: warns of a flag that tunes what does not exist here", () => {
  const result = parse(["--backend-bbolt-freelist-type=array"]);
  assert.equal(result.kind, "run");
  assert.ok(result.notices.some((notice) => notice.msg === "flag has no effect"));
});

test("environment: sets flags", () => {
  const env = { ETCD_NAME: "a", ETCD_INITIAL_CLUSTER: "a=http://a:1", ETCD_PRE_VOTE: "" };
  const config = run([], { env });
  assert.equal(config.name, "a");
  assert.equal(config.initialCluster, "a=http://a:1");
  assert.equal(config.preVote, true);
});

test("environment: is fatal beside the flag of the same name", () => {
  const result = exit(["--name=b"], { env: { ETCD_NAME: "a" } });
  assert.equal(result.code, 1);
  const [notice] = result.notices;
  assert.equal(notice?.level, "fatal");
  assert.match(notice.msg, /^conflicting environment variable is shadowed by/);
  assert.deepEqual(notice.fields, { "environment-variable": "ETCD_NAME" });
});

test("environment: names the variable of a bad value", () => {
  const env = { ETCD_SNAPSHOT_COUNT: "x" };
  assert.equal(refused([], { env }), 'invalid value "x" for ETCD_SNAPSHOT_COUNT: parse error');
});

test("environment: reports what it used and what it does not know, but no secret", () => {
  const env = {
    ETCD_NAME: "a",
    ETCD_FOO: "1",
    ETCD_OLD_PASSWORD: "p",
    ETCD_UNSUPPORTED_ARCH: "x",
  };
  const result = parse([], { env });
  assert.deepEqual(
    result.notices.slice(1, 4).map((notice) => notice.fields),
    [
      { "variable-name": "ETCD_NAME", "variable-value": "a" },
      { "environment-variable": "ETCD_FOO=1" },
      { "environment-variable": "ETCD_OLD_PASSWORD=***" },
    ],
  );
});

test("configuration file: replaces flags and variables, and reads YAML", () => {
  const text = [
    "name: m1",
    "data-dir: null",
    "listen-client-urls: http://127.0.0.1:2,http://127.0.0.1:1",
    "advertise-client-urls: http://a:1",
    "heartbeat-interval: 50",
    "grpc-keepalive-min-time: 5000000000",
    "log-outputs: [stderr]",
    "pre-vote: false",
    "no-such-key: 1",
    "client-transport-security:",
    "  cert-file:",
    "  client-cert-auth: false",
    "",
  ].join("\n");
  const more = { ...file(text), env: { ETCD_NAME: "ignored" } };
  const config = run([...FILE_ARGS, "--name=ignored"], more);
  assert.equal(config.name, "m1");
  assert.equal(config.dataDir, "m1.etcd");
  assert.deepEqual(
    config.listenClientUrls.map((url) => url.port),
    ["1", "2"],
  );
  assert.equal(config.heartbeatMs, 50);
  assert.equal(config.grpcKeepaliveMinTimeMs, 5000);
  assert.deepEqual(config.logOutputs, ["stderr"]);
  assert.equal(config.preVote, false);
});

test("configuration file: reads JSON, from the variable's path too", () => {
  const more = { ...file('{"name": "j", "max-txn-ops": 7}'), env: { ETCD_CONFIG_FILE: "c" } };
  const config = run([], more);
  assert.equal(config.name, "j");
  assert.equal(config.maxTxnOps, 7);
});

const unmarshal = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ";
const bad: [string, string][] = [
  [
    "heartbeat-interval: 5s",
    `${unmarshal}string into Go struct field configYAML.Config.heartbeat-interval of type uint`,
  ],
  ["name: [a]", `${unmarshal}array into Go struct field configYAML.Config.name of type string`],
  [
    'pre-vote: "x"',
    `${unmarshal}string into Go struct field configYAML.Config.pre-vote of type bool`,
  ],
  [
    "watch-progress-notify-interval: 5s",
    `${unmarshal}string into Go struct field configYAML.Config.watch-progress-notify-interval of type time.Duration`,
  ],
  [
    "log-outputs: abc",
    `${unmarshal}string into Go struct field configYAML.Config.log-outputs of type []string`,
  ],
  ["- abc", `${unmarshal}array into Go value of type embed.configYAML`],
  ["initial-cluster-state: x", 'unexpected clusterState "x"'],
  ["peer-transport-security: 1", "invalid peer-transport-security"],
  [
    "peer-transport-security: {cert-file: a}",
    "--peer-cert-file is not supported by this version of kvorum",
  ],
  [
    "client-transport-security: {auto-tls: true}",
    "--auto-tls is not supported by this version of kvorum",
  ],
  [
    "heartbeat-interval: 900",
    "--election-timeout[1000ms] should be at least as 5 times as --heartbeat-interval[900ms]",
  ],
];
for (const [text, error] of bad) {
  test(`configuration file: refuses ${text}`, () =>
    assert.equal(refused(FILE_ARGS, file(text)), error));
}

test("configuration file: refuses broken YAML and a missing file", () => {
  assert.match(
    String(refused(FILE_ARGS, file("a: b: c"))),
    /^error converting YAML to JSON: yaml: /,
  );
  assert.equal(refused(["--config-file=nope"]), "open nope: no such file or directory");
});

test("configuration file: prints a bad URL bare", () => {
  const result = exit(FILE_ARGS, file("listen-client-urls: http://a"));
  assert.equal(result.code, 1);
  assert.equal(
    result.stderr,
    'unexpected error setting up listen-client-urls: URL address does not have the form "host:port": http://a\n',
  );
});

test("configuration file: refuses aliases that expand to very much", () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const levels = names.map((name, i) => {
    const before = names[i - 1];
    return `${name}: &${name} [${Array<string>(9)
      .fill(before === undefined ? "x" : `*${before}`)
      .join()}]`;
  });
  assert.match(String(refused(FILE_ARGS, file(levels.join("\n")))), /alias/);
});
