/**
 * A hundred thousand watchers, each of a key of its own: what one costs in memory, and how long making
 * them, and losing them all at once, holds up the event loop.
 */
import { setTimeout as pause } from "node:timers/promises";
import { Cluster } from "../../test/harness/cluster.ts";
import type { ServerKind } from "../../test/harness/server-kind.ts";
import { HeldWatchers } from "../held-watchers.ts";
import { peakMiB, residentMiB, resetPeak } from "../process-usage.ts";
import { type Figure, type Goal, KINDS, noSamples, type Pace, type Row } from "../row.ts";
import { probed, stallsSince } from "../stalls.ts";

const WATCHERS = 100_000;
const STREAMS = 100;
const KIB = 1024;
const SETTLE_MS = 3000;
const ROUNDS_MAX = 3;

async function start(kind: ServerKind): Promise<Cluster> {
  const cluster = await Cluster.create({ size: 1, kind });
  if (kind === "kvorum") probed(cluster, cluster.member(0));
  await cluster.startAll();
  const few = await HeldWatchers.create(cluster.endpoints, WATCHERS / 100, STREAMS);
  await few.end();
  await pause(SETTLE_MS);
  return cluster;
}

interface Memory {
  readonly residentKiB: number;
  readonly peakKiB: number;
}

/** Per watcher. Of a server that has just been started: afterwards memory is kept for the next ones. */
async function measureMemory(kind: ServerKind): Promise<Memory> {
  const cluster = await start(kind);
  try {
    const pids = [cluster.member(0).pid];
    resetPeak(pids);
    const before = residentMiB(pids);
    const perWatcher = (mib: number): number => ((mib - before) * KIB) / WATCHERS;
    const held = await HeldWatchers.create(cluster.endpoints, WATCHERS, STREAMS);
    await pause(SETTLE_MS);
    const memory = {
      residentKiB: perWatcher(residentMiB(pids)),
      peakKiB: perWatcher(peakMiB(pids)),
    };
    await held.end();
    return memory;
  } finally {
    await cluster.dispose();
  }
}

/** With all watchers on one stream. */
async function measureStalls(): Promise<{ readonly madeMs: number; readonly lostMs: number }> {
  const cluster = await start("kvorum");
  try {
    const member = cluster.member(0);
    const madeSince = Date.now();
    const held = await HeldWatchers.create(cluster.endpoints, WATCHERS, 1);
    await pause(SETTLE_MS);
    const { ownMs: madeMs } = stallsSince(member, madeSince);
    const lostSince = Date.now();
    await held.end();
    await pause(SETTLE_MS);
    return { madeMs, lostMs: stallsSince(member, lostSince).ownMs };
  } finally {
    await cluster.dispose();
  }
}

function figure(title: string, unit: string, goal: Goal): Figure {
  return { title, unit, goals: [goal], samples: noSamples() };
}

export const watchersRow: Row = {
  name: "watchers-100k",
  heavy: true,
  async run(pace: Pace): Promise<Figure[]> {
    const noMore = { of: "value", atMost: 1 } as const;
    const short = { of: "value", atMost: 10, comparedWith: "unit" } as const;
    const resident = figure("100 k watchers of distinct keys: memory", "KiB each", noMore);
    const peak = figure("… at the most, while they are made", "KiB each", noMore);
    const made = figure("… made on one stream: longest stall", "ms", short);
    const lost = figure("… lost with their stream: longest stall", "ms", short);
    for (let round = 0; round < Math.min(pace.rounds, ROUNDS_MAX); round++) {
      for (const kind of KINDS) {
        const { residentKiB, peakKiB } = await measureMemory(kind);
        resident.samples[kind].push({ value: residentKiB });
        peak.samples[kind].push({ value: peakKiB });
      }
      const { madeMs, lostMs } = await measureStalls();
      made.samples.kvorum.push({ value: madeMs });
      lost.samples.kvorum.push({ value: lostMs });
    }
    return [resident, peak, made, lost];
  },
};
