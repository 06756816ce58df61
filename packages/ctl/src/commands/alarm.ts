import { AlarmRequest_AlarmAction, AlarmResponse } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { badArguments } from "./arguments.ts";

export const alarmList: Command = async ({ args, session }) => {
  if (args.length !== 0) throw badArguments("alarm list command accepts no arguments");
  const { client, call } = await session();
  const response = await call((options) => client.maintenance.alarm({}, options));
  return { kind: "alarm", response };
};

/** Takes back every alarm there is, one by one, so that the answer names them all. */
export const alarmDisarm: Command = async ({ args, session }) => {
  if (args.length !== 0) throw badArguments("alarm disarm command accepts no arguments");
  const { client, call } = await session();
  const response = await call(async (options) => {
    const raised = await client.maintenance.alarm({}, options);
    const disarmed = AlarmResponse.create();
    for (const { memberID, alarm } of raised.alarms) {
      const action = AlarmRequest_AlarmAction.DEACTIVATE;
      const answer = await client.maintenance.alarm({ action, memberID, alarm }, options);
      disarmed.alarms.push(...answer.alarms);
    }
    return disarmed;
  });
  return { kind: "alarm", response };
};
