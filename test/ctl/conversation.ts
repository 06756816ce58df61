/**
 * Holds kvorumctl against the real etcdctl: the same command lines, one after the other, each on a
 * cluster of its own that has seen the same commands; output and exit status must agree.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "../harness/cluster.ts";
import { type Ctl, type CtlName, openCtl } from "../harness/ctl.ts";
import {
  bareEnvironment,
  runCommand,
  type RunOptions,
  type RunResult,
} from "../harness/run-command.ts";

export interface Step {
  /** The command line; `{lease}`, `{member}` stand for ids that an earlier step has told. */
  readonly args: readonly string[];
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly pty?: boolean;
  /** Leave the harness's --endpoints out. */
  readonly bare?: boolean;
  readonly cwd?: string;
  /** What this command's output tells, by name: the first group of the expression. */
  readonly learn?: Readonly<Record<string, RegExp>>;
  /** The order of the lines depends on ids. */
  readonly sorted?: boolean;
  /** Further differences that are none. */
  readonly same?: readonly (readonly [RegExp, string])[];
}

/** Both programs with all that is known of their clusters. */
interface Side {
  readonly cluster: Cluster;
  readonly ctl: Ctl;
  readonly known: Map<string, string>;
}

type Sides = readonly [ours: Side, theirs: Side];

const ID_DIGITS = 16;
const hex = (id: string): string => BigInt(id).toString(16);

function substitute(text: string, known: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => known.get(name) ?? whole);
}

/** Log lines of Go's client that say what the error line says again. */
const RETRY_LOG = /^\{"level":"warn",.*"retrying of unary invoker failed".*\}\r?\n/gm;
const STANDARD: readonly (readonly [RegExp, string])[] = [
  [RETRY_LOG, ""],
  [/etcdctl/g, "kvorumctl"],
  [/ETCDCTL/g, "ETCDCTL"],
  [/took(:?"?[ :="]*)[\d.hmnµs]+/g, "took$1DURATION"],
  [/"Took" : [\d.hmnµs]+/g, '"Took" : DURATION'],
  [/"ts":"[^"]*"/g, '"ts":"TIME"'],
  [/"(?:caller|stacktrace|logger)":"[^"]*",?/g, ""],
  [/,\}/g, "}"],
];

function normalise(text: string, side: Side, step: Step): string {
  let normal = text;
  for (const [name, value] of side.known) normal = normal.replaceAll(value, `{${name}}`);
  for (const [pattern, replacement] of [...STANDARD, ...(step.same ?? [])]) {
    normal = normal.replace(pattern, replacement);
  }
  return step.sorted === true ? normal.split("\n").toSorted().join("\n") : normal;
}

async function runStep(side: Side, step: Step): Promise<RunResult> {
  const args = step.args.map((argument) => substitute(argument, side.known));
  const env = Object.fromEntries(
    Object.entries(step.env ?? {}).map(([name, value]) => [
      name,
      substitute(value ?? "", side.known),
    ]),
  );
  const options: RunOptions = {
    env,
    ...(step.input === undefined ? {} : { input: substitute(step.input, side.known) }),
    ...(step.pty === undefined ? {} : { pty: step.pty }),
    ...(step.cwd === undefined ? {} : { cwd: step.cwd }),
  };
  const [program = "", ...before] = side.ctl.command;
  const result = await (step.bare === true
    ? runCommand(program, [...before, ...args], { ...options, env: bareEnvironment(env) })
    : side.ctl.run(args, options));
  for (const [name, pattern] of Object.entries(step.learn ?? {})) {
    const value = pattern.exec(result.stdout)?.[1];
    assert(value !== undefined, `${args.join(" ")} did not tell ${name}: ${result.stdout}`);
    side.known.set(name, value);
  }
  return result;
}

/** A cluster whose ids fill the columns of a table; one in eight has a shorter one. */
async function startCluster(): Promise<Cluster> {
  for (;;) {
    const cluster = await Cluster.start({ size: 1 });
    const { id } = await cluster.statusOf(cluster.member(0));
    if (hex(id).length === ID_DIGITS) return cluster;
    await cluster.dispose();
  }
}

async function openSide(name: CtlName): Promise<Side | string> {
  const opened = await openCtl(name, "");
  if (opened.skip !== false) return opened.skip;
  const cluster = await startCluster();
  const ctl = opened.ctl.at(cluster.endpoints);
  const known = new Map<string, string>();
  const first = cluster.member(0);
  const { id } = await cluster.statusOf(first);
  known.set("endpoint", first.endpoint);
  known.set("peer", `127.0.0.1:${first.peerPort}`);
  known.set("memberDec", id);
  known.set("member", hex(id));
  const list = await ctl.run(["member", "list", "-w", "json"]);
  const clusterId = /"cluster_id":(\d+)/.exec(list.stdout)?.[1] ?? "";
  known.set("clusterDec", clusterId);
  known.set("cluster", hex(clusterId));
  return { cluster, ctl, known };
}

export interface Needs {
  /** A command that a server without what is talked about fails; its error is the reason to skip. */
  readonly needs?: readonly string[];
}

const commandLine = ({ env = {}, args }: Step): string =>
  [...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...args].join(" ");

function assertAlike(actual: RunResult, expected: RunResult, [ours, theirs]: Sides, step: Step) {
  if (step.args.includes("protobuf")) {
    // The ids in it are binary; that there is a message is what can be held against theirs.
    assert.equal(actual.stdout === "", expected.stdout === "");
  } else {
    const stdout = normalise(expected.stdout, theirs, step);
    assert.equal(normalise(actual.stdout, ours, step), stdout);
  }
  const stderr = normalise(expected.stderr, theirs, step);
  assert.equal(normalise(actual.stderr, ours, step), stderr);
  assert.equal(actual.code, expected.code);
}

/** Runs a conversation as one test. */
export function compare(title: string, steps: readonly Step[], { needs }: Needs = {}): void {
  test(title, async (t) => {
    const [ours, theirs] = await Promise.all([openSide("kvorumctl"), openSide("etcdctl")]);
    if (typeof ours === "string" || typeof theirs === "string") {
      t.skip(typeof theirs === "string" ? theirs : "nothing to compare with");
      return;
    }
    t.after(() => Promise.all([ours.cluster.dispose(), theirs.cluster.dispose()]));
    const probe = needs === undefined ? undefined : await ours.ctl.run(needs);
    if (probe !== undefined && probe.code !== 0) {
      t.skip(probe.stderr.trim());
      return;
    }
    for (const step of steps) {
      const [actual, expected] = await Promise.all([runStep(ours, step), runStep(theirs, step)]);
      await t.test(commandLine(step), () => assertAlike(actual, expected, [ours, theirs], step));
    }
  });
}
