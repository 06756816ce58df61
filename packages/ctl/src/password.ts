/** Asks for passwords. On a terminal nothing of what is typed is shown. */
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { StdinLines } from "./stdin-lines.ts";

const INTERRUPT = "\u0003";
const END = "\u0004";
const ERASE: ReadonlySet<string> = new Set(["\u007f", "\b"]);
const INTERRUPTED_STATUS = 130;

/** Reads what is typed in raw mode, where the terminal echoes nothing, character by character. */
class TypedLines {
  readonly #chunks: AsyncIterator<Buffer>;
  #pending = "";

  constructor(host: Host) {
    this.#chunks = host.stdin[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async next(): Promise<string> {
    let typed = "";
    for (;;) {
      for (const character of this.#pending) {
        this.#pending = this.#pending.slice(character.length);
        if (character === "\r" || character === "\n" || character === END) return typed;
        if (character === INTERRUPT) throw new CtlError(INTERRUPTED_STATUS, "interrupted");
        typed = ERASE.has(character) ? typed.slice(0, -1) : typed + character;
      }
      const chunk = await this.#chunks.next();
      if (chunk.done === true) return typed;
      this.#pending = chunk.value.toString();
    }
  }
}

/** The answers to the questions, asked one after the other; input that ends early is an error. */
export async function askPasswords(
  host: Host,
  questions: readonly string[],
): Promise<readonly string[]> {
  const isTerminal = host.stdinIsTerminal;
  const lines = isTerminal ? new TypedLines(host) : new StdinLines(host.stdin);
  if (isTerminal) process.stdin.setRawMode(true);
  try {
    const answers: string[] = [];
    for (const question of questions) {
      host.out(question);
      const answer = await lines.next();
      host.out("\n");
      if (answer === undefined) throw new CtlError(ExitCode.error, "EOF");
      answers.push(answer.replace(/\r$/, ""));
    }
    return answers;
  } finally {
    if (isTerminal) process.stdin.setRawMode(false);
  }
}
