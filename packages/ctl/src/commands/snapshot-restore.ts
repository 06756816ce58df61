import type { RestoreOptions } from "@kvorum/server/offline";
import type { Command } from "../command.ts";
import { logLine } from "../log.ts";
import { withOffline } from "../offline.ts";
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
  const options: RestoreOptions = {
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
  };
  await withOffline((offline) => offline.restoreSnapshot(options));
  return undefined;
};
