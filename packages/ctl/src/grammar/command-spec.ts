/**
 * The command tree as data. Nothing here loads a command's code: `load` is called for the one
 * command that runs.
 */
import type { Command } from "../command.ts";

/** The kinds of flag values of Go's pflag, by the names that help prints for them. */
export type FlagKind = "bool" | "string" | "strings" | "int" | "uint" | "duration";

/** A duration is a number of nanoseconds. */
export type FlagValue = boolean | string | number | bigint | readonly string[];

export interface FlagSpec {
  readonly name: string;
  readonly shorthand?: string;
  readonly kind: FlagKind;
  /** The kind's zero value when absent. */
  readonly default?: FlagValue;
  readonly usage: string;
  /** Left out of help. */
  readonly hidden?: boolean;
  /** Offered by shell completion. */
  readonly choices?: readonly string[];
}

/** What the first argument errors of a command say, checked before it runs. */
export type ArgumentRule = (args: readonly string[], commandPath: string) => string | undefined;

export interface CommandSpec {
  readonly name: string;
  /** The usage line after the path of the parent: "get [options] <key> [range_end]". */
  readonly use: string;
  readonly short: string;
  /** Printed in place of `short` by help. */
  readonly long?: string;
  readonly example?: string;
  /** Title of the group that the root's help lists it under. */
  readonly group?: string;
  readonly flags?: readonly FlagSpec[];
  /** Flags that the commands below take too. */
  readonly persistentFlags?: readonly FlagSpec[];
  readonly commands?: readonly CommandSpec[];
  /** etcdctl has no such command: it gives way when an abbreviation would be ambiguous. */
  readonly own?: boolean;
  readonly plainUseLine?: boolean;
  readonly argumentRule?: ArgumentRule;
  readonly load?: () => Promise<Command>;
  /** Started often and from scripts: its flags are read without loading yargs. */
  readonly hot?: boolean;
}

/** A command together with the commands above it, the root first. */
export type CommandPath = readonly [CommandSpec, ...CommandSpec[]];

export function commandOf(path: CommandPath): CommandSpec {
  return path[path.length - 1] as CommandSpec;
}

/** "kvorumctl lease grant". */
export function pathName(path: CommandPath): string {
  return path.map((command) => command.name).join(" ");
}

export const HELP_FLAG = "help";
/** The hidden command that completion scripts call, with the words of the line so far. */
export const COMPLETE_COMMAND = "__complete";

function helpFlag(path: CommandPath): FlagSpec {
  return {
    name: HELP_FLAG,
    shorthand: "h",
    kind: "bool",
    usage: `help for ${commandOf(path).name}`,
    hidden: path.length === 1,
  };
}

/** The command's own flags, those it shares with the commands below it included. */
export function localFlags(path: CommandPath): FlagSpec[] {
  const command = commandOf(path);
  return [...(command.flags ?? []), ...(command.persistentFlags ?? []), helpFlag(path)];
}

/** The flags that the commands above give to this one. */
export function inheritedFlags(path: CommandPath): FlagSpec[] {
  return path.slice(0, -1).flatMap((command) => command.persistentFlags ?? []);
}

export function allFlags(path: CommandPath): FlagSpec[] {
  return [...localFlags(path), ...inheritedFlags(path)];
}

export function isRunnable(command: CommandSpec): boolean {
  return command.load !== undefined;
}
