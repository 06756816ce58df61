/**
 * ETCDCTL_* variables: each global flag can be set by one. A flag that is given both ways is an
 * error that ends the command, a variable that belongs to no flag is warned of.
 */
import type { FlagSpec, FlagValue } from "./command-spec.ts";
import { type FlagValues, parseFlagValue } from "./flag-values.ts";

const PREFIX = "ETCDCTL_";

export interface EnvironmentFlags {
  readonly values: ReadonlyMap<string, FlagValue>;
  /** The variable whose flag is given on the command line too. */
  readonly conflict?: string;
  /** Variables with the prefix that belong to no flag, as NAME=value. */
  readonly unrecognized: readonly string[];
}

export function variableOf(flag: string): string {
  return PREFIX + flag.toUpperCase().replaceAll("-", "_");
}

/**
 * `flags` are those that variables may set. A value that cannot be read is ignored, as etcdctl
 * does.
 */
export function flagsFromEnvironment(
  flags: readonly FlagSpec[],
  given: FlagValues,
  env: NodeJS.ProcessEnv,
): EnvironmentFlags {
  const values = new Map<string, FlagValue>();
  const used = new Set<string>();
  const shadowed = new Set<string>();
  for (const flag of flags) {
    const variable = variableOf(flag.name);
    const text = env[variable];
    if (given.changed(flag.name)) {
      shadowed.add(variable);
    } else if (text !== undefined && text !== "") {
      used.add(variable);
      const parsed = parseFlagValue(flag.kind, text);
      if (parsed.error === undefined) values.set(flag.name, parsed.value);
    }
  }
  const unrecognized: string[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (used.has(name)) continue;
    if (shadowed.has(name)) return { values, conflict: name, unrecognized };
    if (name.startsWith(PREFIX)) unrecognized.push(`${name}=${text}`);
  }
  return { values, unrecognized };
}
