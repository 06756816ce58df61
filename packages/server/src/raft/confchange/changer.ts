import type { ConfChangeSingle, NodeId } from "../messages.ts";
import { Progress } from "../tracker/progress.ts";
import type { ProgressMap, ProgressTracker } from "../tracker/progress-tracker.ts";
import type { TrackerConfig } from "../tracker/tracker-config.ts";
import { ConfChangeError } from "./conf-change-error.ts";
import { checkInvariants } from "./invariants.ts";

/** A configuration and its members' progress, ready to be installed. */
export interface ConfChangeResult {
  config: TrackerConfig;
  progress: ProgressMap;
}

/**
 * Computes the configuration that follows from a change, without touching the present one. Each
 * method throws ConfChangeError when the change is not allowed now. `lastIndex` is where a new
 * member is first probed.
 */
export class Changer {
  readonly #tracker: ProgressTracker;
  readonly #lastIndex: number;

  constructor(tracker: ProgressTracker, lastIndex: number) {
    this.#tracker = tracker;
    this.#lastIndex = lastIndex;
  }

  /** Changes at most one voter, and any number of learners. */
  simple(changes: readonly ConfChangeSingle[]): ConfChangeResult {
    const draft = this.#draft();
    if (draft.outgoing.size > 0) {
      throw new ConfChangeError("can't apply simple config change in joint config");
    }
    draft.apply(changes);
    if (voterDifference(this.#tracker.config.voters.incoming, draft.incoming) > 1) {
      throw new ConfChangeError("more than one voter changed without entering joint config");
    }
    return draft.result(false);
  }

  /**
   * From (1 2 3) to (1 2 3)&&(1 2 3), whose incoming half then takes the changes: what the thesis
   * (§4.3) calls C_old,new.
   */
  enterJoint(autoLeave: boolean, changes: readonly ConfChangeSingle[]): ConfChangeResult {
    const draft = this.#draft();
    if (draft.outgoing.size > 0) {
      throw new ConfChangeError("config is already joint");
    }
    if (draft.incoming.size === 0) {
      throw new ConfChangeError("can't make a zero-voter config joint");
    }
    for (const id of draft.incoming) {
      draft.outgoing.add(id);
    }
    draft.apply(changes);
    return draft.result(autoLeave);
  }

  /** Drops the outgoing half; demoted voters become the learners they were waiting to be. */
  leaveJoint(): ConfChangeResult {
    const draft = this.#draft();
    if (draft.outgoing.size === 0) {
      throw new ConfChangeError("can't leave a non-joint config");
    }
    draft.leave();
    return draft.result(false);
  }

  #draft(): Draft {
    const { config, progress } = this.#tracker;
    checkInvariants(config, progress);
    return new Draft(this.#tracker, this.#lastIndex);
  }
}

/** A private, mutable copy of the configuration while changes are made to it. */
class Draft {
  readonly incoming: Set<NodeId>;
  readonly outgoing: Set<NodeId>;
  readonly #learners: Set<NodeId>;
  readonly #learnersNext: Set<NodeId>;
  readonly #progress = new Map<NodeId, Progress>();
  readonly #tracker: ProgressTracker;
  readonly #lastIndex: number;

  constructor(tracker: ProgressTracker, lastIndex: number) {
    const { config } = tracker;
    this.incoming = new Set(config.voters.incoming);
    this.outgoing = new Set(config.voters.outgoing);
    this.#learners = new Set(config.learners);
    this.#learnersNext = new Set(config.learnersNext);
    for (const [id, progress] of tracker.progress) {
      this.#progress.set(id, progress.clone());
    }
    this.#tracker = tracker;
    this.#lastIndex = lastIndex;
  }

  apply(changes: readonly ConfChangeSingle[]): void {
    for (const change of changes) {
      // Zero: committed, but refused by the application.
      if (change.nodeId !== 0n) {
        this.#applyOne(change);
      }
    }
    if (this.incoming.size === 0) {
      throw new ConfChangeError("removed all voters");
    }
  }

  #applyOne(change: ConfChangeSingle): void {
    switch (change.type) {
      case "ConfChangeAddNode":
        this.#makeVoter(change.nodeId);
        break;
      case "ConfChangeAddLearnerNode":
        this.#makeLearner(change.nodeId);
        break;
      case "ConfChangeRemoveNode":
        this.#remove(change.nodeId);
        break;
      case "ConfChangeUpdateNode":
        break;
    }
  }

  #makeVoter(id: NodeId): void {
    const progress = this.#progress.get(id) ?? this.#addProgress(id, false);
    progress.isLearner = false;
    this.#learners.delete(id);
    this.#learnersNext.delete(id);
    this.incoming.add(id);
  }

  #makeLearner(id: NodeId): void {
    const progress = this.#progress.get(id);
    if (progress === undefined) {
      this.#addProgress(id, true);
      this.#learners.add(id);
      return;
    }
    if (progress.isLearner) {
      return;
    }
    this.#remove(id);
    this.#progress.set(id, progress);
    // Still a voter of the outgoing half: it becomes a learner when that is dropped.
    if (this.outgoing.has(id)) {
      this.#learnersNext.add(id);
    } else {
      progress.isLearner = true;
      this.#learners.add(id);
    }
  }

  #remove(id: NodeId): void {
    this.incoming.delete(id);
    this.#learners.delete(id);
    this.#learnersNext.delete(id);
    if (!this.outgoing.has(id)) {
      this.#progress.delete(id);
    }
  }

  leave(): void {
    for (const id of this.#learnersNext) {
      this.#learners.add(id);
      this.#progress.get(id)!.isLearner = true;
    }
    this.#learnersNext.clear();
    for (const id of this.outgoing) {
      if (!this.incoming.has(id) && !this.#learners.has(id)) {
        this.#progress.delete(id);
      }
    }
    this.outgoing.clear();
  }

  result(autoLeave: boolean): ConfChangeResult {
    const config: TrackerConfig = {
      voters: { incoming: this.incoming, outgoing: this.outgoing },
      learners: this.#learners,
      learnersNext: this.#learnersNext,
      autoLeave,
    };
    checkInvariants(config, this.#progress);
    return { config, progress: this.#progress };
  }

  /**
   * A new member is probed at the leader's last index, and counts as active, lest the next quorum
   * check unseat the leader before the member has had a chance to speak.
   */
  #addProgress(id: NodeId, isLearner: boolean): Progress {
    const next = Math.max(this.#lastIndex, 1);
    const progress = new Progress(id, next, this.#tracker.newInflights(), isLearner);
    progress.recentActive = true;
    this.#progress.set(id, progress);
    return progress;
  }
}

function voterDifference(a: ReadonlySet<NodeId>, b: ReadonlySet<NodeId>): number {
  let count = 0;
  for (const id of a) {
    count += b.has(id) ? 0 : 1;
  }
  for (const id of b) {
    count += a.has(id) ? 0 : 1;
  }
  return count;
}
