import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `log-level none`: log lines are not compared, so only "none", silence, makes a difference. */
export function logLevel(env: InteractionEnv, command: ScriptCommand): void {
  env.quiet = command.args[0]!.key.toLowerCase() === "none";
}
