/**
 * Revokes leases that have run out, through the log. Only the leader does: its clock alone decides,
 * and a new leader gives every lease its full time again, so none ever ends early.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import type { Proposals } from "./proposals.ts";

export interface LeaseExpiryOptions {
  /** Ids of leases that have run out, at most `limit`. */
  readonly expired: (limit: number) => readonly bigint[];
  readonly isLeader: () => boolean;
  readonly proposals: Pick<Proposals, "submit">;
  readonly log: Log;
}

const CHECK_INTERVAL_MS = 500;
/** Revocations per check: a thousand a second. */
const REVOKES_PER_CHECK = 500;

export class LeaseExpiry {
  readonly #options: LeaseExpiryOptions;
  readonly #revoking = new Set<bigint>();
  #nextCheckMs = 0;

  constructor(options: LeaseExpiryOptions) {
    this.#options = options;
  }

  /** To be called every tick. */
  tick(nowMs: number): void {
    if (nowMs < this.#nextCheckMs || !this.#options.isLeader()) return;
    this.#nextCheckMs = nowMs + CHECK_INTERVAL_MS;
    const room = REVOKES_PER_CHECK - this.#revoking.size;
    if (room <= 0) return;
    for (const id of this.#options.expired(room + this.#revoking.size)) {
      if (!this.#revoking.has(id)) this.#revoke(id);
    }
  }

  #revoke(id: bigint): void {
    this.#revoking.add(id);
    this.#options.proposals
      // Only for as long as this member leads: the next leader has given the lease its time again.
      .submit("leaseRevoke", { ID: id }, { asLeader: true })
      .catch((error: unknown) => {
        // Revoked by somebody else meanwhile: what was wanted has happened. Else the next check retries.
        const gone = error instanceof EtcdError && error.is(EtcdErrors.leaseNotFound);
        if (!gone)
          this.#options.log.warn("failed to revoke an expired lease", { lease: id, error });
      })
      .finally(() => this.#revoking.delete(id));
  }
}
