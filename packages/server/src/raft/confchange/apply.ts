import { assert, fail } from "../../lib/assert.ts";
import { answerConfirmedReads, releasePendingReads } from "../leader-reads.ts";
import { type ConfChangeV2, type ConfState, hex, NONE } from "../messages.ts";
import { isVoter } from "../quorum/joint.ts";
import type { Raft } from "../raft.ts";
import { maybeCommit } from "../replication/commit.ts";
import { broadcastAppend, maybeSendAppend } from "../replication/send.ts";
import type { ProgressTracker } from "../tracker/progress-tracker.ts";
import { formatTrackerConfig, toConfState } from "../tracker/tracker-config.ts";
import { Changer, type ConfChangeResult } from "./changer.ts";
import { ConfChangeError } from "./conf-change-error.ts";
import { autoLeaves, entersJoint, leavesJoint } from "./conf-change.ts";
import { restoreConfState, sameConfState } from "./restore.ts";

/**
 * Makes a committed membership change take effect, and returns the configuration that now holds.
 * A change that does not follow from the present one is a broken invariant: every member applies
 * the same changes to the same configuration, so all have diverged or none.
 */
export function applyConfChange(raft: Raft, change: ConfChangeV2): ConfState {
  const tracker = raft.supersededTracker ?? raft.tracker;
  const { config, progress } = orFail(raft, () => changed(raft, tracker, change));
  tracker.install(config, progress);
  return tracker === raft.tracker ? configSwitched(raft) : toConfState(config);
}

function changed(raft: Raft, tracker: ProgressTracker, change: ConfChangeV2): ConfChangeResult {
  return changeConfig(new Changer(tracker, raft.log.lastIndex()), change);
}

/** Picks the way in which a change is carried out. Throws ConfChangeError. */
export function changeConfig(changer: Changer, change: ConfChangeV2): ConfChangeResult {
  if (leavesJoint(change)) {
    return changer.leaveJoint();
  }
  return entersJoint(change)
    ? changer.enterJoint(autoLeaves(change), change.changes)
    : changer.simple(change.changes);
}

/** Takes over a stored or received configuration; the tracker must be empty. */
export function restoreConfig(raft: Raft, state: ConfState): void {
  orFail(raft, () => restoreConfState(raft.tracker, state, raft.log.lastIndex()));
  const restored = configSwitched(raft);
  assert(sameConfState(state, restored), `configuration does not restore to itself [${raft.id}]`);
}

function orFail<T>(raft: Raft, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ConfChangeError) {
      fail(`${error.message} [${hex(raft.id)}: ${formatTrackerConfig(raft.tracker.config)}]`);
    }
    throw error;
  }
}

/** What follows from a new configuration, at once. */
function configSwitched(raft: Raft): ConfState {
  const { config } = raft.tracker;
  raft.config.logger.info(
    `${hex(raft.id)} switched to configuration ${formatTrackerConfig(config)}`,
  );
  const own = raft.tracker.get(raft.id);
  raft.isLearner = own?.isLearner ?? false;
  if (raft.state === "StateLeader") {
    if (own === undefined || own.isLearner) {
      stepDownIfAsked(raft);
    } else {
      leadNewConfig(raft);
    }
  }
  return toConfState(config);
}

/** A leader that has no part in its configuration any more (paper §6). */
function stepDownIfAsked(raft: Raft): void {
  if (raft.config.stepDownOnRemoval) {
    raft.becomeFollower(raft.term, NONE);
  }
}

/** A smaller quorum may commit more, a new member wants its first probe, a transferee may be gone. */
function leadNewConfig(raft: Raft): void {
  if (maybeCommit(raft)) {
    broadcastAppend(raft);
  } else {
    for (const progress of raft.tracker.ordered) {
      if (progress.id !== raft.id) {
        maybeSendAppend(raft, progress, false);
      }
    }
  }
  releasePendingReads(raft);
  answerConfirmedReads(raft);
  if (!isVoter(raft.tracker.config.voters, raft.leadTransferee)) {
    raft.leadTransferee = NONE;
  }
}
