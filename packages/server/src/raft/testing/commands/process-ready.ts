import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD } from "../../messages.ts";
import type { Ready } from "../../ready.ts";
import { nodeIds } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeReady } from "../describe.ts";
import type { InteractionEnv, TestNode } from "../interaction-env.ts";
import { appendToStorage } from "./process-append-thread.ts";
import { applyEntries } from "./process-apply-thread.ts";

/** `process-ready <id>…` */
export function processReady(env: InteractionEnv, command: ScriptCommand): void {
  const ids = nodeIds(command);
  for (const id of ids) {
    if (ids.length > 1) {
      env.writeLine(`> ${id} handling Ready`);
      env.indented(() => handleReady(env, env.node(id)));
    } else {
      handleReady(env, env.node(id));
    }
  }
}

export function handleReady(env: InteractionEnv, node: TestNode): void {
  const ready = node.raw.ready();
  env.write(describeReady(ready));
  if (node.config.asyncStorageWrites !== true) {
    appendToStorage(node, ready.hardState, ready.entries, ready.snapshot);
    applyEntries(node, ready.committedEntries);
  }
  dispatch(env, node, ready);
  if (node.config.asyncStorageWrites !== true) {
    node.raw.advance();
  }
}

function dispatch(env: InteractionEnv, node: TestNode, ready: Ready): void {
  for (const message of ready.messages) {
    switch (message.to) {
      case LOCAL_APPEND_THREAD:
        node.appendWork.push(message);
        break;
      case LOCAL_APPLY_THREAD:
        node.applyWork.push(message);
        break;
      default:
        env.messages.push(message);
    }
  }
}
