/**
 * The engine room of a member, wired: proposals and reads on their way into Raft, entries on their
 * way into the state machine, checkpoints and snapshots. Parts that need each other meet through
 * functions, so the order here is only that of construction.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import { type Entry, type Message, NONE } from "../raft/messages.ts";
import type { Member as ClusterMember } from "../membership/member.ts";
import type { RawNode } from "../raft/raw-node.ts";
import { ApplyQueue, type LongApply, thenFinish } from "./apply-queue.ts";
import { Checkpointer } from "./checkpointer.ts";
import { EntryApplier } from "./entry-applier.ts";
import { LinearizableReads } from "./linearizable-reads.ts";
import {
  electionTimeoutMs,
  type MemberSettings,
  type MemberWorld,
  requestTimeoutMs,
} from "./member-options.ts";
import type { OpenedMember } from "./open-member.ts";
import type { PeerHost, Transport } from "./ports.ts";
import { Proposals } from "./proposals.ts";
import { RaftDriver } from "./raft-driver.ts";
import { createRaftNode } from "./raft-node.ts";
import { RequestIds } from "./request-ids.ts";
import { installSnapshot, SnapshotTransfer } from "./snapshot-transfer.ts";

export interface MemberContext {
  readonly settings: MemberSettings;
  readonly world: MemberWorld;
  readonly opened: OpenedMember;
  /** What the transport hands arriving things to. */
  readonly host: PeerHost;
  readonly onTick: (nowMs: number) => void;
  readonly onSnapshotApplied: () => void;
  readonly onRemoved: () => void;
  readonly onFatal: (error: unknown) => void;
}

export class MemberCore {
  readonly ids: RequestIds;
  readonly node: RawNode;
  readonly transport: Transport;
  readonly proposals: Proposals;
  readonly reads: LinearizableReads;
  readonly driver: RaftDriver;
  readonly applyQueue: ApplyQueue;
  readonly checkpointer: Checkpointer;
  readonly snapshots: SnapshotTransfer;
  readonly #context: MemberContext;
  readonly #applier: EntryApplier;

