import type { NodeId } from "../messages.ts";
import { jointIds } from "../quorum/joint.ts";
import type { ProgressMap } from "../tracker/progress-tracker.ts";
import { isJoint, type TrackerConfig } from "../tracker/tracker-config.ts";
import { ConfChangeError } from "./conf-change-error.ts";

/**
 * Throws ConfChangeError unless configuration and progress fit each other. Checked of what a
 * change starts from and of what it produces. The empty configuration is legal: it is what every
 * first configuration is built from.
 */
export function checkInvariants(config: TrackerConfig, progress: ProgressMap): void {
  for (const id of [...jointIds(config.voters), ...config.learners, ...config.learnersNext]) {
    require(progress.has(id), `no progress for ${id}`);
  }
  for (const id of config.learnersNext) {
    checkStagedLearner(config, progress, id);
  }
  for (const id of config.learners) {
    checkLearner(config, progress, id);
  }
  if (!isJoint(config)) {
    require(config.learnersNext.size === 0, "learnersNext must be empty when not joint");
    require(!config.autoLeave, "autoLeave must be false when not joint");
  }
}

function checkStagedLearner(config: TrackerConfig, progress: ProgressMap, id: NodeId): void {
  require(config.voters.outgoing.has(id), `${id} is in LearnersNext, but not Voters[1]`);
  require(progress.get(id)?.isLearner ===
    false, `${id} is in LearnersNext, but is already marked as learner`);
}

function checkLearner(config: TrackerConfig, progress: ProgressMap, id: NodeId): void {
  require(!config.voters.outgoing.has(id), `${id} is in Learners and Voters[1]`);
  require(!config.voters.incoming.has(id), `${id} is in Learners and Voters[0]`);
  require(progress.get(id)?.isLearner ===
    true, `${id} is in Learners, but is not marked as learner`);
}

function require(condition: boolean, text: string): void {
  if (!condition) {
    throw new ConfChangeError(text);
  }
}
