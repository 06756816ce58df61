/** The commands that make programs wait for each other, as the command line knows them. */
import type { CommandSpec } from "../../grammar/command-spec.ts";

const group = "Concurrency commands";
const LOCK_TTL_SECONDS = 10;

const elect: CommandSpec = {
  name: "elect",
  use: "elect <election-name> [proposal]",
  short: "Observes and participates in leader election",
  group,
  flags: [{ name: "listen", shorthand: "l", kind: "bool", usage: "observation mode" }],
  load: async () => (await import("../elect.ts")).elect,
};

const lock: CommandSpec = {
  name: "lock",
  use: "lock <lockname> [exec-command arg1 arg2 ...]",
  short: "Acquires a named lock",
  group,
  flags: [{ name: "ttl", kind: "int", default: LOCK_TTL_SECONDS, usage: "timeout for session" }],
  load: async () => (await import("../lock.ts")).lock,
};

export const CONCURRENCY_COMMANDS: Readonly<Record<"elect" | "lock", CommandSpec>> = {
  elect,
  lock,
};
