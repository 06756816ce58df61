/** Holds what was said in two columns against each other. */
import { deliberate } from "./differences.ts";
import type { Column, Entry } from "./session.ts";

/** The lines that only one of the two has, in their order. */
function difference(expected: string, actual: string): string {
  const [before, after] = [expected.split("\n"), actual.split("\n")];
  const missing = before.filter((line) => !after.includes(line)).map((line) => `  - ${line}\n`);
  const added = after.filter((line) => !before.includes(line)).map((line) => `  + ${line}\n`);
  const lines = [...missing, ...added];
  return lines.length > 0 ? lines.join("") : `${expected}  in another order:\n${actual}`;
}

/** A text for each invocation of a scenario that a column answers neither alike nor as it is meant to. */
export function compareEntries(
  scenario: string,
  column: Column,
  expected: readonly Entry[],
  actual: readonly Entry[],
): string[] {
  const found: string[] = [];
  for (const [i, { title, text }] of expected.entries()) {
    const wanted = deliberate(scenario, title, column) ?? text;
    const other = actual[i];
    if (other?.title === title && other.text === wanted) continue;
    const was = other?.title === title ? difference(wanted, other.text) : "  not run\n";
    found.push(`  ${title}\n${was}`);
  }
  return found;
}
