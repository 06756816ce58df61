import { NO_LIMIT } from "../../messages.ts";
import { firstId } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import { describeEntries } from "../describe.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `raft-log <id>`: prints the stable log. */
export function raftLog(env: InteractionEnv, command: ScriptCommand): void {
  const { storage } = env.node(firstId(command));
  const first = storage.firstIndex();
  const last = storage.lastIndex();
  if (last < first) {
    env.write(`log is empty: first index=${first}, last index=${last}`);
  } else {
    env.write(describeEntries(storage.entries(first, last + 1, NO_LIMIT)));
  }
}
