/**
 * One run of a whole cluster from one seed: a few members with the real Raft, WAL, storage, MVCC,
 * lease and watch code on a simulated clock, network and disk; clients that use it, faults that
 * disturb it; then peace, and the checks. Same seed, same run.
 */
import { RangeRequest } from "@kvorum/proto";
import { Prng } from "../../lib/prng.ts";
import type { FoundingOptions } from "../../member/founding.ts";
import type { MemberSettings } from "../../member/member-options.ts";
import { computeMemberId } from "../../membership/member.ts";
import { checkLeases, checkReads, checkWatches, checkWrites } from "./checkers.ts";
import { CommitRecord, Violation } from "./commit-record.ts";
import { EventLog } from "./event-log.ts";
import { History } from "./history.ts";
import { Nemesis } from "./nemesis.ts";
import { Reconfiguration } from "./reconfiguration.ts";
import { buildShadow } from "./shadow.ts";
import { type SimClock, SimTime } from "./sim-clock.ts";
import { SimMember } from "./sim-member.ts";
import { SimNetwork } from "./sim-network.ts";
import { Workload } from "./workload.ts";

export interface SeedOptions {
  readonly seed: number;
  /** Prints every event as it happens. */
  readonly print?: (line: string) => void;
  /** Plants a fault that the checks must find: writes acknowledged before they are durable. */
  readonly forgetsWal?: boolean;
}

export interface SeedResult {
  readonly seed: number;
  /** Equal for equal runs. */
  readonly digest: string;
  readonly members: number;
  readonly committed: number;
  readonly acknowledged: number;
  readonly reads: number;
  readonly events: number;
  /** What went wrong; undefined for a clean run. */
  readonly violation: Error | undefined;
}

const TROUBLE_MS = 20_000;
const SETTLE_MS = 60_000;
const CLIENTS = 4;
const CLUSTER_TOKEN = "sim";

