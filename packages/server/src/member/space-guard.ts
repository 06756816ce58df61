/** Refuses what would take the store beyond its quota, and raises the NOSPACE alarm when it does. */
import { AlarmRequest_AlarmAction, AlarmType, EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import type { Proposals } from "./proposals.ts";
import type { StateMachine } from "./state-machine.ts";

export interface SpaceGuardOptions {
  readonly memberId: bigint;
  /** 0: no quota. */
  readonly quotaBytes: number;
  readonly state: StateMachine;
  readonly proposals: Pick<Proposals, "submit">;
  readonly log: Log;
}

/** The size on disk is asked for at most this often. */
const MEASURE_INTERVAL_MS = 1_000;
/** What of it is in use, which nothing depends on, once in so many times. */
const IN_USE_EVERY = 10;

export class SpaceGuard {
  readonly #options: SpaceGuardOptions;
  #sizeBytes = 0;
  #sizeInUseBytes = 0;
  #nextMeasureMs = 0;
  #measuring = false;
  #measurements = 0;
  #raising = false;

  constructor(options: SpaceGuardOptions) {
    this.#options = options;
  }

  /** Bytes on disk at the last measurement. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Bytes on disk that live data needs, at the last measurement. */
  get sizeInUseBytes(): number {
    return Math.min(this.#sizeInUseBytes, this.#sizeBytes);
  }

  /** To be called every tick. */
  tick(nowMs: number): void {
    if (nowMs < this.#nextMeasureMs || this.#measuring) return;
    this.#nextMeasureMs = nowMs + MEASURE_INTERVAL_MS;
    this.#measuring = true;
    const withInUse = this.#measurements++ % IN_USE_EVERY === 0;
    (withInUse ? this.measure() : this.#measureSize())
      .catch((error: unknown) => this.#options.log.warn("failed to measure the store", { error }))
      .finally(() => {
        this.#measuring = false;
      });
  }

  /** Measures now, both sizes. */
  async measure(): Promise<void> {
    await this.#measureSize();
    this.#sizeInUseBytes = await this.#options.state.backend.sizeInUseBytes();
  }

  async #measureSize(): Promise<void> {
    this.#sizeBytes = await this.#options.state.backend.sizeBytes();
  }

  /** Throws `database space exceeded` when a write of this cost has no room. */
  check(costBytes: number): void {
    const { quotaBytes, state } = this.#options;
    if (quotaBytes === 0) return;
    const wanted = this.#sizeBytes + state.backend.pendingBytes + costBytes;
    if (wanted < quotaBytes) return;
    this.#raise();
    throw EtcdError.from(EtcdErrors.noSpace);
  }

  #raise(): void {
    const { memberId, proposals, log, state } = this.#options;
    const raised = state.alarms
      .list(AlarmType.NOSPACE)
      .some(({ memberID }) => memberID === memberId);
    if (this.#raising || raised) return;
    this.#raising = true;
    log.warn("space quota exceeded, raising the NOSPACE alarm", { size: this.#sizeBytes });
    proposals
      .submit("alarm", {
        action: AlarmRequest_AlarmAction.ACTIVATE,
        memberID: memberId,
        alarm: AlarmType.NOSPACE,
      })
      .catch((error: unknown) => log.warn("failed to raise the NOSPACE alarm", { error }))
      .finally(() => {
        this.#raising = false;
      });
  }
}
