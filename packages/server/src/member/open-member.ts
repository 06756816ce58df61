/**
 * From a data directory, empty or not, to a loaded state machine and a log that continues it.
 *
 *   store  →  applied index A, and everything up to it
 *   WAL    →  entries from somewhere at or below A + 1 on, and the hard state
 *
 * What lies above A is applied again by the running member, once it is known to be committed.
 */
import { assert } from "../lib/assert.ts";
import { formatId } from "../membership/member.ts";
import type { Member } from "../membership/member.ts";
import { type HardState, NONE } from "../raft/messages.ts";
import { createWal, hasWal, type OpenedWal, openWal, type WalOptions } from "../wal/open-wal.ts";
import type { WalContent } from "../wal/wal-reader.ts";
import type { Wal } from "../wal/wal.ts";
import { found, StartError } from "./founding.ts";
import {
  type Identity,
  leaseTtlSecondsMin,
  type MemberSettings,
  type MemberStore,
  type MemberWorld,
} from "./member-options.ts";
import { type LogPosition, StableLog } from "./stable-log.ts";
import { StateMachine } from "./state-machine.ts";

export interface OpenedMember {
  readonly identity: Identity;
  readonly store: MemberStore;
  readonly state: StateMachine;
  readonly wal: Wal;
  readonly stableLog: StableLog;
  /** Members to talk to before the log says who they are. */
  readonly remotes: readonly Member[];
}

/** Raft bounds what is under way; the log itself must never refuse. */
const WAL_QUEUE_BYTES_MAX = 1024 * 1024 * 1024;

/** Rejects with StartError for what an operator must mend, with CorruptionError for bad files. */
export async function openMember(
  settings: MemberSettings,
  world: MemberWorld,
  onFatal: (error: unknown) => void,
): Promise<OpenedMember> {
  // The store first: opening it takes the lock of the data directory.
  const store = await world.openStore();
  const { env } = world;
  const { clock, fs } = env;
  const initialized = await hasWal(fs, settings.walDirectory);
  if (!initialized && store.backend.loadApplied() !== undefined) {
    throw new StartError(
      `the store holds data but the write-ahead log (${settings.walDirectory}) is missing`,
    );
  }
  // Side by side: one mostly waits for the disk while the other computes.
  const [state, log] = await Promise.all([
    StateMachine.load({
      backend: store.backend,
      clock,
      leaseTtlSecondsMin: leaseTtlSecondsMin(settings),
      longDeleteKeysMin: settings.longDeleteKeysMin,
      images: { env, directory: () => store.directory },
      onFatal,
    }),
    initialized ? openWal(env, settings.walDirectory, walOptions(settings)) : undefined,
  ]);
  return log === undefined
    ? start(settings, world, { store, state })
    : restart(world, { store, state }, log);
}

interface Loaded {
  readonly store: MemberStore;
  readonly state: StateMachine;
}

function walOptions(settings: MemberSettings): WalOptions {
  const { walSegmentBytes: segmentBytes } = settings;
  return {
    queueBytesMax: WAL_QUEUE_BYTES_MAX,
    ...(segmentBytes !== undefined && { segmentBytes }),
  };
}

async function start(
  settings: MemberSettings,
  world: MemberWorld,
  loaded: Loaded,
): Promise<OpenedMember> {
  const founding = await found(world.founding);
  const { memberId, clusterId, entries, hardState, remotes } = founding;
  const metadata = { nodeId: memberId, clusterId };
  const wal = await createWal(world.env, settings.walDirectory, metadata, walOptions(settings));
  if (entries.length > 0) await wal.append({ entries, hardState }, { sync: true });
  const stableLog = new StableLog({
    previous: { index: 0, term: 0 },
    entries,
    hardState,
    checkpoint: loaded.state.applied,
  });
  return { identity: { memberId, clusterId }, ...loaded, wal, stableLog, remotes };
}

async function restart(
  world: MemberWorld,
  loaded: Loaded,
  { wal, ...content }: OpenedWal,
): Promise<OpenedMember> {
  const { nodeId: memberId, clusterId } = content.metadata;
  const { applied } = loaded.state;
  if (applied.index < content.checkpoint.index) {
    throw new StartError(
      `the store is missing or older than the write-ahead log says: ` +
        `it ends at entry ${applied.index}, the log counts on ${content.checkpoint.index}`,
    );
  }
  const stableLog = await continueLog(wal, content, loaded.state);
  const identity = { memberId, clusterId };
  const unfounded = stableLog.lastIndex() === 0;
  const remotes = unfounded ? await foundAgain(world, identity, { wal, stableLog }) : [];
  return { identity, ...loaded, wal, stableLog, remotes };
}

/**
 * The log as far as it continues the state machine. A crash between the two halves of a snapshot's
 * installation leaves a store that is ahead of the log, or beside it: the log then has no entry of the
 * applied one's term at its index. Either way the log starts anew from the store.
 */
async function continueLog(
  wal: Wal,
  content: WalContent,
  { applied }: StateMachine,
): Promise<StableLog> {
  const { previous, entries } = content;
  const hardState = raisedTo(applied, content.hardState);
  assert(
    previous.index <= applied.index,
    `log starts after ${previous.index}, store ends at ${applied.index}`,
  );
  if (termAt(content, applied.index) !== applied.term) {
    const { index, term } = applied;
    await wal.append({ snapshot: { index, term }, hardState }, { sync: true });
    return new StableLog({
      previous: { index, term },
      entries: [],
      hardState,
      checkpoint: applied,
    });
  }
  const last = entries.at(-1)?.index ?? previous.index;
  assert(hardState.commit <= last, `commit ${hardState.commit} beyond the last entry ${last}`);
  return new StableLog({ previous, entries, hardState, checkpoint: applied });
}

/** What is applied was committed, in a term that has come. */
function raisedTo(applied: LogPosition, known: HardState): HardState {
  const commit = Math.max(known.commit, applied.index);
  if (applied.term <= known.term) return { ...known, commit };
  return { term: applied.term, vote: NONE, commit };
}

function termAt({ previous, entries }: WalContent, index: number): number | undefined {
  if (index === previous.index) return previous.term;
  return entries[index - previous.index - 1]?.term;
}

/** A log without entries: the first start was cut off, or this member has joined and heard nothing yet. */
async function foundAgain(
  world: MemberWorld,
  identity: Identity,
  log: { wal: Wal; stableLog: StableLog },
): Promise<readonly Member[]> {
  const founding = await found(world.founding);
  if (founding.memberId !== identity.memberId || founding.clusterId !== identity.clusterId) {
    throw new StartError(
      `the data directory belongs to member ${formatId(identity.memberId)} of cluster ` +
        `${formatId(identity.clusterId)}, not to member ${formatId(founding.memberId)} of cluster ` +
        formatId(founding.clusterId),
    );
  }
  const { entries, hardState, remotes } = founding;
  if (entries.length > 0) {
    await log.wal.append({ entries, hardState }, { sync: true });
    log.stableLog.append(entries);
    log.stableLog.setHardState(hardState);
  }
  return remotes;
}
