import { Auth, UserAddOptions } from "@kvorum/proto";
import type { Command } from "../command.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import type { Host } from "../host.ts";
import { askPasswords } from "../password.ts";
import { StdinLines } from "../stdin-lines.ts";
import { badArguments } from "./arguments.ts";

function userName(args: readonly string[], command: string): string {
  const [name] = args;
  if (name !== undefined && args.length === 1) return name;
  throw badArguments(`user ${command} command requires user name as its argument`);
}

/** The new password of a user, asked for twice; or the first word of the input. */
async function newPassword(host: Host, flags: FlagValues, name: string): Promise<string> {
  if (!flags.bool("interactive")) {
    const line = await new StdinLines(host.stdin).next();
    return line?.trim().split(/\s/)[0] ?? "";
  }
  const questions = [`Password of ${name}: `, `Type password of ${name} again for confirmation: `];
  const [password = "", again] = await askPasswords(host, questions);
  if (password === "") throw badArguments("empty password");
  if (password !== again) throw badArguments("given passwords are different");
  return password;
}

interface NewUser {
  readonly name: string;
  readonly password: string;
}

async function newUser(host: Host, flags: FlagValues, argument: string): Promise<NewUser> {
  if (flags.bool("no-password")) return { name: argument, password: "" };
  const given = flags.string("new-user-password");
  if (given !== "") return { name: argument, password: given };
  const colon = argument.indexOf(":");
  if (colon < 0) return { name: argument, password: await newPassword(host, flags, argument) };
  if (colon === 0) throw badArguments("empty user name is not allowed");
  return { name: argument.slice(0, colon), password: argument.slice(colon + 1) };
}

export const userAdd: Command = async ({ args, flags, host, session }) => {
  const user = await newUser(host, flags, userName(args, "add"));
  const options = UserAddOptions.create({ noPassword: flags.bool("no-password") });
  const { client, call } = await session();
  const response = await call((limits) => client.call(Auth.userAdd, { ...user, options }, limits));
  return { kind: "authChange", text: `User ${user.name} created`, response };
};

export const userDelete: Command = async ({ args, session }) => {
  const name = userName(args, "delete");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.userDelete, { name }, options));
  return { kind: "authChange", text: `User ${name} deleted`, response };
};

export const userGet: Command = async ({ args, flags, host, session, print }) => {
  const name = userName(args, "get");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.userGet, { name }, options));
  if (!flags.bool("detail")) return { kind: "userGet", name, response };
  host.out(`User: ${name}\n`);
  for (const role of response.roles) {
    const permissions = await call((options) => client.call(Auth.roleGet, { role }, options));
    host.out("\n");
    await print({ kind: "roleGet", role, response: permissions });
  }
  return undefined;
};

export const userList: Command = async ({ args, session }) => {
  if (args.length !== 0) throw badArguments("user list command requires no arguments");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.userList, {}, options));
  return { kind: "userList", response };
};

export const userPasswd: Command = async ({ args, flags, host, session }) => {
  const name = userName(args, "passwd");
  const password = await newPassword(host, flags, name);
  const { client, call } = await session();
  const response = await call((options) =>
    client.call(Auth.userChangePassword, { name, password }, options),
  );
  return { kind: "authChange", text: "Password updated", response };
};

function userAndRole(args: readonly string[], command: string): [string, string] {
  const [user, role] = args;
  if (user !== undefined && role !== undefined && args.length === 2) return [user, role];
  throw badArguments(`user ${command} requires user name and role name as its argument`);
}

export const userGrantRole: Command = async ({ args, session }) => {
  const [user, role] = userAndRole(args, "grant command");
  const { client, call } = await session();
  const response = await call((options) =>
    client.call(Auth.userGrantRole, { user, role }, options),
  );
  return { kind: "authChange", text: `Role ${role} is granted to user ${user}`, response };
};

export const userRevokeRole: Command = async ({ args, session }) => {
  const [name, role] = userAndRole(args, "revoke-role");
  const { client, call } = await session();
  const response = await call((options) =>
    client.call(Auth.userRevokeRole, { name, role }, options),
  );
  return { kind: "authChange", text: `Role ${role} is revoked from user ${name}`, response };
};
