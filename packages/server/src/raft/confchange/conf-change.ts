import type { ConfChange, ConfChangeV2 } from "../messages.ts";

/** Either form of a membership change; the core works on the second. */
export type AnyConfChange = ConfChange | ConfChangeV2;

export function isConfChangeV2(change: AnyConfChange): change is ConfChangeV2 {
  return "changes" in change;
}

/** The same change in the general form. */
export function asConfChangeV2(change: AnyConfChange): ConfChangeV2 {
  if (isConfChangeV2(change)) {
    return change;
  }
  return {
    transition: "ConfChangeTransitionAuto",
    changes: [{ type: change.type, nodeId: change.nodeId }],
    context: change.context,
  };
}

/** Whether joint consensus is used, asked for or needed for more than one change at a time. */
export function entersJoint(change: ConfChangeV2): boolean {
  return change.transition !== "ConfChangeTransitionAuto" || change.changes.length > 1;
}

/** Whether a joint configuration entered by this change is left without being told to. */
export function autoLeaves(change: ConfChangeV2): boolean {
  return change.transition !== "ConfChangeTransitionJointExplicit";
}

/** Whether this is the empty change, which leaves the joint configuration. */
export function leavesJoint(change: ConfChangeV2): boolean {
  return change.transition === "ConfChangeTransitionAuto" && change.changes.length === 0;
}

/** For logs: `v1 l2 r3 u4`, one word a change. */
export function formatConfChange(change: AnyConfChange): string {
  return asConfChangeV2(change)
    .changes.map(({ type, nodeId }) => `${LETTERS[type]}${nodeId}`)
    .join(" ");
}

const LETTERS = {
  ConfChangeAddNode: "v",
  ConfChangeAddLearnerNode: "l",
  ConfChangeRemoveNode: "r",
  ConfChangeUpdateNode: "u",
} as const;
