/** The daemon's settings, checked, in the units the code works in. */
import type { FeatureGates } from "./feature-gates.ts";
import type { FlagSet } from "./flags/flag-set.ts";
import type { MemberUrl } from "../lib/member-url.ts";

const DEFAULT_NAME = "default";
const QUOTA_BYTES_DEFAULT = 2 * 1024 ** 3;
const COMPACTION_BATCH_LIMIT_DEFAULT = 1000;
const COMPACTION_SLEEP_MS_DEFAULT = 10;
const PROGRESS_NOTIFY_MS_DEFAULT = 600_000;
const PROGRESS_NOTIFY_MS_MIN = 100;

/** Names ending in `Ms` are milliseconds, in `Bytes` bytes. Paths are as given, not resolved. */
export interface Config {
  readonly name: string;
  readonly dataDir: string;
  /** Empty: inside the data directory. */
  readonly walDir: string;
  /** The flag `data-dir` was empty and its default was taken. */
  readonly dataDirIsDefault: boolean;

  readonly listenPeerUrls: readonly MemberUrl[];
  readonly listenClientUrls: readonly MemberUrl[];
  readonly advertisePeerUrls: readonly MemberUrl[];
  readonly advertiseClientUrls: readonly MemberUrl[];
  /** As given; `parseClusterUrls` reads it. Of no meaning when a WAL exists. */
  readonly initialCluster: string;
  readonly initialClusterState: "new" | "existing";
  readonly initialClusterToken: string;
  readonly forceNewCluster: boolean;

  readonly heartbeatMs: number;
  readonly electionMs: number;
  readonly initialElectionTickAdvance: boolean;
  readonly preVote: boolean;
  readonly strictReconfigCheck: boolean;
  readonly maxLearners: number;
  readonly snapshotCount: number;
  readonly snapshotCatchupEntries: number;
  readonly unsafeNoFsync: boolean;

  /** 0 when the quota is off (a negative flag). */
  readonly quotaBackendBytes: number;
  readonly maxTxnOps: number;
  readonly maxRequestBytes: number;
  readonly maxConcurrentStreams: number;
  readonly grpcKeepaliveMinTimeMs: number;
  readonly grpcKeepaliveIntervalMs: number;
  readonly grpcKeepaliveTimeoutMs: number;

  readonly autoCompactionMode: string;
  readonly autoCompactionRetention: string;
  readonly compactionBatchLimit: number;
  readonly compactionSleepMs: number;
  readonly watchProgressNotifyMs: number;

  readonly logger: string;
  readonly logLevel: string;
  /** `default`, `stderr`, `stdout` or files. */
  readonly logOutputs: readonly string[];
  readonly warningApplyMs: number;
  readonly warningUnaryRequestMs: number;
  readonly featureGates: FeatureGates;
}

type Part<K extends keyof Config> = Pick<Config, K>;

function advertisedClientUrls(flags: FlagSet, fromFile: boolean): readonly MemberUrl[] {
  const missing = flags.isSet("listen-client-urls") && !flags.isSet("advertise-client-urls");
  if (missing && !fromFile) return [];
  return flags.get("advertise-client-urls", "urls");
}

function initialCluster(flags: FlagSet): string {
  const given = flags.get("initial-cluster", "string");
  const discovered =
    flags.get("discovery-srv", "string") !== "" ||
    flags.get("discovery-endpoints", "strings").length > 0;
  if (discovered && !flags.isSet("initial-cluster")) return "";
  const name = flags.get("name", "string");
  if (!flags.isDefault("initial-cluster") || name === DEFAULT_NAME) return given;
  const urls = flags.get("initial-advertise-peer-urls", "urls");
  return urls.map((url) => `${name === "" ? DEFAULT_NAME : name}=${url.text}`).join(",");
}

type Bootstrap = Part<
  | "name"
  | "dataDir"
  | "dataDirIsDefault"
  | "walDir"
  | "listenPeerUrls"
  | "listenClientUrls"
  | "advertisePeerUrls"
  | "advertiseClientUrls"
  | "initialCluster"
  | "initialClusterState"
  | "initialClusterToken"
  | "forceNewCluster"
>;

