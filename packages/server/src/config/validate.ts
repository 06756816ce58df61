/** What must hold between settings, in etcd's order and with its texts. */
import type { Config } from "./config.ts";
import { unsupportedGates } from "./feature-gates.ts";
import type { FlagSet } from "./flags/flag-set.ts";
import { FLAGS } from "./flags/flags.ts";
import { quote, ValueError } from "../lib/value-error.ts";
import { formatGoDuration, parseGoDurationMs } from "./go-values.ts";
import { isSocketUrl, joinUrls, type MemberUrl } from "../lib/member-url.ts";

const ELECTION_MS_MAX = 50_000;
const LOG_LEVELS: ReadonlySet<string> = new Set([
  "debug",
  "info",
  "warn",
  "error",
  "dpanic",
  "panic",
  "fatal",
]);
const TLS_VERSIONS: ReadonlySet<string> = new Set(["", "TLS1.2", "TLS1.3"]);

function isIpAddress(host: string): boolean {
  const quads = /^([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})\.([0-9]{1,3})$/.exec(host);
  if (quads !== null) return quads.slice(1).every((part) => Number(part) < 256);
  return host.includes(":") && /^[0-9a-fA-F:.]+$/.test(host);
}

function checkBindUrls(urls: readonly MemberUrl[]): void {
  for (const url of urls) {
    if (isSocketUrl(url) || url.hostname === "localhost" || isIpAddress(url.hostname)) continue;
    throw new ValueError(`expected IP in URL for binding (${url.text})`);
  }
}

function checkAdvertised(urls: readonly MemberUrl[], describe: (reason: string) => string): void {
  const empty = urls.find((url) => !isSocketUrl(url) && url.hostname === "");
  if (empty === undefined) return;
  throw new ValueError(describe(`unexpected empty host (${empty.text})`));
}

function checkLogging(config: Config, flags: FlagSet): void {
  if (config.logger === "capnslog") throw new ValueError("--logger=capnslog is removed in v3.5");
  if (config.logger !== "zap") {
    throw new ValueError(`unknown logger option ${quote(config.logger)}`);
  }
  if (config.logOutputs.length > 1 && config.logOutputs.includes("default")) {
    throw new ValueError('multi logoutput for "default" is not supported yet');
  }
  if (config.logOutputs.includes("")) throw new ValueError("--log-outputs holds an empty name");
  if (config.logOutputs.includes("systemd/journal")) {
    throw notSupported("--log-outputs=systemd/journal");
  }
  const level = config.logLevel;
  if (!LOG_LEVELS.has(level)) throw new ValueError(`unrecognized level: ${quote(level)}`);
  const format = flags.get("log-format", "string");
  if (format !== "json" && format !== "console") {
    throw new ValueError(`unknown log format: ${format}, supported values json, console`);
  }
}

function checkUrls(config: Config): void {
  checkBindUrls(config.listenPeerUrls);
  checkBindUrls(config.listenClientUrls);
  checkAdvertised(
    config.advertisePeerUrls,
    (reason) =>
      `--initial-advertise-peer-urls ${quote(joinUrls(config.advertisePeerUrls))} ` +
      `must be "host:port" (${reason})`,
  );
  checkAdvertised(
    config.advertiseClientUrls,
    (reason) =>
      `--advertise-client-urls ${quote(joinUrls(config.advertiseClientUrls))} ` +
      'must be in the format "host:port", "unix:/path/to/socket" or ' +
      `"unixs:/path/to/socket" (${reason})`,
  );
}

function checkBootstrap(config: Config, flags: FlagSet): void {
  const endpoints = flags.get("discovery-endpoints", "strings");
  const ways = [
    config.initialCluster !== "",
    flags.get("discovery-srv", "string") !== "",
    endpoints.length > 0,
  ];
  if (ways.filter((way) => way).length > 1) {
    throw new ValueError(
      "multiple discovery or bootstrap flags are set. " +
        'Choose one of "initial-cluster", "discovery-endpoints" or "discovery-srv"',
    );
  }
  if ((flags.get("discovery-token", "string") !== "") !== endpoints.length > 0) {
    throw new ValueError("both --discovery-token and --discovery-endpoints must be set");
  }
}

function checkTicks(config: Config): void {
  const { heartbeatMs, electionMs } = config;
  if (heartbeatMs === 0) throw new ValueError("--heartbeat-interval must be >0 (set to 0ms)");
  if (electionMs === 0) throw new ValueError("--election-timeout must be >0 (set to 0ms)");
  if (5 * heartbeatMs > electionMs) {
    throw new ValueError(
      `--election-timeout[${electionMs}ms] should be at least as 5 times ` +
        `as --heartbeat-interval[${heartbeatMs}ms]`,
    );
  }
  if (electionMs > ELECTION_MS_MAX) {
    throw new ValueError(
      `--election-timeout[${electionMs}ms] is too long, ` +
        `and should be set less than ${ELECTION_MS_MAX}ms`,
    );
  }
}

