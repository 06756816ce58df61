/** What a member is started with: its settings, and the world it is put into. */
import type { Env } from "../env/env.ts";
import type { Entry } from "../raft/messages.ts";
import type { Backend } from "../storage/backend.ts";
import type { StagedStore } from "../storage/store-dir.ts";
import type { AutoCompaction } from "./auto-compactor.ts";
import type { FoundingOptions } from "./founding.ts";
import type { PeerHost, Transport } from "./ports.ts";

export interface MemberSettings {
  readonly name: string;
  /** Where clients reach this member; told to the others. */
  readonly clientURLs: readonly string[];
  /** Milliseconds of one Raft tick, and between heartbeats. */
  readonly tickMs: number;
  readonly electionTicks: number;
  readonly preVote: boolean;
  readonly strictReconfigCheck: boolean;
  readonly snapshotCount: number;
  readonly catchupEntries: number;
  /** 0: no quota. */
  readonly quotaBytes: number;
  readonly txnOpsMax: number;
  readonly requestBytesMax: number;
  readonly learnersMax: number;
  readonly watchProgressIntervalMs: number;
  readonly autoCompaction: AutoCompaction;
  readonly walDirectory: string;
  /** Default 64 MiB. */
  readonly walSegmentBytes?: number;
  /** Deletions of so many keys take many turns. Default 2048. */
  readonly longDeleteKeysMin?: number;
}

/** The store of one data directory; opening it takes the directory's lock. */
export interface MemberStore {
  readonly backend: Backend;
  /** That of the live store. */
  readonly directory: string;
  /** An empty store beside the live one. */
  stageStore(): Promise<StagedStore>;
  close(): Promise<void>;
}

/** Sees what happens inside; for the simulator's checks. */
export interface MemberObserver {
  applied(entry: Entry): void;
  leads(term: number): void;
}

export interface Identity {
  readonly memberId: bigint;
  readonly clusterId: bigint;
}

export interface MemberWorld {
  readonly env: Env;
  readonly openStore: () => Promise<MemberStore>;
  /** Called once, before any message is sent. */
  readonly connect: (identity: Identity, host: PeerHost) => Transport;
  readonly founding: FoundingOptions;
  readonly observer?: MemberObserver;
  /**
   * The member has stopped by itself: it was removed from the cluster (undefined), or something
   * failed after which it must not go on.
   */
  readonly onStopped: (failure: Error | undefined) => void;
}

/** Milliseconds after which a follower that hears nothing campaigns, at the least. */
export function electionTimeoutMs(settings: MemberSettings): number {
  return settings.tickMs * settings.electionTicks;
}

/** How long a request may take before its caller is told that its outcome is unknown (etcd's rule). */
export function requestTimeoutMs(settings: MemberSettings): number {
  return 5_000 + 2 * electionTimeoutMs(settings);
}

/** Shortest lease: one and a half election timeouts, in whole seconds (etcd's rule). */
export function leaseTtlSecondsMin(settings: MemberSettings): number {
  return Math.ceil((electionTimeoutMs(settings) * 3) / 2 / 1000);
}
