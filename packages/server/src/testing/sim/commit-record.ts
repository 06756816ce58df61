/**
 * The committed log as the members of a run apply it, all lives of all members together. Two members
 * that apply different entries at one index, or two leaders of one term, are found out on the spot.
 */
import type { Entry } from "../../raft/messages.ts";

/** A property that every run must have does not hold. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export interface CommittedEntry {
  readonly entry: Entry;
  /** Simulated time at which the first member applied it. */
  readonly firstAppliedMs: number;
}

export class CommitRecord {
  /** `#entries[i]` is the entry at index i + 1. */
  readonly #entries: CommittedEntry[] = [];
  readonly #leaders = new Map<number, bigint>();

  get entries(): readonly CommittedEntry[] {
    return this.#entries;
  }

  applied(member: bigint, entry: Entry, nowMs: number): void {
    const known = this.#entries[entry.index - 1];
    if (known !== undefined) {
      const same =
        known.entry.term === entry.term && Buffer.compare(known.entry.data, entry.data) === 0;
      if (!same) {
        throw new Violation(
          `log matching: member ${member.toString(16)} applied another entry at ${entry.index}: ` +
            `term ${entry.term}, not ${known.entry.term}`,
        );
      }
      return;
    }
    if (entry.index !== this.#entries.length + 1) {
      throw new Violation(`applied ${entry.index} after ${this.#entries.length}`);
    }
    this.#entries.push({ entry, firstAppliedMs: nowMs });
  }

  leads(member: bigint, term: number): void {
    const known = this.#leaders.get(term);
    if (known !== undefined && known !== member) {
      throw new Violation(`election safety: two leaders in term ${term}`);
    }
    this.#leaders.set(term, member);
  }
}
