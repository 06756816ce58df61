import { payloadsSize } from "../log/entry-size.ts";
import { createMessage, type Entry, hex } from "../messages.ts";
import type { Raft } from "../raft.ts";

/**
 * Puts entries, which become the log's, at the end of the leader's log. Returns false, with
 * nothing done, when the uncommitted tail would grow beyond its limit.
 *
 * The leader acknowledges its own append like a follower does, when it is durable: the response to
 * itself waits for the disk beside those of everybody else (thesis §10.2.1).
 */
export function appendEntries(raft: Raft, entries: readonly Entry[]): boolean {
  if (!reserveUncommitted(raft, entries)) {
    raft.config.logger.warn(
      `${hex(raft.id)} appending new entries to log would exceed uncommitted entry size limit; ` +
        "dropping proposal",
    );
    return false;
  }
  const first = raft.log.lastIndex() + 1;
  for (let i = 0; i < entries.length; i++) {
    entries[i]!.term = raft.term;
    entries[i]!.index = first + i;
  }
  raft.log.append(entries);
  const acknowledgement = createMessage("MsgAppResp", raft.id);
  acknowledgement.index = raft.log.lastIndex();
  raft.send(acknowledgement);
  return true;
}

/**
 * Counts the payload towards the limit. One proposal of any size passes while nothing else is
 * uncommitted, and an empty one always does: a new leader's first entry and the way out of a joint
 * configuration must not be refused.
 */
function reserveUncommitted(raft: Raft, entries: readonly Entry[]): boolean {
  const bytes = payloadsSize(entries);
  const total = raft.uncommittedSize + bytes;
  if (raft.uncommittedSize > 0 && bytes > 0 && total > raft.config.maxUncommittedEntriesSize) {
    return false;
  }
  raft.uncommittedSize = total;
  return true;
}