/** Retention in milliseconds (periodic) or revisions (revision); 0 is off. */
export function parseCompactionRetention(mode: string, retention: string): number {
  if (/^\+?[0-9]+$/.test(retention)) {
    return mode === "periodic" ? Number(retention) * 3_600_000 : Number(retention);
  }
  const ms = parseGoDurationMs(retention);
  if (ms === undefined) {
    throw new ValueError(
      `error parsing CompactionRetention: time: invalid duration ${quote(retention)}`,
    );
  }
  // etcd takes a negative retention and then loops; and reads a duration as a count of revisions.
  if (ms < 0 || mode === "revision") {
    throw new ValueError(`invalid auto-compaction-retention ${quote(retention)} for mode ${mode}`);
  }
  return ms;
}

function checkCompaction(config: Config): void {
  const mode = config.autoCompactionMode;
  if (mode === "") throw new ValueError("undefined auto-compaction-mode");
  if (mode !== "periodic" && mode !== "revision") {
    throw new ValueError(`unknown auto-compaction-mode ${quote(mode)}`);
  }
  parseCompactionRetention(mode, config.autoCompactionRetention);
}

function checkFeatureGates(config: Config): void {
  const gates = config.featureGates;
  if (gates.get("LeaseCheckpointPersist") === true && gates.get("LeaseCheckpoint") === false) {
    throw new ValueError(
      "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint",
    );
  }
  const [refused] = unsupportedGates(gates);
  if (refused !== undefined) throw notSupported(`feature gate ${refused}`);
}

function checkTlsVersions(flags: FlagSet): void {
  for (const name of ["tls-min-version", "tls-max-version"]) {
    const version = flags.get(name, "string");
    if (TLS_VERSIONS.has(version)) continue;
    throw new ValueError(
      `unexpected TLS version ${quote(version)} (must be one of: TLS1.2, TLS1.3)`,
    );
  }
}

function checkSchemes(config: Config): void {
  const secure = (url: MemberUrl): boolean => url.scheme === "https" || url.scheme === "unixs";
  const client = config.listenClientUrls.find(secure);
  if (client !== undefined) {
    throw new ValueError(
      "TLS key/cert (--cert-file, --key-file) must be provided " +
        `for client url ${client.text} with HTTPS scheme`,
    );
  }
  const peer = [...config.listenPeerUrls, ...config.advertisePeerUrls].find(secure);
  if (peer !== undefined) throw notSupported(`peer url ${peer.text}: TLS`);
}

function notSupported(what: string): ValueError {
  return new ValueError(`${what} is not supported by this version of kvorum`);
}

function checkSupport(flags: FlagSet): void {
  for (const flag of FLAGS.values()) {
    if (flag.support === "planned" && !flags.isDefault(flag.name)) {
      throw notSupported(`--${flag.name}`);
    }
  }
}

function checkRanges(config: Config, flags: FlagSet): void {
  const check = flags.get("compact-hash-check-time", "duration");
  if (check <= 0) {
    throw new ValueError(
      `--compact-hash-check-time must be >0 (set to ${formatGoDuration(check)})`,
    );
  }
  for (const [name, value] of [
    ["max-learners", config.maxLearners],
    ["compaction-batch-limit", flags.get("compaction-batch-limit", "int")],
  ] as const) {
    if (value < 0) throw new ValueError(`--${name} must be >=0 (set to ${value})`);
  }
}

/** Throws `ValueError` for settings that do not go together, or that are not supported yet. */
export function validateConfig(config: Config, flags: FlagSet): void {
  if (flags.get("discovery-fallback", "choice") === "proxy") {
    throw new ValueError(
      'v2 proxy is deprecated, and --discovery-fallback can\'t be configured as "proxy"',
    );
  }
  checkLogging(config, flags);
  checkUrls(config);
  checkBindUrls(flags.get("listen-client-http-urls", "urls"));
  checkBindUrls(flags.get("listen-metrics-urls", "urls"));
  checkBootstrap(config, flags);
  checkTicks(config);
  if (config.listenClientUrls.length > 0 && config.advertiseClientUrls.length === 0) {
    throw new ValueError(
      "--advertise-client-urls is required when --listen-client-urls is set explicitly",
    );
  }
  checkCompaction(config);
  checkFeatureGates(config);
  checkRanges(config, flags);
  checkTlsVersions(flags);
  checkSchemes(config);
  checkSupport(flags);
}
