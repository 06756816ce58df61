/**
 * A million keys of 256 bytes: what a member needs to hold them, how soon it serves them after a start,
 * and how long a backup and its restore take.
 */
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Cluster } from "../../test/harness/cluster.ts";
import { goTools } from "../../test/harness/go-tools.ts";
import { bareEnvironment, runCommand } from "../../test/harness/run-command.ts";
import { launcher, type ServerKind } from "../../test/harness/server-kind.ts";
import { type Load, runLoad } from "../load.ts";
import { residentMiB } from "../process-usage.ts";
import {
  type Figure,
  type Goal,
  KINDS,
  noSamples,
  type Pace,
  type Row,
  type Sample,
} from "../row.ts";

const KEYS = 1_000_000;
const RESTARTS = 3;
const BACKUPS = 3;
const SETTLE_MS = 5_000;
const COMMAND_TIMEOUT_MS = 300_000;

const fill: Load = {
  tool: "benchmark",
  conns: 20,
  clients: 200,
  args: (total) => [
    "put",
    "--sequential-keys",
    `--key-space-size=${total}`,
    "--key-size=16",
    "--val-size=256",
    `--total=${total}`,
  ],
};

const atMost = (ratio: number): Goal[] => [{ of: "value", atMost: ratio }];

class Figures {
  readonly #byTitle = new Map<string, Figure>();

  add(kind: ServerKind, line: Omit<Figure, "samples">, sample: Sample): void {
    const figure = this.#byTitle.get(line.title) ?? { ...line, samples: noSamples() };
    figure.samples[kind].push(sample);
    this.#byTitle.set(line.title, figure);
  }

  get all(): Figure[] {
    return [...this.#byTitle.values()];
  }
}

async function timed(action: () => Promise<unknown>): Promise<Sample> {
  const begin = performance.now();
  await action();
  return { value: (performance.now() - begin) / 1000 };
}

async function command(argv: readonly string[]): Promise<void> {
  const [program = "", ...args] = argv;
  const options = { env: bareEnvironment(), timeoutMs: COMMAND_TIMEOUT_MS };
  const result = await runCommand(program, args, options);
  if (result.code !== 0) throw new Error(`${argv.join(" ")}:\n${result.stdout}${result.stderr}`);
}

async function measure(kind: ServerKind, figures: Figures): Promise<void> {
  const flags = { "quota-backend-bytes": String(8 * 1024 ** 3) };
  const cluster = await Cluster.start({ size: 1, kind, flags });
  try {
    const member = cluster.member(0);
    const { operations, seconds } = await runLoad(fill, cluster.endpoints, KEYS);
    const filled = { title: "1 M keys × 256 B: put, 200 clients", unit: "op/s", goals: [] };
    figures.add(kind, filled, { value: operations / seconds });
    await pause(SETTLE_MS);
    const goals = atMost(1);
    const resident = { title: "1 M keys × 256 B: resident memory", unit: "MiB", goals };
    figures.add(kind, resident, { value: residentMiB([member.pid]) });
    await restart(kind, cluster, figures);
    await backUp(kind, cluster, figures);
  } finally {
    await cluster.dispose();
    rmSync(cluster.folder, { recursive: true, force: true });
  }
}

async function restart(kind: ServerKind, cluster: Cluster, figures: Figures): Promise<void> {
  const tools = await goTools("load");
  if (tools.skip !== false) throw new Error(tools.skip);
  const member = cluster.member(0);
  const goals = atMost(0.25);
  const start = { title: "1 M keys × 256 B: start to first read", unit: "s", goals };
  for (let round = 0; round < RESTARTS; round++) {
    await member.stop();
    const firstRead = [tools.path.load, "first-read", `--endpoints=${member.endpoint}`];
    member.spawn();
    figures.add(kind, start, await timed(() => command(firstRead)));
    await member.ready();
  }
  await pause(SETTLE_MS);
  const line = { title: "… resident memory after a restart", unit: "MiB", goals: atMost(1) };
  figures.add(kind, line, { value: residentMiB([member.pid]) });
}

/** Each server's backup is saved by etcdctl, so that only the server differs; restored by its own tool. */
async function backUp(kind: ServerKind, cluster: Cluster, figures: Figures): Promise<void> {
  const tools = await goTools("etcdctl", "etcdutl");
  if (tools.skip !== false) throw new Error(tools.skip);
  const member = cluster.member(0);
  const file = join(cluster.folder, "backup.db");
  const endpoints = `--endpoints=${cluster.endpoints}`;
  const save = [tools.path.etcdctl, endpoints, "--command-timeout=5m", "snapshot", "save", file];
  const saved = { title: "1 M keys × 256 B: snapshot save", unit: "s", goals: atMost(1) };
  for (let round = 0; round < BACKUPS; round++) {
    figures.add(kind, saved, await timed(() => command(save)));
  }
  const size = { title: "… size of the snapshot", unit: "MiB", goals: [] };
  figures.add(kind, size, { value: statSync(file).size / 1024 ** 2 });
  await member.stop();
  const util = kind === "etcd" ? [tools.path.etcdutl] : launcher("kvorumctl");
  const target = join(cluster.folder, "restored");
  const restore = [...util, "snapshot", "restore", file, `--data-dir=${target}`];
  const restored = { title: "1 M keys × 256 B: snapshot restore", unit: "s", goals: atMost(1) };
  for (let round = 0; round < BACKUPS; round++) {
    rmSync(target, { recursive: true, force: true });
    figures.add(kind, restored, await timed(() => command(restore)));
  }
}

export const millionRow: Row = {
  name: "million-keys",
  heavy: true,
  async run(_pace: Pace): Promise<Figure[]> {
    const figures = new Figures();
    for (const kind of KINDS) await measure(kind, figures);
    return figures.all;
  },
};
