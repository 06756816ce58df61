/** Typed values of flags: how their text is read, and how a command gets at them. */
import { parseDuration } from "../go/duration.ts";
import { type Parsed, parseBool, parseInt64, parseUint64, toSafeNumber } from "../go/strconv.ts";
import type { FlagKind, FlagSpec, FlagValue } from "./command-spec.ts";

const ZERO: Readonly<Record<FlagKind, FlagValue>> = {
  bool: false,
  string: "",
  strings: [],
  int: 0,
  uint: 0n,
  duration: 0,
};

export function defaultOf(flag: FlagSpec): FlagValue {
  return flag.default ?? ZERO[flag.kind];
}

export function isDefaultZero(flag: FlagSpec): boolean {
  const value = defaultOf(flag);
  return Array.isArray(value) ? value.length === 0 : value === ZERO[flag.kind];
}

/** One record of comma-separated values; a field may stand in double quotes. */
function parseList(text: string): Parsed<readonly string[]> {
  if (text === "") return { value: [] };
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  let last = ",";
  while (last === ",") {
    const found = field.exec(text);
    if (found === null) {
      const column = text.indexOf('"', field.lastIndex) + 1;
      return { error: `parse error on line 1, column ${column}: bare " in non-quoted-field` };
    }
    fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? "");
    last = found[3] ?? "";
  }
  return { value: fields };
}

/** Reads a flag's text; the error is Go's. */
export function parseFlagValue(kind: FlagKind, text: string): Parsed<FlagValue> {
  switch (kind) {
    case "bool":
      return parseBool(text);
    case "string":
      return { value: text };
    case "strings":
      return parseList(text);
    case "int": {
      const parsed = parseInt64(text, 0);
      return parsed.error === undefined ? { value: toSafeNumber(parsed.value) } : parsed;
    }
    case "uint":
      return parseUint64(text, 0);
    case "duration": {
      const parsed = parseDuration(text);
      return parsed.error === undefined ? { value: parsed.nanoseconds } : parsed;
    }
  }
}

/** The flags of one invocation. Asking for a flag that the command does not have is an error. */
export class FlagValues {
  readonly #values: ReadonlyMap<string, FlagValue>;
  readonly #changed: ReadonlySet<string>;

  constructor(values: ReadonlyMap<string, FlagValue>, changed: ReadonlySet<string>) {
    this.#values = values;
    this.#changed = changed;
  }

  /** Whether the flag was given, on the command line or by the environment. */
  changed(name: string): boolean {
    return this.#changed.has(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  bool(name: string): boolean {
    return this.#get(name) === true;
  }

  string(name: string): string {
    return String(this.#get(name));
  }

  strings(name: string): readonly string[] {
    const value = this.#get(name);
    return Array.isArray(value) ? (value as readonly string[]) : [];
  }

  number(name: string): number {
    return Number(this.#get(name));
  }

  bigint(name: string): bigint {
    return BigInt(this.#get(name) as bigint | number);
  }

  /** The value as Go prints it. */
  text(name: string): string {
    const value = this.#get(name);
    return Array.isArray(value) ? `[${value.join(",")}]` : String(value);
  }

  /** A copy in which the given flags have been set. */
  with(more: ReadonlyMap<string, FlagValue>): FlagValues {
    const changed = new Set([...this.#changed, ...more.keys()]);
    return new FlagValues(new Map([...this.#values, ...more]), changed);
  }

  #get(name: string): FlagValue {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`the command has no flag --${name}`);
    return value;
  }
}
