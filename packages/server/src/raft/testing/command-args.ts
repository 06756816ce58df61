import type { ScriptCommand } from "./datadriven.ts";

/** Ids among the arguments: those without a value. */
export function nodeIds(command: ScriptCommand): bigint[] {
  return command.args.filter(({ values }) => values.length === 0).map(({ key }) => BigInt(key));
}

export function firstId(command: ScriptCommand): bigint {
  return BigInt(command.args[0]!.key);
}

export function values(command: ScriptCommand, key: string): string[] {
  return command.args.find((arg) => arg.key === key)?.values ?? [];
}

export function value(command: ScriptCommand, key: string): string | undefined {
  return values(command, key)[0];
}
