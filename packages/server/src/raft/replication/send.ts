import { assert } from "../../lib/assert.ts";
import { isRaftError } from "../errors.ts";
import { payloadsSize } from "../log/entry-size.ts";
import { createMessage, EMPTY_BYTES, type Entry, hex, type Snapshot } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { formatProgress, type Progress } from "../tracker/progress.ts";

const NO_ENTRIES: Entry[] = [];

/** Sends everybody what they lack, or at least the commit index. */
export function broadcastAppend(raft: Raft): void {
  const { ordered } = raft.tracker;
  for (let i = 0; i < ordered.length; i++) {
    if (ordered[i]!.id !== raft.id) {
      maybeSendAppend(raft, ordered[i]!, true);
    }
  }
}

/** A heartbeat to everybody; it also asks them to confirm the reads that wait. */
export function broadcastHeartbeat(raft: Raft): void {
  const context = raft.readIndexQueue.heartbeatContext() ?? EMPTY_BYTES;
  for (const progress of raft.tracker.ordered) {
    if (progress.id !== raft.id) {
      sendHeartbeat(raft, progress, context);
    }
  }
}

/** Never tells of commits beyond what is known to agree: heartbeats carry no log to check against. */
function sendHeartbeat(raft: Raft, progress: Progress, context: Uint8Array): void {
  const message = createMessage("MsgHeartbeat", progress.id);
  message.commit = Math.min(progress.match, raft.log.committed);
  message.context = context;
  raft.send(message);
  progress.sentCommit(message.commit);
}

/**
 * Sends one MsgApp with as many entries as the limits allow, or a snapshot when the log no longer
 * reaches back far enough. Without entries to send, only if `sendIfEmpty`. Returns whether
 * anything was sent.
 */
export function maybeSendAppend(raft: Raft, progress: Progress, sendIfEmpty: boolean): boolean {
  if (progress.isPaused()) {
    return false;
  }
  const { log } = raft;
  const prevIndex = progress.next - 1;
  const prevTerm = log.maybeTerm(prevIndex);
  if (prevTerm === undefined) {
    return maybeSendSnapshot(raft, progress);
  }
  // With the window full an append goes out empty: should all that is in flight be lost, its
  // rejection or acknowledgement is what gets the stream moving again.
  const throttled = progress.state === "StateReplicate" && progress.inflights.isFull();
  const entries = throttled ? NO_ENTRIES : log.entries(progress.next, raft.config.maxSizePerMsg);
  if (entries.length === 0 && !sendIfEmpty) {
    return false;
  }
  const message = createMessage("MsgApp", progress.id);
  message.index = prevIndex;
  message.logTerm = prevTerm;
  message.entries = entries;
  message.commit = log.committed;
  raft.send(message);
  progress.sentEntries(entries.length, payloadsSize(entries));
  progress.sentCommit(log.committed);
  return true;
}

function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  const { logger } = raft.config;
  if (!progress.recentActive) {
    logger.debug(`not sending a snapshot to ${hex(progress.id)}: it is not recently active`);
    return false;
  }
  const snapshot = maybeSnapshot(raft);
  if (snapshot === undefined) {
    logger.debug(`no snapshot for ${hex(progress.id)}: it is temporarily unavailable`);
    return false;
  }
  assert(snapshot.metadata.index > 0, "need non-empty snapshot");
  progress.becomeSnapshot(snapshot.metadata.index);
  logger.debug(
    `${hex(raft.id)} [firstindex: ${raft.log.firstIndex()}, commit: ${raft.log.committed}] ` +
      `sent snapshot[index: ${snapshot.metadata.index}, term: ${snapshot.metadata.term}] ` +
      `to ${hex(progress.id)} [${formatProgress(progress)}]`,
  );
  const message = createMessage("MsgSnap", progress.id);
  message.snapshot = snapshot;
  raft.send(message);
  return true;
}

function maybeSnapshot(raft: Raft): Snapshot | undefined {
  try {
    return raft.log.snapshot();
  } catch (error) {
    if (isRaftError(error, "ErrSnapshotTemporarilyUnavailable")) {
      return undefined;
    }
    throw error;
  }
}
