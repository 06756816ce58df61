import { type ChildProcess, spawn } from "node:child_process";
import { trackChild } from "./cleanup.ts";

export interface RunOptions {
  /** The whole environment of the command; PATH alone by default, so no HOME, LANG or TERM. */
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Written to the standard input, which is then closed. */
  readonly input?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** Runs the command on a terminal of its own, where both outputs arrive as `stdout`. */
  readonly pty?: boolean;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** undefined when a signal ended the command. */
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The environment of a command that must not lean on its user's settings. */
export function bareEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { PATH: process.env["PATH"], ...more };
}

/** Starts a command without waiting for it; it is killed when this process ends. */
export function start(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): ChildProcess {
  const [program, argv] = options.pty
    ? ["script", ["-qefc", [file, ...args].map(quote).join(" "), "/dev/null"]]
    : [file, [...args]];
  const child = spawn(program, argv, {
    env: options.env ?? bareEnvironment(),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ["pipe", "pipe", "pipe"],
  });
  trackChild(child);
  return child;
}

/** Runs a command to its end. A non-zero exit is a result, a command that cannot start or hangs an error. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  return new Promise((resolve, reject) => {
    const child = start(file, args, options);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      const shown = Buffer.concat([...stdout, ...stderr]).toString();
      reject(
        new Error(`${file} ${args.join(" ")}: no end after ${timeoutMs} ms; it said:\n${shown}`),
      );
    }, timeoutMs);
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin?.on("error", () => undefined); // a command may end without reading its input
    child.stdin?.end(options.input);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve({
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        code: code ?? undefined,
        signal: signal ?? undefined,
      });
    });
  });
}