export async function runSeed(options: SeedOptions): Promise<SeedResult> {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SeedOptions;
  readonly #prng: Prng;
  readonly #time = new SimTime();
  readonly #clock: SimClock = this.#time.createClock();
  readonly #network: SimNetwork;
  readonly #record = new CommitRecord();
  readonly #history = new History();
  readonly #log: EventLog;
  readonly #members: SimMember[] = [];
  /** Those that stay cut off when all else has healed. */
  readonly #cutOff = new Set<SimMember>();
  #violation: Error | undefined;

  constructor(options: SeedOptions) {
    this.#options = options;
    this.#prng = new Prng(options.seed);
    this.#network = new SimNetwork(this.#prng, this.#clock);
    this.#log = new EventLog(options.print);
  }

  async run(): Promise<SeedResult> {
    const size = [1, 3, 3, 3, 5][this.#prng.nextInt(5)] ?? 3;
    const settings = this.#drawSettings();
    const initialCluster = Array.from({ length: size }, (_, i) => memberAt(i));
    for (let i = 0; i < size; i++) {
      this.#addMember(settings, { initialCluster, name: memberAt(i).name, state: "new" });
    }
    for (const member of this.#members) member.start();
    await this.#disturb(settings, size);
    await this.#settle();
    await this.#check();
    const { writes, reads, watches } = this.#history;
    return {
      seed: this.#options.seed,
      digest: this.#log.digest(),
      members: size,
      committed: this.#record.entries.length,
      acknowledged: writes.length,
      reads: reads.length,
      events: watches.reduce((sum, watch) => sum + watch.events.length, 0),
      violation: this.#violation,
    };
  }

  async #disturb(settings: MemberSettings, size: number): Promise<void> {
    const clock = this.#clock;
    const prng = this.#prng;
    const members = (): readonly SimMember[] => this.#members.filter((each) => !each.isGone);
    const workload = new Workload({ members, clock, prng, history: this.#history });
    const reconfiguration = new Reconfiguration({
      members,
      prng,
      report: (event) => this.#report(event),
      join: (name, peerURL, cluster) => {
        const initialCluster = [...cluster, { name, peerURLs: [peerURL] }];
        this.#addMember(settings, { initialCluster, name, state: "existing" }).start();
      },
    });
    const changes = size >= 3 && prng.chance(0.5);
    const nemesis = new Nemesis({
      members,
      network: this.#network,
      clock,
      prng,
      report: (event) => this.#report(event),
      changeMembership: changes ? () => reconfiguration.change() : undefined,
    });
    const done = Promise.all([workload.run(CLIENTS), nemesis.run()]).catch((error: unknown) => {
      this.#violate(error as Error);
    });
    await this.#time.run(TROUBLE_MS, () => this.#violation !== undefined);
    nemesis.stop();
    workload.stop();
    this.#report("peace");
    if (!changes && prng.chance(0.5)) this.#breakMinority();
    void done;
  }

  /** A minority stays dead or cut off, one way or both, for good: the others must do without it. */
  #breakMinority(): void {
    const prng = this.#prng;
    const left = [...this.#members];
    for (let count = prng.nextInt(Math.ceil(left.length / 2)); count > 0; count--) {
      const [broken] = left.splice(prng.nextInt(left.length), 1);
      if (broken === undefined) return;
      if (prng.chance(0.3)) {
        broken.retire();
        continue;
      }
      this.#cutOff.add(broken);
      const way = prng.nextInt(3);
      this.#report(`${broken.name} stays ${["cut off", "deaf", "mute"][way]}`);
      const id = idOf(broken.name);
      for (const { name } of this.#members.filter((member) => member !== broken)) {
        if (way !== 1) this.#network.cut(id, idOf(name));
        if (way !== 2) this.#network.cut(idOf(name), id);
      }
    }
  }

  /** With everything healed, all must come to the same state, and the leader must serve. */
  async #settle(): Promise<void> {
    if (this.#violation !== undefined) return;
    let served = false;
    const serve = async (): Promise<void> => {
      while (!served && this.#violation === undefined) {
        const leader = this.#alive().find(({ member }) => member?.isLeader === true)?.api;
        const read = leader?.range(RangeRequest.create({ key: Buffer.from("k0") }));
        const outcome = await Promise.race([read, this.#clock.sleep(1_000)]).catch(() => undefined);
        served = outcome !== undefined;
        await this.#clock.sleep(50);
      }
    };
    void serve();
    const settled = await this.#time.run(
      TROUBLE_MS + SETTLE_MS,
      () => this.#violation !== undefined || (served && this.#isConverged()),
    );
    if (!settled) this.#violate(new Violation(`no convergence: ${this.#describe()}`));
  }

  #isConverged(): boolean {
    const last = this.#record.entries.length;
    return this.#alive().every((member) => {
      const { api, isStopping } = member;
      return (
        api !== undefined &&
        !isStopping &&
        api.status().raftAppliedIndex === last &&
        api.leaderId !== 0n
      );
    });
  }

  #alive(): SimMember[] {
    return this.#members.filter((member) => !member.isGone && !this.#cutOff.has(member));
  }

  #describe(): string {
    return this.#members
      .map(({ name, api, isGone }) => {
        const status = api?.status();
        const state = isGone
          ? "gone"
          : `applied ${status?.raftAppliedIndex} of ${this.#record.entries.length}`;
        return `${name} ${state}, leader ${api?.leaderId.toString(16)}`;
      })
      .join("; ");
  }

  async #check(): Promise<void> {
    if (this.#violation !== undefined) return;
    try {
      const clock = this.#time.createClock();
      const shadow = await this.#await(buildShadow(this.#record.entries, clock));
      checkWrites(this.#history, shadow);
      checkReads(this.#history, shadow);
      checkWatches(this.#history, shadow);
      checkLeases(this.#history, shadow);
      this.#checkConfigurations();
      await this.#checkHashes();
    } catch (error) {
      this.#violate(error as Error);
    }
  }

  /** What Raft counts votes from is what the records of the cluster say. */
  #checkConfigurations(): void {
    for (const { member, name } of this.#alive()) {
      if (member === undefined) continue;
      const { voters, learners } = member.core.node.status().config;
      const counted = [...voters.incoming].map((id) => `${id} voter`);
      for (const id of learners) counted.push(`${id} learner`);
      const known = member.core.members.map(
        ({ id, isLearner }) => `${id} ${isLearner ? "learner" : "voter"}`,
      );
      if (counted.sort().join() !== known.sort().join() || voters.outgoing.size > 0) {
        throw new Violation(`${name} counts [${counted.join()}], knows [${known.join()}]`);
      }
    }
  }

  async #checkHashes(): Promise<void> {
    // A lease may still run out meanwhile, so all are asked about one revision.
    const revision = Math.min(...this.#alive().map(({ api }) => api?.currentRevision ?? Infinity));
    const hashes = new Map<number, number>();
    for (const { api, name } of this.#alive()) {
      if (api === undefined) continue;
      const { hash, compactRevision } = await this.#await(api.hashKV({ revision }));
      // The hash of a compaction is kept with the one before it, which may differ after a snapshot.
      const expected = hashes.get(compactRevision) ?? hash;
      hashes.set(compactRevision, expected);
      if (hash !== expected) {
        throw new Violation(`${name} has hash ${hash} at ${revision}, others have ${expected}`);
      }
    }
  }

  /** Lets simulated time run until the promise settles. */
  async #await<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    promise.then(note, note);
    await this.#time.run(this.#time.nowMs + SETTLE_MS, () => settled);
    if (!settled) throw new Violation("an operation never ended");
    return promise;
  }

  #addMember(
    settings: MemberSettings,
    founding: Pick<FoundingOptions, "initialCluster" | "name"> & { state: "new" | "existing" },
  ): SimMember {
    const { initialCluster, name, state } = founding;
    const own = initialCluster.find((member) => member.name === name);
    const member = new SimMember({
      name,
      time: this.#time,
      network: this.#network,
      record: this.#record,
      prng: this.#prng,
      settings: { ...settings, name, clientURLs: [`http://${name}:2379`] },
      founding: {
        name,
        initialCluster,
        advertisePeerURLs: own?.peerURLs ?? [],
        initialClusterState: state,
        initialClusterToken: CLUSTER_TOKEN,
        fetchMembership: (url) => this.#fetchMembership(url),
      },
      diskLatencyMs: this.#prng.nextFloat() * (this.#prng.chance(0.2) ? 250 : 8),
      applyMs: this.#prng.chance(0.25) ? this.#prng.nextFloat() * 8 : 0,
      readingMs: this.#prng.chance(0.3) ? this.#prng.nextFloat() : 0,
      forgetsWal: this.#options.forgetsWal ?? false,
      report: (event) => this.#report(event),
      onViolation: (error) => this.#violate(error),
    });
    this.#members.push(member);
    return member;
  }

  #fetchMembership(peerURL: string): ReturnType<FoundingOptions["fetchMembership"]> {
    for (const { member } of this.#members) {
      const self = member?.core.members.find(({ id }) => id === member.identity.memberId);
      if (member === undefined || self?.peerURLs.includes(peerURL) !== true) continue;
      const { clusterId } = member.identity;
      return Promise.resolve({ clusterId, members: member.core.members });
    }
    return Promise.resolve(undefined);
  }

  /** Small limits, so that logs are cut and snapshots sent in a short run. */
  #drawSettings(): MemberSettings {
    const prng = this.#prng;
    return {
      name: "",
      clientURLs: [],
      tickMs: 100,
      electionTicks: 10,
      preVote: prng.chance(0.8),
      strictReconfigCheck: prng.chance(0.5),
      snapshotCount: 5 + prng.nextInt(100),
      catchupEntries: 1 + prng.nextInt(50),
      quotaBytes: 0,
      txnOpsMax: 128,
      requestBytesMax: 1_572_864,
      learnersMax: 1,
      watchProgressIntervalMs: 1_000,
      autoCompaction: prng.chance(0.3) ? { mode: "periodic", periodMs: 3_000 } : { mode: "off" },
      walDirectory: "/data/member/wal",
      walSegmentBytes: 16 * 1024,
      longDeleteKeysMin: prng.chance(0.5) ? 2 : 2048,
    };
  }

  #report(event: string): void {
    this.#log.add(this.#time.nowMs, event);
  }

  #violate(error: Error): void {
    if (this.#violation !== undefined) return;
    this.#violation = error;
    this.#report(`violation: ${error.message}`);
  }
}

/** Of a member of the initial cluster. */
function idOf(name: string): bigint {
  return computeMemberId([`http://${name}:2380`], CLUSTER_TOKEN);
}

function memberAt(position: number): { name: string; peerURLs: string[] } {
  return { name: `m${position + 1}`, peerURLs: [`http://m${position + 1}:2380`] };
}
