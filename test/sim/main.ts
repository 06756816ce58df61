/**
 * Simulated clusters, one per seed.
 *
 *   pnpm test:sim --seeds 500     seeds 1 to 500, quietly; every one that fails is printed
 *   pnpm test:sim --seed 17       one run, with every event
 *   pnpm test:sim --plant         with a planted fault, which must be found
 *
 * The last line is `N passed, N failed`.
 */
import { parseArgs } from "node:util";
import { runSeed, type SeedResult } from "../../packages/server/src/testing/sim/run-seed.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "30" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    plant: { type: "boolean", default: false },
  },
});

/** Every so many seeds are run twice: the two runs must be the same. */
const REPEAT_EVERY = 20;

function describe(result: SeedResult): string {
  const { seed, members, committed, acknowledged, reads, events, digest } = result;
  const what = `${members} members, ${committed} entries, ${acknowledged} writes acknowledged, ${reads} reads, ${events} events`;
  return `seed ${seed}: ${what}, ${digest}`;
}

async function runOne(seed: number): Promise<boolean> {
  const result = await runSeed({ seed, forgetsWal: values.plant, print: console.log });
  console.log(describe(result));
  if (result.violation !== undefined) console.log(result.violation.stack);
  return result.violation === undefined;
}

/** The first thing wrong with a seed, or undefined. */
async function problemOf(seed: number): Promise<string | undefined> {
  const result = await runSeed({ seed });
  if (result.violation !== undefined) return result.violation.message;
  if (seed % REPEAT_EVERY !== 0) return undefined;
  const again = await runSeed({ seed });
  return again.digest === result.digest ? undefined : "two runs of this seed differ";
}

async function runMany(first: number, count: number): Promise<number> {
  let failed = 0;
  for (let seed = first; seed < first + count; seed++) {
    const problem = await problemOf(seed);
    if (problem === undefined) continue;
    failed++;
    console.log(`seed ${seed}: ${problem}`);
  }
  return failed;
}

/** With the fault planted, some of the seeds must fail: else the checks are worth nothing. */
async function findPlanted(first: number, count: number): Promise<number> {
  for (let seed = first; seed < first + count; seed++) {
    const { violation } = await runSeed({ seed, forgetsWal: true });
    if (violation === undefined) continue;
    console.log(`seed ${seed} finds the planted fault: ${violation.message}`);
    return 0;
  }
  console.log(`the planted fault was not found in ${count} seeds`);
  return 1;
}

const first = Number(values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
let failed: number;
if (values.seed !== undefined) failed = (await runOne(Number(values.seed))) ? 0 : 1;
else if (values.plant) failed = await findPlanted(first, count);
else failed = await runMany(first, count);
console.log(`${count - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
