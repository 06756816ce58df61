/**
 * The vocabulary of the Raft core: what the log holds, what members tell each other, and what a
 * member must find on its disk after a restart.
 *
 * Terms and indexes are plain numbers (checked to be safe integers where bytes are decoded), ids
 * are bigint. A `Message` always comes from `createMessage`, so that every message in the process
 * has one hidden class; unused fields keep their zero value.
 *
 * Ownership: entries and snapshots are immutable once they have a place in a log, and are shared
 * between messages, the unstable log, storage and the application without copies. A message handed
 * to `step` belongs to the core from then on.
 */

/** Identity of a member. Never reused, and never one of the reserved values below. */
export type NodeId = bigint;

/** No member: no leader known, no vote cast. */
export const NONE: NodeId = 0n;

/** Addressee of MsgStorageAppend: whoever writes the local log to disk. */
export const LOCAL_APPEND_THREAD: NodeId = 0xffff_ffff_ffff_ffffn;

/** Addressee of MsgStorageApply: whoever applies committed entries to the local state machine. */
export const LOCAL_APPLY_THREAD: NodeId = 0xffff_ffff_ffff_fffen;

/** Byte and count limits that do not limit. */
export const NO_LIMIT: number = Number.POSITIVE_INFINITY;

export const EMPTY_BYTES: Uint8Array = new Uint8Array(0);

/** Order is the codec's numbering: append only. */
export const ENTRY_TYPES = ["EntryNormal", "EntryConfChange", "EntryConfChangeV2"] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

export interface Entry {
  term: number;
  index: number;
  type: EntryType;
  data: Uint8Array;
}

/** What must be durable before the messages that depend on it are sent (Raft paper, figure 2). */
export interface HardState {
  term: number;
  vote: NodeId;
  /** Known-committed index; losing an update of it alone costs nothing. */
  commit: number;
}

export interface ConfState {
  voters: NodeId[];
  learners: NodeId[];
  /** Voters of the configuration being left; empty unless joint. */
  votersOutgoing: NodeId[];
  /** Outgoing voters that become learners once the joint configuration is left. */
  learnersNext: NodeId[];
  /** Whether the leader leaves the joint configuration by itself. */
  autoLeave: boolean;
}

export interface SnapshotMetadata {
  index: number;
  term: number;
  confState: ConfState;
}

export interface Snapshot {
  metadata: SnapshotMetadata;
  data: Uint8Array;
}

/** Order is the codec's numbering: append only. */
export const MESSAGE_TYPES = [
  "MsgHup",
  "MsgBeat",
  "MsgProp",
  "MsgApp",
  "MsgAppResp",
  "MsgVote",
  "MsgVoteResp",
  "MsgSnap",
  "MsgHeartbeat",
  "MsgHeartbeatResp",
  "MsgUnreachable",
  "MsgSnapStatus",
  "MsgCheckQuorum",
  "MsgTransferLeader",
  "MsgTimeoutNow",
  "MsgReadIndex",
  "MsgReadIndexResp",
  "MsgPreVote",
  "MsgPreVoteResp",
  "MsgStorageAppend",
  "MsgStorageAppendResp",
  "MsgStorageApply",
  "MsgStorageApplyResp",
  "MsgForgetLeader",
] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

export interface Message {
  type: MessageType;
  to: NodeId;
  from: NodeId;
  /** Zero for local messages and forwarded requests, which belong to no term. */
  term: number;
  /** Term of the entry at `index`; in a rejection, of the entry at `rejectHint`. */
  logTerm: number;
  index: number;
  /** Sender's commit index; in MsgStorageAppend part of the hard state. */
  commit: number;
  /** Only in MsgStorageAppend: part of the hard state. */
  vote: NodeId;
  entries: Entry[];
  snapshot: Snapshot | undefined;
  reject: boolean;
  /** In a rejected MsgAppResp: the highest index at which the logs may still agree. */
  rejectHint: number;
  context: Uint8Array;
  /** To be delivered once a storage message's work is done and, for appends, durable. */
  responses: Message[];
}

