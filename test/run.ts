/**
 * What `pnpm test` runs: unit tests in one process, the simulation on a few seeds, then every suite
 * that starts real processes, a process per file and two at a time. Its last line is
 * `N passed, N failed`, with `, N skipped` when something could not be tried here.
 *
 * Usage: `node --conditions=source --import tsx test/run.ts [part-of-a-path …]`
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { goTools } from "./harness/go-tools.ts";

const root = join(import.meta.dirname, "..");
const reports = mkdtempSync(join(tmpdir(), "kvorum-test-reports-"));
const CONCURRENCY = Number(process.env["KVORUM_TEST_CONCURRENCY"] ?? 2);
const SUITE_TIMEOUT_MS = 200_000;
const SIMULATION_SEEDS = 30;

interface Suite {
  readonly name: string;
  /** The script and its arguments. */
  readonly script: readonly string[];
  /** A suite that is not written with node:test counts as one test. */
  readonly plain?: true;
}

interface Outcome {
  readonly suite: Suite;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly seconds: number;
  readonly output: string;
}

/** Longest first, so that no long one is left alone at the end. */
const LONG = [
  "e2e/kvorumctl",
  "ctl/kv",
  "ctl/cluster",
  "e2e/kill",
  "client/watch",
  "ctl/lease",
  "backup/",
];

function rank(suite: Suite): number {
  const place = LONG.findIndex((part) => suite.name.includes(part));
  return place < 0 ? LONG.length : place;
}

/** Suites below `test/` that start processes; unit.ts takes the tests beside the code. */
function processSuites(): Suite[] {
  return readdirSync(join(root, "test"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => file !== "test/tidy.test.ts" && file !== "test/compatibility.test.ts")
    .sort()
    .map((file) => ({ name: file, script: [file] }))
    .sort((a, b) => rank(a) - rank(b));
}

const running = new Set<ChildProcess>();

/** Ends a suite and everything it started: they share a process group. */
function end(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    return; // the group is gone already
  }
}

process.on("exit", () => {
  for (const child of running) end(child);
  rmSync(reports, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => process.exit(1));
}

function reporters(report: string): string[] {
  return [
    "--test-reporter=spec",
    "--test-reporter-destination=stdout",
    "--test-reporter=tap",
    `--test-reporter-destination=${report}`,
  ];
}

let suiteNumber = 0;

function run(suite: Suite): Promise<Outcome> {
  const report = join(reports, `${suiteNumber++}.tap`);
  const flags = ["--conditions=source", "--import", "tsx"];
  const argv = [...flags, ...(suite.plain ? [] : reporters(report)), ...suite.script];
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, argv, {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    let output = "";
    const collect = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    const timer = setTimeout(() => {
      output += `\n${suite.name} did not end within ${SUITE_TIMEOUT_MS / 1000} s\n`;
      end(child);
    }, SUITE_TIMEOUT_MS);
    child.once("close", (code) => {
      clearTimeout(timer);
      running.delete(child);
      const seconds = (performance.now() - started) / 1000;
      const counts = suite.plain ? plainCounts(code) : reportCounts(report, code);
      resolve({ suite, seconds, output, ...counts });
    });
  });
}

type Counts = Pick<Outcome, "passed" | "failed" | "skipped">;

function plainCounts(code: number | null): Counts {
  return code === 0 ? { passed: 1, failed: 0, skipped: [] } : { passed: 0, failed: 1, skipped: [] };
}

/** A process that ends badly without a failed test (it crashed, it was ended) is a failure too. */
function reportCounts(report: string, code: number | null): Counts {
  const text = existsSync(report) ? readFileSync(report, "utf8") : "";
  const count = (name: string): number =>
    Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  const failed = count("fail") + count("cancelled");
  const skipped = [...text.matchAll(/^\s*ok \d+ - (.*) # SKIP ?(.*)$/gm)].map(
    ([, name, reason]) => `${name}: ${reason}`,
  );
  const crashed = code !== 0 && failed === 0 ? 1 : 0;
  return { passed: count("pass"), failed: failed + crashed, skipped };
}

const outcomes: Outcome[] = [];

async function runAndShow(suite: Suite): Promise<void> {
  const outcome = await run(suite);
  outcomes.push(outcome);
  const mark = outcome.failed > 0 ? "not ok" : "ok";
  const counts = [
    `${outcome.passed} passed`,
    ...(outcome.failed > 0 ? [`${outcome.failed} failed`] : []),
    ...(outcome.skipped.length > 0 ? [`${outcome.skipped.length} skipped`] : []),
  ];
  console.log(
    `${mark.padEnd(7)}${suite.name.padEnd(44)} ${outcome.seconds.toFixed(1).padStart(6)} s   ${counts.join(", ")}`,
  );
  for (const skipped of outcome.skipped) console.log(`         skipped ${skipped}`);
  if (outcome.failed > 0) console.log(`${outcome.output.trimEnd()}\n`);
}

async function runAll(suites: readonly Suite[], concurrency: number): Promise<void> {
  const waiting = [...suites];
  const work = async (): Promise<void> => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      await runAndShow(suite);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
}

const wanted = process.argv.slice(2);
const selected = (suite: Suite): boolean =>
  wanted.length === 0 || wanted.some((part) => suite.name.includes(part));

// Built once here, and meanwhile: later suites find them ready or say why they cannot be had.
const building = goTools("etcd", "etcdctl", "everyday", "badrequests", "etcdutl").catch(
  (error: unknown) => {
    console.error(error);
  },
);
const first: Suite[] = [{ name: "unit", script: ["test/unit.ts"] }];
if (existsSync(join(root, "test/sim/main.ts"))) {
  const script = ["test/sim/main.ts", "--seeds", String(SIMULATION_SEEDS)];
  first.push({ name: "simulation", script, plain: true });
}
await runAll(first.filter(selected), CONCURRENCY);
await building;
await runAll(processSuites().filter(selected), CONCURRENCY);

const sum = (of: (outcome: Outcome) => number): number =>
  outcomes.reduce((total, outcome) => total + of(outcome), 0);
const failed = sum((outcome) => outcome.failed);
const skipped = sum((outcome) => outcome.skipped.length);
console.log(`all suites took ${(performance.now() / 1000).toFixed(0)} s`);
for (const outcome of outcomes.filter((one) => one.failed > 0)) {
  console.log(`failed: ${outcome.suite.name}`);
}
console.log(
  `${sum((outcome) => outcome.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
);
process.exitCode = failed > 0 || outcomes.length === 0 ? 1 : 0;
