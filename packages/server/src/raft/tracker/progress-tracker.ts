import type { NodeId } from "../messages.ts";
import { compareIds, jointCommittedIndex, jointVoteResult } from "../quorum/joint.ts";
import type { AckedIndexer, VoteResult } from "../quorum/majority.ts";
import { Inflights } from "./inflights.ts";
import type { Progress } from "./progress.ts";
import { emptyTrackerConfig, type TrackerConfig } from "./tracker-config.ts";

export interface VoteTally {
  granted: number;
  rejected: number;
  result: VoteResult;
}

export type ProgressMap = ReadonlyMap<NodeId, Progress>;

/** The active configuration and what is known of each member in it, plus the votes of a candidacy. */
export class ProgressTracker implements AckedIndexer {
  readonly #maxInflight: number;
  readonly #maxInflightBytes: number;
  #config: TrackerConfig = emptyTrackerConfig();
  #progress: ProgressMap = new Map();
  #ordered: readonly Progress[] = [];
  readonly #votes = new Map<NodeId, boolean>();

  constructor(maxInflight: number, maxInflightBytes: number) {
    this.#maxInflight = maxInflight;
    this.#maxInflightBytes = maxInflightBytes;
  }

  get config(): TrackerConfig {
    return this.#config;
  }

  get progress(): ProgressMap {
    return this.#progress;
  }

  /** All members in ascending order of id, so that output never depends on map order. */
  get ordered(): readonly Progress[] {
    return this.#ordered;
  }

  /** Switches to a configuration; `progress` must hold exactly its members. */
  install(config: TrackerConfig, progress: ProgressMap): void {
    this.#config = config;
    this.#progress = progress;
    this.#ordered = [...progress.values()].sort((a, b) => compareIds(a.id, b.id));
  }

  newInflights(): Inflights {
    return new Inflights(this.#maxInflight, this.#maxInflightBytes);
  }

  get(id: NodeId): Progress | undefined {
    return this.#progress.get(id);
  }

  /** Whether the only voter is one member, which then needs nobody's consent. */
  isSingleton(): boolean {
    const { incoming, outgoing } = this.#config.voters;
    return incoming.size === 1 && outgoing.size === 0;
  }

  ackedIndex(id: NodeId): number | undefined {
    return this.#progress.get(id)?.match;
  }

  /** The highest index that the voters together have made durable. */
  committed(): number {
    return jointCommittedIndex(this.#config.voters, this);
  }

  /** Whether a quorum has been heard from since the last check. */
  quorumActive(): boolean {
    const active = new Map<NodeId, boolean>();
    for (const progress of this.#ordered) {
      if (!progress.isLearner) {
        active.set(progress.id, progress.recentActive);
      }
    }
    return jointVoteResult(this.#config.voters, active) === "VoteWon";
  }

  resetVotes(): void {
    this.#votes.clear();
  }

  /** A member's first answer counts, later ones do not. */
  recordVote(id: NodeId, granted: boolean): void {
    if (!this.#votes.has(id)) {
      this.#votes.set(id, granted);
    }
  }

  tallyVotes(): VoteTally {
    let granted = 0;
    let rejected = 0;
    for (const progress of this.#ordered) {
      const vote = progress.isLearner ? undefined : this.#votes.get(progress.id);
      if (vote === true) {
        granted++;
      } else if (vote === false) {
        rejected++;
      }
    }
    return { granted, rejected, result: jointVoteResult(this.#config.voters, this.#votes) };
  }
}
