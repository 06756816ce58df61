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
import type { Random } from "../env/env.ts";
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
}

/** What TimeToLive answers for a lease that is not there. */
const NO_LEASE_TTL = -1;

export class LeaseService implements LeasePort {
  readonly #options: LeaseServiceOptions;

  constructor(options: LeaseServiceOptions) {
    this.#options = options;
  }

  async leaseGrant(request: LeaseGrantRequest): Promise<LeaseGrantResponse> {
    const { proposals, space } = this.#options;
    space.check(leaseGrantCost(request));
    const ID = request.ID === 0n ? this.#freshId() : request.ID;
    return proposals.submit("leaseGrant", { ...request, ID });
  }

  leaseRevoke(request: LeaseRevokeRequest): Promise<LeaseRevokeResponse> {
    return this.#options.proposals.submit("leaseRevoke", request);
  }

  async leaseRenew(id: bigint): Promise<number> {
    return this.#atLeader(
      () => this.renewAsLeader(id),
      (leader) => leader.leaseRenew(id),
    );
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

  /** Waits first until a lease granted before this call is known here. */
  async renewAsLeader(id: bigint): Promise<number> {
    const { driver, reads, state } = this.#options;
    if (!driver.isLeader) throw EtcdError.from(EtcdErrors.notLeader);
    if (!state.lessor.has(id)) await reads.wait();
    return state.lessor.renew(id);
  }

  async timeToLiveAsLeader(request: LeaseTimeToLiveRequest): Promise<LeaseTimeToLiveResponse> {
    const { driver, reads, state } = this.#options;
    if (!driver.isLeader) throw EtcdError.from(EtcdErrors.notLeader);
    await reads.wait();
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

  async #atLeader<T>(own: () => Promise<T>, ask: (leader: PeerRequests) => Promise<T>): Promise<T> {
    const { driver, transport } = this.#options;
    if (driver.isLeader) return own();
    const leader = transport.peer(driver.leader);
    if (leader === undefined) throw EtcdError.from(EtcdErrors.noLeader);
    try {
      return await ask(leader);
    } catch (error) {
      // What the leader said stands; that it could not be asked is told as what the client knows.
      if (error instanceof EtcdError) throw error;
      throw EtcdError.from(EtcdErrors.timeoutDueToConnectionLost, { cause: error });
    }
  }

  /** A positive 63-bit id. */
  #freshId(): bigint {
    const { random, state } = this.#options;
    for (;;) {
      const id = BigInt.asUintN(63, random.nextUint64());
      if (id !== 0n && !state.lessor.has(id)) return id;
    }
  }

  #header(): ResponseHeader {
    return ResponseHeader.create({ revision: this.#options.state.store.currentRevision });
  }
}
