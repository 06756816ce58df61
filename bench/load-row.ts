/**
 * A row that puts one load on both servers: both are started and warmed up, then take turns, so that
 * what else the machine does meets both alike. The idle one costs next to nothing.
 */
import { Cluster } from "../test/harness/cluster.ts";
import type { ServerKind } from "../test/harness/server-kind.ts";
import { type Load, runLoad } from "./load.ts";
import { cpuSeconds, endedChildrenCpuSeconds, peakMiB, resetPeak } from "./process-usage.ts";
import { type Goal, KINDS, noSamples, type Pace, type Row, type Sample } from "./row.ts";

export interface LoadRowOptions {
  readonly name: string;
  readonly title: string;
  readonly members?: number;
  readonly load: Load;
  readonly goals: readonly Goal[];
  readonly unit?: string;
  /** Operations before anything is measured; they also tell how many fit a run. */
  readonly warmUp?: number;
  /** What one operation of the load counts for in `value`. */
  readonly eventsPerOperation?: number;
  /** The programme's latencies are not those of an operation. */
  readonly withoutLatency?: boolean;
  readonly prepare?: (endpoints: string) => Promise<void>;
}

interface Contestant {
  readonly cluster: Cluster;
  readonly total: number;
}

const DEFAULT_WARM_UP = 30_000;
const FLAGS = { "quota-backend-bytes": String(8 * 1024 ** 3) };

export function loadRow(options: LoadRowOptions): Row {
  const { name, title, goals, load, unit = "op/s" } = options;
  const run = async (pace: Pace) => {
    const samples = noSamples();
    const contestants = new Map<ServerKind, Contestant>();
    try {
      for (const kind of KINDS) contestants.set(kind, await warmUp(kind, options, pace));
      for (let round = 0; round < pace.rounds; round++) {
        for (const [kind, { cluster, total }] of contestants) {
          samples[kind].push(perEvent(await measureLoad(cluster, load, total), options));
        }
      }
    } finally {
      for (const { cluster } of contestants.values()) await cluster.dispose();
    }
    return [{ title, unit, goals, samples }];
  };
  return { name, run };
}

async function warmUp(kind: ServerKind, options: LoadRowOptions, pace: Pace): Promise<Contestant> {
  const { members: size = 1, load, warmUp: operations = DEFAULT_WARM_UP } = options;
  const cluster = await Cluster.start({ size, kind, flags: FLAGS });
  await options.prepare?.(cluster.endpoints);
  await runLoad(load, cluster.endpoints, operations);
  const half = Math.ceil(operations / 2);
  const { seconds } = await runLoad(load, cluster.endpoints, half);
  return { cluster, total: Math.ceil((half / seconds) * pace.seconds) };
}

/** One run of a load on a cluster, and what it cost. */
export async function measureLoad(cluster: Cluster, load: Load, total: number): Promise<Sample> {
  const pids = cluster.members.map((member) => member.pid);
  resetPeak(pids);
  const before = cpuSeconds(pids);
  const loadBefore = endedChildrenCpuSeconds();
  const { operations, seconds, p50Ms, p99Ms } = await runLoad(load, cluster.endpoints, total);
  return {
    value: operations / seconds,
    cpuMicros: ((cpuSeconds(pids) - before) * 1e6) / total,
    loadCpuMicros: ((endedChildrenCpuSeconds() - loadBefore) * 1e6) / total,
    peakMiB: peakMiB(pids),
    p50Ms,
    p99Ms,
  };
}

/** By the event where an operation is many, and without latencies that are not an operation's. */
function perEvent(
  { p50Ms, p99Ms, ...sample }: Sample,
  { withoutLatency = false, eventsPerOperation = 1 }: LoadRowOptions,
): Sample {
  return {
    ...sample,
    cpuMicros: (sample.cpuMicros ?? 0) / eventsPerOperation,
    loadCpuMicros: (sample.loadCpuMicros ?? 0) / eventsPerOperation,
    ...(withoutLatency || p50Ms === undefined || p99Ms === undefined ? {} : { p50Ms, p99Ms }),
  };
}
