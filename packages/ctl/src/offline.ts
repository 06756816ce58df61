/** Work on files without a server; the server's code, loaded only for these commands. */
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import type { SnapshotStatus } from "./report.ts";

/** Empty texts mean that nothing was given. */
export interface RestoreOptions {
  readonly snapshotPath: string;
  readonly name: string;
  readonly dataDir: string;
  readonly walDir: string;
  readonly initialCluster: string;
  readonly initialClusterToken: string;
  readonly initialAdvertisePeerUrls: readonly string[];
  readonly skipHashCheck: boolean;
  /** 0 together with `markCompacted` false: the revision stays. */
  readonly bumpRevision: bigint;
  readonly markCompacted: boolean;
  readonly log: (message: string, fields: Readonly<Record<string, string>>) => void;
}

export interface Offline {
  /** Throws with etcdutl's texts. */
  readonly snapshotStatus: (path: string) => Promise<SnapshotStatus>;
  readonly restoreSnapshot: (options: RestoreOptions) => Promise<void>;
}

const OFFLINE_MODULE = "@kvorum/server/offline";

export async function loadOffline(): Promise<Offline> {
  try {
    return (await import(OFFLINE_MODULE)) as Offline;
  } catch (error) {
    const why = (error as Error).message;
    throw new CtlError(ExitCode.error, `cannot load the server's offline tools: ${why}`, {
      cause: error,
    });
  }
}
