/** Help and usage, in the words and the layout of Cobra. */
import { formatDuration } from "../go/duration.ts";
import { quote } from "../go/quote.ts";
import {
  commandOf,
  type CommandPath,
  type CommandSpec,
  type FlagSpec,
  inheritedFlags,
  isRunnable,
  localFlags,
  pathName,
} from "./command-spec.ts";
import { defaultOf, isDefaultZero } from "./flag-values.ts";

const NAME_WIDTH_MIN = 11;

/** Makes the titles of sections stand out on a terminal. */
export type Emphasis = (text: string) => string;
const plain: Emphasis = (text) => text;

const byName = (a: { name: string }, b: { name: string }): number =>
  a.name < b.name ? -1 : Number(a.name > b.name);

function defaultText(flag: FlagSpec): string {
  const value = defaultOf(flag);
  if (flag.kind === "string") return quote(String(value));
  if (flag.kind === "duration") return formatDuration(Number(value));
  return Array.isArray(value) ? `[${value.join(",")}]` : String(value);
}

/** One line a flag, their descriptions aligned. */
export function flagUsages(flags: readonly FlagSpec[]): string {
  const shown = flags.filter((flag) => flag.hidden !== true).toSorted(byName);
  const heads = shown.map((flag) => {
    const short = flag.shorthand === undefined ? "    " : `-${flag.shorthand}, `;
    return `  ${short}--${flag.name}${flag.kind === "bool" ? "" : ` ${flag.kind}`}`;
  });
  const width = Math.max(0, ...heads.map((head) => head.length)) + 3;
  const lines = shown.map((flag, i) => {
    const standard = isDefaultZero(flag) ? "" : ` (default ${defaultText(flag)})`;
    return `${(heads[i] ?? "").padEnd(width)}${flag.usage}${standard}\n`;
  });
  return lines.join("");
}

function commandLines(commands: readonly CommandSpec[], width: number): string {
  return commands.map((command) => `\n  ${command.name.padEnd(width)} ${command.short}`).join("");
}

function commandSection(command: CommandSpec, strong: Emphasis): string {
  const commands = (command.commands ?? []).toSorted(byName);
  const width = Math.max(NAME_WIDTH_MIN, ...commands.map(({ name }) => name.length));
  const groups = [...new Set((command.commands ?? []).flatMap(({ group }) => group ?? []))];
  if (groups.length === 0) {
    return `\n\n${strong("Available Commands:")}${commandLines(commands, width)}`;
  }
  return groupOrder(groups)
    .map((title) => {
      const members = commands.filter(({ group }) => group === title);
      return `\n\n${strong(title)}${commandLines(members, width)}`;
    })
    .join("");
}

/** The groups in the order of their importance, which the tree declares them in. */
function groupOrder(groups: readonly string[]): readonly string[] {
  return GROUPS.filter((title) => groups.includes(title));
}

/** Titles of the groups of commands, in the order of the root's help. */
export const GROUPS = [
  "Key-value commands",
  "Cluster maintenance commands",
  "Concurrency commands",
  "Authentication commands",
  "Utility commands",
] as const;

function useLine(path: CommandPath): string {
  const command = commandOf(path);
  const parents = path.slice(0, -1).map(({ name }) => name);
  return [...parents, command.use].join(" ") + (command.plainUseLine === true ? "" : " [flags]");
}

function flagSection(title: string, flags: readonly FlagSpec[]): string {
  const usages = flagUsages(flags).trimEnd();
  return usages === "" ? "" : `\n\n${title}\n${usages}`;
}

/** What an error of the command line is followed by. Ends with a newline. */
export function usageText(path: CommandPath, strong: Emphasis = plain): string {
  const command = commandOf(path);
  const hasCommands = (command.commands ?? []).length > 0;
  const parts = [strong("Usage:")];
  if (isRunnable(command)) parts.push(`\n  ${useLine(path)}`);
  if (hasCommands) parts.push(`\n  ${pathName(path)} [command]`);
  if (command.example !== undefined) {
    parts.push(`\n\n${strong("Examples:")}\n${command.example}`);
  }
  if (hasCommands) parts.push(commandSection(command, strong));
  parts.push(flagSection(strong("Flags:"), localFlags(path)));
  parts.push(flagSection(strong("Global Flags:"), inheritedFlags(path)));
  if (hasCommands) {
    parts.push(
      `\n\nUse "${pathName(path)} [command] --help" for more information about a command.`,
    );
  }
  return `${parts.join("")}\n`;
}

export function helpText(path: CommandPath, strong: Emphasis = plain): string {
  const command = commandOf(path);
  const about = (command.long ?? command.short).trimEnd();
  const root = path[0].name;
  return (
    `${about}\n\n${usageText(path, strong)}` +
    `Use "${root} options" for a list of global command-line options (applies to all commands).\n`
  );
}
