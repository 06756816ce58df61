/**
 * The HashKV of a snapshot file, as the member it was taken from answers it. Three walks over the
 * file: what is compacted, which version of each key is the last one, and the hash itself.
 */
import { KeyValue } from "@kvorum/proto";
import type { BucketEntry } from "../backup/bolt/bucket-source.ts";
import { ImageReader } from "../backup/bolt/image-reader.ts";
import { PageUse } from "../backup/bolt/page-use.ts";
import { BUCKET_NAME } from "../backup/buckets/names.ts";
import { FileSource } from "../backup/random-access-source.ts";
import type { FileSystem } from "../env/file-system.ts";
import { bytesToKey } from "../lib/bytes.ts";
import { crc32c } from "../lib/crc32c.ts";
import { finishedCompactKey, scheduledCompactKey } from "../mvcc/compact-marks.ts";
import { checkRevisionKey, isTombstoneKey, revisionMain } from "../mvcc/revision.ts";

export interface FileHash {
  readonly hash: number;
  readonly hashRevision: number;
  /** −1 before the first compaction. */
  readonly compactRevision: number;
}

const MARKS: ReadonlySet<string> = new Set(
  [finishedCompactKey, scheduledCompactKey].map((key) => Buffer.from(key).toString()),
);

/** Calls `visit` with every entry of a bucket, in order, and checks the file's structure. */
async function walk(
  source: FileSource,
  visit: (bucket: string, entry: BucketEntry) => void,
): Promise<void> {
  const image = await ImageReader.open(source);
  const use = new PageUse(image.meta.highWater);
  for await (const bucket of image.buckets(use)) {
    for await (const entries of image.entries(bucket, use)) {
      for (const entry of entries) visit(bucket.name, entry);
    }
  }
  await use.finish(image.pages);
}

/** What a member would know after loading the file. */
class History {
  compactRevision = -1;
  currentRevision = 1;

  visit(bucket: string, { key, value }: BucketEntry): void {
    if (bucket === BUCKET_NAME.key) {
      checkRevisionKey(key);
      this.currentRevision = Math.max(this.currentRevision, revisionMain(key));
    } else if (bucket === BUCKET_NAME.meta && MARKS.has(Buffer.from(key).toString())) {
      checkRevisionKey(value);
      this.compactRevision = Math.max(this.compactRevision, revisionMain(value));
    }
  }

  /** The revision to hash at. Throws with etcd's texts for one that cannot be read. */
  revision(asked: number): number {
    const current = Math.max(this.currentRevision, this.compactRevision);
    if (asked > 0 && asked < this.compactRevision) {
      throw new Error("mvcc: required revision has been compacted");
    }
    if (asked > current) throw new Error("mvcc: required revision is a future revision");
    return asked === 0 ? current : asked;
  }
}

/** The last version of each key at a revision, by the key of its record. */
class Latest {
  readonly #byKey = new Map<string, string>();
  readonly #revision: number;

  constructor(revision: number) {
    this.#revision = revision;
  }

  visit(bucket: string, { key, value }: BucketEntry): void {
    if (bucket !== BUCKET_NAME.key || revisionMain(key) > this.#revision) return;
    const userKey = bytesToKey(KeyValue.decode(value).key);
    if (isTombstoneKey(key)) this.#byKey.delete(userKey);
    else this.#byKey.set(userKey, bytesToKey(key));
  }

  /** The records that a compaction keeps; empty keeps everything, as etcd has it. */
  kept(): ReadonlySet<string> {
    return new Set(this.#byKey.values());
  }
}

/** `revision` 0: the newest. Throws `CorruptionError` for a file that is not a sound image. */
export async function readHashKv(
  fs: FileSystem,
  path: string,
  revision: number,
): Promise<FileHash> {
  const source = await FileSource.open(fs, path);
  try {
    const history = new History();
    await walk(source, (bucket, entry) => history.visit(bucket, entry));
    const hashRevision = history.revision(revision);
    const latest = new Latest(hashRevision);
    await walk(source, (bucket, entry) => latest.visit(bucket, entry));
    const { compactRevision } = history;
    const hash = await hashOf(source, { hashRevision, compactRevision, kept: latest.kept() });
    return { hash, hashRevision, compactRevision };
  } finally {
    await source.close();
  }
}

async function hashOf(
  source: FileSource,
  scope: Omit<FileHash, "hash"> & { readonly kept: ReadonlySet<string> },
): Promise<number> {
  const { hashRevision, compactRevision, kept } = scope;
  let crc = crc32c(Buffer.from(BUCKET_NAME.key));
  await walk(source, (bucket, { key, value }) => {
    if (bucket !== BUCKET_NAME.key) return;
    const main = revisionMain(key);
    const isGone = main <= compactRevision && kept.size > 0 && !kept.has(bytesToKey(key));
    const isOldTombstone = main === compactRevision && isTombstoneKey(key);
    if (main > hashRevision || isGone || isOldTombstone) return;
    crc = crc32c(value, crc32c(key, crc));
  });
  return crc;
}
