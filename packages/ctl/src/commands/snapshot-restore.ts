import type { Command } from "../command.ts";
import { logLine } from "../log.ts";
import { loadOffline } from "../offline.ts";
import { badArguments } from "./arguments.ts";

export const snapshotRestore: Command = async ({ args, flags, host }) => {
  const [snapshotPath] = args;
  if (snapshotPath === undefined || args.length !== 1) {
    throw badArguments("snapshot restore requires exactly one argument");
  }
  const bumpRevision = flags.bigint("bump-revision");
  const markCompacted = flags.bool("mark-compacted");
  if (bumpRevision > 0n !== markCompacted) {
    throw badArguments("--mark-compacted required if --revision-bump > 0");
  }
  const name = flags.string("name");
  const dataDir = flags.string("data-dir") || `${name}.etcd`;
  const { restoreSnapshot } = await loadOffline();
  await restoreSnapshot({
    snapshotPath,
    name,
    dataDir,
    walDir: flags.string("wal-dir"),
    initialCluster: flags.string("initial-cluster"),
    initialClusterToken: flags.string("initial-cluster-token"),
    initialAdvertisePeerUrls: flags.string("initial-advertise-peer-urls").split(","),
    skipHashCheck: flags.bool("skip-hash-check"),
    bumpRevision,
    markCompacted,
    log: (message, fields) => logLine(host, "info", message, fields),
  });
  return undefined;
};
