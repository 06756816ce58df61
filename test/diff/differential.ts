/** One seed from programme to verdict: run it, and shrink and describe what differs. */
import { generateProgramme } from "./generate/programme.ts";
import { type Programme, showStep } from "./programme.ts";
import { type Difference, type RunOptions, runProgramme } from "./run-programme.ts";
import { shrink } from "./shrink.ts";

const SHOWN_CHARACTERS_MAX = 2_000;

export interface Verdict {
  readonly seed: number;
  readonly known: ReadonlyMap<string, number>;
  /** The shortest programme that shows a difference, and the difference; undefined: none was found. */
  readonly found: { readonly programme: Programme; readonly difference: Difference } | undefined;
}

export interface SeedOptions extends RunOptions {
  readonly calls: number;
  /** How many runs shrinking may take. */
  readonly shrinkRunsMax?: number;
}

/** The same trouble shows at the same kind of step and at the same place of the answer. */
function signature(difference: Difference): string {
  const { step, mismatches: found } = difference;
  const what = step.do === "call" ? step.path : step.do;
  return `${what} ${(found[0]?.path ?? "").replaceAll(/\d+/g, "#")}`;
}

export async function runSeed(seed: number, options: SeedOptions): Promise<Verdict> {
  const programme = generateProgramme(seed, options.calls);
  const { difference, known } = await runProgramme(programme, options);
  if (difference === undefined) return { seed, known, found: undefined };
  let last = difference;
  let shortest: Programme = { ...programme, steps: programme.steps.slice(0, difference.index + 1) };
  await shrink(
    programme,
    difference.index,
    async (candidate) => {
      const again = (await runProgramme(candidate, options)).difference;
      if (again === undefined || signature(again) !== signature(difference)) return false;
      last = again;
      shortest = { ...candidate, steps: candidate.steps.slice(0, again.index + 1) };
      return true;
    },
    options.shrinkRunsMax,
  );
  return { seed, known, found: { programme: shortest, difference: last } };
}

function shown(tree: unknown): string {
  const text = JSON.stringify(tree) ?? "nothing";
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}…`;
}

/** A difference as a script one can follow, with both answers to its last step. */
export function describe(programme: Programme, difference: Difference, names: RunOptions): string {
  const flags = Object.entries(programme.flags).map(([flag, value]) => ` --${flag}=${value}`);
  return [
    `seed ${programme.seed}${flags.join("")}`,
    ...programme.steps.map((step, i) => `  ${String(i + 1).padStart(3)}  ${showStep(step)}`),
    ...difference.mismatches
      .slice(0, 10)
      .flatMap(({ path, left, right }) => [
        `  ${path}`,
        `    ${names.left}: ${shown(left)}`,
        `    ${names.right}: ${shown(right)}`,
      ]),
    `  all of ${names.left}: ${shown(difference.left)}`,
    `  all of ${names.right}: ${shown(difference.right)}`,
  ].join("\n");
}
