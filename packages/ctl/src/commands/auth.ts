import { Auth, EtcdError, EtcdErrors } from "@kvorum/proto";
import type { CallOptions, Client } from "@kvorum/proto/client";
import type { Command } from "../command.ts";
import { badArguments } from "./arguments.ts";

const ROOT = "root";

function noArguments(args: readonly string[], command: string): void {
  if (args.length === 0) return;
  throw badArguments(`auth ${command} command does not accept any arguments`);
}

export const authStatus: Command = async ({ args, session }) => {
  noArguments(args, "status");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.authStatus, {}, options));
  return { kind: "authStatus", response };
};

/** Makes the role root, and gives it to the user root, where that is what is missing. */
async function enable(client: Client, options: CallOptions): Promise<void> {
  try {
    await client.call(Auth.authEnable, {}, options);
  } catch (error) {
    if (!(error instanceof EtcdError && error.is(EtcdErrors.rootRoleNotExist))) throw error;
    await client.call(Auth.roleAdd, { name: ROOT }, options);
    await client.call(Auth.userGrantRole, { user: ROOT, role: ROOT }, options);
    await client.call(Auth.authEnable, {}, options);
  }
}

export const authEnable: Command = async ({ args, host, session }) => {
  noArguments(args, "enable");
  const { client, call } = await session();
  await call((options) => enable(client, options));
  host.out("Authentication Enabled\n");
  return undefined;
};

export const authDisable: Command = async ({ args, host, session }) => {
  noArguments(args, "disable");
  const { client, call } = await session();
  await call((options) => client.call(Auth.authDisable, {}, options));
  host.out("Authentication Disabled\n");
  return undefined;
};
