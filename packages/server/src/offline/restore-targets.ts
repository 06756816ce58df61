import { tryStat } from "../env/file-io.ts";
import type { FileSystem } from "../env/file-system.ts";
import { quote, ValueError } from "../lib/value-error.ts";

export interface RestoreTargets {
  readonly walDir: string;
  /** Removes what a failed restore has written. */
  remove(): Promise<void>;
}

/** Throws `ValueError` with etcdutl's texts unless there is room for a new member. Creates nothing. */
export async function claimTargets(
  fs: FileSystem,
  { dataDir, walDir }: { readonly dataDir: string; readonly walDir: string },
): Promise<RestoreTargets> {
  const dataDirStat = await tryStat(fs, dataDir);
  if (dataDirStat !== undefined && !(await isEmptyDirectory(fs, dataDir))) {
    throw new ValueError(`data-dir ${quote(dataDir)} not empty or could not be read`);
  }
  if (walDir !== "" && (await tryStat(fs, walDir)) !== undefined) {
    throw new ValueError(`wal-dir ${quote(walDir)} exists`);
  }
  return {
    walDir: walDir === "" ? `${dataDir}/member/wal` : walDir,
    remove: async () => {
      await fs.remove(dataDirStat === undefined ? dataDir : `${dataDir}/member`);
      if (walDir !== "") {
        await fs.remove(walDir);
      }
    },
  };
}

async function isEmptyDirectory(fs: FileSystem, path: string): Promise<boolean> {
  try {
    return (await fs.readdir(path)).length === 0;
  } catch {
    return false;
  }
}
