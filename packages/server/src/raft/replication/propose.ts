import { assert } from "../../lib/assert.ts";
import { admitConfChange } from "../confchange/admit.ts";
import { EMPTY_BYTES, type Entry, hex, NONE } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { appendEntries } from "./append-entries.ts";
import { broadcastAppend } from "./send.ts";

/**
 * The leader takes a proposal of one or more entries into its log, all or none, and sends them
 * out. Returns false when it must refuse. A membership change that is not admissible now is
 * replaced by an empty entry, so that its proposer sees that it was not applied.
 */
export function propose(raft: Raft, proposed: readonly Entry[]): boolean {
  assert(proposed.length > 0, "empty proposal");
  if (raft.tracker.get(raft.id) === undefined) {
    // Removed from the configuration, and leading only until somebody else does.
    return false;
  }
  if (raft.leadTransferee !== NONE) {
    raft.config.logger.debug(
      `${hex(raft.id)} [term ${raft.term}] transfer leadership to ${hex(raft.leadTransferee)} ` +
        "is in progress; dropping proposal",
    );
    return false;
  }
  const entries: Entry[] = new Array(proposed.length);
  const next = raft.log.lastIndex() + 1;
  for (let i = 0; i < proposed.length; i++) {
    entries[i] = admit(raft, proposed[i]!, next + i);
  }
  if (!appendEntries(raft, entries)) {
    return false;
  }
  broadcastAppend(raft);
  return true;
}

function admit(raft: Raft, entry: Entry, index: number): Entry {
  if (entry.type !== "EntryNormal" && !admitConfChange(raft, entry, index)) {
    return { term: 0, index: 0, type: "EntryNormal", data: EMPTY_BYTES };
  }
  // One that has an index is in some log already: a forwarded proposal delivered twice.
  return entry.index === 0 ? entry : { ...entry };
}
