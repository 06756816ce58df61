import { CompactionRequest } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { parseInt64, toSafeNumber } from "../go/strconv.ts";
import { badArguments } from "./arguments.ts";

export const compaction: Command = async ({ args, flags, host, session }) => {
  const [text] = args;
  if (text === undefined || args.length !== 1) {
    throw badArguments("compaction command needs 1 argument");
  }
  const revision = parseInt64(text, 10);
  if (revision.error !== undefined) throw new CtlError(ExitCode.error, revision.error);
  const { client, call } = await session();
  const request = CompactionRequest.create({
    revision: toSafeNumber(revision.value),
    physical: flags.bool("physical"),
  });
  await call((options) => client.kv.compact(request, options));
  host.out(`compacted revision ${revision.value}\n`);
  return undefined;
};
