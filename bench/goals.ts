/** Whether figures are what they ought to be, and how far off they are. */
import type { Figure, Goal } from "./row.ts";
import { spreadOf } from "./statistics.ts";

/** Kvorum's median as a multiple of what the goal compares it with; NaN where something is missing. */
function multipleOf(figure: Figure, { of, comparedWith = "etcd" }: Goal): number {
  const { samples, base } = figure;
  const kvorum = median(samples.kvorum.map((sample) => sample[of]));
  if (comparedWith === "unit") return kvorum;
  const other = comparedWith === "etcd" ? samples.etcd : (base?.kvorum ?? []);
  return kvorum / median(other.map((sample) => sample[of]));
}

function median(values: readonly (number | undefined)[]): number {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? Number.NaN : spreadOf(known).median;
}

function isMet(multiple: number, { atLeast = 0, atMost = Infinity }: Goal): boolean {
  return multiple >= atLeast && multiple <= atMost;
}

function boundText(figure: Figure, { of, atLeast, atMost, comparedWith = "etcd" }: Goal): string {
  const subject = of === "p99Ms" && figure.unit !== "ms" ? "p99 " : "";
  const bound = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  if (comparedWith === "base") return `${subject}${bound} × ${figure.baseName}`;
  return comparedWith === "unit" ? `${subject}${bound} ${figure.unit}`.trim() : subject + bound;
}

/** "✓ ≥ 2", and for what the table does not show otherwise the multiple: "✗ ≤ 2 × quiet (2.7)". */
export function goalText(figure: Figure, goal: Goal): string {
  const multiple = multipleOf(figure, goal);
  const shown = goal.comparedWith === "base" ? ` (${multiple.toFixed(2)})` : "";
  return `${isMet(multiple, goal) ? "✓" : "✗"} ${boundText(figure, goal)}${shown}`;
}

/** What each goal that is not met asks for and what there is. */
export function missedGoals(figure: Figure): string[] {
  return figure.goals
    .map((goal) => ({ goal, multiple: multipleOf(figure, goal) }))
    .filter(({ goal, multiple }) => !isMet(multiple, goal))
    .map(
      ({ goal, multiple }) => `${multiple.toPrecision(3)} instead of ${boundText(figure, goal)}`,
    );
}
