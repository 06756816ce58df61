import { fail } from "../../lib/assert.ts";
import type { NodeId } from "../messages.ts";
import type { Inflights } from "./inflights.ts";

/**
 * How the leader feeds a follower:
 *
 *     StateProbe      one append per heartbeat, to find where the logs agree
 *     StateReplicate  appends in a stream, `next` running ahead of what is acknowledged
 *     StateSnapshot   nothing, until the snapshot on its way has been installed or lost
 *
 *     Probe --accepted append--> Replicate --rejection, unreachable--> Probe
 *     Probe, Replicate --entries needed are compacted--> Snapshot --reported, appended--> Probe
 */
export type ProgressState = "StateProbe" | "StateReplicate" | "StateSnapshot";

/** What the leader knows of one member, itself included. Invariant: match < next. */
export class Progress {
  readonly id: NodeId;
  readonly inflights: Inflights;
  state: ProgressState = "StateProbe";
  /** Highest index known to agree with the leader's log and to be durable at the follower. */
  match = 0;
  /** Index of the next entry to send; what lies between is in flight. */
  next: number;
  /** In StateSnapshot the index of the snapshot sent, else zero. */
  pendingSnapshot = 0;
  /** Heard from since the last quorum check. Always true of the leader itself. */
  recentActive = false;
  /** Appends are held back until a heartbeat response or an acknowledgement. */
  appendFlowPaused = false;
  isLearner: boolean;
  /** Highest commit index on its way; only ever a hint that saves needless messages. */
  #sentCommit = 0;

  constructor(id: NodeId, next: number, inflights: Inflights, isLearner: boolean) {
    this.id = id;
    this.next = next;
    this.inflights = inflights;
    this.isLearner = isLearner;
  }

  /** A copy whose role may change independently; the window of messages stays shared. */
  clone(): Progress {
    const copy = new Progress(this.id, this.next, this.inflights, this.isLearner);
    copy.state = this.state;
    copy.match = this.match;
    copy.pendingSnapshot = this.pendingSnapshot;
    copy.recentActive = this.recentActive;
    copy.appendFlowPaused = this.appendFlowPaused;
    copy.#sentCommit = this.#sentCommit;
    return copy;
  }

  /** Forgets all but identity and role, as at the start of a term. */
  reset(match: number, next: number): void {
    this.#resetState("StateProbe");
    this.match = match;
    this.next = next;
    this.recentActive = false;
    this.#sentCommit = 0;
  }

  /** From a snapshot, goes on behind it; a failed one must have `pendingSnapshot` zeroed first. */
  becomeProbe(): void {
    const pending = this.state === "StateSnapshot" ? this.pendingSnapshot : 0;
    this.#resetState("StateProbe");
    this.next = Math.max(this.match, pending) + 1;
    this.#sentCommit = Math.min(this.#sentCommit, this.next - 1);
  }

  becomeReplicate(): void {
    this.#resetState("StateReplicate");
    this.next = this.match + 1;
  }

  becomeSnapshot(index: number): void {
    this.#resetState("StateSnapshot");
    this.pendingSnapshot = index;
    this.next = index + 1;
    this.#sentCommit = index;
  }

  /** An append of `count` entries from `next` on has been sent. */
  sentEntries(count: number, bytes: number): void {
    if (this.state === "StateReplicate") {
      if (count > 0) {
        this.next += count;
        this.inflights.add(this.next - 1, bytes);
      }
      // A full window makes this message a probe: the next one waits for a sign of life.
      this.appendFlowPaused = this.inflights.isFull();
    } else if (this.state === "StateProbe") {
      this.appendFlowPaused ||= count > 0;
    } else {
      fail(`sending append in unhandled state ${this.state} [next(${this.next})]`);
    }
  }

  sentCommit(commit: number): void {
    this.#sentCommit = commit;
  }

  /** Whether telling `commit` now can advance the follower beyond what it has been told. */
  canBumpCommit(commit: number): boolean {
    return commit > this.#sentCommit && this.#sentCommit < this.next - 1;
  }

  /** An acknowledgement up to `index`; false when it is old news. */
  maybeUpdate(index: number): boolean {
    if (index <= this.match) {
      return false;
    }
    this.match = index;
    this.next = Math.max(this.next, index + 1);
    this.appendFlowPaused = false;
    return true;
  }

  /**
   * A rejection of the append at `rejected`, with the follower's guess `hint` where the logs may
   * agree. False when the rejection is stale and changes nothing.
   */
  maybeDecrTo(rejected: number, hint: number): boolean {
    if (this.state === "StateReplicate") {
      if (rejected <= this.match) {
        return false;
      }
      this.next = this.match + 1;
      this.#sentCommit = Math.min(this.#sentCommit, this.next - 1);
      return true;
    }
    // A probe is the only append on its way, so a genuine rejection must be about it.
    if (this.next - 1 !== rejected) {
      return false;
    }
    this.next = Math.max(Math.min(rejected, hint + 1), this.match + 1);
    this.#sentCommit = Math.min(this.#sentCommit, this.next - 1);
    this.appendFlowPaused = false;
    return true;
  }

  isPaused(): boolean {
    return this.state === "StateSnapshot" || this.appendFlowPaused;
  }

  #resetState(state: ProgressState): void {
    this.appendFlowPaused = false;
    this.pendingSnapshot = 0;
    this.state = state;
    this.inflights.reset();
  }
}

/** One line for logs and status output. */
export function formatProgress(progress: Progress): string {
  const { state, match, next, inflights } = progress;
  const inflight = inflights.count === 0 ? "" : ` inflight=${inflights.count}`;
  return [
    `${state} match=${match} next=${next}`,
    progress.isLearner ? " learner" : "",
    progress.isPaused() ? " paused" : "",
    progress.pendingSnapshot > 0 ? ` pendingSnap=${progress.pendingSnapshot}` : "",
    progress.recentActive ? "" : " inactive",
    inflight,
    inflight !== "" && inflights.isFull() ? "[full]" : "",
  ].join("");
}
