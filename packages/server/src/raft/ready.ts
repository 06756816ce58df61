import {
  createMessage,
  type Entry,
  type HardState,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  type Message,
  type NodeId,
  type Snapshot,
} from "./messages.ts";
import type { Raft, RaftState } from "./raft.ts";
import type { ReadState } from "./read-index.ts";

/** What others may want to show or act on, and nobody needs to store. */
export interface SoftState {
  lead: NodeId;
  raftState: RaftState;
}

/**
 * Work for the owner of a RawNode. Empty parts are empty arrays or undefined.
 *
 * Plain mode, in this order: make `entries`, `hardState` and `snapshot` durable (`mustSync` false:
 * whenever convenient); send `messages`; apply `snapshot`, then `committedEntries`; `advance`.
 * MsgApp and other messages that no crash can falsify are not told apart here and wait for the
 * disk with the rest.
 *
 * With AsyncStorageWrites `messages` is all there is to do, the other parts only show what is in
 * them. Those to LOCAL_APPEND_THREAD and LOCAL_APPLY_THREAD go to the disk and to the state
 * machine, each in order and none lost; when one is done (an append: durable, unless it has no
 * responses) its `responses` are delivered, to this member through `step`, to others over the
 * network. All other messages may be sent at once.
 *
 * A received snapshot overtakes what is still to be applied: from the Ready that brings it on,
 * entries at or below its index must not be applied any more, though their responses are delivered
 * all the same. And with a state machine that is durable on its own, what it has applied is
 * committed: the hard state that a member restarts with must say so.
 */
export interface Ready {
  softState: SoftState | undefined;
  hardState: HardState | undefined;
  readStates: ReadState[];
  /** To append to stable storage; what stands there from the first one's index on is void. */
  entries: Entry[];
  /** To install in place of stable storage and state machine. Never together with `entries`. */
  snapshot: Snapshot | undefined;
  /** Committed, to be applied in order. */
  committedEntries: Entry[];
  messages: Message[];
  /** Whether `entries` and `hardState` must be on disk before `messages` are sent. */
  mustSync: boolean;
}

/**
 * The order to the disk: entries, hard state and snapshot, and the answers that wait for them.
 * Undefined when there is nothing to write and nothing waits.
 */
export function storageAppendMessage(raft: Raft, ready: Ready): Message | undefined {
  const { entries, hardState, snapshot } = ready;
  const waiting = raft.messagesAfterAppend;
  if (
    entries.length === 0 &&
    hardState === undefined &&
    snapshot === undefined &&
    waiting.length === 0
  ) {
    return undefined;
  }
  const message = createMessage("MsgStorageAppend", LOCAL_APPEND_THREAD);
  message.from = raft.id;
  message.entries = entries;
  message.snapshot = snapshot;
  if (hardState !== undefined) {
    message.term = hardState.term;
    message.vote = hardState.vote;
    message.commit = hardState.commit;
  }
  // The leader's acknowledgement to itself comes first, while the entries it counts are still in
  // memory, and only then the response that releases them.
  message.responses = waiting;
  const response = storageAppendResponse(raft, ready);
  if (response !== undefined) {
    message.responses.push(response);
  }
  return message;
}

/**
 * What the core must hear when everything handed out so far is durable.
 *
 * It names the end of the log as it is now, also when this Ready writes no entries, and carries
 * the present term. Acknowledged in a later term, its entries prove nothing: they may have been
 * replaced, and replaced again by the same ones, while the disk still has to go through the state
 * between. So such a response is ignored, and another one goes out with the hard state that every
 * new term must write; in the end one comes back in the term it was sent in.
 */
export function storageAppendResponse(raft: Raft, ready: Ready): Message | undefined {
  const hasEntries = raft.log.unstable.length > 0;
  if (!hasEntries && ready.snapshot === undefined) {
    return undefined;
  }
  const response = createMessage("MsgStorageAppendResp", raft.id);
  response.from = LOCAL_APPEND_THREAD;
  response.term = raft.term;
  response.snapshot = ready.snapshot;
  if (hasEntries) {
    response.index = raft.log.lastIndex();
    response.logTerm = raft.log.lastTerm();
  }
  return response;
}

/** The order to the state machine; undefined when there is nothing to apply. */
export function storageApplyMessage(raft: Raft, ready: Ready): Message | undefined {
  const response = storageApplyResponse(raft, ready);
  if (response === undefined) {
    return undefined;
  }
  const message = createMessage("MsgStorageApply", LOCAL_APPLY_THREAD);
  message.from = raft.id;
  message.entries = ready.committedEntries;
  message.responses.push(response);
  return message;
}

/** Of no term: what is committed stays so. */
export function storageApplyResponse(raft: Raft, ready: Ready): Message | undefined {
  if (ready.committedEntries.length === 0) {
    return undefined;
  }
  const response = createMessage("MsgStorageApplyResp", raft.id);
  response.from = LOCAL_APPLY_THREAD;
  response.entries = ready.committedEntries;
  return response;
}
