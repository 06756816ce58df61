/** Runs a scenario with one command line against one server, and writes down what was said. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { temporaryFolder } from "../harness/cleanup.ts";
import { Cluster } from "../harness/cluster.ts";
import { goTools } from "../harness/go-tools.ts";
import { launcher, type ServerKind } from "../harness/server-kind.ts";
import { Known } from "./known.ts";
import { normalise } from "./normalise.ts";
import { type Outcome, runHere, Running, runProcess } from "./programs.ts";
import { protoText } from "./proto-text.ts";
import { type CommandLine, type Invocation, parseCommandLine } from "./scenario.ts";
import type { Action, Same, Scenario, Step } from "./scenario.ts";

export interface Column {
  readonly ctl: "etcdctl" | "kvorumctl";
  readonly server: ServerKind;
  /** kvorumctl runs within this process wherever that makes no difference. */
  readonly here?: boolean;
}

/** An invocation and what came of it. */
export interface Entry {
  readonly title: string;
  readonly text: string;
}

const ID_DIGITS = 16;

/** Lines with a mark that tells the outputs apart; `\` where the last one does not end. */
function marked(text: string, mark: string): string {
  if (text === "") return "";
  const lines = text.replace(/\n$/, "").split("\n");
  const open = text.endsWith("\n") ? "" : "\\\n";
  return `${lines.map((line) => `${mark}${line === "" ? "" : ` ${line}`}`).join("\n")}\n${open}`;
}

function isProtobuf({ args, env }: CommandLine): boolean {
  return args.some((word) => word.endsWith("protobuf")) || env["ETCDCTL_WRITE_OUT"] === "protobuf";
}

/** A cluster whose ids have all their digits, so that tables have the same width everywhere. */
async function startCluster(kind: ServerKind, size: number): Promise<Cluster> {
  for (;;) {
    const cluster = await Cluster.start({ size, kind });
    const ids = await Promise.all(cluster.members.map((member) => cluster.statusOf(member)));
    if (ids.every(({ id }) => BigInt(id).toString(16).length === ID_DIGITS)) return cluster;
    await cluster.dispose();
  }
}

class Session {
  readonly entries: Entry[] = [];
  readonly #scenario: Scenario;
  readonly #column: Column;
  readonly #program: readonly string[];
  readonly #known = new Known();
  readonly #folder = temporaryFolder("golden");
  readonly #running = new Map<string, { running: Running; run: string; same: Same }>();

  constructor(scenario: Scenario, column: Column, program: readonly string[]) {
    this.#scenario = scenario;
    this.#column = column;
    this.#program = program;
    this.#known.set("dir", this.#folder);
  }

  /** Learns who the members are. In a cluster of three, {leader} is the one that leads. */
  async meet(cluster: Cluster): Promise<void> {
    const leader = await cluster.leader();
    const others = cluster.members.filter((member) => member !== leader);
    for (const [i, member] of [leader, ...others].entries()) {
      const suffix = i === 0 ? "" : String(i);
      this.#known.set(`endpoint${suffix}`, member.endpoint);
      this.#known.set(`peer${suffix}`, member.peerUrl);
      const { id } = await cluster.statusOf(member);
      this.#known.setId(`member${suffix}`, BigInt(id));
      this.#known.set(`name${suffix}`, member.name);
    }
    const list = await cluster.clientOf(leader).cluster.memberList({});
    this.#known.setId("cluster", BigInt(list.header.cluster_id));
  }

  async step(step: Step): Promise<void> {
    if (typeof step === "string") await this.#invoke({ run: step });
    else if ("run" in step && !("begin" in step)) await this.#invoke(step);
    else await this.#act(step);
  }

