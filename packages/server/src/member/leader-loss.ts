/** Tells whoever asked when this member has been without a leader for three election timeouts. */
export interface LeaderLossOptions {
  readonly electionTimeoutMs: number;
  readonly hasLeader: () => boolean;
}

const ELECTION_TIMEOUTS = 3;

export class LeaderLoss {
  readonly #options: LeaderLossOptions;
  readonly #listeners = new Set<() => void>();
  /** Undefined before the first tick. */
  #leaderSeenMs: number | undefined;
  #told = false;

  constructor(options: LeaderLossOptions) {
    this.#options = options;
  }

  /** Whether there has been no leader for that long. */
  get isLost(): boolean {
    return this.#told;
  }

  /** Calls `listener` at each loss; the returned function takes it off again. */
  onLost(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called every tick. */
  tick(nowMs: number): void {
    const { electionTimeoutMs, hasLeader } = this.#options;
    this.#leaderSeenMs ??= nowMs;
    if (hasLeader()) {
      this.#leaderSeenMs = nowMs;
      this.#told = false;
    } else if (!this.#told && nowMs - this.#leaderSeenMs >= ELECTION_TIMEOUTS * electionTimeoutMs) {
      this.#told = true;
      for (const listener of [...this.#listeners]) listener();
    }
  }
}
