/** What a put costs that one watcher watches, while others watch other keys: from none to a hundred thousand. */
import { Cluster } from "../../test/harness/cluster.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { HeldWatchers } from "../held-watchers.ts";
import { measureLoad } from "../load-row.ts";
import { type Load, runLoad } from "../load.ts";
import {
  type Figure,
  KINDS,
  noSamples,
  type Pace,
  type Row,
  type Sample,
  type Samples,
} from "../row.ts";

const COUNTS = [1, 100, 1000, 10_000, 100_000];
const STREAMS = 100;
const WARM_UP = 20_000;

/** All puts are of the first key: whatever watchers there are, one of them is hit. */
const put: Load = {
  tool: "benchmark",
  conns: 10,
  clients: 100,
  args: (total) => [
    "put",
    "--key-space-size=1",
    "--key-size=16",
    "--val-size=64",
    `--total=${total}`,
  ],
};

interface Contestant {
  readonly cluster: Cluster;
  readonly total: number;
}

async function start(kind: ServerKind, seconds: number): Promise<Contestant> {
  const flags = { "quota-backend-bytes": String(8 * 1024 ** 3) };
  const cluster = await Cluster.start({ size: 1, kind, flags });
  const warmUp = await runLoad(put, cluster.endpoints, WARM_UP);
  return { cluster, total: Math.ceil((WARM_UP / warmUp.seconds) * seconds) };
}

async function measure({ cluster, total }: Contestant, watchers: number): Promise<Sample> {
  const streams = Math.min(STREAMS, watchers);
  const held = await HeldWatchers.create(cluster.endpoints, watchers, streams);
  const sample = await measureLoad(cluster, put, total);
  await held.end();
  return sample;
}

function figureOf(watchers: number, base: Samples): Figure {
  const title = `put with one watcher of it, ${watchers - 1} of other keys`;
  if (watchers === COUNTS[0]) return { title, unit: "op/s", goals: [], samples: base };
  const goals = [{ of: "value", atLeast: 0.8, comparedWith: "base" } as const];
  return { title, unit: "op/s", goals, samples: noSamples(), base, baseName: "without others" };
}

export const putAmongWatchersRow: Row = {
  name: "put-among-watchers",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const base = noSamples();
    const found = new Map(COUNTS.map((watchers) => [watchers, figureOf(watchers, base)]));
    const contestants = new Map<ServerKind, Contestant>();
    try {
      for (const kind of KINDS) contestants.set(kind, await start(kind, pace.seconds / 2));
      for (let round = 0; round < pace.rounds; round++) {
        for (const [watchers, { samples }] of found) {
          for (const [kind, contestant] of contestants) {
            samples[kind].push(await measure(contestant, watchers));
          }
        }
      }
    } finally {
      for (const { cluster } of contestants.values()) await cluster.dispose();
    }
    return [...found.values()];
  },
};
