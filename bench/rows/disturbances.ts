/**
 * What 500 puts a second feel of maintenance: their p99 while nothing else happens, and while a
 * compaction, a defragmentation, a backup or a long read goes on, on a store of some size. Figures are
 * the p99 itself; the goal compares it with the server's own quiet one.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "../../test/harness/cluster.ts";
import { goTools } from "../../test/harness/go-tools.ts";
import { bareEnvironment, runCommand } from "../../test/harness/run-command.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { type Load, runLoad } from "../load.ts";
import { type Figure, KINDS, noSamples, type Pace, type Row, type Samples } from "../row.ts";

const RATE = 500;
const KEYS = 200_000;
const READ_KEYS = 100_000;
const OPERATION_TIMEOUT_MS = 120_000;

const fill: Load = {
  tool: "benchmark",
  conns: 20,
  clients: 200,
  args: (total) => [
    "put",
    "--sequential-keys",
    `--key-space-size=${KEYS}`,
    "--key-size=16",
    "--val-size=256",
    `--total=${total}`,
  ],
};

const steady: Load = {
  tool: "benchmark",
  conns: 10,
  clients: 100,
  args: (total) => [
    "put",
    "--key-space-size=10000",
    "--key-size=16",
    "--val-size=64",
    `--rate=${RATE}`,
    `--total=${total}`,
  ],
};

interface Contestant {
  readonly cluster: Cluster;
  readonly ctl: (...args: string[]) => Promise<string>;
}

/** What goes on beside the puts; repeated while they last. */
const DISTURBANCES: Readonly<Record<string, (contestant: Contestant) => Promise<void>>> = {
  quiet: () => Promise.resolve(),
  compaction: async (contestant) => {
    const { revision } = await contestant.cluster.statusOf(contestant.cluster.member(0));
    await contestant.ctl("compaction", String(revision), "--physical");
  },
  defragment: async ({ ctl }) => void (await ctl("defrag")),
  "snapshot save": async ({ cluster, ctl }) => {
    await ctl("snapshot", "save", join(cluster.folder, "backup.db"));
  },
  "reads of 100 k keys": async ({ ctl }) => {
    await ctl("get", "", "--prefix", `--limit=${READ_KEYS}`, "--write-out=simple");
  },
};

async function start(kind: ServerKind): Promise<Contestant> {
  const tools = await goTools("etcdctl");
  if (tools.skip !== false) throw new Error(tools.skip);
  const flags = { "quota-backend-bytes": String(8 * 1024 ** 3) };
  const cluster = await Cluster.start({ size: 1, kind, flags });
  await runLoad(fill, cluster.endpoints, KEYS * 2);
  const ctl = async (...args: string[]): Promise<string> => {
    const argv = [`--endpoints=${cluster.endpoints}`, "--command-timeout=2m", ...args];
    const options = { env: bareEnvironment(), timeoutMs: OPERATION_TIMEOUT_MS };
    const result = await runCommand(tools.path.etcdctl, argv, options);
    if (result.code !== 0) throw new Error(`etcdctl ${args.join(" ")}: ${result.stderr}`);
    return result.stdout;
  };
  return { cluster, ctl };
}

async function measure(contestant: Contestant, name: string, seconds: number) {
  const disturb = DISTURBANCES[name]!;
  let isOver = false;
  const disturbing = (async () => {
    if (name === "quiet") return;
    while (!isOver) await disturb(contestant);
  })();
  const puts = runLoad(steady, contestant.cluster.endpoints, RATE * seconds).finally(() => {
    isOver = true;
  });
  const [report] = await Promise.all([puts, disturbing]);
  return { value: report.p99Ms, p50Ms: report.p50Ms, p99Ms: report.p99Ms };
}

export const disturbancesRow: Row = {
  name: "disturbances",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const samples = new Map<string, Samples>();
    const contestants = new Map<ServerKind, Contestant>();
    try {
      for (const kind of KINDS) contestants.set(kind, await start(kind));
      for (let round = 0; round < Math.min(pace.rounds, 3); round++) {
        for (const name of Object.keys(DISTURBANCES)) {
          const both = samples.get(name) ?? noSamples();
          samples.set(name, both);
          for (const [kind, contestant] of contestants) {
            both[kind].push(await measure(contestant, name, pace.seconds));
          }
        }
      }
    } finally {
      for (const { cluster } of contestants.values()) {
        await cluster.dispose();
        rmSync(cluster.folder, { recursive: true, force: true });
      }
    }
    return [...samples].map(([name, both]) => ({
      title: `p99 of ${RATE} puts/s: ${name}`,
      unit: "ms",
      goals: [],
      samples: both,
    }));
  },
};
