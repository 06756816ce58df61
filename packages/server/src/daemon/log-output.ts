/** Where log lines go: `default` and `stderr` are standard error, `stdout`, or files. */
import { openSync } from "node:fs";
import { writeLine } from "../env/node-env.ts";

const STDOUT = 1;
const STDERR = 2;
const LOG_FILE_MODE = 0o600;

function descriptorOf(output: string): number {
  if (output === "default" || output === "stderr") return STDERR;
  if (output === "stdout") return STDOUT;
  return openSync(output, "a", LOG_FILE_MODE);
}

/** Writes each line to every output. Throws the system's error when a file cannot be opened. */
export function openLogOutput(outputs: readonly string[]): (line: string) => void {
  const descriptors = outputs.map(descriptorOf);
  return (line) => {
    for (const descriptor of descriptors) writeLine(descriptor, line);
  };
}
