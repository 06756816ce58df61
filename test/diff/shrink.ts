/**
 * Makes a programme that shows a difference as short as it gets: first fewer steps, then simpler
 * arguments. `shows` runs a candidate on fresh servers and says whether it still shows it.
 */
import type { CallStep, Programme, Request, SendStep, Step } from "./programme.ts";
import type { Value } from "./value.ts";

export type Shows = (programme: Programme) => Promise<boolean>;

interface Budget {
  /** How many candidates may still be run. */
  left: number;
}

async function tried(shows: Shows, budget: Budget, candidate: Programme): Promise<boolean> {
  if (budget.left <= 0) return false;
  budget.left--;
  return shows(candidate);
}

/** Leaves out runs of steps, large ones first. The last step stays: it is the one that differs. */
async function fewerSteps(programme: Programme, shows: Shows, budget: Budget): Promise<Programme> {
  let best = programme;
  let size = Math.ceil((best.steps.length - 1) / 2);
  while (size >= 1) {
    let removed = false;
    for (let end = best.steps.length - 1; end > 0; end -= size) {
      const start = Math.max(0, end - size);
      const steps = [...best.steps.slice(0, start), ...best.steps.slice(end)];
      const candidate = { ...best, steps };
      if (!(await tried(shows, budget, candidate))) continue;
      best = candidate;
      removed = true;
    }
    if (size === 1 && !removed) break;
    size = size === 1 ? 1 : Math.floor(size / 2);
  }
  return best;
}

/** Smaller forms of a value, the boldest first. */
export function simplerValues(value: Value): Value[] {
  if (typeof value === "number") return value === 0 ? [] : [0];
  if (typeof value === "string") return value.length > 1 ? [value.slice(0, 1)] : [];
  if (typeof value === "boolean") return [];
  if (Array.isArray(value)) return simplerLists(value as readonly Value[]);
  return simplerFields(value as { readonly [name: string]: Value });
}

function simplerLists(values: readonly Value[]): Value[] {
  const half = Math.ceil(values.length / 2);
  const halves: Value[] = values.length > 3 ? [values.slice(0, half), values.slice(half)] : [];
  const without = values.map((_, i) => values.filter((__, j) => j !== i));
  const inside = values.flatMap((one, i) =>
    simplerValues(one).map((simpler) => values.map((other, j) => (i === j ? simpler : other))),
  );
  return [...halves, ...without, ...inside];
}

function simplerFields(fields: { readonly [name: string]: Value }): Value[] {
  const names = Object.keys(fields);
  if (names[0]?.startsWith("$") === true) return [];
  const without = names.map((name) =>
    Object.fromEntries(Object.entries(fields).filter(([other]) => other !== name)),
  );
  const inside = names.flatMap((name) =>
    simplerValues(fields[name] as Value).map((simpler) => ({ ...fields, [name]: simpler })),
  );
  return [...without, ...inside];
}

function withRequest(step: CallStep | SendStep, request: Request): Step {
  return { ...step, request };
}

function simplerSteps(step: Step): Step[] {
  if (step.do === "repeat") {
    const fewer = [1, Math.floor(step.times / 2), step.times - 1];
    return fewer
      .filter((times) => times > 0 && times < step.times)
      .map((times) => ({ ...step, times }));
  }
  if (step.do === "together") {
    return step.steps.map((_, i) => ({ ...step, steps: step.steps.filter((__, j) => j !== i) }));
  }
  if (step.do !== "call" && step.do !== "send") return [];
  return simplerValues(step.request as Value).map((request) =>
    withRequest(step, request as Request),
  );
}

/** Takes the first simpler form of a step that still shows the difference, again and again. */
async function simplerArguments(
  programme: Programme,
  shows: Shows,
  budget: Budget,
): Promise<Programme> {
  let best = programme;
  for (let index = best.steps.length - 1; index >= 0; index--) {
    let improved = true;
    while (improved && budget.left > 0) {
      improved = false;
      for (const simpler of simplerSteps(best.steps[index] as Step)) {
        const candidate = { ...best, steps: best.steps.with(index, simpler) };
        if (!(await tried(shows, budget, candidate))) continue;
        best = candidate;
        improved = true;
        break;
      }
    }
  }
  return best;
}

/**
 * The shortest programme found within `runsMax` runs. `lastIndex` is the step that differs:
 * what comes after it is left out unseen.
 */
export async function shrink(
  programme: Programme,
  lastIndex: number,
  shows: Shows,
  runsMax = 120,
): Promise<Programme> {
  const budget = { left: runsMax };
  const cut = { ...programme, steps: programme.steps.slice(0, lastIndex + 1) };
  const fewer = await fewerSteps(cut, shows, budget);
  return simplerArguments(fewer, shows, budget);
}
