/** `check datascale`: how much memory a member takes for data of a known size. */
import type { Command, CommandContext } from "../command.ts";
import { SilentExit } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { residentMemory } from "../resident-memory.ts";
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
  s: { pairs: 10_000, clients: 50 },
  m: { pairs: 100_000, clients: 200 },
  l: { pairs: 1_000_000, clients: 500 },
  xl: { pairs: 3_000_000, clients: 1000 },
} as const;

const KEY_BYTES = 512;
const VALUE_BYTES = 512;
const MEGABYTE = 1024 * 1024;

async function memoryOr(context: CommandContext, when: "before" | "after"): Promise<number> {
  const { endpoints, flags } = await context.session();
  const found = await residentMemory(endpoints[0] ?? "", flags);
  if (typeof found === "number" && found !== 0) return found;
  if (typeof found === "string") context.host.out(`${found}\n`);
  context.host.out(
    `FAIL: Could not read process_resident_memory_bytes ${when} the put operations.\n`,
  );
  throw new SilentExit(ExitCode.error);
}

async function fill(
  { host, session }: CommandContext,
  prefix: string,
  model: { readonly pairs: number; readonly clients: number },
): Promise<LoadStats> {
  const { client, another } = await session();
  const interruption = onInterruption();
  const spinner = await openSpinner(host, `writing ${model.pairs} pairs`);
  try {
    return await runWriteLoad({
      clients: [client, ...Array.from({ length: model.clients - 1 }, () => another())],
      prefix,
      keyBytes: KEY_BYTES,
      valueBytes: VALUE_BYTES,
      count: model.pairs,
      signal: interruption.signal,
      onWrite: (done) => spinner.show(`${done} written`),
    });
  } finally {
    interruption.release();
    spinner.end();
  }
}

export const checkDatascale: Command = async (context) => {
  const { flags, host, path, session } = context;
  const model = MODELS[loadModel(flags.string("load"))];
  const prefix = flags.string("prefix");
  const { client } = await session();
  await refuseLeftovers(client, prefix, `${path[0].name} del --prefix ${prefix}`);
  const before = await memoryOr(context, "before");
  const size = `${KEY_BYTES + VALUE_BYTES} bytes per key-value, ${model.clients} concurrent clients`;
  host.out(`Start data scale check for work load [${model.pairs} key-value pairs, ${size}].\n`);
  const { errors } = await fill(context, prefix, model);
  const after = await memoryOr(context, "after");
  const revision = await deleteKeys(client, prefix);
  if (flags.bool("auto-compact")) await compactAt(context, client, revision);
  if (flags.bool("auto-defrag")) await defragmentAll(context, client);
  if (tellErrors(context, errors)) throw new SilentExit(ExitCode.error);
  const used = ((after - before) / MEGABYTE).toFixed(2);
  host.out(`PASS: Approximate system memory used : ${used} MB.\n`);
  return undefined;
};
