/**
 * The leader's side of ReadIndex (thesis §6.4): note the commit index, make sure of still being
 * the leader, answer. Until the first commit of its own term the leader cannot know how far the
 * log is committed, so reads wait for that before anything else.
 */
import { createMessage, hex, type Message, NONE } from "./messages.ts";
import type { Raft } from "./raft.ts";
import { broadcastHeartbeat } from "./replication/send.ts";

/** A request of this member or a follower. Over the limit it is dropped; the reader asks again. */
export function handleReadIndex(raft: Raft, message: Message): void {
  if (raft.pendingReads.length + raft.readIndexQueue.length >= raft.config.maxPendingReads) {
    raft.config.logger.warn(`${hex(raft.id)} has too many pending reads; dropping MsgReadIndex`);
  } else if (!raft.committedEntryInCurrentTerm()) {
    // Holds for a single voter too: restarted, it may not know yet what it had committed.
    raft.pendingReads.push(message);
  } else {
    startRead(raft, message);
  }
}

/** To be called after a commit: it may be the first of the term. */
export function releasePendingReads(raft: Raft): void {
  if (raft.pendingReads.length === 0 || !raft.committedEntryInCurrentTerm()) {
    return;
  }
  const reads = raft.pendingReads;
  raft.pendingReads = [];
  for (const message of reads) {
    startRead(raft, message);
  }
}

function startRead(raft: Raft, message: Message): void {
  const { readOnlyOption } = raft.config;
  if (readOnlyOption === "ReadOnlyLeaseBased" || raft.tracker.isSingleton()) {
    respond(raft, message, raft.log.committed);
    return;
  }
  raft.readIndexQueue.add(message, raft.log.committed);
  raft.readIndexQueue.acknowledge(raft.id, raft.readIndexQueue.heartbeatContext()!);
  broadcastHeartbeat(raft);
}

/** A heartbeat's response with a context confirms that its sender still follows this leader. */
export function handleReadConfirmation(raft: Raft, message: Message): void {
  if (raft.config.readOnlyOption !== "ReadOnlySafe" || message.context.length === 0) {
    return;
  }
  raft.readIndexQueue.acknowledge(message.from, message.context);
  answerConfirmedReads(raft);
}

/** Also to be called when a new configuration may need fewer confirmations. */
export function answerConfirmedReads(raft: Raft): void {
  for (const read of raft.readIndexQueue.takeConfirmed(raft.tracker.config.voters)) {
    respond(raft, read.request, read.index);
  }
}

function respond(raft: Raft, request: Message, index: number): void {
  if (request.from === NONE || request.from === raft.id) {
    raft.readStates.push({ index, context: request.context });
    return;
  }
  const response = createMessage("MsgReadIndexResp", request.from);
  response.index = index;
  response.context = request.context;
  raft.send(response);
}
