import { formatProgress } from "../../tracker/progress.ts";
import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `status <id>`: prints what the member, if it leads, knows of the others. */
export function status(env: InteractionEnv, command: ScriptCommand): void {
  const { raw } = env.node(firstId(command));
  if (raw.basicStatus().raftState !== "StateLeader") {
    return;
  }
  for (const progress of raw.raft.tracker.ordered) {
    env.writeLine(`${progress.id}: ${formatProgress(progress)}`);
  }
}
