import { RangeResponse } from "@kvorum/proto";
import { Election, Session as LeaseSession } from "@kvorum/proto/client";
import type { Command, CommandContext } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { toBytes } from "../go/byte-string.ts";
import { type Interruption, onInterruption } from "../signals.ts";
import { badArguments } from "./arguments.ts";

interface Campaign {
  readonly election: Election;
  readonly lease: LeaseSession;
  readonly interruption: Interruption;
}

/** Tells every leader until a signal comes. */
async function observe(
  context: CommandContext,
  { election, interruption }: Campaign,
): Promise<void> {
  for await (const leader of election.observe({ signal: interruption.signal })) {
    const response = RangeResponse.create({ kvs: [leader] });
    await context.print({ kind: "get", response, valueOnly: false });
  }
  if (!interruption.signal.aborted) throw new CtlError(ExitCode.error, "elect: observer lost");
}

/** Leads until a signal comes, then lets the next one. */
async function campaign(
  context: CommandContext,
  { election, lease, interruption }: Campaign,
  proposal: string,
): Promise<void> {
  const { client, call } = await context.session();
  await election.campaign(toBytes(proposal), { signal: interruption.signal });
  const response = await call((options) => client.kv.range({ key: election.key }, options));
  await context.print({ kind: "get", response, valueOnly: false });
  await Promise.race([interruption.happened, lease.done]);
  if (!interruption.signal.aborted) throw new CtlError(ExitCode.error, "elect: session expired");
  await election.resign();
}

export const elect: Command = async (context) => {
  const { args, flags, session } = context;
  const [name, proposal] = args;
  if (name === undefined || args.length > 2) {
    throw badArguments("elect takes one election name argument and an optional proposal argument");
  }
  const { client, call } = await session();
  const isListening = flags.bool("listen");
  if (proposal === undefined && !isListening) {
    throw badArguments("no proposal argument but -l not set");
  }
  if (proposal !== undefined && isListening) throw badArguments("proposal given but -l is set");
  const lease = await call((options) => LeaseSession.create(client, options));
  const interruption = onInterruption();
  const parts = { lease, interruption, election: new Election(lease, toBytes(name)) };
  try {
    if (proposal === undefined) await observe(context, parts);
    else await campaign(context, parts, proposal);
  } finally {
    interruption.release();
    await lease.close();
  }
  return undefined;
};
