/**
 * A row that puts one load on both servers: both are started and warmed up, then take turns, so that
 * what else the machine does meets both alike. The idle one costs next to nothing.
 */
import { Cluster } from "../test/harness/cluster.ts";
import type { ServerKind } from "../test/harness/server-kind.ts";
import { type Load, type LoadReport, runLoad } from "./load.ts";
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
  const { name, title, goals, unit = "op/s" } = options;
  const run = async (pace: Pace) => {
    const samples = noSamples();
    const contestants = new Map<ServerKind, Contestant>();
    try {
      for (const kind of KINDS) contestants.set(kind, await warmUp(kind, options, pace));
      for (let round = 0; round < pace.rounds; round++) {
        for (const [kind, contestant] of contestants) {
          samples[kind].push(await measure(contestant, options));
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

async function measure({ cluster, total }: Contestant, options: LoadRowOptions): Promise<Sample> {
  const pids = cluster.members.map((member) => member.pid);
  resetPeak(pids);
  const before = cpuSeconds(pids);
  const loadBefore = endedChildrenCpuSeconds();
  const report = await runLoad(options.load, cluster.endpoints, total);
  const cpu = cpuSeconds(pids) - before;
  const loadCpu = endedChildrenCpuSeconds() - loadBefore;
  return sampleOf(report, { cpu, loadCpu, peak: peakMiB(pids), total }, options);
}

interface Used {
  /** CPU seconds of the members, and of the load. */
  readonly cpu: number;
  readonly loadCpu: number;
  readonly peak: number;
  readonly total: number;
}

function sampleOf(
  { operations, seconds, p50Ms, p99Ms }: LoadReport,
  used: Used,
  { withoutLatency = false, eventsPerOperation = 1 }: LoadRowOptions,
): Sample {
  const events = used.total * eventsPerOperation;
  return {
    value: operations / seconds,
    cpuMicros: (used.cpu * 1e6) / events,
    loadCpuMicros: (used.loadCpu * 1e6) / events,
    peakMiB: used.peak,
    ...(withoutLatency ? {} : { p50Ms, p99Ms }),
  };
}
