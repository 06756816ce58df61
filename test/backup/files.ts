import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { BucketSource } from "../../packages/server/src/backup/bolt/bucket-source.ts";
import { FileSource } from "../../packages/server/src/backup/random-access-source.ts";
import {
  readSnapshotStatus,
  type SnapshotStatus,
} from "../../packages/server/src/backup/snapshot-status.ts";
import { openSnapshotStream } from "../../packages/server/src/backup/snapshot-stream.ts";
import { NodeFileSystem } from "../../packages/server/src/env/node-file-system.ts";

/** Saves the buckets as a snapshot file. */
export async function saveSnapshot(buckets: readonly BucketSource[], path: string): Promise<void> {
  const stream = await openSnapshotStream(buckets);
  await pipeline(stream.chunks, createWriteStream(path));
}

/** Kvorum's own status of a file. */
export async function statusOf(path: string): Promise<SnapshotStatus> {
  const source = await FileSource.open(new NodeFileSystem(), path);
  try {
    return await readSnapshotStatus(source);
  } finally {
    await source.close();
  }
}
