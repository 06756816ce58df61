/** Go's `flag` package as far as a server's command line needs it: parsing, texts, what was set. */
import {
  type FlagKind,
  type FlagValue,
  type FlagValueOf,
  parseFlagValue,
  sameFlagValue,
} from "./flag-kinds.ts";
import type { FlagDefinition } from "./definition.ts";
import { quote, ValueError } from "../../lib/value-error.ts";

/** A command line that Go's `flag` would refuse; the message is the line it prints. */
export class FlagSyntaxError extends Error {
  override readonly name = "FlagSyntaxError";
}

/** `-h`, `-help` or `--help` was met. */
export class HelpRequested extends Error {
  override readonly name = "HelpRequested";
}

type Definitions = ReadonlyMap<string, FlagDefinition>;

/** The values of all flags, defaults until set. */
export class FlagSet {
  readonly #definitions: Definitions;
  readonly #values = new Map<string, FlagValue>();
  readonly #set = new Set<string>();

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
    for (const flag of definitions.values()) this.#values.set(flag.name, defaultOf(flag));
  }

  /** Names that were set, by command line, environment or file. */
  get setNames(): ReadonlySet<string> {
    return this.#set;
  }

  isSet(name: string): boolean {
    return this.#set.has(name);
  }

  isDefault(name: string): boolean {
    const flag = this.#definition(name);
    return sameFlagValue(this.#values.get(name), defaultOf(flag));
  }

  get<K extends FlagKind>(name: string, kind: K): FlagValueOf[K] {
    const flag = this.#definition(name);
    if (flag.kind !== kind) throw new TypeError(`flag ${name} is a ${flag.kind}, not a ${kind}`);
    return this.#values.get(name) as FlagValueOf[K];
  }

  /** Throws `ValueError`; an empty URL list leaves the default, as it does in etcd. */
  set(name: string, text: string): void {
    const flag = this.#definition(name);
    const value = parseFlagValue(flag.kind, text, flag.valid);
    this.#set.add(name);
    if (flag.kind === "urls" && text === "") return;
    this.#values.set(name, value);
  }

  /** Parses a command line, and returns what follows the flags. */
  parse(args: readonly string[]): string[] {
    const rest = [...args];
    for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
      if (arg.length < 2 || !arg.startsWith("-")) return [arg, ...rest];
      if (arg === "--") return rest;
      this.#parseOne(arg, rest);
    }
    return rest;
  }

  #parseOne(arg: string, rest: string[]): void {
    const body = arg.slice(arg.startsWith("--") ? 2 : 1);
    if (body === "" || body.startsWith("-") || body.startsWith("=")) {
      throw new FlagSyntaxError(`bad flag syntax: ${arg}`);
    }
    const equals = body.indexOf("=");
    const name = equals < 0 ? body : body.slice(0, equals);
    const flag = this.#definitions.get(name);
    if (flag === undefined) throw unknownFlag(name);
    this.#assign(flag, equals < 0 ? undefined : body.slice(equals + 1), rest);
  }

  #assign(flag: FlagDefinition, inline: string | undefined, rest: string[]): void {
    const isBoolean = flag.kind === "bool" || flag.kind === "ignored";
    const text = inline ?? (isBoolean ? "true" : rest.shift());
    if (text === undefined) throw new FlagSyntaxError(`flag needs an argument: -${flag.name}`);
    try {
      this.set(flag.name, text);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      const start =
        flag.kind === "bool"
          ? `invalid boolean value ${quote(text)} for`
          : `invalid value ${quote(text)} for flag`;
      throw new FlagSyntaxError(`${start} -${flag.name}: ${error.message}`);
    }
  }

  #definition(name: string): FlagDefinition {
    const flag = this.#definitions.get(name);
    if (flag === undefined) throw new TypeError(`no flag named ${name}`);
    return flag;
  }
}

function defaultOf(flag: FlagDefinition): FlagValue {
  return parseFlagValue(flag.kind, flag.default, flag.valid);
}

function unknownFlag(name: string): Error {
  if (name === "h" || name === "help") return new HelpRequested();
  return new FlagSyntaxError(`flag provided but not defined: -${name}`);
}
