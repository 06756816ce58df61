import { decodeAsConfChangeV2 } from "../codec.ts";
import { CodecError } from "../codec/codec-error.ts";
import { type ConfChangeV2, type Entry, hex } from "../messages.ts";
import type { Raft } from "../raft.ts";
import { formatTrackerConfig, isJoint } from "../tracker/tracker-config.ts";
import { changeConfig } from "./apply.ts";
import { Changer } from "./changer.ts";
import { ConfChangeError } from "./conf-change-error.ts";
import { formatConfChange } from "./conf-change.ts";

/**
 * Whether the leader may append this membership change at `index`. There is one change at a time:
 * the next is refused until the last is applied, which includes anything that a new leader found
 * in its log (reliable only because of the entry of its own term that lies above).
 *
 * Without validation the change is let in unless it cannot even be read.
 */
export function admitConfChange(raft: Raft, entry: Entry, index: number): boolean {
  const change = maybeDecode(entry);
  const objection = change === undefined ? "cannot be decoded" : objectionTo(raft, change);
  const mayOverrule = change !== undefined && raft.config.disableConfChangeValidation;
  if (objection !== undefined && !mayOverrule) {
    raft.config.logger.info(
      `${hex(raft.id)} ignoring conf change ${change === undefined ? "" : formatConfChange(change)}` +
        ` at config ${formatTrackerConfig(raft.tracker.config)}: ${objection}`,
    );
    return false;
  }
  raft.pendingConfIndex = index;
  return true;
}

function objectionTo(raft: Raft, change: ConfChangeV2): string | undefined {
  const joint = isJoint(raft.tracker.config);
  const leaves = change.changes.length === 0;
  if (raft.pendingConfIndex > raft.log.applied) {
    return (
      `possible unapplied conf change at index ${raft.pendingConfIndex} ` +
      `(applied to ${raft.log.applied})`
    );
  }
  if (joint && !leaves) {
    return "must transition out of joint config first";
  }
  if (!joint && leaves) {
    return "not in joint state; refusing empty conf change";
  }
  return trialOf(raft, change);
}

/**
 * Nothing that could still change the configuration is unapplied, so a change that fails now would
 * fail when it is applied, and end every member of the group.
 */
function trialOf(raft: Raft, change: ConfChangeV2): string | undefined {
  try {
    changeConfig(new Changer(raft.tracker, raft.log.lastIndex()), change);
    return undefined;
  } catch (error) {
    if (error instanceof ConfChangeError) {
      return error.message;
    }
    throw error;
  }
}

/** A forwarded proposal may hold anything; what is no membership change must not enter the log. */
function maybeDecode(entry: Entry): ConfChangeV2 | undefined {
  try {
    return decodeAsConfChangeV2(entry);
  } catch (error) {
    if (error instanceof CodecError) {
      return undefined;
    }
    throw error;
  }
}
