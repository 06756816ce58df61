import { Auth, Permission, Permission_Type } from "@kvorum/proto";
import type { Command } from "../command.ts";
import { fromBytes } from "../go/byte-string.ts";
import type { FlagValues } from "../grammar/flag-values.ts";
import { fromKey, type KeyRange, oneKey, rangeOf, withPrefix } from "../key-range.ts";
import { badArguments } from "./arguments.ts";

function roleName(args: readonly string[], command: string): string {
  const [role] = args;
  if (role !== undefined && args.length === 1) return role;
  throw badArguments(`role ${command} command requires role name as its argument`);
}

export const roleAdd: Command = async ({ args, session }) => {
  const name = roleName(args, "add");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.roleAdd, { name }, options));
  return { kind: "authChange", text: `Role ${name} created`, response };
};

export const roleDelete: Command = async ({ args, session }) => {
  const role = roleName(args, "delete");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.roleDelete, { role }, options));
  return { kind: "authChange", text: `Role ${role} deleted`, response };
};

export const roleGet: Command = async ({ args, session }) => {
  const role = roleName(args, "get");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.roleGet, { role }, options));
  return { kind: "roleGet", role, response };
};

export const roleList: Command = async ({ args, session }) => {
  if (args.length !== 0) throw badArguments("role list command requires no arguments");
  const { client, call } = await session();
  const response = await call((options) => client.call(Auth.roleList, {}, options));
  return { kind: "roleList", response };
};

const BOTH = "--from-key and --prefix flags are mutually exclusive";

/** A single empty key is written as a zero byte: permissions know no empty key. */
function permissionRange([key = "", end]: readonly string[], flags: FlagValues): KeyRange {
  const [prefix, from] = [flags.bool("prefix"), flags.bool("from-key")];
  if (prefix && from && (end === undefined || key === "")) throw badArguments(BOTH);
  if (key === "") return prefix || from ? fromKey("") : oneKey("\0");
  if (end !== undefined) {
    if (prefix) throw badArguments("unexpected endkey argument with --prefix flag");
    if (from) throw badArguments("unexpected endkey argument with --from-key flag");
    return rangeOf(key, end);
  }
  if (prefix) return withPrefix(key);
  return from ? fromKey(key) : oneKey(key);
}

export const roleGrantPermission: Command = async ({ args, flags, session }) => {
  const [name, typeName = "", ...keys] = args;
  if (name === undefined || keys.length === 0) {
    throw badArguments(
      "role grant command requires role name, permission type, and key [endkey] as its argument",
    );
  }
  const types: Readonly<Record<string, number>> = Permission_Type;
  const permType = types[typeName.toUpperCase()];
  if (permType === undefined) throw badArguments(`invalid permission type: ${typeName}`);
  const perm = Permission.create({ permType, ...permissionRange(keys, flags) });
  const { client, call } = await session();
  const response = await call((options) =>
    client.call(Auth.roleGrantPermission, { name, perm }, options),
  );
  return { kind: "authChange", text: `Role ${name} updated`, response };
};

function revokedText(role: string, key: string, rangeEnd: Uint8Array): string {
  const end = fromBytes(rangeEnd);
  if (end === "") return `Permission of key ${key} is revoked from role ${role}`;
  const range = end === "\0" ? `[${key}, <open ended>` : `[${key}, ${end})`;
  return `Permission of range ${range} is revoked from role ${role}`;
}

export const roleRevokePermission: Command = async ({ args, flags, session }) => {
  const [role, key, ...more] = args;
  if (role === undefined || key === undefined) {
    throw badArguments(
      "role revoke-permission command requires role name and key [endkey] as its argument",
    );
  }
  const range = permissionRange([key, ...more], flags);
  const { client, call } = await session();
  const response = await call((options) =>
    client.call(Auth.roleRevokePermission, { role, ...range }, options),
  );
  return { kind: "authChange", text: revokedText(role, key, range.rangeEnd), response };
};
