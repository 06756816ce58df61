/** A host whose outputs stay in memory. */
import { Readable } from "node:stream";
import type { Host } from "../host.ts";
import { unstyled } from "../style.ts";

export class MemoryHost implements Host {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdoutIsTerminal = false;
  readonly stderrIsTerminal = false;
  readonly stdinIsTerminal = false;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], input = "", env: NodeJS.ProcessEnv = {}) {
    this.args = args;
    this.env = env;
    this.stdin = Readable.from([Buffer.from(input)]);
  }

  out(data: string | Uint8Array): void {
    this.stdout += typeof data === "string" ? data : Buffer.from(data).toString();
  }

  err(text: string): void {
    this.stderr += text;
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  styleOf(): Promise<typeof unstyled> {
    return Promise.resolve(unstyled);
  }
}
