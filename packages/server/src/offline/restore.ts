/**
 * From a snapshot file to the data directory of a member of a new cluster. Every member named in
 * `initialCluster` restores the same file and arrives at the same state: the file's keys, leases,
 * alarms and users, a membership of its own, and a log that begins after the entries that would
 * have founded the cluster. Since the log does not hold those, a member that joins later cannot be
 * brought up from the log alone, without the restored data.
 *
 * The store is written first and the log last: a store that has a checkpoint is refused by the daemon
 * without its log, so a restore that was killed cannot be mistaken for a finished one. All checkpoints
 * but the last stand for nothing applied, which the log contradicts, should the last ever be lost.
 */
import { DigestSource } from "../backup/digest.ts";
import { FileSource, type RandomAccessSource } from "../backup/random-access-source.ts";
import type { Env } from "../env/env.ts";
import { parseInitialCluster } from "../lib/initial-cluster.ts";
import { parseUrlList } from "../lib/member-url.ts";
import { quote } from "../lib/value-error.ts";
import { found, type Founding } from "../member/founding.ts";
import { encodeApplied } from "../member/state-machine.ts";
import { Cluster } from "../membership/cluster.ts";
import { decodeMemberChange, type MemberChange } from "../membership/member-change.ts";
import { formatId } from "../membership/member.ts";
import { scheduledCompactKey, writeCompactRevision } from "../mvcc/compact-marks.ts";
import { decodeConfChangeV1 } from "../raft/codec.ts";
import { createConfState, type SnapshotMetadata } from "../raft/messages.ts";
import type { AppliedState, Backend } from "../storage/backend.ts";
import type { EngineOpener } from "../storage/engine.ts";
import { openStoreDir, type StoreDirOptions } from "../storage/store-dir.ts";
import { createWal } from "../wal/open-wal.ts";
import { importBuckets } from "./import-buckets.ts";
import { claimTargets } from "./restore-targets.ts";

export interface RestoreOptions {
  readonly snapshotPath: string;
  readonly name: string;
  /** Must be empty or missing. */
  readonly dataDir: string;
  /** Must be missing. Empty: inside `dataDir`. */
  readonly walDir: string;
  /** `name=url,name=url,…`, as the daemon's `--initial-cluster`. */
  readonly initialCluster: string;
  readonly initialClusterToken: string;
  readonly initialAdvertisePeerUrls: readonly string[];
  /** Takes a file without or with a wrong digest, such as one copied from a data directory. */
  readonly skipHashCheck: boolean;
  /** Added to the revision of the last write; 0 leaves it alone. */
  readonly bumpRevision: bigint;
  /** Must be true with a bump, and false without. All up to the new revision then reads as compacted. */
  readonly markCompacted: boolean;
  readonly log: (message: string, fields: Readonly<Record<string, string>>) => void;
}

export interface RestoreWorld {
  readonly env: Env;
  readonly openEngine: EngineOpener;
}

export async function restoreInto(world: RestoreWorld, options: RestoreOptions): Promise<void> {
  const founding = await foundingOf(options);
  const targets = await claimTargets(world.env.fs, options);
  const fields = {
    path: options.snapshotPath,
    "wal-dir": targets.walDir,
    "data-dir": options.dataDir,
  };
  options.log("restoring snapshot", fields);
  const source = await FileSource.open(world.env.fs, options.snapshotPath);
  try {
    await writeVerifiedStore(world, options, { source, founding });
    await writeWal(world, targets.walDir, founding);
  } catch (error) {
    await targets.remove();
    throw error;
  } finally {
    await source.close();
  }
  options.log("restored snapshot", fields);
}

/** Rejects with `StartError` or `ValueError` when the options do not describe a cluster. */
function foundingOf(options: RestoreOptions): Promise<Founding> {
  const advertised = parseUrlList(options.initialAdvertisePeerUrls.join(","));
  return found({
    name: options.name,
    advertisePeerURLs: advertised.map(({ text }) => text),
    initialCluster: parseInitialCluster(options.initialCluster),
    initialClusterState: "new",
    initialClusterToken: options.initialClusterToken,
    fetchMembership: () => Promise.resolve(undefined),
  });
}

