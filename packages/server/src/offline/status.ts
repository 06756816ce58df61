import { FileSource } from "../backup/random-access-source.ts";
import { readSnapshotStatus, type SnapshotStatus } from "../backup/snapshot-status.ts";
import type { FileSystem } from "../env/file-system.ts";

export type { SnapshotStatus } from "../backup/snapshot-status.ts";

export async function readStatus(fs: FileSystem, path: string): Promise<SnapshotStatus> {
  const source = await FileSource.open(fs, path);
  try {
    return await readSnapshotStatus(source);
  } finally {
    await source.close();
  }
}
