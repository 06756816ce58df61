/** `check perf`: whether a cluster keeps up with a minute of writes. */
import type { Client } from "@kvorum/proto/client";
import type { Command, CommandContext } from "../command.ts";
import { SilentExit } from "../ctl-error.ts";
import { errorText } from "../error-text.ts";
import { ExitCode } from "../exit-codes.ts";
import { openSpinner } from "../progress.ts";
import { onInterruption } from "../signals.ts";
import { type LoadStats, runWriteLoad } from "../write-load.ts";
import {
  compactAt,
  defragmentAll,
  deleteKeys,
  loadModel,
  refuseLeftovers,
  tellErrors,
} from "./check.ts";

const MODELS = {
  s: { perSecond: 150, clients: 50 },
  m: { perSecond: 1000, clients: 200 },
  l: { perSecond: 8000, clients: 500 },
  xl: { perSecond: 15_000, clients: 1000 },
} as const;

const DURATION_SECONDS = 60;
const KEY_BYTES = 256;
const VALUE_BYTES = 1024;

/** What passes: this part of the writes, and no more seconds than these. */
const THROUGHPUT_MIN = 0.9;
const SLOWEST_MAX = 0.5;
const STDDEV_MAX = 0.1;
const DECIMALS = 6;

/** The keys go whatever has happened. */
async function tidy(context: CommandContext, client: Client): Promise<void> {
  let revision: number;
  try {
    revision = await deleteKeys(client, context.flags.string("prefix"));
  } catch (error) {
    const text = errorText(error);
    context.host.out(`FAIL: Cleanup failed during key deletion: ERROR(${text})\n`);
    return;
  }
  if (context.flags.bool("auto-compact")) await compactAt(context, client, revision);
}

/** Prints the findings; whether all are good. */
function judge(context: CommandContext, stats: LoadStats, perSecond: number): boolean {
  const { host } = context;
  const { writesPerSecond, slowest, stddev, errors } = stats;
  const failed = tellErrors(context, errors);
  const rate = `${Math.trunc(writesPerSecond) + 1} writes/s`;
  const isFast = writesPerSecond / perSecond > THROUGHPUT_MIN;
  host.out(isFast ? `PASS: Throughput is ${rate}\n` : `FAIL: Throughput too low: ${rate}\n`);
  const [most, spread] = [`${slowest.toFixed(DECIMALS)}s`, `${stddev.toFixed(DECIMALS)}s`];
  const isEven = slowest <= SLOWEST_MAX;
  host.out(
    isEven ? `PASS: Slowest request took ${most}\n` : `Slowest request took too long: ${most}\n`,
  );
  const isNarrow = !(stddev > STDDEV_MAX);
  host.out(isNarrow ? `PASS: Stddev is ${spread}\n` : `Stddev too high: ${spread}\n`);
  return !failed && isFast && isEven && isNarrow;
}

export const checkPerf: Command = async (context) => {
  const { flags, host, path, session } = context;
  const model = MODELS[loadModel(flags.string("load"))];
  const prefix = flags.string("prefix");
  const { client, another } = await session();
  await refuseLeftovers(client, prefix, `'${path[0].name} del --prefix ${prefix}'`);
  const clients = [client, ...Array.from({ length: model.clients - 1 }, () => another())];
  const interruption = onInterruption();
  const spinner = await openSpinner(host, `writing for ${DURATION_SECONDS} s`);
  let stats: LoadStats;
  try {
    stats = await runWriteLoad({
      clients,
      prefix,
      keyBytes: KEY_BYTES,
      valueBytes: VALUE_BYTES,
      perSecond: model.perSecond,
      durationMs: DURATION_SECONDS * 1000,
      signal: interruption.signal,
      onWrite: (done) => spinner.show(`${done} writes`),
    });
  } finally {
    interruption.release();
    spinner.end();
  }
  await tidy(context, client);
  if (flags.bool("auto-defrag")) await defragmentAll(context, client);
  const isGood = judge(context, stats, model.perSecond);
  host.out(isGood ? "PASS\n" : "FAIL\n");
  if (!isGood) throw new SilentExit(ExitCode.error);
  return undefined;
};
