/** etcd's own command line and one way to fill a store fast, for both servers alike. */
import type { Cluster } from "../test/harness/cluster.ts";
import { goTools } from "../test/harness/go-tools.ts";
import { bareEnvironment, runCommand } from "../test/harness/run-command.ts";
import { asBystander } from "./bystander.ts";
import { type Load, runLoad } from "./load.ts";

const TIMEOUT_MS = 180_000;
const PUTS_PER_TXN = 100;
export const KEY_BYTES = 16;

/** Runs etcdctl on the whole cluster; throws what it says when it fails. */
export async function etcdctl(endpoints: string, ...args: string[]): Promise<string> {
  return run(await etcdctlCommand(endpoints, args));
}

/** As `etcdctl`, on what stands for another machine. */
export async function etcdctlElsewhere(endpoints: string, ...args: string[]): Promise<string> {
  return run(asBystander(await etcdctlCommand(endpoints, args)));
}

async function etcdctlCommand(endpoints: string, args: readonly string[]): Promise<string[]> {
  const tools = await goTools("etcdctl");
  if (tools.skip !== false) throw new Error(tools.skip);
  return [tools.path.etcdctl, `--endpoints=${endpoints}`, "--command-timeout=2m", ...args];
}

async function run([program = "", ...argv]: readonly string[]): Promise<string> {
  const options = { env: bareEnvironment(), timeoutMs: TIMEOUT_MS };
  const result = await runCommand(program, argv, options);
  if (result.code !== 0) throw new Error(`${program} ${argv.join(" ")}: ${result.stderr}`);
  return result.stdout;
}

export interface Fill {
  readonly keys: number;
  /** Puts altogether: each key's turn comes again and again. */
  readonly puts: number;
  readonly valueBytes: number;
}

/** Puts the keys in transactions, a hundred at a time. They are those of `benchmark put`. */
export async function fill(cluster: Cluster, { keys, puts, valueBytes }: Fill): Promise<void> {
  const load: Load = {
    tool: "benchmark",
    conns: 10,
    clients: 50,
    args: (total) => [
      "txn-put",
      `--txn-ops=${PUTS_PER_TXN}`,
      `--key-space-size=${keys}`,
      `--key-size=${KEY_BYTES}`,
      `--val-size=${valueBytes}`,
      `--total=${total}`,
    ],
  };
  await runLoad(load, cluster.endpoints, Math.ceil(puts / PUTS_PER_TXN));
}
