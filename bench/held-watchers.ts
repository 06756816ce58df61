/** Watchers that are there and do nothing else, each of a key of its own: the first keys of `benchmark put`. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { goTools } from "../test/harness/go-tools.ts";
import { start } from "../test/harness/run-command.ts";

export class HeldWatchers {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown[]>;
  #said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#closed = once(child, "close");
    child.stderr?.on("data", (chunk: Buffer) => (this.#said += String(chunk)));
  }

  /** Resolves when there are so many, spread over streams with a connection each. */
  static async create(endpoints: string, watchers: number, streams: number): Promise<HeldWatchers> {
    const tools = await goTools("load");
    if (tools.skip !== false) throw new Error(tools.skip);
    const flags = [`--watchers=${watchers}`, `--conns=${streams}`];
    const child = start(tools.path.load, ["hold", `--endpoints=${endpoints}`, ...flags]);
    const held = new HeldWatchers(child);
    await Promise.race([once(child.stdout!, "data"), held.#closed]);
    if (child.exitCode !== null) throw new Error(`load hold failed:\n${held.#said}`);
    return held;
  }

  /** Closes the connections. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await this.#closed;
  }
}