/** A blank message; the caller fills in what its type uses. */
export function createMessage(type: MessageType, to: NodeId = NONE): Message {
  return {
    type,
    to,
    from: NONE,
    term: 0,
    logTerm: 0,
    index: 0,
    commit: 0,
    vote: NONE,
    entries: [],
    snapshot: undefined,
    reject: false,
    rejectHint: 0,
    context: EMPTY_BYTES,
    responses: [],
  };
}

/** Order is the codec's numbering: append only. */
export const CONF_CHANGE_TYPES = [
  "ConfChangeAddNode",
  "ConfChangeRemoveNode",
  "ConfChangeUpdateNode",
  "ConfChangeAddLearnerNode",
] as const;
export type ConfChangeType = (typeof CONF_CHANGE_TYPES)[number];

/** Order is the codec's numbering: append only. */
export const CONF_CHANGE_TRANSITIONS = [
  "ConfChangeTransitionAuto",
  "ConfChangeTransitionJointImplicit",
  "ConfChangeTransitionJointExplicit",
] as const;
export type ConfChangeTransition = (typeof CONF_CHANGE_TRANSITIONS)[number];

export interface ConfChangeSingle {
  type: ConfChangeType;
  /** Zero makes the change a no-op: the application refused it after it was committed. */
  nodeId: NodeId;
}

/** One membership change at a time, without joint consensus. */
export interface ConfChange {
  type: ConfChangeType;
  nodeId: NodeId;
  context: Uint8Array;
  /** The application's own; Raft ignores it. */
  id: bigint;
}

/**
 * Any set of membership changes. `Auto` uses joint consensus only for more than one change; with
 * `JointExplicit` the application itself must propose the empty change that leaves it.
 */
export interface ConfChangeV2 {
  transition: ConfChangeTransition;
  changes: ConfChangeSingle[];
  context: Uint8Array;
}

/** Ids are written in hexadecimal wherever people read them. */
export function hex(id: NodeId): string {
  return id.toString(16);
}

export function createConfState(): ConfState {
  return { voters: [], learners: [], votersOutgoing: [], learnersNext: [], autoLeave: false };
}

/** The hard state of a member that has never run. */
export function emptyHardState(): HardState {
  return { term: 0, vote: NONE, commit: 0 };
}

export function isEmptyHardState(state: HardState): boolean {
  return state.term === 0 && state.vote === NONE && state.commit === 0;
}

export function isLocalMessageTarget(id: NodeId): boolean {
  return id === LOCAL_APPEND_THREAD || id === LOCAL_APPLY_THREAD;
}

/** Types that only ever originate within a member, so that a peer must not send them. */
export function isLocalMessage(type: MessageType): boolean {
  return LOCAL_MESSAGES.has(type);
}

/** Types that answer an earlier message, so that an unknown sender has nothing to say. */
export function isResponseMessage(type: MessageType): boolean {
  return RESPONSE_MESSAGES.has(type);
}

const LOCAL_MESSAGES: ReadonlySet<MessageType> = new Set<MessageType>([
  "MsgHup",
  "MsgBeat",
  "MsgUnreachable",
  "MsgSnapStatus",
  "MsgCheckQuorum",
  "MsgStorageAppend",
  "MsgStorageAppendResp",
  "MsgStorageApply",
  "MsgStorageApplyResp",
]);

const RESPONSE_MESSAGES: ReadonlySet<MessageType> = new Set<MessageType>([
  "MsgAppResp",
  "MsgVoteResp",
  "MsgHeartbeatResp",
  "MsgUnreachable",
  "MsgReadIndexResp",
  "MsgPreVoteResp",
  "MsgStorageAppendResp",
  "MsgStorageApplyResp",
]);
