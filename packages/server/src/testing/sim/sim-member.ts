/** One simulated machine: a disk that survives, and the lives of the member that runs on it. */
import type { Env, Log, LogFields, LogLevel } from "../../env/env.ts";
import { MemoryFileSystem } from "../../env/memory-file-system.ts";
import { Prng } from "../../lib/prng.ts";
import { type FoundingOptions, StartError } from "../../member/founding.ts";
import { MemberApi } from "../../member/member-api.ts";
import type { MemberSettings, MemberWorld } from "../../member/member-options.ts";
import { Member } from "../../member/member.ts";
import type { MemberPort } from "../../member/ports.ts";
import { MemoryEngines } from "../../storage/memory.ts";
import { openStoreDir } from "../../storage/store-dir.ts";
import type { CommitRecord } from "./commit-record.ts";
import { ForgetfulFileSystem } from "./forgetful-file-system.ts";
import type { SimClock, SimTime } from "./sim-clock.ts";
import { SimDisk } from "./sim-disk.ts";
import type { SimNetwork } from "./sim-network.ts";

export interface SimMemberOptions {
  readonly name: string;
  readonly time: SimTime;
  readonly network: SimNetwork;
  readonly record: CommitRecord;
  readonly prng: Prng;
  readonly settings: MemberSettings;
  readonly founding: FoundingOptions;
  /** Disk writes take up to this long. */
  readonly diskLatencyMs: number;
  /** See `SimTime.createClock`. */
  readonly readingMs: number;
  /** Applying an entry takes up to this long. */
  readonly applyMs: number;
  /** Plants the fault of `ForgetfulFileSystem`. */
  readonly forgetsWal: boolean;
  readonly report: (event: string) => void;
  /** Something that no run may do; ends it. */
  readonly onViolation: (error: Error) => void;
}

interface Life {
  readonly clock: SimClock;
  readonly disk: SimDisk;
  member: Member | undefined;
  stopping: boolean;
}

/** Time that a member has to stop when it is told to, or when its disk has failed. */
const STOP_MS = 15_000;
const REPAIR_MS = 1_000;

export class SimMember {
  readonly name: string;
  readonly #options: SimMemberOptions;
  readonly #disk: MemoryFileSystem;
  #life: Life | undefined;
  #stoppedForGood = false;

