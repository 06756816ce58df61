/**
 * A running member: the core, and the services that clients and peers use. Created by `start`, which
 * returns as soon as the member takes part; `ready` says when it may be called ready.
 */
import { toError } from "../lib/error-code.ts";
import { WatchableStore } from "../mvcc/watch/watchable-store.ts";
import { NONE } from "../raft/messages.ts";
import { AutoCompactor } from "./auto-compactor.ts";
import { KvService } from "./kv-service.ts";
import { LeaderLoss } from "./leader-loss.ts";
import { LeaseExpiry } from "./lease-expiry.ts";
import { LeaseService } from "./lease-service.ts";
import { MaintenanceService } from "./maintenance-service.ts";
import { MemberCore } from "./member-core.ts";
import {
  electionTimeoutMs,
  type Identity,
  type MemberSettings,
  type MemberWorld,
  requestTimeoutMs,
} from "./member-options.ts";
import { MembershipService } from "./membership-service.ts";
import { type OpenedMember, openMember } from "./open-member.ts";
import { PeerService } from "./peer-service.ts";
import type { HeaderFields } from "./ports.ts";
import { Publisher } from "./publisher.ts";
import { ReconfigurationGuard } from "./reconfiguration-guard.ts";
import { SpaceGuard } from "./space-guard.ts";

export class Member {
  readonly identity: Identity;
  readonly kv: KvService;
  readonly leases: LeaseService;
  readonly membership: MembershipService;
  readonly maintenance: MaintenanceService;
  readonly watches: WatchableStore;
  readonly leaderLoss: LeaderLoss;
  readonly #settings: MemberSettings;
  readonly #world: MemberWorld;
  readonly #opened: OpenedMember;
  readonly #core: MemberCore;
  readonly #space: SpaceGuard;
  readonly #leaseExpiry: LeaseExpiry;
  readonly #publisher: Publisher;
  readonly #compactor: AutoCompactor;
  #stopping: Promise<void> | undefined;
  #failed = false;
  #headerFields: HeaderFields | undefined;

  /**
   * Loads or founds the member and starts it. Rejects with StartError for what an operator must
   * mend, CorruptionError and the engine's errors for a data directory that cannot be used.
   */
  static async start(settings: MemberSettings, world: MemberWorld): Promise<Member> {
    const started: { member?: Member } = {};
    const onFatal = (error: unknown): void => {
      if (started.member === undefined) world.onStopped(toError(error));
      else started.member.#fail(error);
    };
    const opened = await openMember(settings, world, onFatal);
    const member = new Member(settings, world, opened, onFatal);
    started.member = member;
    member.#core.start();
    member.#publisher.start();
    // It may have been stopped after its removal was applied, and before it could act on it.
    if (opened.state.cluster.isRemoved(member.identity.memberId)) member.#removed();
    return member;
  }

