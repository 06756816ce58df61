/**
 * Kvorum beside etcd, on this machine: `pnpm bench [--quick] [--row name]… [--fresh] [--report] [--list]`.
 *
 *   --quick   three short runs of every light row, under five minutes
 *   --row     this row alone, measured anew (may be repeated)
 *   --fresh   forgets what earlier runs at this pace have measured
 *   --report  measures nothing, writes docs/benchmarks.md from what was measured, full runs before quick
 *   --list    names the rows
 *
 * Without `--row`, rows that were measured at the same pace are not measured again. Results are in
 * bench/results/*.json, and those of a full set in docs/benchmarks.md.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { markdownReport, terminalTable } from "./report.ts";
import { type RowResult, Results, thisMachine } from "./results.ts";
import type { Pace, Row } from "./row.ts";
import { rows } from "./rows.ts";

const QUICK: Pace = { rounds: 3, seconds: 2 };
const FULL: Pace = { rounds: 5, seconds: 6 };

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    row: { type: "string", multiple: true, default: [] },
    fresh: { type: "boolean", default: false },
    report: { type: "boolean", default: false },
    list: { type: "boolean", default: false },
  },
});

const root = join(import.meta.dirname, "..");
const paceName = options.quick ? "quick" : "full";
const pace = options.quick ? QUICK : FULL;

function wantedRows(): readonly Row[] {
  const unknown = options.row.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) throw new Error(`no such row: ${unknown.join(", ")}; see --list`);
  if (options.row.length > 0) return rows.filter((row) => options.row.includes(row.name));
  return rows.filter((row) => !options.quick || row.heavy !== true);
}

async function measure(row: Row): Promise<RowResult> {
  console.error(`measuring ${row.name} …`);
  const figures = await row.run(pace);
  const paceText = `${pace.rounds} × ${pace.seconds} s`;
  return { name: row.name, pace: paceText, measuredAt: new Date().toISOString(), figures };
}

function openResults(name: "quick" | "full"): Results {
  return new Results(join(import.meta.dirname, "results", `${name}.json`));
}

function writeReport(): void {
  const full = openResults("full");
  const quick = openResults("quick");
  const found = rows.map((row) => full.get(row.name) ?? quick.get(row.name));
  const report = markdownReport(thisMachine(), found.filter(isPresent));
  writeFileSync(join(root, "docs/benchmarks.md"), report);
}

function isPresent(result: RowResult | undefined): result is RowResult {
  return result !== undefined;
}

async function measureAll(wanted: readonly Row[]): Promise<void> {
  const results = openResults(paceName);
  if (options.fresh) results.clear();
  for (const row of wanted) {
    if (options.row.length === 0 && results.get(row.name) !== undefined) continue;
    const result = await measure(row);
    results.set(result);
    console.error(terminalTable([result]));
  }
  console.log(terminalTable(wanted.map((row) => results.get(row.name)).filter(isPresent)));
  if (!options.quick && options.row.length === 0) writeReport();
}

if (options.list) {
  for (const row of rows) console.log(`${row.name}${row.heavy === true ? " (full only)" : ""}`);
} else if (options.report) {
  writeReport();
} else {
  await measureAll(wantedRows());
}
process.exit(0);
