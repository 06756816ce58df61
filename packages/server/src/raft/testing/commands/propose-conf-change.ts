import type { AnyConfChange } from "../../confchange/conf-change.ts";
import { type ConfChangeTransition, EMPTY_BYTES } from "../../messages.ts";
import { firstId, value } from "../command-args.ts";
import { parseConfChanges } from "../conf-changes.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

const TRANSITIONS: ReadonlyMap<string, ConfChangeTransition> = new Map([
  ["auto", "ConfChangeTransitionAuto"],
  ["implicit", "ConfChangeTransitionJointImplicit"],
  ["explicit", "ConfChangeTransitionJointExplicit"],
]);

/** `propose-conf-change <id> v1=true transition=explicit`, with the changes as input. */
export function proposeConfChange(env: InteractionEnv, command: ScriptCommand): void {
  env.node(firstId(command)).raw.proposeConfChange(changeOf(command));
}

function changeOf(command: ScriptCommand): AnyConfChange {
  const changes = parseConfChanges(command.input);
  if (value(command, "v1") === "true") {
    return { ...changes[0]!, context: EMPTY_BYTES, id: 0n };
  }
  const transition = TRANSITIONS.get(value(command, "transition") ?? "auto")!;
  return { transition, changes, context: EMPTY_BYTES };
}
