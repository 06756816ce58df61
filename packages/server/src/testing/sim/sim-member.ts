/** One simulated machine: a disk that survives, and the lives of the member that runs on it. */
import type { Env, Log, LogFields, LogLevel } from "../../env/env.ts";
import type { FileSystem } from "../../env/file-system.ts";
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
  /** Plants the fault of `ForgetfulFileSystem`. */
  readonly forgetsWal: boolean;
  readonly report: (event: string) => void;
  /** Something that no run may do; ends it. */
  readonly onViolation: (error: Error) => void;
}

interface Life {
  readonly clock: SimClock;
  member: Member | undefined;
}

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

  /** Removed from the cluster: it will not be started again. */
  get isGone(): boolean {
    return this.#stoppedForGood;
  }

  start(): void {
    const { time, report, onViolation } = this.#options;
    const clock = time.createClock();
    const life: Life = { clock, member: undefined };
    this.#life = life;
    report(`${this.name} starts`);
    Member.start(this.#options.settings, this.#world(life)).then(
      (member) => {
        life.member = member;
      },
      (error: unknown) => {
        if (this.#life !== life) return;
        report(`${this.name} fails to start: ${String(error)}`);
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

  pause(durationMs: number): void {
    this.#options.report(`${this.name} pauses for ${durationMs.toFixed(0)} ms`);
    this.#life?.clock.pause(durationMs);
  }

  #world(life: Life): MemberWorld {
    const { network, record, prng, founding, forgetsWal, onViolation, report, time } =
      this.#options;
    const fs: FileSystem = forgetsWal ? new ForgetfulFileSystem(this.#disk) : this.#disk;
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
        applied: (entry) => guard(() => record.applied(id, entry, time.nowMs)),
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
    if (msg.includes("snapshot") || msg.includes("became leader")) this.#line("info", msg);
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
