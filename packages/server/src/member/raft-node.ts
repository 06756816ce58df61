/** The Raft core as a member runs it. */
import type { Env } from "../env/env.ts";
import { RawNode } from "../raft/raw-node.ts";
import type { MemberSettings } from "./member-options.ts";
import type { StableLog } from "./stable-log.ts";

export interface RaftNodeOptions {
  readonly id: bigint;
  readonly settings: MemberSettings;
  readonly stableLog: StableLog;
  /** The state machine holds everything up to here. */
  readonly applied: number;
  readonly env: Pick<Env, "random" | "log">;
}

/** Payload of one message, unless it is a single entry. */
export const MESSAGE_BYTES_MAX: number = 256 * 1024;
const INFLIGHT_MESSAGES_MAX = 512;
/** A follower that is far behind gets so much in one turn of the leader, which encodes it. */
const INFLIGHT_BYTES_MAX = 4 * 1024 * 1024;
const COMMITTED_BYTES_MAX = 16 * 1024 * 1024;
const UNCOMMITTED_BYTES_MAX = 512 * 1024 * 1024;

export function createRaftNode(options: RaftNodeOptions): RawNode {
  const { id, settings, stableLog, applied, env } = options;
  return new RawNode({
    id,
    electionTick: settings.electionTicks,
    heartbeatTick: 1,
    storage: stableLog,
    random: env.random,
    logger: env.log.withCaller("raft/raft.ts:1"),
    applied,
    asyncStorageWrites: true,
    maxSizePerMsg: MESSAGE_BYTES_MAX,
    maxInflightMsgs: INFLIGHT_MESSAGES_MAX,
    maxInflightBytes: INFLIGHT_BYTES_MAX,
    maxCommittedSizePerReady: COMMITTED_BYTES_MAX,
    maxUncommittedEntriesSize: UNCOMMITTED_BYTES_MAX,
    checkQuorum: true,
    stepDownOnRemoval: true,
    preVote: settings.preVote,
  });
}
