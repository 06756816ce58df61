import { nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `report-unreachable <id> <unreachable id>` */
export function reportUnreachable(env: InteractionEnv, command: ScriptCommand): void {
  const [id, unreachable] = nodeIds(command);
  env.node(id!).raw.reportUnreachable(unreachable!);
}
