import type { Config } from "../../config.ts";
import { NO_LIMIT, type Snapshot } from "../../messages.ts";
import { firstId, value, values } from "../command-args.ts";
import type { ScriptCommand } from "../datadriven.ts";
import type { InteractionEnv } from "../interaction-env.ts";

/** `add-nodes <count> voters=(1,2,3) learners=(4) index=2 content=foo async-storage-writes=true` */
export function addNodes(env: InteractionEnv, command: ScriptCommand): void {
  const index = Number(value(command, "index") ?? 0);
  const snapshot: Snapshot = {
    metadata: {
      index,
      term: index > 0 ? 1 : 0,
      confState: {
        voters: values(command, "voters").map(BigInt),
        learners: values(command, "learners").map(BigInt),
        votersOutgoing: [],
        learnersNext: [],
        autoLeave: false,
      },
    },
    data: Buffer.from(value(command, "content") ?? ""),
  };
  env.addNodes(Number(firstId(command)), configOf(command, index), snapshot);
}

function configOf(
  command: ScriptCommand,
  applied: number,
): Omit<Config, "id" | "storage" | "random"> {
  const isOn = (key: string): boolean => value(command, key) === "true";
  const leaseBased = value(command, "read-only") === "lease-based";
  return {
    electionTick: 3,
    heartbeatTick: 1,
    applied,
    maxInflightMsgs: Number(value(command, "inflight") ?? 0x7fff_ffff),
    maxCommittedSizePerReady: Number(value(command, "max-committed-size-per-ready") ?? NO_LIMIT),
    asyncStorageWrites: isOn("async-storage-writes"),
    preVote: isOn("prevote"),
    checkQuorum: isOn("checkquorum"),
    disableConfChangeValidation: isOn("disable-conf-change-validation"),
    readOnlyOption: leaseBased ? "ReadOnlyLeaseBased" : "ReadOnlySafe",
    stepDownOnRemoval: isOn("step-down-on-removal"),
  };
}
