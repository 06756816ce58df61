import { value } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `transfer-leadership from=1 to=4` */
export function transferLeadership(env: InteractionEnv, command: ScriptCommand): void {
  const from = BigInt(value(command, "from")!);
  env.node(from).raw.transferLeader(BigInt(value(command, "to")!));
}
