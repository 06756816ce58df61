import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `forget-leader <id>` */
export function forgetLeader(env: InteractionEnv, command: ScriptCommand): void {
  env.node(firstId(command)).raw.forgetLeader();
}
