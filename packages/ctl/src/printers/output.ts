/** Collects what a report looks like: lines for stdout, which may hold any bytes, and for stderr. */
import { type Style, unstyled } from "../style.ts";

export type Part = string | Uint8Array;

export class Output {
  readonly style: Style;
  readonly #stdout: Uint8Array[] = [];
  #pending = "";
  #stderr = "";

  constructor(style: Style = unstyled) {
    this.style = style;
  }

  write(...parts: readonly Part[]): void {
    for (const part of parts) {
      if (typeof part === "string") {
        this.#pending += part;
      } else {
        this.#flush();
        this.#stdout.push(part);
      }
    }
  }

  line(...parts: readonly Part[]): void {
    this.write(...parts, "\n");
  }

  errorLine(text: string): void {
    this.#stderr += `${text}\n`;
  }

  get stdout(): Buffer {
    this.#flush();
    return Buffer.concat(this.#stdout);
  }

  get stderr(): string {
    return this.#stderr;
  }

  #flush(): void {
    if (this.#pending !== "") this.#stdout.push(Buffer.from(this.#pending, "utf8"));
    this.#pending = "";
  }
}
