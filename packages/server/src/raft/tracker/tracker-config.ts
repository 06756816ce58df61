import type { ConfState, NodeId } from "../messages.ts";
import { type JointConfig, sortedIds } from "../quorum/joint.ts";
import type { MajorityConfig } from "../quorum/majority.ts";

/**
 * Who takes part. Invariants: learners and voters of either half never intersect; whoever waits in
 * `learnersNext` still votes in `voters.outgoing`; outside of a joint configuration `learnersNext`
 * is empty and `autoLeave` false.
 *
 * `learnersNext` exists for a voter that is being demoted: while the outgoing half still counts it
 * as a voter it must not be a learner too, so that becomes true only when that half is dropped.
 */
export interface TrackerConfig {
  readonly voters: JointConfig;
  readonly learners: ReadonlySet<NodeId>;
  readonly learnersNext: ReadonlySet<NodeId>;
  readonly autoLeave: boolean;
}

export function emptyTrackerConfig(): TrackerConfig {
  return {
    voters: { incoming: new Set(), outgoing: new Set() },
    learners: new Set(),
    learnersNext: new Set(),
    autoLeave: false,
  };
}

export function isJoint(config: TrackerConfig): boolean {
  return config.voters.outgoing.size > 0;
}

export function toConfState(config: TrackerConfig): ConfState {
  return {
    voters: sortedIds(config.voters.incoming),
    learners: sortedIds(config.learners),
    votersOutgoing: sortedIds(config.voters.outgoing),
    learnersNext: sortedIds(config.learnersNext),
    autoLeave: config.autoLeave,
  };
}

/** One line for logs and status output: `voters=(1 2)&&(1 3) learners=(4) autoleave`. */
export function formatTrackerConfig(config: TrackerConfig): string {
  return [
    `voters=${formatJoint(config.voters)}`,
    config.learners.size > 0 ? ` learners=${formatMajority(config.learners)}` : "",
    config.learnersNext.size > 0 ? ` learners_next=${formatMajority(config.learnersNext)}` : "",
    config.autoLeave ? " autoleave" : "",
  ].join("");
}

export function formatJoint(config: JointConfig): string {
  const incoming = formatMajority(config.incoming);
  return config.outgoing.size > 0 ? `${incoming}&&${formatMajority(config.outgoing)}` : incoming;
}

function formatMajority(config: MajorityConfig): string {
  return `(${sortedIds(config)
    .map((id) => id.toString(16))
    .join(" ")})`;
}