  private constructor(
    settings: MemberSettings,
    world: MemberWorld,
    opened: OpenedMember,
    onFatal: (error: unknown) => void,
  ) {
    this.identity = opened.identity;
    this.#settings = settings;
    this.#world = world;
    this.#opened = opened;
    const { state, identity } = opened;
    this.#core = new MemberCore({
      settings,
      world,
      opened,
      host: new PeerService({
        member: () => this,
        state,
        onRemoved: () => this.#removed(),
        onFatal,
      }),
      onTick: (nowMs) => this.#tick(nowMs),
      onSnapshotApplied: () => this.#publisher.snapshotApplied(),
      onRemoved: () => this.#removed(),
      onFatal,
    });
    this.#space = new SpaceGuard({
      memberId: identity.memberId,
      quotaBytes: settings.quotaBytes,
      state,
      proposals: this.#core.proposals,
      log: world.env.log,
    });
    this.kv = this.#createKv();
    this.leases = this.#createLeases();
    this.membership = this.#createMembership();
    this.maintenance = this.#createMaintenance();
    this.watches = this.#createWatches(onFatal);
    this.leaderLoss = new LeaderLoss({
      electionTimeoutMs: electionTimeoutMs(settings),
      hasLeader: () => this.leaderId !== NONE,
    });
    this.#leaseExpiry = this.#createLeaseExpiry();
    this.#publisher = this.#createPublisher();
    this.#compactor = new AutoCompactor({
      compaction: settings.autoCompaction,
      isLeader: () => this.isLeader,
      currentRevision: () => state.store.currentRevision,
      proposals: this.#core.proposals,
      log: world.env.log,
    });
  }

  /** Resolves once the cluster works and knows this member's name and client URLs. */
  get ready(): Promise<void> {
    return this.#publisher.published;
  }

  /** 0n when none is known. */
  get leaderId(): bigint {
    return this.#core.driver.leader;
  }

  get isLeader(): boolean {
    return this.#core.driver.isLeader;
  }

  get isLearner(): boolean {
    return this.#opened.state.cluster.member(this.identity.memberId)?.isLearner ?? false;
  }

  /** E.g. `3.7.0`; undefined until decided. */
  get clusterVersion(): string | undefined {
    return this.#opened.state.cluster.version;
  }

  get core(): MemberCore {
    return this.#core;
  }

  /** Part of every response: the same object until the term changes. */
  headerFields(): HeaderFields {
    const raftTerm = this.#core.node.term;
    if (this.#headerFields?.raftTerm !== raftTerm) {
      this.#headerFields = { ...this.identity, raftTerm };
    }
    return this.#headerFields;
  }

  /** Hands leadership over to another voter, if this member leads and there is one. Never rejects. */
  async handOver(): Promise<void> {
    const { log } = this.#world.env;
    const successor = this.#successor();
    if (successor === undefined) return;
    await this.maintenance.transferLeadership(successor).catch((error: unknown) => {
      log.warn("leadership transfer failed", { error });
    });
  }

  /**
   * Makes what was applied durable and lets go of the data directory. Requests under way are answered
   * with `server stopped`. Idempotent.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#shutDown();
    return this.#stopping;
  }

  async #shutDown(): Promise<void> {
    const { proposals, reads, driver, applyQueue, checkpointer, snapshots, transport } = this.#core;
    this.#publisher.stop();
    driver.stop();
    applyQueue.stop();
    proposals.stop();
    reads.stop();
    await transport.close();
    await driver.installed();
    await checkpointer.stop();
    await snapshots.close();
    this.#opened.state.store.close();
    if (!this.#failed) await this.#leaveState();
    await this.#opened.wal.close();
    await this.#opened.store.close();
  }

  async #leaveState(): Promise<void> {
    const { state } = this.#opened;
    await state.checkpoint();
    await state.store.leaveImage();
  }

  /** The connected voter to hand over to; undefined when there is nothing or nobody to hand over. */
  #successor(): bigint | undefined {
    if (this.#failed || !this.isLeader) return undefined;
    const { memberId } = this.identity;
    const { driver, transport } = this.#core;
    return this.#opened.state.cluster
      .voters()
      .filter(({ id }) => id !== memberId && transport.activeSince(id) !== undefined)
      .sort((a, b) => driver.matchOf(b.id) - driver.matchOf(a.id))[0]?.id;
  }

  #tick(nowMs: number): void {
    this.#space.tick(nowMs);
    this.#core.checkpointer.tick();
    this.#leaseExpiry.tick(nowMs);
    this.#publisher.tick();
    this.leaderLoss.tick(nowMs);
    this.#compactor.tick(nowMs);
    this.watches.tick();
  }

  /** The others are given a moment to learn of the removal from this member, should it have led. */
  #removed(): void {
    const { clock, log } = this.#world.env;
    if (this.#stopping !== undefined) return;
    log.warn("this member was removed from the cluster; stopping");
    clock.setTimer(electionTimeoutMs(this.#settings), () => this.#endWith(undefined));
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#endWith(toError(error));
  }

  #endWith(failure: Error | undefined): void {
    this.#stopping ??= this.#shutDown();
    this.#stopping.then(
      () => this.#world.onStopped(failure),
      (error: unknown) => this.#world.onStopped(failure ?? toError(error)),
    );
  }

  #createKv(): KvService {
    const { proposals, reads } = this.#core;
    const { txnOpsMax, requestBytesMax } = this.#settings;
    const { state } = this.#opened;
    return new KvService({
      state,
      proposals,
      reads,
      space: this.#space,
      txnOpsMax,
      requestBytesMax,
    });
  }

  #createLeases(): LeaseService {
    const { driver, proposals, reads, transport } = this.#core;
    const { random, clock } = this.#world.env;
    const { state } = this.#opened;
    return new LeaseService({
      state,
      driver,
      proposals,
      reads,
      space: this.#space,
      transport,
      random,
      clock,
      timeoutMs: requestTimeoutMs(this.#settings),
    });
  }

  #createMembership(): MembershipService {
    const { ids, driver, proposals, reads, transport } = this.#core;
    const { clock } = this.#world.env;
    const { learnersMax, strictReconfigCheck: strict } = this.#settings;
    const localId = this.identity.memberId;
    const cluster = () => this.#opened.state.cluster;
    const guard = new ReconfigurationGuard({ localId, clock, transport, cluster, strict });
    return new MembershipService({
      clock,
      ids,
      cluster,
      driver,
      proposals,
      reads,
      transport,
      guard,
      learnersMax,
    });
  }

  #createMaintenance(): MaintenanceService {
    const { driver, proposals } = this.#core;
    return new MaintenanceService({
      state: this.#opened.state,
      driver,
      proposals,
      space: this.#space,
      clock: this.#world.env.clock,
      quotaBytes: this.#settings.quotaBytes,
      transferTimeoutMs: requestTimeoutMs(this.#settings),
    });
  }

  #createWatches(onFatal: (error: unknown) => void): WatchableStore {
    const { clock, random } = this.#world.env;
    return new WatchableStore({
      store: this.#opened.state.store,
      clock,
      random,
      headerFields: () => this.headerFields(),
      fragmentBytes: this.#settings.requestBytesMax + FRAGMENT_OVERHEAD_BYTES,
      progressIntervalMs: this.#settings.watchProgressIntervalMs,
      onFatal,
    });
  }

  #createLeaseExpiry(): LeaseExpiry {
    const { proposals } = this.#core;
    return new LeaseExpiry({
      expired: (limit) => this.#opened.state.lessor.expired(limit),
      isLeader: () => this.isLeader,
      proposals,
      log: this.#world.env.log,
    });
  }

  #createPublisher(): Publisher {
    const { clock, log } = this.#world.env;
    return new Publisher({
      memberId: this.identity.memberId,
      name: this.#settings.name,
      clientURLs: this.#settings.clientURLs,
      state: this.#opened.state,
      proposals: this.#core.proposals,
      isLeader: () => this.isLeader,
      clock,
      log,
    });
  }
}

/** What a message may be longer than a request, as etcd allows. */
const FRAGMENT_OVERHEAD_BYTES = 512 * 1024;
