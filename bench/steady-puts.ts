/**
 * 500 puts a second and fifty watchers of all of them, until told to stop. Each put starts when its time
 * has come, so that a server which stands still is charged for all that came meanwhile.
 */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { goTools } from "../test/harness/go-tools.ts";
import { start } from "../test/harness/run-command.ts";
import { type LoadReport, readReport } from "./load.ts";

export const STEADY_RATE = 500;
export const STEADY_WATCHERS = 50;
const CONNS = 10;

export interface SteadyReport extends LoadReport {
  /** Puts that were answered with an error. */
  readonly failed: number;
  /** Keys without the value that was acknowledged last, and watchers that have not had all of them. */
  readonly lost: number;
}

export class SteadyPuts {
  readonly #child: ChildProcess;
  readonly #output: Promise<string>;
  readonly #errors: Promise<string>;
  readonly #closed: Promise<unknown[]>;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#output = text(child.stdout!);
    this.#errors = text(child.stderr!);
    this.#closed = once(child, "close");
  }

  static async start(endpoints: string): Promise<SteadyPuts> {
    const tools = await goTools("load");
    if (tools.skip !== false) throw new Error(tools.skip);
    const flags = [`--rate=${STEADY_RATE}`, `--watchers=${STEADY_WATCHERS}`, `--conns=${CONNS}`];
    return new SteadyPuts(start(tools.path.load, ["steady", `--endpoints=${endpoints}`, ...flags]));
  }

  async stop(): Promise<SteadyReport> {
    this.#child.stdin?.end();
    const [code] = await this.#closed;
    const output = await this.#output;
    if (code !== 0) throw new Error(`load steady failed:\n${output}${await this.#errors}`);
    const count = (label: string): number =>
      Number(new RegExp(`${label}: (\\d+)`).exec(output)?.[1]);
    const lost = count("Lost") + count("Missed");
    return { ...readReport(output), failed: count("Failed"), lost };
  }
}
