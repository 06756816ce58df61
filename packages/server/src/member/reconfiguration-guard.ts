/**
 * Refuses membership changes that would leave the cluster without a working quorum (etcd's strict
 * reconfiguration check): by who has ever started, and by who has been connected of late.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Clock } from "../env/env.ts";
import type { Cluster } from "../membership/cluster.ts";
import type { Member } from "../membership/member.ts";
import type { Transport } from "./ports.ts";

/** A member counts as connected once it has been so for this long. */
const HEALTH_INTERVAL_MS = 5_000;

export interface ReconfigurationGuardOptions {
  readonly localId: bigint;
  readonly clock: Clock;
  readonly transport: Pick<Transport, "activeSince">;
  readonly cluster: () => Cluster;
  /** `--strict-reconfig-check`: false lets everything pass. */
  readonly strict: boolean;
}

function quorum(members: number): number {
  return Math.floor(members / 2) + 1;
}

function startedCount(members: readonly Member[]): number {
  return members.filter((member) => member.name !== "").length;
}

export class ReconfigurationGuard {
  readonly #options: ReconfigurationGuardOptions;

  constructor(options: ReconfigurationGuardOptions) {
    this.#options = options;
  }

  /** Throws when adding a member, counted as down at first, could cost the quorum. */
  checkAdd(isLearner: boolean): void {
    if (!this.#options.strict) return;
    const voters = this.#options.cluster().voters();
    const started = startedCount(voters);
    const alone = voters.length === 1;
    const grown = voters.length + 1;
    if (!isLearner && !(started === 1 && alone) && started < quorum(grown)) {
      throw EtcdError.from(EtcdErrors.memberNotEnoughStarted);
    }
    if (!alone && this.#connectedCount(voters) < quorum(grown)) {
      throw EtcdError.from(EtcdErrors.unhealthy);
    }
  }

  /** Throws when removing this member could cost the quorum. A member that is down may always go. */
  checkRemove(id: bigint): void {
    if (!this.#options.strict) return;
    const { localId, transport, cluster } = this.#options;
    if (cluster().member(id)?.isLearner === true) return;
    const voters = cluster().voters();
    const left = voters.filter((member) => member.id !== id);
    if (startedCount(left) < quorum(left.length)) {
      throw EtcdError.from(EtcdErrors.memberNotEnoughStarted);
    }
    if (id !== localId && transport.activeSince(id) === undefined) return;
    if (this.#connectedCount(voters) - 1 < 1 + Math.floor((voters.length - 1) / 2)) {
      throw EtcdError.from(EtcdErrors.unhealthy);
    }
  }

  /** Throws when the promoted learner, counted as started, would not leave a started quorum. */
  checkPromote(): void {
    if (!this.#options.strict) return;
    const voters = this.#options.cluster().voters();
    if (startedCount(voters) + 1 < quorum(voters.length + 1)) {
      throw EtcdError.from(EtcdErrors.memberNotEnoughStarted);
    }
  }

  /** This member included. */
  #connectedCount(members: readonly Member[]): number {
    const { clock, transport, localId } = this.#options;
    const since = clock.monotonicMs() - HEALTH_INTERVAL_MS;
    return members.filter((member) => {
      const active = member.id === localId ? -Infinity : transport.activeSince(member.id);
      return active !== undefined && active < since;
    }).length;
  }
}
