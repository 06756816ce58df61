import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `propose <id> <data>` */
export function propose(env: InteractionEnv, command: ScriptCommand): void {
  env.node(firstId(command)).raw.propose([Buffer.from(command.args[1]!.key)]);
}
