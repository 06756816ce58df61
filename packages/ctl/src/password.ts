/** Asks for a password. On a terminal nothing of what is typed is shown. */
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import type { Host } from "./host.ts";
import { StdinLines } from "./stdin-lines.ts";

const INTERRUPT = "\u0003";
const END = "\u0004";
const ERASE = new Set(["\u007f", "\b"]);
const INTERRUPTED_STATUS = 130;

async function typedLine(host: Host): Promise<string> {
  const stdin = process.stdin;
  stdin.setRawMode(true);
  let typed = "";
  try {
    for await (const chunk of host.stdin) {
      for (const character of (chunk as Buffer).toString()) {
        if (character === "\r" || character === "\n" || character === END) return typed;
        if (character === INTERRUPT) {
          throw new CtlError(INTERRUPTED_STATUS, "interrupted");
        }
        typed = ERASE.has(character) ? typed.slice(0, -1) : typed + character;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    host.out("\n");
  }
}

export async function askPassword(host: Host, prompt: string): Promise<string> {
  host.out(prompt);
  if (host.stdinIsTerminal) return typedLine(host);
  const lines = new StdinLines(host.stdin);
  const line = await lines.next();
  host.out("\n");
  if (line === undefined) throw new CtlError(ExitCode.error, "EOF");
  return line.replace(/\r$/, "");
}
