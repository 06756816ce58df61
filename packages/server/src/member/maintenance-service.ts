/** What operators ask of one member: its state, its hashes, a backup, a new leader, less space. */
import {
  AlarmRequest_AlarmAction,
  type AlarmMember,
  type AlarmRequest,
  AlarmResponse,
  AlarmType,
  DowngradeInfo,
  EtcdError,
  EtcdErrors,
  type HashKVRequest,
  HashKVResponse,
  HashResponse,
  ResponseHeader,
  StatusResponse,
} from "@kvorum/proto";
import { openSnapshotStream } from "../backup/snapshot-stream.ts";
import type { Clock } from "../env/env.ts";
import { ETCD_VERSION, STORAGE_VERSION } from "../lib/version.ts";
import { NONE } from "../raft/messages.ts";
import { etcdBuckets, hashBuckets } from "./etcd-buckets.ts";
import type { BackupStream, MaintenancePort } from "./ports.ts";
import type { Proposals } from "./proposals.ts";
import type { RaftDriver } from "./raft-driver.ts";
import type { SpaceGuard } from "./space-guard.ts";
import type { StateMachine } from "./state-machine.ts";

export interface MaintenanceServiceOptions {
  readonly state: StateMachine;
  readonly driver: RaftDriver;
  readonly proposals: Proposals;
  readonly space: SpaceGuard;
  readonly clock: Clock;
  readonly quotaBytes: number;
  readonly transferTimeoutMs: number;
}

const TRANSFER_POLL_MS = 10;

export class MaintenanceService implements MaintenancePort {
  readonly #options: MaintenanceServiceOptions;

  constructor(options: MaintenanceServiceOptions) {
    this.#options = options;
  }

  status(): StatusResponse {
    const { state, driver, space, quotaBytes } = this.#options;
    const { id, term, commit } = driver.basicStatus();
    return StatusResponse.create({
      header: ResponseHeader.create({ revision: state.store.currentRevision }),
      version: ETCD_VERSION,
      storageVersion: STORAGE_VERSION,
      dbSize: space.sizeBytes,
      dbSizeInUse: space.sizeInUseBytes,
      dbSizeQuota: quotaBytes,
      leader: driver.leader,
      raftIndex: commit,
      raftTerm: term,
      raftAppliedIndex: state.applied.index,
      errors: this.#errors(),
      isLearner: state.cluster.member(id)?.isLearner ?? false,
      downgradeInfo: DowngradeInfo.create(),
    });
  }

  async alarm(request: AlarmRequest): Promise<AlarmResponse> {
    const { state, proposals } = this.#options;
    if (request.action !== AlarmRequest_AlarmAction.GET) return proposals.submit("alarm", request);
    return AlarmResponse.create({
      header: ResponseHeader.create({ revision: state.store.currentRevision }),
      alarms: state.alarms.list(request.alarm),
    });
  }

  async hash(): Promise<HashResponse> {
    const { state } = this.#options;
    const view = await state.freeze();
    try {
      const hash = await hashBuckets(await etcdBuckets(view));
      const header = ResponseHeader.create({ revision: state.store.currentRevision });
      return HashResponse.create({ header, hash });
    } finally {
      await view.close();
    }
  }

  async hashKV(request: HashKVRequest): Promise<HashKVResponse> {
    const answer = await this.#options.state.store.hashByRevision(request.revision);
    return HashKVResponse.create({
      header: ResponseHeader.create({ revision: answer.currentRevision }),
      hash: answer.hash,
      compactRevision: answer.compactRevision,
      hashRevision: answer.revision,
    });
  }

  async defragment(): Promise<void> {
    const { state, space } = this.#options;
    await state.backend.defragment();
    await space.measure();
  }

  async moveLeader(targetId: bigint): Promise<void> {
    const { driver, state } = this.#options;
    if (!driver.isLeader) throw EtcdError.from(EtcdErrors.notLeader);
    const target = state.cluster.member(targetId);
    if (target === undefined || target.isLearner) {
      throw EtcdError.from(EtcdErrors.badLeaderTransferee);
    }
    await this.transferLeadership(targetId);
  }

  /** Resolves when the target leads; rejects when that takes too long. */
  async transferLeadership(targetId: bigint): Promise<void> {
    const { driver, clock, transferTimeoutMs } = this.#options;
    const deadlineMs = clock.monotonicMs() + transferTimeoutMs;
    driver.run((node) => node.transferLeader(targetId));
    while (driver.leader !== targetId) {
      if (clock.monotonicMs() > deadlineMs) throw EtcdError.from(EtcdErrors.timeoutLeaderTransfer);
      await new Promise<void>((resolve) => void clock.setTimer(TRANSFER_POLL_MS, resolve));
    }
  }

  async backup(): Promise<BackupStream> {
    const { state } = this.#options;
    const view = await state.freeze();
    try {
      const stream = await openSnapshotStream(await etcdBuckets(view));
      const chunks = closing(stream.chunks, () => view.close());
      const release = (chunk: Buffer): void => stream.release(chunk);
      return { totalBytes: stream.totalBytes, version: STORAGE_VERSION, chunks, release };
    } catch (error) {
      await view.close();
      throw error;
    }
  }

  #errors(): string[] {
    const { state, driver } = this.#options;
    const alarms = state.alarms.list(AlarmType.NONE).map(alarmText);
    return driver.leader === NONE ? [EtcdErrors.noLeader.message, ...alarms] : alarms;
  }
}

/** As Go prints the message: zeros are left out. */
function alarmText({ memberID, alarm }: AlarmMember): string {
  const member = memberID === 0n ? [] : [`memberID:${memberID}`];
  const name = Object.entries(AlarmType).find(([, type]) => type === alarm)?.[0] ?? alarm;
  return [...member, ...(alarm === AlarmType.NONE ? [] : [`alarm:${name}`])].join(" ");
}

/**
 * The same chunks; `close` is called when they end, when reading them fails, or when the reader has
 * enough, be that before the first one.
 */
function closing(
  chunks: AsyncGenerator<Buffer>,
  close: () => Promise<void>,
): AsyncIterable<Buffer> {
  let closed: Promise<void> | undefined;
  const end = async (): Promise<void> => {
    await chunks.return(undefined);
    await close();
  };
  const iterator: AsyncIterator<Buffer> = {
    async next() {
      const result = await chunks.next().catch(async (error: unknown) => {
        await (closed ??= end());
        throw error;
      });
      if (result.done === true) await (closed ??= end());
      return result;
    },
    async return() {
      await (closed ??= end());
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
