import type { Command } from "../command.ts";
import { parseUint64 } from "../go/strconv.ts";
import { badArguments, parsedOr } from "./arguments.ts";

export const moveLeader: Command = async ({ args, session }) => {
  const [text] = args;
  if (text === undefined || args.length !== 1) {
    throw badArguments("move-leader command needs 1 argument");
  }
  const to = parsedOr(parseUint64(text, 16), "%s");
  const { client, call, endpoints } = await session();
  for (const endpoint of endpoints) {
    const status = await call((options) => client.maintenance.status(endpoint, options));
    const from = status.leader;
    if (status.header?.memberId !== from) continue;
    const response = await call((options) => client.maintenance.moveLeader(endpoint, to, options));
    return { kind: "moveLeader", from, to, response };
  }
  throw badArguments(`no leader endpoint given at [${endpoints.join(" ")}]`);
};
