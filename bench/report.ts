/** The table, for terminals and for docs/benchmarks.md. */
import type { ServerKind } from "../test/harness/server-kind.ts";
import { type Machine, type RowResult } from "./results.ts";
import type { Figure, Sample } from "./row.ts";
import { goalText, missedGoals } from "./goals.ts";
import { remarks } from "./remarks.ts";
import { noiseOf, type Spread, spreadOf } from "./statistics.ts";

const HEADINGS = [
  "work",
  "etcd",
  "Kvorum",
  "Kvorum ÷ etcd",
  "goal",
  "CPU µs/op",
  "load µs/op",
  "p50 ms",
  "p99 ms",
  "peak MiB",
];
/** A ratio of two figures that spread this far says little. */
const NOISY = 0.35;

function shown(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} k`;
  if (value >= 100) return value.toFixed(0);
  return value.toPrecision(value >= 1 ? 3 : 2);
}

function spread(figure: Figure, kind: ServerKind, of: keyof Sample): Spread | undefined {
  const values = figure.samples[kind].map((sample) => sample[of]);
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : spreadOf(known);
}

function headline(figure: Figure, kind: ServerKind): string {
  const found = spread(figure, kind, "value");
  if (found === undefined) return "–";
  const text = `${shown(found.median)} ${figure.unit}`;
  return found.min === found.max ? text : `${text} (${shown(found.min)}–${shown(found.max)})`;
}

/** etcd's and Kvorum's median beside each other. */
function pair(figure: Figure, of: keyof Sample): string {
  const etcd = spread(figure, "etcd", of);
  const kvorum = spread(figure, "kvorum", of);
  return etcd === undefined || kvorum === undefined
    ? ""
    : `${shown(etcd.median)} / ${shown(kvorum.median)}`;
}

export function ratioOf(figure: Figure, of: keyof Sample): number {
  const etcd = spread(figure, "etcd", of)?.median ?? Number.NaN;
  return (spread(figure, "kvorum", of)?.median ?? Number.NaN) / etcd;
}

function cells(figure: Figure): string[] {
  const kinds = ["etcd", "kvorum"] as const;
  const isNoisy = kinds.some((kind) => {
    const found = spread(figure, kind, "value");
    return found !== undefined && noiseOf(found) > NOISY;
  });
  const ratio = ratioOf(figure, "value");
  return [
    figure.title,
    headline(figure, "etcd"),
    headline(figure, "kvorum"),
    `${Number.isNaN(ratio) ? "" : ratio.toFixed(2)}${isNoisy ? " (noisy)" : ""}`.trim(),
    figure.goals.map((goal) => goalText(figure, goal)).join(", "),
    pair(figure, "cpuMicros"),
    pair(figure, "loadCpuMicros"),
    pair(figure, "p50Ms"),
    figure.unit === "ms" ? "" : pair(figure, "p99Ms"),
    pair(figure, "peakMiB"),
  ];
}

function lines(results: readonly RowResult[]): string[][] {
  return results.flatMap((result) => result.figures.map(cells));
}

export function terminalTable(results: readonly RowResult[]): string {
  const all = [HEADINGS, ...lines(results)];
  const widths = HEADINGS.map((_heading, at) => Math.max(...all.map((line) => line[at]!.length)));
  return all
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

export function markdownReport(machine: Machine, results: readonly RowResult[]): string {
  const row = (line: readonly string[]): string => `| ${line.join(" | ")} |`;
  const rounds = results.map(
    ({ name, pace, measuredAt }) => `| ${name} | ${pace} | ${measuredAt} |`,
  );
  return [
    "# Benchmarks",
    "",
    "Kvorum beside etcd 3.7.1, written by `pnpm bench`. Both run on the machine that also runs the load",
    "(etcd's own `benchmark`; a Go programme of ours for lease grants, the steady puts and the watchers that",
    "only count), so what the load costs is part of every figure and the ratios say more than the numbers. Each figure is the median of runs taken in turns, with the lowest and the highest; pairs",
    "are etcd / Kvorum. CPU is that of all members, and of the load programme beside it; peak memory is that",
    "of the largest member. Where other work ran on the machine meanwhile, CPU per operation is the figure to",
    "trust. Whoever disturbs the steady puts stands for another machine, so those clients and the member that",
    "joins run at nice 19 and write to memory, for both servers alike.",
    "",
    `Machine: ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, ` +
      `Node.js ${machine.node}. \`(noisy)\`: runs of one server lie more than ` +
      `${NOISY * 100} % of their median apart.`,
    "",
    row(HEADINGS),
    row(HEADINGS.map(() => "---")),
    ...lines(results).map(row),
    "",
    ...shortfalls(machine, results),
    "| row | runs | measured |",
    "| --- | --- | --- |",
    ...rounds,
    "",
  ].join("\n");
}

/** For each figure that misses a goal: by how much, and what is known about it. */
function shortfalls(machine: Machine, results: readonly RowResult[]): string[] {
  const figures = results.flatMap((result) => result.figures);
  const missed = figures.filter((figure) => missedGoals(figure).length > 0);
  if (missed.length === 0) return [];
  const items = missed.map((figure) => {
    const distance = `${missedGoals(figure).join("; ")}.`;
    const known = [distance, ceiling(machine, figure), remarks[figure.title]].filter(isPresent);
    return `- **${figure.title}**: ${known.join(" ")}`;
  });
  return ["## Where a goal is missed", "", ...items, ""];
}

/** What a server that cost nothing would come to, as the load runs on the same cores. */
function ceiling({ cores }: Machine, figure: Figure): string | undefined {
  const micros = spread(figure, "kvorum", "loadCpuMicros")?.median;
  const etcd = spread(figure, "etcd", "value")?.median;
  if (micros === undefined || etcd === undefined) return undefined;
  const most = (cores * 1e6) / micros;
  return (
    `The load alone takes ${shown(micros)} µs of CPU an operation: with it on the same ${cores} cores ` +
    `a server that cost nothing would come to ${(most / etcd).toFixed(1)} times etcd.`
  );
}

function isPresent<T>(value: T | undefined): value is T {
  return value !== undefined;
}
