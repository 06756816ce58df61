/** What a put costs in a store of ten thousand, a hundred thousand and a million keys. */
import { rmSync } from "node:fs";
import { Cluster } from "../../test/harness/cluster.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { fill, KEY_BYTES } from "../control.ts";
import { measureLoad } from "../load-row.ts";
import { type Load, runLoad } from "../load.ts";
import { type Figure, KINDS, noSamples, type Pace, type Row, type Samples } from "../row.ts";

const SIZES = [10_000, 100_000, 1_000_000];
const VALUE_BYTES = 64;
const WARM_UP = 20_000;

const sizeText = (keys: number): string => (keys < 1e6 ? `${keys / 1000} k` : `${keys / 1e6} M`);

interface Contestant {
  readonly kind: ServerKind;
  readonly keys: number;
  readonly cluster: Cluster;
  readonly total: number;
}

const put = (keys: number): Load => ({
  tool: "benchmark",
  conns: 10,
  clients: 100,
  args: (total) => [
    "put",
    `--key-space-size=${keys}`,
    `--key-size=${KEY_BYTES}`,
    `--val-size=${VALUE_BYTES}`,
    `--total=${total}`,
  ],
});

async function start(kind: ServerKind, keys: number, seconds: number): Promise<Contestant> {
  const flags = { "quota-backend-bytes": String(8 * 1024 ** 3) };
  const cluster = await Cluster.start({ size: 1, kind, flags });
  await fill(cluster, { keys, puts: keys, valueBytes: VALUE_BYTES });
  const warmUp = await runLoad(put(keys), cluster.endpoints, WARM_UP);
  return { kind, keys, cluster, total: Math.ceil((WARM_UP / warmUp.seconds) * seconds) };
}

function figureOf(keys: number, base: Samples): Figure {
  const title = `put, 10 connections, 100 clients, ${sizeText(keys)} keys in the store`;
  if (keys === SIZES[0]) return { title, unit: "op/s", goals: [], samples: base };
  const goals = [{ of: "value", atLeast: 0.8, comparedWith: "base" } as const];
  return { title, unit: "op/s", goals, samples: noSamples(), base, baseName: "with 10 k" };
}

export const growthRow: Row = {
  name: "growth",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const base = noSamples();
    const found = new Map(SIZES.map((keys) => [keys, figureOf(keys, base)]));
    const contestants: Contestant[] = [];
    try {
      for (const kind of KINDS) {
        for (const keys of SIZES) contestants.push(await start(kind, keys, pace.seconds / 2));
      }
      for (let round = 0; round < pace.rounds; round++) {
        for (const contestant of contestants) {
          const { kind, keys, cluster, total } = contestant;
          found.get(keys)!.samples[kind].push(await measureLoad(cluster, put(keys), total));
        }
      }
    } finally {
      for (const { cluster } of contestants) {
        await cluster.dispose();
        rmSync(cluster.folder, { recursive: true, force: true });
      }
    }
    return [...found.values()];
  },
};
