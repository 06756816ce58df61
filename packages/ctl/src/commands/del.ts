import { setTimeout as pause } from "node:timers/promises";
import { DeleteRangeRequest } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { quote } from "../go/quote.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import type { Host } from "../host.ts";
import { fromKey, type KeyRange, oneKey, rangeOf, withPrefix } from "../key-range.ts";
import { badArguments, ONE_ARGUMENT, ONE_OR_OTHER } from "./arguments.ts";

/** Time to think again before a range is deleted that was not asked for by `--range`. */
const SECOND_THOUGHTS_MS = 2_000;

async function warn(host: Host, from: string, to: string): Promise<void> {
  host.err(
    `Warning: Keys between ${quote(from)} and ${quote(to)} will be deleted. ` +
      "Please interrupt the command within next 2 seconds to cancel. " +
      "You can provide `--range` flag to avoid the delay.\n",
  );
  await pause(SECOND_THOUGHTS_MS);
}

function keyRange(args: readonly string[], flags: FlagValues): KeyRange {
  const [key = "", end] = args;
  if (flags.bool("prefix")) return withPrefix(key);
  if (flags.bool("from-key")) return fromKey(key);
  return end === undefined ? oneKey(key) : rangeOf(key, end);
}

/** The request of `del`, on the command line or in a transaction. */
export async function deleteRequest(
  args: readonly string[],
  flags: FlagValues,
  host: Host,
): Promise<DeleteRangeRequest> {
  const [key, end] = args;
  if (key === undefined || args.length > 2) {
    throw badArguments(
      "del command needs one argument as key and an optional argument as range_end",
    );
  }
  const [prefix, from] = [flags.bool("prefix"), flags.bool("from-key")];
  if (prefix && from) throw badArguments(ONE_OR_OTHER);
  if (end !== undefined) {
    if (prefix || from) throw badArguments(ONE_ARGUMENT);
    if (!flags.bool("range")) await warn(host, key, end);
  }
  return DeleteRangeRequest.create({ ...keyRange(args, flags), prevKv: flags.bool("prev-kv") });
}

export const del: Command = async ({ args, flags, host, session }) => {
  const request = await deleteRequest(args, flags, host);
  const { client, call } = await session();
  const response = await call((options) => client.kv.deleteRange(request, options));
  return { kind: "del", response };
};
