/** The two command lines: as processes, and kvorumctl within this process too, which is much cheaper. */
import type { ChildProcess } from "node:child_process";
import { Readable } from "node:stream";
import type { Host } from "../../packages/ctl/src/host.ts";
import { run } from "../../packages/ctl/src/run.ts";
import { unstyled } from "../../packages/ctl/src/style.ts";
import { bareEnvironment, start } from "../harness/run-command.ts";
import { waitFor } from "../harness/wait-for.ts";
import type { CommandLine } from "./scenario.ts";

export interface Outcome {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** The exit status, or the signal that ended it. */
  readonly exit: number | string;
}

export interface Circumstances {
  readonly input?: string | undefined;
  readonly pty?: boolean | undefined;
  readonly cwd: string;
}

const TIMEOUT_MS = 40_000;

/** A process that goes on while others run. */
export class Running {
  readonly #child: ChildProcess;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #ended: Promise<number | string>;
  readonly #title: string;

  constructor(program: readonly string[], command: CommandLine, { pty, cwd }: Circumstances) {
    const [file = "", ...before] = program;
    const env = bareEnvironment(command.env);
    this.#title = command.args.join(" ");
    this.#child = start(file, [...before, ...command.args], { env, cwd, pty: pty ?? false });
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#stdout.push(chunk));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#stderr.push(chunk));
    this.#child.stdin?.on("error", () => undefined); // It may end without reading its input.
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? ""));
    });
  }

  type(text: string): void {
    this.#child.stdin?.write(text);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until what it has printed on either output matches. */
  async shows(pattern: RegExp): Promise<void> {
    const said = (): string => Buffer.concat([...this.#stdout, ...this.#stderr]).toString();
    try {
      await waitFor(() => pattern.test(said()), `${pattern}`, { intervalMs: 10 });
    } catch (error) {
      throw new Error(`${this.#title}: it said\n${said()}`, { cause: error });
    }
  }

  async outcome(timeoutMs = TIMEOUT_MS): Promise<Outcome> {
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), timeoutMs);
    const exit = await this.#ended;
    clearTimeout(timer);
    return { stdout: Buffer.concat(this.#stdout), stderr: Buffer.concat(this.#stderr), exit };
  }
}

export function runProcess(
  program: readonly string[],
  command: CommandLine,
  circumstances: Circumstances,
): Promise<Outcome> {
  const running = new Running(program, command, circumstances);
  if (circumstances.input !== undefined) running.type(circumstances.input);
  running.endInput();
  return running.outcome();
}

/** kvorumctl's own code, with outputs that stay in memory. */
class CapturingHost implements Host {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdoutIsTerminal = false;
  readonly stderrIsTerminal = false;
  readonly stdinIsTerminal = false;
  readonly stdout: Buffer[] = [];
  readonly stderr: Buffer[] = [];

  constructor({ args, env }: CommandLine, input: string) {
    this.args = args;
    this.env = bareEnvironment(env);
    this.stdin = Readable.from(input === "" ? [] : [Buffer.from(input)]);
  }

  out(data: string | Uint8Array): void {
    this.stdout.push(Buffer.from(data as string));
  }

  err(text: string): void {
    this.stderr.push(Buffer.from(text));
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  styleOf(): Promise<typeof unstyled> {
    return Promise.resolve(unstyled);
  }
}

/** Runs kvorumctl within this process. */
export async function runHere(command: CommandLine, input = ""): Promise<Outcome> {
  const host = new CapturingHost(command, input);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("did not end"), TIMEOUT_MS);
  });
  const exit = await Promise.race([run(host), late]);
  clearTimeout(timer);
  return { stdout: Buffer.concat(host.stdout), stderr: Buffer.concat(host.stderr), exit };
}
