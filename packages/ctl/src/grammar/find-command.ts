/** Which command an argument list names: flags stepped over, names abbreviated, typos told. */
import { quote } from "../go/quote.ts";
import {
  allFlags,
  commandOf,
  type CommandPath,
  type CommandSpec,
  pathName,
} from "./command-spec.ts";
import { editDistance } from "./edit-distance.ts";

const SUGGESTION_DISTANCE_MAX = 2;

export interface FoundCommand {
  readonly path: CommandPath;
  /** The arguments without the names that led to the command. */
  readonly args: readonly string[];
  readonly error?: string;
}

/** Whether the next argument is this flag's value. */
function takesNext(path: CommandPath, argument: string): boolean {
  if (argument.includes("=") || !argument.startsWith("-")) return false;
  const flags = allFlags(path);
  if (argument.startsWith("--")) {
    return flags.find((flag) => flag.name === argument.slice(2))?.kind !== "bool";
  }
  if (argument.length !== 2) return false;
  return flags.find((flag) => flag.shorthand === argument[1])?.kind !== "bool";
}

/** Where the first argument that is neither flag nor value stands, or -1. */
function firstName(path: CommandPath, args: readonly string[]): number {
  for (let i = 0; i < args.length; i++) {
    const argument = args[i] as string;
    if (argument === "--") return -1;
    if (takesNext(path, argument)) {
      i++;
    } else if (argument !== "" && !argument.startsWith("-")) {
      return i;
    }
  }
  return -1;
}

/** The command by its name or an unambiguous beginning of it. */
export function matchCommand(parent: CommandSpec, name: string): CommandSpec | undefined {
  const commands = parent.commands ?? [];
  const exact = commands.find((command) => command.name === name);
  if (exact !== undefined) return exact;
  const begun = commands.filter((command) => command.name.startsWith(name));
  if (begun.length === 1) return begun[0];
  const known = begun.filter((command) => command.own !== true);
  return known.length === 1 ? known[0] : undefined;
}

function suggestions(root: CommandSpec, name: string): string[] {
  const typed = name.toLowerCase();
  return (root.commands ?? [])
    .filter((command) => command.own !== true && command.name !== "help")
    .map((command) => command.name)
    .filter(
      (known) => editDistance(typed, known) <= SUGGESTION_DISTANCE_MAX || known.startsWith(typed),
    );
}

function unknownCommand(path: CommandPath, name: string): string {
  const known = suggestions(commandOf(path), name);
  const hint = known.map((suggestion) => `\t${suggestion}\n`).join("");
  const text = `unknown command ${quote(name)} for ${quote(pathName(path))}`;
  return hint === "" ? text : `${text}\n\nDid you mean this?\n${hint}`;
}

export function findCommand(root: CommandSpec, args: readonly string[]): FoundCommand {
  let path: CommandPath = [root];
  let rest = args;
  for (;;) {
    const at = firstName(path, rest);
    const name = rest[at];
    if (name === undefined) return { path, args: rest };
    const next = matchCommand(commandOf(path), name);
    if (next === undefined) {
      const isRoot = path.length === 1;
      return isRoot
        ? { path, args: rest, error: unknownCommand(path, name) }
        : { path, args: rest };
    }
    path = [...path, next];
    rest = rest.toSpliced(at, 1);
  }
}
