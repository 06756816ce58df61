import { firstId, value } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `set-randomized-election-timeout <id> timeout=5` */
export function setRandomizedElectionTimeout(env: InteractionEnv, command: ScriptCommand): void {
  const ticks = Number(value(command, "timeout"));
  env.node(firstId(command)).raw.raft.randomizedElectionTimeout = ticks;
}
