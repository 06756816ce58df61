/**
 * The process as the commands see it: arguments, environment, and the three streams. Tests put
 * another one in its place.
 */
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { fromBytes } from "./go/byte-string.ts";
import { type Style, styleOf } from "./style.ts";

export interface Host {
  /** What follows the program's name. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  readonly stdinIsTerminal: boolean;
  out(data: string | Uint8Array): void;
  err(text: string): void;
  /**
   * Resolves when the outputs have taken all that was written. A reader that is slower than we are
   * makes it wait; whoever writes without end, or is about to end the process, must wait too.
   */
  flush(): Promise<void>;
  styleOf(output: "stdout" | "stderr"): Promise<Style>;
}

const REPLACEMENT = "\ufffd";

/**
 * The arguments of this process. Node decodes them as UTF-8 and loses bytes that are not; where the
 * kernel shows the command line, they are taken from there.
 */
function processArguments(): string[] {
  const args = process.argv.slice(2);
  if (!args.some((argument) => argument.includes(REPLACEMENT))) return args;
  try {
    const all = readFileSync("/proc/self/cmdline");
    const whole: string[] = [];
    for (let start = 0; start < all.length; ) {
      const end = all.indexOf(0, start);
      whole.push(fromBytes(all.subarray(start, end < 0 ? all.length : end)));
      start = end < 0 ? all.length : end + 1;
    }
    return args.length === 0 ? [] : whole.slice(-args.length);
  } catch {
    return args; // No such file on this system: what Node has decoded is all there is.
  }
}

/** The exit status of a program that a closed pipe ended, as shells count it. */
const SIGPIPE_STATUS = 141;

function endOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(SIGPIPE_STATUS);
  throw error;
}

function taken(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => stream.write("", () => resolve()));
}

export function processHost(): Host {
  const stdoutIsTerminal = process.stdout.isTTY === true;
  const stderrIsTerminal = process.stderr.isTTY === true;
  process.stdout.on("error", endOnClosedPipe);
  process.stderr.on("error", endOnClosedPipe);
  return {
    args: processArguments(),
    env: process.env,
    get stdin() {
      return process.stdin;
    },
    get stdinIsTerminal() {
      return process.stdin.isTTY === true;
    },
    stdoutIsTerminal,
    stderrIsTerminal,
    out: (data) => void process.stdout.write(data),
    err: (text) => void process.stderr.write(text),
    flush: async () => {
      await taken(process.stdout);
      await taken(process.stderr);
    },
    styleOf: (output) => {
      const isTerminal = output === "stdout" ? stdoutIsTerminal : stderrIsTerminal;
      return styleOf(output, isTerminal, process.env);
    },
  };
}
