/** Runs a program as etcdctl's commands do: without input, its outputs ours. */
import { spawn } from "node:child_process";
import { quote } from "./go/quote.ts";

/** How a program failed, in Go's words. */
export interface ProgramFailure {
  readonly text: string;
  /** The program's own status; 1 when it did not start, 255 when a signal ended it. */
  readonly exitCode: number;
}

const NOT_STARTED = 1;
const SIGNALED = 255;
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGTERM: "terminated",
};

/** Resolves to undefined when the program has ended well. */
export function runProgram(
  [program = "", ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProgramFailure | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === "ENOENT";
      const why = isMissing ? "executable file not found in $PATH" : error.message;
      resolve({ text: `exec: ${quote(program)}: ${why}`, exitCode: NOT_STARTED });
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve(undefined);
      else if (signal === null) resolve({ text: `exit status ${code}`, exitCode: code ?? 1 });
      else resolve({ text: `signal: ${SIGNAL_NAMES[signal] ?? signal}`, exitCode: SIGNALED });
    });
  });
}
