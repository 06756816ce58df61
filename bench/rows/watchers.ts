/** A hundred thousand watchers, each of a key of its own: what one costs in memory. */
import { Cluster } from "../../test/harness/cluster.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { type Load, runLoad } from "../load.ts";
import { peakMiB, residentMiB, resetPeak } from "../process-usage.ts";
import { type Figure, KINDS, noSamples, type Pace, type Row, type Sample } from "../row.ts";

const WATCHERS = 100_000;
const STREAMS = 100;
const KIB = 1024;

const watch = (watchers: number): Load => ({
  tool: "benchmark",
  conns: STREAMS,
  clients: STREAMS,
  args: (total) => [
    "watch",
    `--streams=${STREAMS}`,
    `--watch-per-stream=${watchers / STREAMS}`,
    `--watched-key-total=${watchers}`,
    `--key-space-size=${watchers}`,
    "--sequential-keys",
    `--put-total=${total}`,
  ],
});

async function measure(kind: ServerKind): Promise<Sample> {
  const cluster = await Cluster.start({ size: 1, kind });
  try {
    await runLoad(watch(WATCHERS / 100), cluster.endpoints, 1000);
    const pids = [cluster.member(0).pid];
    resetPeak(pids);
    const before = residentMiB(pids);
    await runLoad(watch(WATCHERS), cluster.endpoints, 1000);
    return { value: ((peakMiB(pids) - before) * KIB) / WATCHERS, peakMiB: peakMiB(pids) };
  } finally {
    await cluster.dispose();
  }
}

export const watchersRow: Row = {
  name: "watchers-100k",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const samples = noSamples();
    for (let round = 0; round < Math.min(pace.rounds, 3); round++) {
      for (const kind of KINDS) samples[kind].push(await measure(kind));
    }
    const goals = [{ of: "value", atMost: 1 } as const];
    return [{ title: "100 k watchers of distinct keys: memory", unit: "KiB each", goals, samples }];
  },
};
