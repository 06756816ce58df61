import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `tick-election <id>`: lets an election timeout pass (not necessarily the randomized one). */
export function tickElection(env: InteractionEnv, command: ScriptCommand): void {
  const node = env.node(firstId(command));
  tick(env, command, node.config.electionTick);
}

/** `tick-heartbeat <id>` */
export function tickHeartbeat(env: InteractionEnv, command: ScriptCommand): void {
  const node = env.node(firstId(command));
  tick(env, command, node.config.heartbeatTick);
}

function tick(env: InteractionEnv, command: ScriptCommand, count: number): void {
  for (let i = 0; i < count; i++) {
    env.node(firstId(command)).raw.tick();
  }
}