/**
 * The digest is computed of what is imported, in the same reading. Of a file that is not as it was
 * saved, this is what is said, whatever the import thinks of it.
 */
async function writeVerifiedStore(
  world: RestoreWorld,
  options: RestoreOptions,
  { source, founding }: StoreContent,
): Promise<void> {
  if (options.skipHashCheck) {
    return writeStore(world, options, { source, founding });
  }
  const digest = new DigestSource(source);
  const writing = writeStore(world, options, { source: digest, founding });
  await writing.catch(() => undefined);
  await digest.verify();
  await writing;
}

interface StoreContent {
  readonly source: RandomAccessSource;
  readonly founding: Founding;
}

async function writeStore(
  { env, openEngine }: RestoreWorld,
  options: RestoreOptions,
  { source, founding }: StoreContent,
): Promise<void> {
  const changes = founding.entries.map((entry) =>
    decodeMemberChange(decodeConfChangeV1(entry.data).context),
  );
  const applied = encodeApplied(appliedAfter(founding, changes));
  const location = { env, dataDir: options.dataDir, openEngine };
  await markStore(location);
  const store = await openStoreDir(location);
  try {
    const { backend } = store;
    const cluster = await Cluster.load(backend);
    const revision = await importBuckets({ source, backend, applied: nothingApplied });
    bumpRevision(backend, options, revision);
    for (const change of changes) {
      cluster.apply("add", change);
      logAdded(options, founding, change);
    }
    await backend.checkpoint(() => applied);
  } finally {
    await store.close();
  }
}

const nothingApplied: AppliedState = encodeApplied({
  index: 0,
  term: 0,
  confState: createConfState(),
});

/** A first checkpoint. Closes the store, because the engine of a restore syncs nothing before that. */
async function markStore(location: StoreDirOptions): Promise<void> {
  const store = await openStoreDir(location);
  try {
    await store.backend.checkpoint(() => nothingApplied);
  } finally {
    await store.close();
  }
}

/** The point of the log at which the cluster has been founded. */
function appliedAfter({ hardState }: Founding, changes: readonly MemberChange[]): SnapshotMetadata {
  const voters = changes.map(({ member }) => member.id);
  const confState = { ...createConfState(), voters };
  return { index: hardState.commit, term: hardState.term, confState };
}

/** The store takes its revision from the newest record or compaction mark, whichever is higher. */
function bumpRevision(backend: Backend, options: RestoreOptions, latest: number): void {
  if (options.bumpRevision === 0n || !options.markCompacted) {
    return;
  }
  const bumped = BigInt(latest) + options.bumpRevision;
  if (bumped > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`revision ${latest} cannot be bumped by ${options.bumpRevision}`);
  }
  options.log("bumping latest revision", {
    "latest-revision": String(latest),
    "bump-amount": String(options.bumpRevision),
    "new-latest-revision": String(bumped),
  });
  options.log("marking revision compacted", { revision: String(bumped) });
  writeCompactRevision(backend, scheduledCompactKey, Number(bumped));
}

function logAdded(options: RestoreOptions, founding: Founding, { member }: MemberChange): void {
  options.log("added member", {
    "cluster-id": formatId(founding.clusterId),
    "local-member-id": "0",
    "added-peer-id": formatId(member.id),
    "added-peer-peer-urls": `[${member.peerURLs.map(quote).join(" ")}]`,
  });
}

async function writeWal(
  { env }: RestoreWorld,
  walDir: string,
  { memberId, clusterId, hardState }: Founding,
): Promise<void> {
  const position = { index: hardState.commit, term: hardState.term };
  const start = { position, hardState };
  const wal = await createWal(env, walDir, { nodeId: memberId, clusterId }, { start });
  await wal.close();
}
