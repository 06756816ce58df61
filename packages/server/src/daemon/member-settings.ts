/** From the checked configuration to what a member is started with. */
import type { Config } from "../config/config.ts";
import { parseCompactionRetention } from "../config/validate.ts";
import { parseInitialCluster } from "../lib/initial-cluster.ts";
import type { AutoCompaction } from "../member/auto-compactor.ts";
import type { FoundingOptions } from "../member/founding.ts";
import type { MemberSettings } from "../member/member-options.ts";

export function memberSettings(config: Config, walDirectory: string): MemberSettings {
  return {
    name: config.name,
    clientURLs: config.advertiseClientUrls.map((url) => url.text),
    tickMs: config.heartbeatMs,
    electionTicks: Math.floor(config.electionMs / config.heartbeatMs),
    preVote: config.preVote,
    strictReconfigCheck: config.strictReconfigCheck,
    snapshotCount: config.snapshotCount,
    catchupEntries: config.snapshotCatchupEntries,
    quotaBytes: config.quotaBackendBytes,
    txnOpsMax: config.maxTxnOps,
    requestBytesMax: config.maxRequestBytes,
    learnersMax: config.maxLearners,
    watchProgressIntervalMs: config.watchProgressNotifyMs,
    autoCompaction: autoCompaction(config),
    walDirectory,
  };
}

function autoCompaction(config: Config): AutoCompaction {
  const { autoCompactionMode: mode, autoCompactionRetention: retention } = config;
  const kept = parseCompactionRetention(mode, retention);
  if (kept === 0) return { mode: "off" };
  return mode === "periodic" ? { mode, periodMs: kept } : { mode: "revision", revisions: kept };
}

/** Throws ValueError with etcd's text for a malformed `--initial-cluster`. */
export function foundingOptions(
  config: Config,
  fetchMembership: FoundingOptions["fetchMembership"],
): FoundingOptions {
  return {
    name: config.name,
    advertisePeerURLs: config.advertisePeerUrls.map((url) => url.text),
    initialCluster: parseInitialCluster(config.initialCluster),
    initialClusterState: config.initialClusterState,
    initialClusterToken: config.initialClusterToken,
    fetchMembership,
  };
}
