import { firstId, nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";
import { raftLog } from "./raft-log.ts";

/** `compact <id> <index>`: forgets the log up to and including the index, and prints the rest. */
export function compact(env: InteractionEnv, command: ScriptCommand): void {
  const [, index] = nodeIds(command);
  env.node(firstId(command)).storage.compact(Number(index));
  raftLog(env, command);
}
