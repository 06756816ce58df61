/**
 * What 500 puts a second, watched by fifty, feel of maintenance: their p99 while nothing else happens,
 * and while a long range is read, a million revisions are compacted, the store is defragmented or backed
 * up, or a member joins. The goal compares it with the server's own quiet one. How much of it is the
 * machine, a control shows: the puts while nothing is asked of the server, but others keep the CPUs busy.
 * Of Kvorum, also the longest time that its event loop was away; and of both, what must not happen at all:
 * another leader, a refused put, an acknowledged one that is gone.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "../../test/harness/cluster.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { bystandersFolder, keepCpusBusy } from "../bystander.ts";
import { etcdctlElsewhere, fill } from "../control.ts";
import { joinAndLeave } from "../join.ts";
import { type Figure, KINDS, type Pace, type Row, type Samples } from "../row.ts";
import { probed, stallsSince } from "../stalls.ts";
import { STEADY_RATE, STEADY_WATCHERS, SteadyPuts } from "../steady-puts.ts";

const KEYS = 200_000;
const VALUE_BYTES = 256;
const COMPACTED = 1_000_000;
const READ_KEYS = 100_000;
const ROUNDS_MAX = 3;
const BEFORE_MS = 1000;

interface Disturbance {
  readonly name: string;
  /** To compare the others with: there is no goal for it. */
  readonly isControl?: boolean;
  /** What is needed for it, before anything is measured. */
  readonly prepare?: (cluster: Cluster) => Promise<void>;
  /** What goes on beside the puts. Done once, or again and again for as long as a run should last. */
  readonly disturb?: (cluster: Cluster, seconds: number) => Promise<void>;
  readonly isRepeated?: boolean;
}

const QUIET = "quiet";

const DISTURBANCES: readonly Disturbance[] = [
  { name: QUIET, isControl: true },
  {
    name: "nothing, but all CPUs are kept busy",
    isControl: true,
    disturb: (_cluster, seconds) => keepCpusBusy(seconds * 1000),
  },
  {
    name: "ranges of 100 k keys",
    disturb: async ({ endpoints }) => {
      const flags = ["--prefix", `--limit=${READ_KEYS}`, "--write-out=simple"];
      await etcdctlElsewhere(endpoints, "get", "", ...flags);
    },
    isRepeated: true,
  },
  {
    name: "compaction of 1 M revisions",
    prepare: (cluster) => fill(cluster, { keys: KEYS, puts: COMPACTED, valueBytes: VALUE_BYTES }),
    disturb: async (cluster) => {
      const { revision } = await cluster.statusOf(cluster.member(0));
      await etcdctlElsewhere(cluster.endpoints, "compaction", String(revision), "--physical");
    },
  },
  {
    name: "defragment",
    disturb: async ({ endpoints }) => void (await etcdctlElsewhere(endpoints, "defrag")),
    isRepeated: true,
  },
  {
    name: "snapshot save",
    disturb: async ({ endpoints }) => {
      const folder = bystandersFolder();
      try {
        await etcdctlElsewhere(endpoints, "snapshot", "save", join(folder, "backup.db"));
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    isRepeated: true,
  },
  { name: "member join", disturb: joinAndLeave },
];

interface Measured {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
  readonly stallMs: number;
  readonly lateMs: number;
  /** Puts refused or lost, watchers that missed some, elections. */
  readonly faults: number;
}

async function start(kind: ServerKind): Promise<Cluster> {
  const flags = { "quota-backend-bytes": String(8 * 1024 ** 3) };
  const cluster = await Cluster.create({ size: 1, kind, flags });
  if (kind === "kvorum") probed(cluster, cluster.member(0));
  await cluster.startAll();
  await fill(cluster, { keys: KEYS, puts: KEYS, valueBytes: VALUE_BYTES });
  return cluster;
}

async function termOf(cluster: Cluster): Promise<number> {
  const status = await cluster.clientOf(cluster.member(0)).maintenance.status();
  return Number(status.raftTerm);
}

async function measure(
  cluster: Cluster,
  { prepare, disturb, isRepeated = false }: Disturbance,
  seconds: number,
): Promise<Measured> {
  await prepare?.(cluster);
  const term = await termOf(cluster);
  const member = cluster.member(0);
  const puts = await SteadyPuts.start(cluster.endpoints);
  await pause(BEFORE_MS);
  const sinceMs = Date.now();
  const isOver = (): boolean => Date.now() - sinceMs >= seconds * 1000;
  do await disturb?.(cluster, seconds);
  while (isRepeated && !isOver());
  while (!isOver()) await pause(100);
  const { ownMs: stallMs, wallMs: lateMs } = stallsSince(member, sinceMs);
  const { p50Ms, p99Ms, slowestMs, failed, lost } = await puts.stop();
  const faults = failed + lost + (await termOf(cluster)) - term;
  return { p50Ms, p99Ms, slowestMs, stallMs, lateMs, faults };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

type Found = Map<string, Record<ServerKind, Measured[]>>;

function p99Figures(found: Found): Figure[] {
  const goals = [{ of: "value", atMost: 2, comparedWith: "base" } as const];
  const samplesOf = (name: string): Samples => {
    const of = (kind: ServerKind) =>
      found.get(name)![kind].map(({ p99Ms, p50Ms }) => ({ value: p99Ms, p50Ms, p99Ms }));
    return { etcd: of("etcd"), kvorum: of("kvorum") };
  };
  const base = samplesOf(QUIET);
  return DISTURBANCES.map(({ name, isControl = false }) => {
    const title = `p99 of ${STEADY_RATE} puts/s, ${STEADY_WATCHERS} watchers: ${name}`;
    const line = { title, unit: "ms", samples: samplesOf(name) };
    return isControl ? { ...line, goals: [] } : { ...line, goals, base, baseName: "its quiet one" };
  });
}

function stallFigures(found: Found): Figure[] {
  return [...found].map(([name, { kvorum }]) => ({
    title: `… longest stall of the event loop: ${name}`,
    unit: "ms",
    goals: [{ of: "value", atMost: 50, comparedWith: "unit" }],
    samples: { etcd: [], kvorum: kvorum.map(({ stallMs }) => ({ value: stallMs })) },
  }));
}

function faultFigure(found: Found): Figure {
  const of = (kind: ServerKind) =>
    [...found.values()].flatMap((both) => both[kind].map(({ faults }) => ({ value: faults })));
  return {
    title: "… leaders lost, puts refused or lost, watchers that missed some",
    unit: "",
    goals: [{ of: "value", atMost: 0, comparedWith: "unit" }],
    samples: { etcd: of("etcd"), kvorum: of("kvorum") },
  };
}

export const disturbancesRow: Row = {
  name: "disturbances",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const found: Found = new Map(DISTURBANCES.map(({ name }) => [name, { etcd: [], kvorum: [] }]));
    const clusters = new Map<ServerKind, Cluster>();
    try {
      for (const kind of KINDS) clusters.set(kind, await start(kind));
      for (let round = 0; round < Math.min(pace.rounds, ROUNDS_MAX); round++) {
        for (const disturbance of DISTURBANCES) {
          for (const [kind, cluster] of clusters) {
            const measured = await measure(cluster, disturbance, pace.seconds);
            found.get(disturbance.name)![kind].push(measured);
            console.error(`${kind}, ${disturbance.name}:`, JSON.stringify(measured));
          }
        }
      }
    } finally {
      for (const cluster of clusters.values()) {
        await cluster.dispose();
        rmSync(cluster.folder, { recursive: true, force: true });
      }
    }
    return [...p99Figures(found), ...stallFigures(found), faultFigure(found)];
  },
};
