/**
 * Leases. Granting and revoking go through the log; keeping alive and asking for the time left are
 * the leader's alone to answer, so others pass them on to it.
 */
import {
  EtcdError,
  EtcdErrors,
  LeaseLeasesResponse,
  type LeaseGrantRequest,
  type LeaseGrantResponse,
  type LeaseRevokeRequest,
  type LeaseRevokeResponse,
  LeaseStatus,
  type LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
  ResponseHeader,
} from "@kvorum/proto";
import { type Later, Reply } from "../lib/reply.ts";
import type { Clock, Random } from "../env/env.ts";
import { NONE } from "../raft/messages.ts";
import type { LinearizableReads } from "./linearizable-reads.ts";
import type { LeasePort, PeerRequests, Transport } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import { leaseGrantCost } from "./quota.ts";
import type { RaftDriver } from "./raft-driver.ts";
import type { SpaceGuard } from "./space-guard.ts";
import type { StateMachine } from "./state-machine.ts";

export interface LeaseServiceOptions {
  readonly state: StateMachine;
  readonly driver: RaftDriver;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly space: SpaceGuard;
  readonly transport: Transport;
  readonly random: Random;
  readonly clock: Clock;
  /** How long the leader is looked for. */
  readonly timeoutMs: number;
}

/** What TimeToLive answers for a lease that is not there. */
const NO_LEASE_TTL = -1;
const RETRY_MS = 50;

export class LeaseService implements LeasePort {
  readonly #options: LeaseServiceOptions;

  constructor(options: LeaseServiceOptions) {
    this.#options = options;
  }

  leaseGrant(request: LeaseGrantRequest): Reply<LeaseGrantResponse> {
    const { proposals, space } = this.#options;
    space.check(leaseGrantCost(request));
    const ID = request.ID === 0n ? this.#freshId() : request.ID;
    return proposals.submit("leaseGrant", { ...request, ID });
  }

  leaseRevoke(request: LeaseRevokeRequest): Reply<LeaseRevokeResponse> {
    return this.#options.proposals.submit("leaseRevoke", request);
  }

  /** Without a promise where this member leads: keep-alives are many. */
  leaseRenew(id: bigint): Later<number> {
    const { driver, reads, state } = this.#options;
    if (!driver.isLeader) return this.#renewAtLeader(id);
    // The round may have been confirmed by the next leader.
    return reads.after(() => (driver.isLeader ? state.lessor.renew(id) : this.#renewAtLeader(id)));
  }

  async leaseTimeToLive(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
    return this.#atLeader(
      () => this.timeToLiveAsLeader(request),
      (leader) => leader.leaseTimeToLive(request),
    );
  }

  async leaseLeases(): Promise<LeaseLeasesResponse> {
    const { reads, state } = this.#options;
    await reads.wait();
    return LeaseLeasesResponse.create({
      header: this.#header(),
      leases: state.lessor.list().map((lease) => LeaseStatus.create({ ID: lease.id })),
    });
  }

  /**
   * Waits first until this member is known to lead, and to have applied all that was committed
   * before: a lease granted before this call is there then. A leader that has been replaced without
   * knowing would promise time that its successor does not give.
   */
  renewAsLeader(id: bigint): Reply<number> {
    const { driver, reads, state } = this.#options;
    if (!driver.isLeader) return Reply.rejected(EtcdError.from(EtcdErrors.notLeader));
    return reads.after(() => {
      this.#checkLeads();
      return state.lessor.renew(id);
    });
  }

  async timeToLiveAsLeader(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
    await this.#confirmLeadership();
    const { state } = this.#options;
    // Its keys go one by one, and are to be seen all or none.
    while (request.keys && state.store.longWrite !== undefined) {
      await state.store.longWrite;
      this.#checkLeads();
    }
    const lease = state.lessor.get(request.ID);
    const remaining = state.lessor.remainingSeconds(request.ID);
    if (lease === undefined || remaining === undefined || remaining < 0) {
      return LeaseTimeToLiveResponse.create({
        header: this.#header(),
        ID: request.ID,
        TTL: NO_LEASE_TTL,
      });
    }
    return LeaseTimeToLiveResponse.create({
      header: this.#header(),
      ID: request.ID,
      TTL: remaining,
      grantedTTL: lease.ttlSeconds,
      keys: request.keys ? lease.sortedKeys().map((key) => Buffer.from(key, "latin1")) : [],
    });
  }

  #renewAtLeader(id: bigint): Promise<number> {
    return this.#atLeader(
      async () => this.renewAsLeader(id),
      (leader) => leader.leaseRenew(id),
    );
  }

  /** Goes on asking while leaders come and go. What the leader says stands. */
  async #atLeader<T>(own: () => Promise<T>, ask: (leader: PeerRequests) => Promise<T>): Promise<T> {
    const { driver, transport, clock, timeoutMs, reads } = this.#options;
    const deadlineMs = clock.monotonicMs() + timeoutMs;
    while (!reads.isStopped) {
      try {
        if (driver.isLeader) return await own();
        const leader = transport.peer(driver.leader);
        if (leader !== undefined) return await ask(leader);
      } catch (error) {
        if (!isAboutLeader(error)) throw error;
      }
      if (clock.monotonicMs() >= deadlineMs) {
        throw EtcdError.from(driver.leader === NONE ? EtcdErrors.noLeader : EtcdErrors.timeout);
      }
      await new Promise<void>((resolve) => void clock.setTimer(RETRY_MS, resolve));
    }
    throw EtcdError.from(EtcdErrors.stopped);
  }

  async #confirmLeadership(): Promise<void> {
    this.#checkLeads();
    await this.#options.reads.wait();
    // The round may have been confirmed by the next leader.
    this.#checkLeads();
  }

  #checkLeads(): void {
    if (!this.#options.driver.isLeader) throw EtcdError.from(EtcdErrors.notLeader);
  }

  /** A positive 63-bit id. One that is taken, by whatever chance, is refused when it is applied. */
  #freshId(): bigint {
    let id = 0n;
    while (id === 0n) id = BigInt.asUintN(63, this.#options.random.nextUint64());
    return id;
  }

  #header(): ResponseHeader {
    return ResponseHeader.create({ revision: this.#options.state.store.currentRevision });
  }
}

/** Whether it failed for want of the leader: nobody answered, or somebody who does not lead. */
function isAboutLeader(error: unknown): boolean {
  if (!(error instanceof EtcdError)) return true;
  return error.is(EtcdErrors.notLeader) || error.is(EtcdErrors.notPrimaryLessor);
}
