/**
 * Walks an argument list by the rules of Go's pflag, which etcdctl follows and yargs cannot be told
 * to: a flag that needs a value takes the next argument whatever it looks like, a boolean never
 * does (`put --prev-kv true x` writes the key "true"), everything after `--` is an argument.
 */
import { quote, quoteRune } from "../go/quote.ts";
import type { FlagSpec, FlagValue } from "./command-spec.ts";
import { defaultOf, FlagValues, parseFlagValue } from "./flag-values.ts";

/** A flag that was given, with the text of its value. */
export interface GivenFlag {
  readonly flag: FlagSpec;
  readonly text: string;
  readonly value: FlagValue;
}

export interface ScannedArguments {
  readonly given: readonly GivenFlag[];
  /** What is not a flag, in order, without the `--`. */
  readonly args: readonly string[];
  /** How many of `args` came before the `--`; undefined when there was none. */
  readonly dashAt?: number;
  /** Reading stopped at this error; `help` was asked for before it, or not. */
  readonly error?: string;
}

class FlagScanner {
  readonly given: GivenFlag[] = [];
  readonly args: string[] = [];
  dashAt: number | undefined;
  readonly #flags: readonly FlagSpec[];
  readonly #rest: string[];

  constructor(flags: readonly FlagSpec[], args: readonly string[]) {
    this.#flags = flags;
    this.#rest = [...args];
  }

  /** The first error, or undefined when all arguments have been read. */
  scan(): string | undefined {
    for (let next = this.#rest.shift(); next !== undefined; next = this.#rest.shift()) {
      if (next === "--") {
        this.dashAt = this.args.length;
        this.args.push(...this.#rest.splice(0));
        return undefined;
      }
      const error = this.#one(next);
      if (error !== undefined) return error;
    }
    return undefined;
  }

  #one(argument: string): string | undefined {
    if (!argument.startsWith("-") || argument === "-") {
      this.args.push(argument);
      return undefined;
    }
    return argument.startsWith("--") ? this.#long(argument) : this.#shorts(argument.slice(1));
  }

  #long(argument: string): string | undefined {
    const text = argument.slice(2);
    if (text.startsWith("-") || text.startsWith("=")) return `bad flag syntax: ${argument}`;
    const equals = text.indexOf("=");
    const name = equals < 0 ? text : text.slice(0, equals);
    const flag = this.#flags.find((candidate) => candidate.name === name);
    if (flag === undefined) return `unknown flag: --${name}`;
    if (equals >= 0) return this.#set(flag, text.slice(equals + 1));
    if (flag.kind === "bool") return this.#set(flag, "true");
    const value = this.#rest.shift();
    return value === undefined ? `flag needs an argument: --${name}` : this.#set(flag, value);
  }

  #shorts(letters: string): string | undefined {
    let rest = letters;
    while (rest !== "") {
      const letter = String.fromCodePoint(rest.codePointAt(0) as number);
      const flag = this.#flags.find((candidate) => candidate.shorthand === letter);
      if (flag === undefined) return `unknown shorthand flag: ${quoteRune(letter)} in -${rest}`;
      const after = rest.slice(letter.length);
      if (after.startsWith("=") && after.length > 1) return this.#set(flag, after.slice(1));
      if (flag.kind !== "bool") return this.#shortValue(flag, letter, after, rest);
      const error = this.#set(flag, "true");
      if (error !== undefined) return error;
      rest = after;
    }
    return undefined;
  }

  #shortValue(flag: FlagSpec, letter: string, after: string, all: string): string | undefined {
    if (after !== "") return this.#set(flag, after);
    const value = this.#rest.shift();
    if (value !== undefined) return this.#set(flag, value);
    return `flag needs an argument: ${quoteRune(letter)} in -${all}`;
  }

  #set(flag: FlagSpec, text: string): string | undefined {
    const parsed = parseFlagValue(flag.kind, text);
    if (parsed.error === undefined) {
      this.given.push({ flag, text, value: parsed.value });
      return undefined;
    }
    const short = flag.shorthand === undefined ? "" : `-${flag.shorthand}, `;
    return `invalid argument ${quote(text)} for "${short}--${flag.name}" flag: ${parsed.error}`;
  }
}

export function scanArguments(
  flags: readonly FlagSpec[],
  args: readonly string[],
): ScannedArguments {
  const scanner = new FlagScanner(flags, args);
  const error = scanner.scan();
  const dash = scanner.dashAt === undefined ? {} : { dashAt: scanner.dashAt };
  const scanned = { given: scanner.given, args: scanner.args, ...dash };
  return error === undefined ? scanned : { ...scanned, error };
}

/** The flags given, and the defaults of the others. */
export function scannedFlags(flags: readonly FlagSpec[], scanned: ScannedArguments): FlagValues {
  const values = new Map(flags.map((flag) => [flag.name, defaultOf(flag)]));
  const changed = new Set<string>();
  for (const { flag, value } of scanned.given) {
    // A list that is given again grows; its default counts only as long as it is not given.
    const before = changed.has(flag.name) ? values.get(flag.name) : undefined;
    const isList = Array.isArray(value) && Array.isArray(before);
    values.set(flag.name, isList ? [...(before as string[]), ...value] : value);
    changed.add(flag.name);
  }
  return new FlagValues(values, changed);
}
