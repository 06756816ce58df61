/** Work on files without a member: what a command line needs of the server's code. */
import { createNodeEnv } from "../env/node-env.ts";
import { classicLevelOpener } from "../storage/classic-level.ts";
import { type FileHash, readHashKv } from "./hash-kv.ts";
import { type RestoreOptions, restoreInto } from "./restore.ts";
import { readStatus, type SnapshotStatus } from "./status.ts";

export { dumpWal, type WalDumpItem } from "../wal/dump-wal.ts";
export type { FileHash } from "./hash-kv.ts";
export type { RestoreOptions } from "./restore.ts";
export type { SnapshotStatus } from "./status.ts";

/** LevelDB writes tables as large. */
const RESTORE_WRITE_BUFFER_BYTES = 32 * 1024 * 1024;

/** What a snapshot file holds. Throws for a file that is missing or not a sound image. */
export function snapshotStatus(path: string): Promise<SnapshotStatus> {
  return readStatus(createNodeEnv({ logLevel: "warn" }).fs, path);
}

/** The hash of a snapshot file's history at a revision, 0 for the newest. Throws as `snapshotStatus`. */
export function hashKv(path: string, revision: number): Promise<FileHash> {
  return readHashKv(createNodeEnv({ logLevel: "warn" }).fs, path, revision);
}

/**
 * Builds the data directory of a member of a new cluster from a snapshot file, etcd's or ours. A
 * failure leaves nothing behind. Errors have etcdutl's texts where it has one.
 */
export function restoreSnapshot(options: RestoreOptions): Promise<void> {
  const env = createNodeEnv({ logLevel: "warn" });
  const openEngine = classicLevelOpener({
    ...env,
    syncOnClose: true,
    writeBufferBytes: RESTORE_WRITE_BUFFER_BYTES,
  });
  return restoreInto({ env, openEngine }, options);
}
