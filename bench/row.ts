/** What the benchmarks measure and how it is written down. */
import type { ServerKind } from "../test/harness/server-kind.ts";

/** One run. `value` is in the figure's unit, everything else beside it. */
export interface Sample {
  readonly value: number;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** CPU time of all members per operation, in microseconds. */
  readonly cpuMicros?: number;
  /** CPU time of the load programme per operation, in microseconds. */
  readonly loadCpuMicros?: number;
  /** The most memory one member has had resident. */
  readonly peakMiB?: number;
}

export type Samples = Record<ServerKind, Sample[]>;

/** What Kvorum's figure ought to be, as a multiple of what it is compared with. */
export interface Goal {
  readonly of: "value" | "p99Ms";
  readonly atLeast?: number;
  readonly atMost?: number;
  /** etcd's figure, unless said: the figure's `base`, measured of Kvorum itself, or 1 of its unit. */
  readonly comparedWith?: "etcd" | "base" | "unit";
}

/** One line of the table. */
export interface Figure {
  readonly title: string;
  readonly unit: string;
  readonly goals: readonly Goal[];
  /** A server that has no such figure has no samples. */
  readonly samples: Samples;
  /** What each server does under other circumstances, and their name, for goals that compare with it. */
  readonly base?: Samples;
  readonly baseName?: string;
}

export interface Pace {
  /** Runs of each server, taken in turns. */
  readonly rounds: number;
  /** How long a run should take. */
  readonly seconds: number;
}

export interface Row {
  readonly name: string;
  /** Takes minutes; left out of the quick set. */
  readonly heavy?: boolean;
  /** Measures both servers, in turns. */
  readonly run: (pace: Pace) => Promise<Figure[]>;
}

export const KINDS: readonly ServerKind[] = ["etcd", "kvorum"];

export function noSamples(): Samples {
  return { etcd: [], kvorum: [] };
}
