/** Settings from `ETCD_…` variables. */
import type { FlagSet } from "./flags/flag-set.ts";
import type { FlagDefinition } from "./flags/definition.ts";
import { quote, ValueError } from "../lib/value-error.ts";
import type { ConfigNotice } from "./notice.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "ETCD_";

/** Variables with the prefix that are no settings. */
const SPECIAL: ReadonlySet<string> = new Set(["ETCD_UNSUPPORTED_ARCH", "ETCD_CONFIG_FILE"]);

export function environmentName(flag: string): string {
  return PREFIX + flag.toUpperCase().replaceAll("-", "_");
}

/** A flag and its variable are both given: neither wins, the server must not start. */
export class ShadowedVariableError extends Error {
  override readonly name = "ShadowedVariableError";
  readonly variable: string;

  constructor(variable: string) {
    super(
      "conflicting environment variable is shadowed by corresponding command-line flag " +
        "(either unset environment variable or disable flag))",
    );
    this.variable = variable;
  }
}

function shown(variable: string, value: string): string {
  return variable.includes("PASSWORD") ? "***" : value;
}

function setFrom(flags: FlagSet, name: string, variable: string, value: string): void {
  try {
    flags.set(name, value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ValueError(`invalid value ${quote(value)} for ${variable}: ${error.message}`);
  }
}

/** Sets every flag that a variable names. Throws `ValueError` or `ShadowedVariableError`. */
export function applyEnvironment(
  flags: FlagSet,
  definitions: ReadonlyMap<string, FlagDefinition>,
  environment: Environment,
): ConfigNotice[] {
  const notices: ConfigNotice[] = [];
  const fromCommandLine = new Set([...flags.setNames].map(environmentName));
  const known = new Set<string>();
  for (const name of [...definitions.keys()].sort()) {
    const variable = environmentName(name);
    known.add(variable);
    const value = environment[variable] ?? "";
    if (value === "" || SPECIAL.has(variable)) continue;
    if (fromCommandLine.has(variable)) throw new ShadowedVariableError(variable);
    setFrom(flags, name, variable, value);
    notices.push({
      level: "info",
      msg: "recognized and used environment variable",
      fields: { "variable-name": variable, "variable-value": shown(variable, value) },
    });
  }
  return [...notices, ...unrecognized(environment, known)];
}

function unrecognized(environment: Environment, known: ReadonlySet<string>): ConfigNotice[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.has(name) && !SPECIAL.has(name))
    .sort()
    .map((name) => ({
      level: "warn",
      msg: "unrecognized environment variable",
      fields: { "environment-variable": `${name}=${shown(name, environment[name] ?? "")}` },
    }));
}