  constructor(context: MemberContext) {
    this.#context = context;
    const { settings, world, opened } = context;
    const { state, stableLog, identity } = opened;
    const { clock, log } = world.env;
    const id = identity.memberId;
    this.ids = new RequestIds(id, clock.wallMs());
    this.proposals = this.#createProposals();
    this.reads = new LinearizableReads({
      clock,
      ids: this.ids,
      timeoutMs: requestTimeoutMs(settings),
      onQueued: () => this.driver.wake(),
      appliedIndex: () => state.applied.index,
    });
    this.node = createRaftNode({
      id,
      settings,
      stableLog,
      applied: state.applied.index,
      env: world.env,
    });
    this.transport = world.connect(identity, context.host);
    this.snapshots = new SnapshotTransfer({
      state,
      transport: this.transport,
      clock,
      stageStore: () => opened.store.stageStore(),
    });
    this.#applier = new EntryApplier({
      memberId: id,
      state,
      proposals: this.proposals,
      transport: this.transport,
      learnersMax: settings.learnersMax,
      log: log.withCaller("member/entry-applier.ts:1"),
      applyConfChange: (change) => this.node.applyConfChange(change),
      onRemoved: context.onRemoved,
    });
    this.applyQueue = this.#createApplyQueue();
    this.checkpointer = this.#createCheckpointer();
    this.driver = this.#createDriver();
  }

  /** Who is in the cluster, as applied here. */
  get members(): readonly ClusterMember[] {
    return this.#context.opened.state.cluster.members();
  }

  #createProposals(): Proposals {
    const { settings, world, opened } = this.#context;
    return new Proposals({
      clock: world.env.clock,
      foreground: opened.state.foreground,
      ids: this.ids,
      timeoutMs: requestTimeoutMs(settings),
      requestBytesMax: settings.requestBytesMax,
      onQueued: () => this.driver.wake(),
      timeoutError: (startMs) => this.#timeoutError(startMs),
    });
  }

  #createApplyQueue(): ApplyQueue {
    const { world, onFatal } = this.#context;
    return new ApplyQueue({
      clock: world.env.clock,
      apply: (entry) => this.#apply(entry),
      onApplied: (index) => {
        this.reads.applied(index);
        this.checkpointer.applied();
      },
      isPaused: () => this.checkpointer.isBehind,
      onFatal,
    });
  }

  #createCheckpointer(): Checkpointer {
    const { settings, world, opened, onFatal } = this.#context;
    const { state, stableLog, wal } = opened;
    return new Checkpointer({
      clock: world.env.clock,
      backend: () => state.backend,
      stableLog,
      wal,
      checkpoint: () => state.checkpoint(),
      snapshotCount: settings.snapshotCount,
      catchupEntries: settings.catchupEntries,
      onRelieved: () => this.applyQueue.resume(),
      onFatal,
    });
  }

  #createDriver(): RaftDriver {
    const { settings, world, opened, onFatal, onTick } = this.#context;
    const { clock, log } = world.env;
    return new RaftDriver({
      id: opened.identity.memberId,
      node: this.node,
      stableLog: opened.stableLog,
      wal: opened.wal,
      transport: this.transport,
      clock,
      log,
      proposals: this.proposals,
      reads: this.reads,
      tickMs: settings.tickMs,
      applyEntries: (entries, done) => this.applyQueue.push(entries, done),
      installSnapshot: (message) => this.#install(message),
      sendSnapshot: (message) => this.#sendSnapshot(message),
      onLeaderChange: (leader, isLeader) => this.#leaderChanged(leader, isLeader),
      onTick,
      onFatal,
    });
  }

  #apply(entry: Entry): LongApply | undefined {
    const { observer } = this.#context.world;
    const long = this.#applier.apply(entry);
    if (long !== undefined) return thenFinish(long, () => observer?.applied(entry));
    observer?.applied(entry);
    return undefined;
  }

  /** A new leader lets every lease run anew, as nobody else knows when it was kept alive last. */
  #leaderChanged(leader: bigint, isLeader: boolean): void {
    const { settings, world, opened } = this.#context;
    const { lessor } = opened.state;
    const { term } = this.driver.basicStatus();
    world.env.log.info("leader changed", {
      leader: leader.toString(16),
      term,
      "is-leader": isLeader,
    });
    if (!isLeader) {
      if (lessor.isPrimary) lessor.demote();
      return;
    }
    lessor.promote(electionTimeoutMs(settings));
    world.observer?.leads(term);
  }

  #sendSnapshot(message: Message): void {
    const { log } = this.#context.world.env;
    const report = (status: "SnapshotFinish" | "SnapshotFailure"): void => {
      this.driver.run((node) => node.reportSnapshot(message.to, status));
    };
    const to = message.to.toString(16);
    log.info("sending database snapshot", { to });
    this.snapshots.send(message).then(
      () => {
        log.info("sent database snapshot", { to });
        report("SnapshotFinish");
      },
      (error: unknown) => {
        log.warn("failed to send database snapshot", { to, error });
        this.driver.run((node) => node.reportUnreachable(message.to));
        report("SnapshotFailure");
      },
    );
  }

  async #install(message: Message): Promise<void> {
    const { opened, world } = this.#context;
    const { log } = world.env;
    this.applyQueue.skipAll();
    this.checkpointer.suspend();
    await this.applyQueue.longApplied();
    const metadata = await installSnapshot(message, { ...opened, snapshots: this.snapshots });
    this.checkpointer.reset(metadata.index);
    this.#connectPeers();
    this.reads.applied(metadata.index);
    this.#context.onSnapshotApplied();
    log.info("applied snapshot", { index: metadata.index, term: metadata.term });
  }

  /** The transport follows the membership records. */
  #connectPeers(): void {
    const { state, identity } = this.#context.opened;
    for (const member of state.cluster.members()) {
      if (member.id !== identity.memberId) this.transport.addPeer(member.id, member.peerURLs);
    }
  }

  /** Connects to everybody known, and starts. */
  start(): void {
    const { opened } = this.#context;
    for (const remote of opened.remotes) this.transport.addPeer(remote.id, remote.peerURLs);
    this.#connectPeers();
    this.driver.start();
  }

  /** Why a request may have taken too long, as far as this member can tell (etcd's reasons). */
  #timeoutError(startMs: number): EtcdError {
    const { leader, leaderKnownMs } = this.driver;
    const { settings, opened } = this.#context;
    if (leader === NONE) return EtcdError.from(EtcdErrors.noLeader);
    const lostMs = (leaderKnownMs ?? 0) - 2 * electionTimeoutMs(settings);
    if (leaderKnownMs !== undefined && startMs > lostMs && startMs < leaderKnownMs) {
      return EtcdError.from(EtcdErrors.timeoutDueToLeaderFail);
    }
    const activeSince = this.transport.activeSince(leader);
    const isConnected =
      leader === opened.identity.memberId || (activeSince !== undefined && activeSince < startMs);
    return EtcdError.from(isConnected ? EtcdErrors.timeout : EtcdErrors.timeoutDueToConnectionLost);
  }
}
