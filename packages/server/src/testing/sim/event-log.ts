/** What happened in a run, line by line; its digest tells whether two runs were the same. */
import { createHash } from "node:crypto";

export class EventLog {
  readonly #hash = createHash("sha256");
  readonly #print: ((line: string) => void) | undefined;
  #lines = 0;

  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  add(timeMs: number, event: string): void {
    const line = `${timeMs.toFixed(3)} ${event}`;
    this.#lines++;
    this.#hash.update(`${line}\n`);
    this.#print?.(line);
  }

  digest(): string {
    return `${this.#lines}:${this.#hash.copy().digest("hex").slice(0, 16)}`;
  }
}
