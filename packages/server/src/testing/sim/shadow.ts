/**
 * The committed log of a run, applied once more from the start in one go, without compactions, crashes
 * or snapshots. What the members answered is held against it.
 */
import type { Clock } from "../../env/env.ts";
import { MemoryFileSystem } from "../../env/memory-file-system.ts";
import { applyRequest } from "../../member/apply.ts";
import { decodeRaftRequest, type RaftRequest } from "../../member/raft-request.ts";
import { StateMachine } from "../../member/state-machine.ts";
import { applyDeleteRange } from "../../mvcc/apply-kv.ts";
import { LongDelete } from "../../mvcc/long-delete.ts";
import { createConfState } from "../../raft/messages.ts";
import { MemoryEngines } from "../../storage/memory.ts";
import { openStoreDir } from "../../storage/store-dir.ts";
import type { CommittedEntry } from "./commit-record.ts";
import type { SeenEvent } from "./history.ts";

/** One lease that the log ends, and when the first member did so. */
export interface LeaseEnd {
  readonly lease: bigint;
  readonly appliedMs: number;
}

export interface Shadow {
  readonly state: StateMachine;
  /** Every change of every key, in order. */
  readonly events: readonly SeenEvent[];
  readonly leaseEnds: readonly LeaseEnd[];
  /** Main revision after the entry that contains a text. */
  revisionOf(requestText: string): number | undefined;
}

const VALUE_PATTERN = /value-\d+/;

export async function buildShadow(
  entries: readonly CommittedEntry[],
  clock: Clock,
): Promise<Shadow> {
  const state = await emptyState(clock);
  const events: SeenEvent[] = [];
  const leaseEnds: LeaseEnd[] = [];
  const revisions = new Map<string, number>();
  state.store.setChangeListener((_revision, changes) => {
    for (const change of changes) {
      const { kv, type } = change.toEvent(false);
      events.push({
        revision: change.main,
        isDelete: type === 1,
        key: Buffer.from(kv?.key ?? []).toString(),
        value: Buffer.from(kv?.value ?? []).toString(),
      });
    }
  });
  for (const { entry, firstAppliedMs } of entries) {
    if (entry.type !== "EntryNormal" || entry.data.length === 0) continue;
    const { request } = decodeRaftRequest(entry.data);
    if (request === undefined || request.kind === "compaction") continue;
    const before = state.store.currentRevision;
    tryApply(state, request);
    if (request.kind === "leaseRevoke") {
      leaseEnds.push({ lease: request.message.ID, appliedMs: firstAppliedMs });
    }
    const text = VALUE_PATTERN.exec(Buffer.from(entry.data).toString("latin1"))?.[0];
    if (text !== undefined && state.store.currentRevision > before) {
      revisions.set(text, state.store.currentRevision);
    }
  }
  return { state, events, leaseEnds, revisionOf: (text) => revisions.get(text) };
}

/** A refusal is part of the log's outcome; the members came to the same. All is done in one go here. */
function tryApply(state: StateMachine, request: RaftRequest): void {
  try {
    const outcome = applyRequest(state, request, true);
    if (request.kind === "deleteRange" && outcome instanceof LongDelete) {
      applyDeleteRange(state.store, request.message);
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "EtcdError") throw error;
  }
}

async function emptyState(clock: Clock): Promise<StateMachine> {
  const fs = new MemoryFileSystem({ clock });
  const log = { debug() {}, info() {}, warn() {}, error() {}, fatal() {}, enabled: () => false };
  const env = { clock, fs, log: { ...log, withCaller: () => silent } };
  const silent = env.log;
  const { open } = new MemoryEngines(fs);
  const { backend } = await openStoreDir({ env, dataDir: "/shadow", openEngine: open });
  const onFatal = (error: unknown): void => {
    throw error;
  };
  const state = await StateMachine.load({ backend, clock, leaseTtlSecondsMin: 1, onFatal });
  state.setApplied({ index: 0, term: 0, confState: createConfState() });
  return state;
}
