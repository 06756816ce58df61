import type { EtcdError } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { CtlError } from "../ctl-error.ts";
import { ExitCode } from "../exit-codes.ts";
import { parseInt64, toSafeNumber } from "../go/strconv.ts";
import { badArguments, leaseIdArgument, parsedOr } from "./arguments.ts";
import { errorText } from "../error-text.ts";

/** The only argument there is, or an error. */
function only(args: readonly string[], message: string): string {
  const [argument] = args;
  if (argument === undefined || args.length !== 1) throw badArguments(message);
  return argument;
}

async function orFail<T>(promise: Promise<T>, exitCode: number, text = "%s"): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    const message = errorText(error);
    throw new CtlError(
      exitCode,
      text.replace("%s", () => message),
      { cause: error },
    );
  }
}

export const leaseGrant: Command = async ({ args, session }) => {
  const text = only(args, "lease grant command needs TTL argument");
  const ttl = toSafeNumber(parsedOr(parseInt64(text, 10), "bad TTL (%s)"));
  const { client, call } = await session();
  const granted = call((options) => client.lease.grant({ TTL: ttl }, options));
  const response = await orFail(granted, ExitCode.error, "failed to grant lease (%s)");
  return { kind: "leaseGrant", response };
};

export const leaseRevoke: Command = async ({ args, session }) => {
  const id = leaseIdArgument(only(args, "lease revoke command needs 1 argument"));
  const { client, call } = await session();
  const revoked = call((options) => client.lease.revoke(id, options));
  const response = await orFail(revoked, ExitCode.error, "failed to revoke lease (%s)");
  return { kind: "leaseRevoke", id, response };
};

export const leaseTimeToLive: Command = async ({ args, flags, session }) => {
  const text = only(args, "lease timetolive command needs lease ID as argument");
  const { client, call } = await session();
  const request = { ID: leaseIdArgument(text), keys: flags.bool("keys") };
  const asked = call((options) => client.lease.timeToLive(request, options));
  const response = await orFail(asked, ExitCode.badConnection);
  return { kind: "leaseTimeToLive", response, keys: request.keys };
};

export const leaseList: Command = async ({ session }) => {
  const { client, call } = await session();
  const response = await orFail(
    call((options) => client.lease.leases(options)),
    ExitCode.badConnection,
  );
  return { kind: "leaseList", response };
};

export const leaseKeepAlive: Command = async ({ args, flags, session, print }) => {
  const id = leaseIdArgument(only(args, "lease keep-alive command needs lease ID as argument"));
  const { client, call } = await session();
  if (flags.bool("once")) {
    const beat = call((options) => client.lease.keepAliveOnce(id, options));
    const response = await orFail(beat, ExitCode.badConnection);
    return { kind: "leaseKeepAlive", response };
  }
  try {
    for await (const response of client.lease.keepAlive(id)) {
      await print({ kind: "leaseKeepAlive", response });
    }
  } catch (error) {
    if (!isLost(error)) throw error;
  }
  return { kind: "leaseLost", id };
};

function isLost(error: unknown): boolean {
  return (error as EtcdError).message === "etcdserver: requested lease not found";
}
