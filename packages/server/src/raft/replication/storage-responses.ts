import { autoLeaveJoint } from "../confchange/auto-leave.ts";
import { entriesSize, payloadsSize } from "../log/entry-size.ts";
import { hex, type Message, type Snapshot } from "../messages.ts";
import type { Raft } from "../raft.ts";

/** Entries, and perhaps a snapshot, are durable, and nothing being written can replace them. */
export function handleStorageAppendResponse(raft: Raft, message: Message): void {
  if (message.index !== 0) {
    raft.log.unstable.stableTo(message.index, message.logTerm);
  }
  if (message.snapshot !== undefined) {
    appliedSnapshot(raft, message.snapshot);
  }
}

/**
 * The same from an earlier term. Its entries prove nothing: a later term may have replaced them,
 * and replaced those again with the same ones, while the disk is still busy with the replacement.
 * Only a response that was asked for in this term speaks for what the disk will hold.
 */
export function handleStaleStorageAppendResponse(raft: Raft, message: Message): void {
  if (message.index !== 0) {
    raft.config.logger.info(
      `${hex(raft.id)} [term: ${raft.term}] ignored entry appends from a MsgStorageAppendResp ` +
        `message with lower term [term: ${message.term}]`,
    );
  }
  if (message.snapshot !== undefined) {
    appliedSnapshot(raft, message.snapshot);
  }
}

function appliedSnapshot(raft: Raft, snapshot: Snapshot): void {
  const { index } = snapshot.metadata;
  raft.log.unstable.stableSnapshotTo(index);
  if (raft.log.unstable.snapshot === undefined) {
    raft.supersededTracker = undefined;
  }
  appliedTo(raft, index, 0);
}

/** Committed entries have been applied. */
export function handleStorageApplyResponse(raft: Raft, message: Message): void {
  const { entries } = message;
  const last = entries.at(-1);
  if (last !== undefined) {
    appliedTo(raft, last.index, entriesSize(entries));
    raft.uncommittedSize = Math.max(0, raft.uncommittedSize - payloadsSize(entries));
  }
}

function appliedTo(raft: Raft, index: number, bytes: number): void {
  raft.log.appliedTo(Math.max(index, raft.log.applied), bytes);
  autoLeaveJoint(raft);
}
