import type { ConfChangeSingle, ConfChangeType, ConfState, NodeId } from "../messages.ts";
import { compareIds } from "../quorum/joint.ts";
import type { ProgressTracker } from "../tracker/progress-tracker.ts";
import { Changer } from "./changer.ts";

/**
 * Brings an empty tracker to the configuration that `state` describes, by the very changes that
 * lead there, so that what is restored has passed every check. For
 *
 *     voters=(1 2 3) learners=(5) outgoing=(1 2 4 6) learners_next=(4)
 *
 * that is first to add 1, 2, 4 and 6 one by one, then to enter the joint configuration with 1, 2,
 * 4 and 6 removed, 1, 2 and 3 added, and 5 and 4 made learners. Throws ConfChangeError when no
 * such history exists.
 */
export function restoreConfState(
  tracker: ProgressTracker,
  state: ConfState,
  lastIndex: number,
): void {
  const incoming: ConfChangeSingle[] = [
    ...changesOf("ConfChangeRemoveNode", state.votersOutgoing),
    ...changesOf("ConfChangeAddNode", state.voters),
    ...changesOf("ConfChangeAddLearnerNode", state.learners),
    ...changesOf("ConfChangeAddLearnerNode", state.learnersNext),
  ];
  if (state.votersOutgoing.length === 0) {
    applyOneByOne(tracker, incoming, lastIndex);
    return;
  }
  applyOneByOne(tracker, changesOf("ConfChangeAddNode", state.votersOutgoing), lastIndex);
  const joint = new Changer(tracker, lastIndex).enterJoint(state.autoLeave, incoming);
  tracker.install(joint.config, joint.progress);
}

function applyOneByOne(
  tracker: ProgressTracker,
  changes: readonly ConfChangeSingle[],
  lastIndex: number,
): void {
  for (const change of changes) {
    const { config, progress } = new Changer(tracker, lastIndex).simple([change]);
    tracker.install(config, progress);
  }
}

function changesOf(type: ConfChangeType, ids: readonly NodeId[]): ConfChangeSingle[] {
  return ids.map((nodeId) => ({ type, nodeId }));
}

/** Whether both describe the same configuration; the order of ids does not matter. */
export function sameConfState(a: ConfState, b: ConfState): boolean {
  return (
    a.autoLeave === b.autoLeave &&
    sameIds(a.voters, b.voters) &&
    sameIds(a.learners, b.learners) &&
    sameIds(a.votersOutgoing, b.votersOutgoing) &&
    sameIds(a.learnersNext, b.learnersNext)
  );
}

function sameIds(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  const left = [...a].sort(compareIds);
  const right = [...b].sort(compareIds);
  return left.length === right.length && left.every((id, at) => id === right[at]);
}
