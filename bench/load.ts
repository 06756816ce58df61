/**
 * Runs a load programme to its end and reads its report: etcd's own `benchmark`, or our `load`, which
 * reports alike.
 */
import { goTools } from "../test/harness/go-tools.ts";
import { runCommand } from "../test/harness/run-command.ts";

export interface Load {
  readonly tool: "benchmark" | "load";
  readonly conns: number;
  readonly clients: number;
  /** The sub-command, its arguments and flags, for this many operations. */
  readonly args: (total: number) => readonly string[];
}

/** What a load programme reports. Latencies are those the clients saw. */
export interface LoadReport {
  readonly operations: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

export async function runLoad(load: Load, endpoints: string, total: number): Promise<LoadReport> {
  const tools = await goTools("benchmark", "load");
  if (tools.skip !== false) throw new Error(tools.skip);
  const [command = "", ...rest] = load.args(total);
  const result = await runCommand(
    tools.path[load.tool],
    [
      command,
      `--endpoints=${endpoints}`,
      `--conns=${load.conns}`,
      `--clients=${load.clients}`,
      ...(load.tool === "benchmark" ? ["--precise"] : []),
      ...rest,
    ],
    { timeoutMs: 600_000 },
  );
  if (result.code !== 0 || result.stdout.includes("Error distribution")) {
    throw new Error(
      `${load.tool} ${command} failed:\n${result.stdout.slice(-2000)}${result.stderr}`,
    );
  }
  return readReport(result.stdout);
}

function numbersBehind(text: string, label: RegExp): number[] {
  return [...text.matchAll(label)].map((match) => Number(match[1]));
}

/**
 * The last report counts; where reads and writes of one load are reported apart they ran beside each
 * other, so their operations add up and the worse latency is taken.
 */
export function readReport(text: string): LoadReport {
  const isApart = text.includes("Total Read Ops");
  const last = <T>(list: T[]): T[] => (isApart ? list : list.slice(-1));
  const seconds = last(numbersBehind(text, /Total:\s*([\d.e+-]+) secs/g));
  const rates = last(numbersBehind(text, /Requests\/sec:\s*([\d.e+-]+)/g));
  const worst = (label: RegExp): number => Math.max(...last(numbersBehind(text, label))) * 1000;
  if (seconds.length === 0) throw new Error(`no report in:\n${text.slice(-2000)}`);
  return {
    operations: seconds.reduce((sum, each, at) => sum + each * (rates[at] ?? 0), 0),
    seconds: Math.max(...seconds),
    p50Ms: worst(/\b50% in ([\d.e+-]+) secs/g),
    p99Ms: worst(/\b99% in ([\d.e+-]+) secs/g),
    slowestMs: worst(/Slowest:\s*([\d.e+-]+) secs/g),
  };
}
