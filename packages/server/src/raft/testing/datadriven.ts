/**
 * Reader of data-driven test scripts, a series of
 *
 *     command arg key=value key=(value, value)
 *     optional lines of input
 *     ----
 *     expected output, up to a blank line
 *
 * Output that itself contains blank lines stands between two pairs of `----` lines. Lines that
 * start with # are comments.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";

export interface CommandArg {
  key: string;
  values: string[];
}

export interface ScriptCommand {
  /** Position for messages, `file:line`. */
  position: string;
  name: string;
  args: CommandArg[];
  input: string;
  expected: string;
}

/** Vectors of etcd's raft: they lie beside the checkout where they are available at all. */
const VECTORS = join(import.meta.dirname, "../../../../../../shared/raft-testdata");

/**
 * One test per script of a folder of vectors. `start` begins a script and returns the handler of
 * its commands; `normalize` is applied to actual and expected output before they are compared.
 */
export function testScripts(
  title: string,
  folder: string,
  start: () => (command: ScriptCommand) => string,
  normalize: (output: string) => string = (output) => output,
): void {
  const path = join(VECTORS, folder);
  if (!existsSync(path)) {
    test(title, (t: TestContext) => {
      t.skip(`no vectors in ${path}`);
    });
    return;
  }
  for (const file of readdirSync(path).sort()) {
    test(`${title}: ${file}`, () => {
      runScript(join(path, file), start(), normalize);
    });
  }
}

function runScript(
  path: string,
  handle: (command: ScriptCommand) => string,
  normalize: (output: string) => string,
): void {
  const commands = parseScript(readFileSync(path, "utf8"), path);
  assert.ok(commands.length > 0, `${path} holds no command`);
  for (const command of commands) {
    const actual = withNewline(handle(command));
    assert.equal(normalize(actual), normalize(command.expected), command.position);
  }
}

function withNewline(output: string): string {
  return output === "" || output.endsWith("\n") ? output : `${output}\n`;
}

export function parseScript(text: string, path: string): ScriptCommand[] {
  const lines = text.split("\n");
  const commands: ScriptCommand[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!.trim();
    if (line === "" || line.startsWith("#")) {
      at++;
      continue;
    }
    const position = `${path}:${at + 1}`;
    const separator = lines.indexOf("----", at);
    assert.ok(separator > 0, `${position}: no ---- follows`);
    const { expected, next } = readExpected(lines, separator + 1);
    const input = lines.slice(at + 1, separator).join("\n");
    commands.push({ position, ...parseCommand(line), input, expected });
    at = next;
  }
  return commands;
}

function readExpected(lines: string[], from: number): { expected: string; next: number } {
  if (lines[from] === "----") {
    const end = lines.findIndex(
      (line, at) => at > from && line === "----" && lines[at + 1] === "----",
    );
    return { expected: joined(lines.slice(from + 1, end)), next: end + 2 };
  }
  const blank = lines.indexOf("", from);
  const end = blank < 0 ? lines.length : blank;
  return { expected: joined(lines.slice(from, end)), next: end };
}

function joined(lines: string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function parseCommand(line: string): { name: string; args: CommandArg[] } {
  const words = line.match(/[^\s=]+(?:=(?:\([^)]*\)|\S*))?/g) ?? [];
  const [name, ...args] = words;
  return { name: name ?? "", args: args.map(parseArg) };
}

function parseArg(word: string): CommandArg {
  const equals = word.indexOf("=");
  if (equals < 0) {
    return { key: word, values: [] };
  }
  const value = word.slice(equals + 1);
  const list = value.startsWith("(") ? value.slice(1, -1) : value;
  const values = list === "" && value.startsWith("(") ? [] : list.split(/[\s,]+/);
  return { key: word.slice(0, equals), values };
}
