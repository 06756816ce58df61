/**
 * Compacts by itself (`--auto-compaction-mode`, `--auto-compaction-retention`), as etcd does. Only the
 * leader proposes.
 *
 * - `periodic` keeps the history of the last `periodMs`. The revision is noted ten times per interval,
 *   an interval being the period or an hour, whichever is shorter; every interval the store is
 *   compacted to the revision of one period ago.
 * - `revision` keeps the last `revisions` revisions, looked at every five minutes.
 */
import { EtcdError, EtcdErrors } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import type { Proposals } from "./proposals.ts";

export type AutoCompaction =
  | { readonly mode: "off" }
  | { readonly mode: "periodic"; readonly periodMs: number }
  | { readonly mode: "revision"; readonly revisions: number };

export interface AutoCompactorOptions {
  readonly compaction: AutoCompaction;
  readonly isLeader: () => boolean;
  readonly currentRevision: () => number;
  readonly proposals: Pick<Proposals, "submit">;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const REVISION_INTERVAL_MS = 5 * 60_000;
const SAMPLES_PER_INTERVAL = 10;

export class AutoCompactor {
  readonly #options: AutoCompactorOptions;
  readonly #intervalMs: number;
  /** Revisions at the last sampling times, oldest first; the oldest is one period old. */
  readonly #samples: number[] = [];
  #nextSampleMs: number | undefined;
  #nextCompactionMs = 0;
  #lastRevision = 0;

  constructor(options: AutoCompactorOptions) {
    this.#options = options;
    const { compaction } = options;
    this.#intervalMs =
      compaction.mode === "periodic"
        ? Math.min(compaction.periodMs, HOUR_MS)
        : REVISION_INTERVAL_MS;
  }

  /** To be called every tick. */
  tick(nowMs: number): void {
    const { compaction } = this.#options;
    if (compaction.mode === "off") return;
    if (this.#nextSampleMs === undefined) this.#start(nowMs);
    if (nowMs < (this.#nextSampleMs ?? 0)) return;
    if (compaction.mode === "revision") {
      this.#nextSampleMs = nowMs + this.#intervalMs;
      this.#compact(this.#options.currentRevision() - compaction.revisions);
    } else {
      this.#nextSampleMs = nowMs + this.#sampleMs;
      this.#sample(compaction.periodMs);
      if (nowMs < this.#nextCompactionMs) return;
      this.#nextCompactionMs = nowMs + this.#intervalMs;
      this.#compact(this.#samples[0] ?? 0);
    }
  }

  get #sampleMs(): number {
    return this.#intervalMs / SAMPLES_PER_INTERVAL;
  }

  /** History is counted from the start of this process: what was before is not known here. */
  #start(nowMs: number): void {
    const { compaction } = this.#options;
    const isPeriodic = compaction.mode === "periodic";
    this.#nextSampleMs = nowMs + (isPeriodic ? 0 : this.#intervalMs);
    this.#nextCompactionMs = nowMs + (isPeriodic ? compaction.periodMs : 0);
  }

  #sample(periodMs: number): void {
    this.#samples.push(this.#options.currentRevision());
    const kept = Math.ceil(periodMs / this.#sampleMs) + 1;
    if (this.#samples.length > kept) this.#samples.shift();
  }

  #compact(revision: number): void {
    const { isLeader, proposals, log } = this.#options;
    if (!isLeader() || revision <= 0 || revision === this.#lastRevision) return;
    log.info("starting auto compaction", { revision });
    proposals.submit("compaction", { revision, physical: false }).then(
      () => {
        this.#lastRevision = revision;
        log.info("completed auto compaction", { revision });
      },
      (error: unknown) => {
        const done = error instanceof EtcdError && error.is(EtcdErrors.compacted);
        if (done) this.#lastRevision = revision;
        else log.warn("failed auto compaction", { revision, error });
      },
    );
  }
}
