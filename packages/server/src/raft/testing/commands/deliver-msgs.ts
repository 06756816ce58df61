import { RaftError } from "../../errors.ts";
import { isLocalMessageTarget, type Message, type NodeId } from "../../messages.ts";
import { nodeIds, value, values } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeMessage } from "../describe.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `deliver-msgs <id>… type=MsgApp drop=(2,3)` */
export function deliverMsgs(env: InteractionEnv, command: ScriptCommand): void {
  const type = value(command, "type");
  let count = 0;
  for (const id of nodeIds(command)) {
    count += deliver(env, takeMessages(env, id, type, false));
  }
  for (const id of values(command, "drop").map(BigInt)) {
    const dropped = takeMessages(env, id, type, true);
    for (const message of dropped) {
      env.writeLine(`dropped: ${describeMessage(message)}`);
    }
    count += dropped.length;
  }
  if (count === 0) {
    env.writeLine("no messages");
  }
}

export function deliver(env: InteractionEnv, messages: readonly Message[]): number {
  for (const message of messages) {
    env.writeLine(describeMessage(message));
    try {
      env.node(message.to).raw.step(message);
    } catch (error) {
      if (!(error instanceof RaftError)) {
        throw error;
      }
      env.writeLine(error.message);
    }
  }
  return messages.length;
}

/** Takes what is in flight to a member, in order. A member's own storage loses nothing. */
export function takeMessages(
  env: InteractionEnv,
  to: NodeId,
  type: string | undefined,
  drop: boolean,
): Message[] {
  const isTaken = (message: Message): boolean =>
    message.to === to &&
    !(drop && isLocal(message)) &&
    (type === undefined || message.type === type);
  const taken = env.messages.filter(isTaken);
  env.messages = env.messages.filter((message) => !isTaken(message));
  return taken;
}

export function hasMessages(env: InteractionEnv, to: NodeId): boolean {
  return env.messages.some((message) => message.to === to);
}

function isLocal({ from, to }: Message): boolean {
  return from === to || isLocalMessageTarget(from) || isLocalMessageTarget(to);
}
