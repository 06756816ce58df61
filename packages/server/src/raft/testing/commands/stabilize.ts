import { nodeIds, value } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv, TestNode } from "../interaction-env.ts";
import { deliver, hasMessages, takeMessages } from "./deliver-msgs.ts";
import { processAppendWork } from "./process-append-thread.ts";
import { processApplyWork } from "./process-apply-thread.ts";
import { handleReady } from "./process-ready.ts";

/** `stabilize <id>… log-level=none`: lets the members, or all, work until nothing is left to do. */
export function stabilize(env: InteractionEnv, command: ScriptCommand): void {
  const ids = nodeIds(command);
  const nodes = ids.length === 0 ? env.nodes : ids.map((id) => env.node(id));
  const wasQuiet = env.quiet;
  const level = value(command, "log-level");
  if (level !== undefined) {
    env.quiet = level.toLowerCase() === "none";
  }
  while (stabilizeOnce(env, nodes)) {}
  env.quiet = wasQuiet;
}

function stabilizeOnce(env: InteractionEnv, nodes: readonly TestNode[]): boolean {
  let worked = false;
  const round = (title: string, hasWork: (node: TestNode) => boolean, work: Work): void => {
    for (const node of nodes) {
      if (hasWork(node)) {
        env.writeLine(`> ${node.id} ${title}`);
        work(node);
        worked = true;
      }
    }
  };
  round(
    "handling Ready",
    (node) => node.raw.hasReady(),
    (node) => env.indented(() => handleReady(env, node)),
  );
  round(
    "receiving messages",
    (node) => hasMessages(env, node.id),
    (node) => env.indented(() => deliver(env, takeMessages(env, node.id, undefined, false))),
  );
  round(
    "processing append thread",
    (node) => node.appendWork.length > 0,
    (node) => drain(env, node.appendWork, () => processAppendWork(env, node)),
  );
  round(
    "processing apply thread",
    (node) => node.applyWork.length > 0,
    (node) => drain(env, node.applyWork, () => processApplyWork(env, node)),
  );
  return worked;
}

type Work = (node: TestNode) => void;

function drain(env: InteractionEnv, queue: readonly unknown[], work: () => void): void {
  while (queue.length > 0) {
    env.indented(work);
  }
}
