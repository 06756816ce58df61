/**
 * The same calls to etcd and to Kvorum, and every answer compared.
 *
 *   pnpm test:diff --calls 400 --seed 1 --seeds 50    50 programmes of 400 calls, seeds 1 to 50
 *   pnpm test:diff --calls 400 --seed 17 --no-shrink  the first difference of a seed as it is
 *   --survey                                          every difference of a seed in one run, not shrunk
 *   --transport                                       calls that break the rules of gRPC, not of etcd
 *   --left kvorum                                     Kvorum against itself
 *   --logs                                            what the servers logged, with each difference
 *
 * The last line is `N passed, N failed`.
 */
import { parseArgs } from "node:util";
import type { ServerKind } from "../harness/server-kind.ts";
import { describe, runSeed, type SeedOptions } from "./differential.ts";
import { generateProgramme } from "./generate/programme.ts";
import { transportProgramme } from "./generate/transport.ts";
import { type Difference, runProgramme } from "./run-programme.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    seeds: { type: "string", default: "1" },
    left: { type: "string", default: "etcd" },
    right: { type: "string", default: "kvorum" },
    "no-shrink": { type: "boolean", default: false },
    survey: { type: "boolean", default: false },
    transport: { type: "boolean", default: false },
    logs: { type: "boolean", default: false },
  },
});

const options: SeedOptions = {
  calls: Number(values.calls),
  left: values.left as ServerKind,
  right: values.right as ServerKind,
  ...(values["no-shrink"] ? { shrinkRunsMax: 0 } : {}),
};
const first = Number(values.seed);
let failed = 0;

async function survey(seed: number): Promise<void> {
  const programme = values.transport
    ? transportProgramme()
    : generateProgramme(seed, options.calls);
  let count = 0;
  const show = (difference: Difference): void => {
    count++;
    const only = {
      ...programme,
      steps: programme.steps.slice(difference.index, difference.index + 1),
    };
    console.log(`step ${difference.index + 1} of ${describe(only, difference, options)}`);
  };
  await runProgramme(programme, { ...options, survey: show });
  if (count > 0) failed++;
}

const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => first + i);
const known = new Map<string, number>();

for (const seed of seeds) {
  if (values.survey || values.transport) {
    await survey(seed);
    continue;
  }
  const started = performance.now();
  const verdict = await runSeed(seed, options);
  for (const [name, count] of verdict.known) known.set(name, (known.get(name) ?? 0) + count);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (verdict.found === undefined) {
    console.log(`seed ${seed}: the same, ${seconds} s`);
    continue;
  }
  failed++;
  const { programme, difference } = verdict.found;
  console.log(`seed ${seed}: a difference, ${seconds} s`);
  console.log(describe(programme, difference, options));
  if (values.logs) console.log(difference.logs);
}
for (const [name, count] of known) console.log(`known: ${name} (${count} times)`);
console.log(`${seeds.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
