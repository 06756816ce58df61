import { ConfChangeError } from "../confchange/conf-change-error.ts";
import { RaftError } from "../errors.ts";
import { addNodes } from "./commands/add-nodes.ts";
import { campaign } from "./commands/campaign.ts";
import { compact } from "./commands/compact.ts";
import { deliverMsgs } from "./commands/deliver-msgs.ts";
import { forgetLeader } from "./commands/forget-leader.ts";
import { logLevel } from "./commands/log-level.ts";
import { processAppendThread } from "./commands/process-append-thread.ts";
import { processApplyThread } from "./commands/process-apply-thread.ts";
import { processReady } from "./commands/process-ready.ts";
import { propose } from "./commands/propose.ts";
import { proposeConfChange } from "./commands/propose-conf-change.ts";
import { raftLog } from "./commands/raft-log.ts";
import { raftState } from "./commands/raft-state.ts";
import { reportUnreachable } from "./commands/report-unreachable.ts";
import { sendSnapshot } from "./commands/send-snapshot.ts";
import { setRandomizedElectionTimeout } from "./commands/set-randomized-election-timeout.ts";
import { stabilize } from "./commands/stabilize.ts";
import { status } from "./commands/status.ts";
import { tickElection, tickHeartbeat } from "./commands/tick.ts";
import { transferLeadership } from "./commands/transfer-leadership.ts";
import type { ScriptCommand } from "./datadriven.ts";
import { InteractionEnv } from "./interaction-env.ts";

type CommandHandler = (env: InteractionEnv, command: ScriptCommand) => void;

const COMMANDS: ReadonlyMap<string, CommandHandler> = new Map<string, CommandHandler>([
  ["add-nodes", addNodes],
  ["campaign", campaign],
  ["compact", compact],
  ["deliver-msgs", deliverMsgs],
  ["forget-leader", forgetLeader],
  ["log-level", logLevel],
  ["process-append-thread", processAppendThread],
  ["process-apply-thread", processApplyThread],
  ["process-ready", processReady],
  ["propose", propose],
  ["propose-conf-change", proposeConfChange],
  ["raft-log", raftLog],
  ["raft-state", raftState],
  ["report-unreachable", reportUnreachable],
  ["send-snapshot", sendSnapshot],
  ["set-randomized-election-timeout", setRandomizedElectionTimeout],
  ["stabilize", stabilize],
  ["status", status],
  ["tick-election", tickElection],
  ["tick-heartbeat", tickHeartbeat],
  ["transfer-leadership", transferLeadership],
]);

/** Begins an interaction script; the result handles its commands one after the other. */
export function startInteraction(): (command: ScriptCommand) => string {
  const env = new InteractionEnv();
  return (command) => {
    const handler = COMMANDS.get(command.name);
    if (handler === undefined) {
      throw new Error(`${command.position}: unknown command ${command.name}`);
    }
    const error = refusalOf(() => handler(env, command));
    const output = env.takeOutput() + error;
    return output === "" ? "ok" : output;
  };
}

/** Refused work is part of what a script expects; anything else is a failure of the test. */
function refusalOf(work: () => void): string {
  try {
    work();
    return "";
  } catch (error) {
    if (error instanceof RaftError || error instanceof ConfChangeError) {
      return error.message;
    }
    throw error;
  }
}