function bootstrapPart(flags: FlagSet, fromFile: boolean): Bootstrap {
  const name = flags.get("name", "string");
  const dataDir = flags.get("data-dir", "string");
  return {
    name,
    dataDir: dataDir === "" ? `${name}.etcd` : dataDir,
    dataDirIsDefault: dataDir === "",
    walDir: flags.get("wal-dir", "string"),
    listenPeerUrls: flags.get("listen-peer-urls", "urls"),
    listenClientUrls: flags.get("listen-client-urls", "urls"),
    advertisePeerUrls: flags.get("initial-advertise-peer-urls", "urls"),
    advertiseClientUrls: advertisedClientUrls(flags, fromFile),
    initialCluster: initialCluster(flags),
    initialClusterState:
      flags.get("initial-cluster-state", "choice") === "existing" ? "existing" : "new",
    initialClusterToken: flags.get("initial-cluster-token", "string"),
    forceNewCluster: flags.get("force-new-cluster", "bool"),
  };
}

type Raft = Part<
  | "heartbeatMs"
  | "electionMs"
  | "initialElectionTickAdvance"
  | "preVote"
  | "strictReconfigCheck"
  | "maxLearners"
  | "snapshotCount"
  | "snapshotCatchupEntries"
  | "unsafeNoFsync"
>;

function raftPart(flags: FlagSet): Raft {
  return {
    heartbeatMs: flags.get("heartbeat-interval", "uint"),
    electionMs: flags.get("election-timeout", "uint"),
    initialElectionTickAdvance: flags.get("initial-election-tick-advance", "bool"),
    preVote: flags.get("pre-vote", "bool"),
    strictReconfigCheck: flags.get("strict-reconfig-check", "bool"),
    maxLearners: flags.get("max-learners", "int"),
    snapshotCount: flags.get("snapshot-count", "uint"),
    snapshotCatchupEntries: flags.get("snapshot-catchup-entries", "uint"),
    unsafeNoFsync: flags.get("unsafe-no-fsync", "bool"),
  };
}

type Limits = Part<
  | "quotaBackendBytes"
  | "maxTxnOps"
  | "maxRequestBytes"
  | "maxConcurrentStreams"
  | "grpcKeepaliveMinTimeMs"
  | "grpcKeepaliveIntervalMs"
  | "grpcKeepaliveTimeoutMs"
>;

function limitsPart(flags: FlagSet): Limits {
  const quota = flags.get("quota-backend-bytes", "int");
  return {
    quotaBackendBytes: quota === 0 ? QUOTA_BYTES_DEFAULT : Math.max(quota, 0),
    maxTxnOps: flags.get("max-txn-ops", "uint"),
    maxRequestBytes: flags.get("max-request-bytes", "uint"),
    maxConcurrentStreams: flags.get("max-concurrent-streams", "uint32"),
    grpcKeepaliveMinTimeMs: flags.get("grpc-keepalive-min-time", "duration"),
    grpcKeepaliveIntervalMs: flags.get("grpc-keepalive-interval", "duration"),
    grpcKeepaliveTimeoutMs: flags.get("grpc-keepalive-timeout", "duration"),
  };
}

type Operation = Omit<Config, keyof Bootstrap | keyof Raft | keyof Limits>;

function operationPart(flags: FlagSet): Operation {
  const batch = flags.get("compaction-batch-limit", "int");
  const sleepMs = flags.get("compaction-sleep-interval", "duration");
  const progressMs = flags.get("watch-progress-notify-interval", "duration");
  const outputs = flags.get("log-outputs", "strings");
  const level = flags.get("log-level", "string");
  return {
    autoCompactionMode: flags.get("auto-compaction-mode", "string"),
    autoCompactionRetention: flags.get("auto-compaction-retention", "string"),
    compactionBatchLimit: batch === 0 ? COMPACTION_BATCH_LIMIT_DEFAULT : batch,
    compactionSleepMs: sleepMs <= 0 ? COMPACTION_SLEEP_MS_DEFAULT : sleepMs,
    watchProgressNotifyMs:
      progressMs === 0 ? PROGRESS_NOTIFY_MS_DEFAULT : Math.max(progressMs, PROGRESS_NOTIFY_MS_MIN),
    logger: flags.get("logger", "string"),
    logLevel: level === "" ? "info" : level.toLowerCase(),
    logOutputs: outputs.length === 0 ? ["default"] : outputs,
    warningApplyMs: flags.get("warning-apply-duration", "duration"),
    warningUnaryRequestMs: flags.get("warning-unary-request-duration", "duration"),
    featureGates: flags.get("feature-gates", "gates"),
  };
}

/** `fromFile` says that a configuration file was read: its rules for defaults differ a little. */
export function buildConfig(flags: FlagSet, fromFile: boolean): Config {
  return {
    ...bootstrapPart(flags, fromFile),
    ...raftPart(flags),
    ...limitsPart(flags),
    ...operationPart(flags),
  };
}
