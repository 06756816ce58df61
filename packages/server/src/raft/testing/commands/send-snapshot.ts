import { createMessage } from "../../messages.ts";
import { nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeMessage } from "../describe.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `send-snapshot <from> <to>`: puts a MsgSnap in flight that the core knows nothing of. */
export function sendSnapshot(env: InteractionEnv, command: ScriptCommand): void {
  const [from, to] = nodeIds(command);
  const { raw, storage } = env.node(from!);
  const message = createMessage("MsgSnap", to!);
  message.from = from!;
  message.term = raw.basicStatus().term;
  message.snapshot = storage.snapshot();
  env.messages.push(message);
  env.write(describeMessage(message));
}
