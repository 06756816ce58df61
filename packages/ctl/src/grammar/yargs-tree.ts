/**
 * The only file that knows yargs. It reads the flags of a command line that `flag-scan.ts` has
 * brought into one form, and completes half a command line for shells.
 */
import type { Argv, Options } from "yargs";
import {
  allFlags,
  commandOf,
  type CommandPath,
  type CommandSpec,
  type FlagSpec,
  type FlagValue,
} from "./command-spec.ts";
import { findCommand } from "./find-command.ts";
import type { ScannedArguments } from "./flag-scan.ts";
import { defaultOf, FlagValues, parseFlagValue } from "./flag-values.ts";

/** yargs' own comforts are off: the words of the command line mean what etcdctl means by them. */
const CONFIGURATION = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "duplicate-arguments-array": true,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "short-option-groups": true,
};

async function newYargs(args: readonly string[]): Promise<Argv> {
  const { default: yargs } = await import("yargs");
  return yargs([...args])
    .parserConfiguration(CONFIGURATION)
    .locale("en")
    .exitProcess(false)
    .help(false)
    .version(false)
    .recommendCommands();
}

/** The value of a flag whose texts have been checked before. */
function valueOf(flag: FlagSpec, texts: readonly string[]): FlagValue {
  const values = texts.map((text) => parseFlagValue(flag.kind, text).value as FlagValue);
  if (flag.kind === "strings") return values.flatMap((value) => value as readonly string[]);
  return values.at(-1) as FlagValue;
}

function valueOption(flag: FlagSpec): Options {
  return {
    type: "string",
    ...(flag.shorthand === undefined ? {} : { alias: flag.shorthand }),
    coerce: (text: string | string[]) => valueOf(flag, [text].flat()),
  };
}

/** The flags given, and the defaults of the others; the same as `scannedFlags` says. */
export async function parsedFlags(
  flags: readonly FlagSpec[],
  scanned: ScannedArguments,
): Promise<FlagValues> {
  const words = scanned.given.map(({ flag, text }) => `--${flag.name}=${text}`);
  const options = Object.fromEntries(flags.map((flag) => [flag.name, valueOption(flag)]));
  const parsed = (await newYargs(words)).options(options).parseSync() as Record<string, unknown>;
  const values = new Map<string, FlagValue>();
  const changed = new Set<string>();
  for (const flag of flags) {
    const value = parsed[flag.name] as FlagValue | undefined;
    if (value !== undefined) changed.add(flag.name);
    values.set(flag.name, value ?? defaultOf(flag));
  }
  return new FlagValues(values, changed);
}

function completionOption(flag: FlagSpec): Options {
  return {
    type: flag.kind === "bool" ? "boolean" : "string",
    description: flag.usage,
    ...(flag.choices === undefined ? {} : { choices: flag.choices }),
  };
}

/** Declares a command's flags, and the commands directly below it, to yargs. */
function declare(yargs: Argv, path: CommandPath): Argv {
  const options = allFlags(path).map((flag) => [flag.name, completionOption(flag)] as const);
  yargs.options(Object.fromEntries(options));
  for (const child of commandOf(path).commands ?? []) yargs.command(child.name, child.short);
  return yargs;
}

/**
 * What the last of `words`, a command line without the program's name, may be completed to. The
 * words before it lead to a command as they do when they are run, abbreviations too.
 */
export async function completions(
  root: CommandSpec,
  words: readonly string[],
): Promise<readonly string[]> {
  const last = words.at(-1) ?? "";
  const { path, args } = findCommand(root, words.slice(0, -1));
  const yargs = declare(await newYargs([]), path);
  const found = await yargs.getCompletion([...args, last]);
  return found.filter((candidate) => candidate.startsWith(last)).toSorted();
}
