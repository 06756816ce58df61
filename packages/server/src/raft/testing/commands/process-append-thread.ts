import { type Entry, type HardState, isEmptyHardState, type Snapshot } from "../../messages.ts";
import { nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeMessage } from "../describe.ts";
import type { InteractionEnv, TestNode } from "../interaction-env.ts";

/** `process-append-thread <id>…`: does one piece of work of each member's append thread. */
export function processAppendThread(env: InteractionEnv, command: ScriptCommand): void {
  const ids = nodeIds(command);
  for (const id of ids) {
    if (ids.length > 1) {
      env.writeLine(`> ${id} processing append thread`);
      env.indented(() => processAppendWork(env, env.node(id)));
    } else {
      processAppendWork(env, env.node(id));
    }
  }
}

export function processAppendWork(env: InteractionEnv, node: TestNode): void {
  const message = node.appendWork.shift();
  if (message === undefined) {
    env.write("no append work to perform");
    return;
  }
  const { term, vote, commit, entries, snapshot, responses } = message;
  message.responses = [];
  env.writeLine(`Processing:\n${describeMessage(message)}`);
  appendToStorage(node, { term, vote, commit }, entries, snapshot);
  env.writeLine("Responses:");
  for (const response of responses) {
    env.writeLine(describeMessage(response));
  }
  env.messages.push(...responses);
}

export function appendToStorage(
  { storage }: TestNode,
  hardState: HardState | undefined,
  entries: readonly Entry[],
  snapshot: Snapshot | undefined,
): void {
  if (hardState !== undefined && !isEmptyHardState(hardState)) {
    storage.setHardState(hardState);
  }
  if (snapshot === undefined) {
    storage.append(entries);
    return;
  }
  if (entries.length > 0) {
    throw new Error("can't apply snapshot and entries at the same time");
  }
  storage.applySnapshot(snapshot);
}
