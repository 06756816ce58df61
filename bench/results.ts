/**
 * What has been measured so far, kept in a file as each row ends: a run that was cut short goes on
 * where it stopped, and one row can be measured anew beside the old others.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Figure } from "./row.ts";

export interface RowResult {
  readonly name: string;
  readonly pace: string;
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly figures: readonly Figure[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    kernel: release(),
    node: process.version,
  };
}

export class Results {
  readonly #path: string;
  readonly #rows: Map<string, RowResult>;

  constructor(path: string) {
    this.#path = path;
    this.#rows = new Map(read(path).map((row) => [row.name, row]));
  }

  get(name: string): RowResult | undefined {
    return this.#rows.get(name);
  }

  set(result: RowResult): void {
    this.#rows.set(result.name, result);
    mkdirSync(dirname(this.#path), { recursive: true });
    const content = { machine: thisMachine(), rows: [...this.#rows.values()] };
    writeFileSync(this.#path, `${JSON.stringify(content, undefined, 2)}\n`);
  }

  clear(): void {
    this.#rows.clear();
    rmSync(this.#path, { force: true });
  }
}

function read(path: string): RowResult[] {
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as { rows: RowResult[] }).rows;
  } catch {
    return []; // None yet, or cut off in the middle of a write: measured again.
  }
}
