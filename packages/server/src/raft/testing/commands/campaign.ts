import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `campaign <id>` */
export function campaign(env: InteractionEnv, command: ScriptCommand): void {
  env.node(firstId(command)).raw.campaign();
}
