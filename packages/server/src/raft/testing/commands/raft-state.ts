import { isVoter } from "../../quorum/joint.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `raft-state`: prints every member's role, in its own view. */
export function raftState(env: InteractionEnv, _command: ScriptCommand): void {
  for (const { raw } of env.nodes) {
    const { id, raftState: state, term, lead, config } = raw.status();
    const role = isVoter(config.voters, id) ? "(Voter)" : "(Non-Voter)";
    env.writeLine(`${id}: ${state} ${role} Term:${term} Lead:${lead}`);
  }
}
