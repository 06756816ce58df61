/** A command line for operators under test: etcdctl, or kvorumctl, which must behave the same. */
import assert from "node:assert/strict";
import { goTools } from "./go-tools.ts";
import { bareEnvironment, runCommand, type RunOptions, type RunResult } from "./run-command.ts";
import { launcher } from "./server-kind.ts";

export type CtlName = "etcdctl" | "kvorumctl";

export class Ctl {
  readonly name: CtlName;
  readonly command: readonly string[];
  readonly endpoints: string;

  constructor(name: CtlName, command: readonly string[], endpoints: string) {
    this.name = name;
    this.command = command;
    this.endpoints = endpoints;
  }

  at(endpoints: string): Ctl {
    return new Ctl(this.name, this.command, endpoints);
  }

  /** Runs a command line to its end, whatever its exit. */
  run(args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    const [program = "", ...before] = this.command;
    return runCommand(program, [...before, `--endpoints=${this.endpoints}`, ...args], {
      ...options,
      env: bareEnvironment(options.env),
    });
  }

  /** What a command that must succeed printed. */
  async out(...args: string[]): Promise<string> {
    const result = await this.run(args);
    assert.equal(
      result.code,
      0,
      `${this.name} ${args.join(" ")}: exit ${result.code}\n${result.stdout}${result.stderr}`,
    );
    return result.stdout;
  }

  /** The one JSON line of a command that must succeed. */
  async json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await this.out(...args, "-w", "json")) as T;
  }
}

/** The command line by this name, or why it cannot be had. */
export async function openCtl(
  name: CtlName,
  endpoints: string,
): Promise<{ skip: false; ctl: Ctl } | { skip: string }> {
  if (name === "kvorumctl") {
    return { skip: false, ctl: new Ctl(name, launcher(name), endpoints) };
  }
  const tools = await goTools("etcdctl");
  if (tools.skip !== false) return { skip: tools.skip };
  return { skip: false, ctl: new Ctl(name, [tools.path.etcdctl], endpoints) };
}