  constructor(options: SimMemberOptions) {
    this.#options = options;
    this.name = options.name;
    const { prng, diskLatencyMs, time } = options;
    this.#disk = new MemoryFileSystem({
      clock: time.createClock(),
      latencyMs: () => prng.nextFloat() * diskLatencyMs,
    });
  }

  /** Serving clients, as far as it can know. */
  get api(): MemberPort | undefined {
    const member = this.#life?.member;
    return member === undefined ? undefined : new MemberApi(member);
  }

  get member(): Member | undefined {
    return this.#life?.member;
  }

  get isRunning(): boolean {
    return this.#life !== undefined;
  }

  /** Told to stop in good order, and not at its end yet. */
  get isStopping(): boolean {
    return this.#life?.stopping === true;
  }

  /** Removed from the cluster: it will not be started again. */
  get isGone(): boolean {
    return this.#stoppedForGood;
  }

  /** Resolves when the process does something: not while it is paused, never if it dies. */
  async whenIdle(): Promise<void> {
    await this.#life?.clock.whenIdle();
  }

  start(): void {
    if (this.#stoppedForGood) return;
    const { time, report, onViolation, forgetsWal, readingMs } = this.#options;
    const clock = time.createClock(readingMs);
    const inner = forgetsWal ? new ForgetfulFileSystem(this.#disk) : this.#disk;
    const disk = new SimDisk(inner, clock);
    const life: Life = { clock, disk, member: undefined, stopping: false };
    this.#life = life;
    report(`${this.name} starts`);
    Member.start(this.#options.settings, this.#world(life)).then(
      (member) => {
        life.member = member;
      },
      (error: unknown) => {
        if (this.#life !== life) return;
        report(`${this.name} fails to start: ${String(error)}`);
        if (disk.hasFailed) return this.#restartAfter(life, REPAIR_MS);
        if (error instanceof StartError) return this.#giveUp(life);
        onViolation(error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  /** The machine loses power: what was not synced is lost in part, and nothing it awaited happens. */
  crash(): void {
    const life = this.#life;
    if (life === undefined) return;
    const { network, prng, report } = this.#options;
    report(`${this.name} crashes`);
    this.#life = undefined;
    life.clock.kill();
    if (life.member !== undefined) network.detach(life.member.identity.memberId);
    this.#disk.crash("random", prng);
  }

  /** It crashes, and nobody ever sees to it. */
  retire(): void {
    this.crash();
    this.#stoppedForGood = true;
  }

  pause(durationMs: number): void {
    this.#options.report(`${this.name} pauses for ${durationMs.toFixed(0)} ms`);
    this.#life?.clock.pause(durationMs);
  }

  /** As SIGTERM does: it stops in good order, must not take for ever, and is started again. */
  shutDown(handOver: boolean, restartMs: number): void {
    const life = this.#life;
    const member = life?.member;
    if (life === undefined || member === undefined || life.stopping) return;
    this.#options.report(`${this.name} is told to stop`);
    life.stopping = true;
    this.#expectEnd(life, "does not stop");
    const stopped = (handOver ? member.handOver() : Promise.resolve()).then(() => member.stop());
    stopped.then(
      () => this.#restartAfter(life, restartMs),
      (error: unknown) => {
        if (life.disk.hasFailed) this.#restartAfter(life, REPAIR_MS);
        else if (this.#life === life) this.#options.onViolation(error as Error);
      },
    );
  }

  /** The next write fails. One to the log or the live store must end the member. */
  breakDisk(code: string): void {
    const life = this.#life;
    if (life === undefined) return;
    life.disk.break(code, ({ kind, path }) => {
      this.#options.report(`${this.name}: ${kind} ${path} fails with ${code}`);
      if (path.endsWith(".wal") && kind !== "unlink") {
        this.#expectEnd(life, "goes on after a failed write");
      }
    });
  }

  /** One whose disk has failed already, and that has still to notice, ends here. */
  mendDisk(): void {
    const disk = this.#life?.disk;
    disk?.mend();
    if (disk?.hasFailed === true) this.crash();
  }

  #expectEnd(life: Life, complaint: string): void {
    const { time, onViolation } = this.#options;
    time.createClock().setTimer(STOP_MS, () => {
      if (this.#life === life) onViolation(new Error(`${this.name} ${complaint}`));
    });
  }

  #ended(life: Life): void {
    if (this.#life !== life) return;
    this.#options.report(`${this.name} has stopped`);
    this.#life = undefined;
    life.clock.kill();
    if (life.member !== undefined) {
      this.#options.network.detach(life.member.identity.memberId);
    }
    this.#disk.kill();
  }

  /** The process has ended; somebody sees to it and starts it again. */
  #restartAfter(life: Life, delayMs: number): void {
    if (this.#life !== life) return;
    this.#ended(life);
    this.#options.time.createClock().setTimer(delayMs, () => {
      if (!this.isRunning && !this.isGone) this.start();
    });
  }

  #world(life: Life): MemberWorld {
    const { network, record, prng, founding, onViolation, report, time, applyMs } = this.#options;
    const fs = life.disk;
    const random = new Prng(prng.nextUint64());
    const env: Env = { clock: life.clock, random, fs, log: new SimLog(this.name, report) };
    const engines = new MemoryEngines(fs);
    let id = 0n;
    const guard = (action: () => void): void => {
      try {
        action();
      } catch (error) {
        onViolation(error as Error);
      }
    };
    return {
      env,
      founding,
      openStore: () => openStoreDir({ env, dataDir: "/data", openEngine: engines.open }),
      connect: (identity, host) => {
        id = identity.memberId;
        const transport = network.createTransport(id, life.clock);
        network.attach(id, { host, clock: life.clock, transport });
        return transport;
      },
      observer: {
        applied: (entry) => {
          guard(() => record.applied(id, entry, time.nowMs));
          if (applyMs > 0) life.clock.work(prng.nextFloat() * applyMs);
        },
        leads: (term) => guard(() => record.leads(id, term)),
      },
      onStopped: (failure) => this.#stopped(life, failure),
    };
  }

  /** The membership moved on between its being added and its start: an operator would start over. */
  #giveUp(life: Life): void {
    this.#life = undefined;
    this.#stoppedForGood = true;
    life.clock.kill();
  }

  #stopped(life: Life, failure: Error | undefined): void {
    if (this.#life !== life) return;
    const { report, onViolation, network } = this.#options;
    report(`${this.name} stops: ${failure?.message ?? "removed"}`);
    if (failure !== undefined && life.disk.hasFailed) return this.#restartAfter(life, REPAIR_MS);
    this.#life = undefined;
    life.clock.kill();
    if (life.member !== undefined) network.detach(life.member.identity.memberId);
    if (failure === undefined) this.#stoppedForGood = true;
    else onViolation(failure);
  }
}

/** Warnings and worse go to the run's events; the rest is noise. */
class SimLog implements Log {
  readonly #name: string;
  readonly #report: (event: string) => void;

  constructor(name: string, report: (event: string) => void) {
    this.#name = name;
    this.#report = report;
  }

  debug(): void {}

  info(msg: string): void {
    if (/snapshot|became leader|from its image/.test(msg)) this.#line("info", msg);
  }

  warn(msg: string, fields?: LogFields): void {
    this.#line("warn", msg, fields);
  }

  error(msg: string, fields?: LogFields): void {
    this.#line("error", msg, fields);
  }

  fatal(msg: string, fields?: LogFields): void {
    this.#line("fatal", msg, fields);
  }

  enabled(level: LogLevel): boolean {
    return level !== "debug";
  }

  withCaller(): Log {
    return this;
  }

  #line(level: LogLevel, msg: string, fields?: LogFields): void {
    const error = fields?.["error"];
    const reason = error instanceof Error ? ` (${error.message})` : "";
    this.#report(`${this.#name} ${level}: ${msg}${reason}`);
  }
}
