import { decodeConfChange } from "../../codec.ts";
import type { ConfState, Entry } from "../../messages.ts";
import { nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeMessage } from "../describe.ts";
import type { InteractionEnv, TestNode } from "../interaction-env.ts";

/** `process-apply-thread <id>…`: does one piece of work of each member's apply thread. */
export function processApplyThread(env: InteractionEnv, command: ScriptCommand): void {
  const ids = nodeIds(command);
  for (const id of ids) {
    if (ids.length > 1) {
      env.writeLine(`> ${id} processing apply thread`);
      env.indented(() => processApplyWork(env, env.node(id)));
    } else {
      processApplyWork(env, env.node(id));
    }
  }
}

export function processApplyWork(env: InteractionEnv, node: TestNode): void {
  const message = node.applyWork.shift();
  if (message === undefined) {
    env.write("no apply work to perform");
    return;
  }
  const { entries, responses } = message;
  message.responses = [];
  env.writeLine(`Processing:\n${describeMessage(message)}`);
  applyEntries(node, entries);
  env.writeLine("Responses:");
  for (const response of responses) {
    env.writeLine(describeMessage(response));
  }
  env.messages.push(...responses);
}

/** The state machine appends every payload to what it has; each state becomes a snapshot. */
export function applyEntries(node: TestNode, entries: readonly Entry[]): void {
  const { history } = node.storage;
  for (const entry of entries) {
    const latest = history.at(-1)!;
    const { update, confState } = applyEntry(node, entry);
    history.push({
      metadata: {
        index: entry.index,
        term: entry.term,
        confState: confState ?? latest.metadata.confState,
      },
      data: Buffer.concat([latest.data, update]),
    });
  }
}

function applyEntry(
  { raw }: TestNode,
  entry: Entry,
): { update: Uint8Array; confState: ConfState | undefined } {
  if (entry.type === "EntryNormal") {
    return { update: entry.data, confState: undefined };
  }
  const change = decodeConfChange(entry);
  return { update: change.context, confState: raw.applyConfChange(change) };
}