  #commandLine(run: string): CommandLine {
    const { env, args } = parseCommandLine(run);
    const fill = (text: string): string => this.#known.fill(text);
    const isBare = this.#scenario.bare === true || this.#scenario.members === 0;
    const at = isBare || run.includes("--endpoints") ? [] : [`--endpoints=${fill("{endpoint}")}`];
    const filled = Object.entries(env).map(([name, value]) => [name, fill(value)]);
    return { env: Object.fromEntries(filled), args: [...at, ...args.map(fill)] };
  }

  async #invoke(invocation: Invocation): Promise<void> {
    const { run, pty, same } = invocation;
    const command = this.#commandLine(run);
    const input = invocation.input === undefined ? undefined : this.#known.fill(invocation.input);
    const isHere = this.#column.here === true && pty !== true && invocation.process !== true;
    const outcome = isHere
      ? await runHere(command, input)
      : await runProcess(this.#program, command, { input, pty, cwd: this.#folder });
    this.#learn(invocation, outcome.stdout.toString());
    const typed = input === undefined ? "" : ` <<< ${JSON.stringify(invocation.input)}`;
    this.#write(`${pty === true ? "pty" : ""}$ ${run}${typed}`, command, outcome, {
      same: same ?? [],
      isSorted: invocation.sorted === true,
    });
  }

  #learn({ run, lease, newMember }: Invocation, stdout: string): void {
    const take = (name: string, pattern: RegExp): void => {
      const found = pattern.exec(stdout)?.groups;
      if (found === undefined) throw new Error(`${run} did not tell ${name}: ${stdout}`);
      this.#known.setId(name, BigInt(found["decimal"] ?? `0x${found["hex"]}`));
    };
    if (lease !== undefined) take(lease, /lease (?<hex>\w+)|"ID"(?: : |:)(?<decimal>\d+)/);
    if (newMember !== undefined) take(newMember, /Member +(?<hex>\w+) added/);
  }

  #write(
    title: string,
    command: CommandLine,
    { stdout, stderr, exit }: Outcome,
    { same, isSorted }: { same: Same; isSorted: boolean },
  ): void {
    const isMessage = isProtobuf(command) && (exit === 0 || typeof exit === "string");
    const raw = isMessage ? `${protoText(stdout)}\n` : stdout.toString();
    const shown = (text: string): string => {
      const normal = normalise(text, this.#known, same);
      return isSorted ? normal.split("\n").toSorted().join("\n").replace(/^\n/, "") : normal;
    };
    const end = exit === 0 ? "" : `exit ${exit}\n`;
    const text = marked(shown(raw), "|") + marked(shown(stderr.toString()), "!") + end;
    this.entries.push({ title, text });
  }

  async #act(action: Action): Promise<void> {
    if ("begin" in action) {
      const { begin, run, pty, same = [] } = action;
      const circumstances = { pty, cwd: this.#folder };
      const running = new Running(this.#program, this.#commandLine(run), circumstances);
      this.#running.set(begin, { running, run: `${pty === true ? "pty" : ""}$ ${run} &`, same });
    } else if ("file" in action) {
      this.#writeFile(action);
    } else if ("type" in action) {
      this.#named(action.type).running.type(this.#known.fill(action.text));
    } else if ("until" in action) {
      await this.#named(action.until).running.shows(action.shows);
    } else {
      await this.#end(action.end, action.signal);
    }
  }

  #named(name: string): { running: Running; run: string; same: Same } {
    const found = this.#running.get(name);
    if (found === undefined) throw new Error(`nothing has begun by the name ${name}`);
    return found;
  }

  async #end(name: string, signal: NodeJS.Signals | undefined): Promise<void> {
    const { running, run, same } = this.#named(name);
    if (signal === undefined) running.endInput();
    else running.signal(signal);
    const outcome = await running.outcome();
    this.#running.delete(name);
    this.#write(run, parseCommandLine(run), outcome, { same, isSorted: false });
  }

  #writeFile({ file, text, from }: Extract<Action, { file: string }>): void {
    const target = join(this.#folder, file);
    mkdirSync(dirname(target), { recursive: true });
    if (from === undefined) return writeFileSync(target, text ?? "");
    const stored = readFileSync(from);
    return writeFileSync(target, from.endsWith(".gz") ? gunzipSync(stored) : stored);
  }

  /** Ends what is still running. */
  async close(): Promise<void> {
    for (const { running } of this.#running.values()) {
      running.signal("SIGKILL");
      await running.outcome();
    }
  }
}

async function programOf(scenario: Scenario, { ctl }: Column): Promise<readonly string[]> {
  if (ctl === "kvorumctl") return launcher(ctl);
  const tools = await goTools("etcdctl", "etcdutl");
  if (tools.skip !== false) throw new Error(tools.skip);
  return [scenario.utl === true ? tools.path.etcdutl : tools.path.etcdctl];
}

/** What was said in a scenario, invocation by invocation. */
export async function runScenario(scenario: Scenario, column: Column): Promise<readonly Entry[]> {
  const session = new Session(scenario, column, await programOf(scenario, column));
  const cluster =
    scenario.members === 0 ? undefined : await startCluster(column.server, scenario.members);
  try {
    if (cluster !== undefined) await session.meet(cluster);
    for (const step of scenario.steps) await session.step(step);
    return session.entries;
  } finally {
    await session.close();
    await cluster?.dispose();
  }
}
