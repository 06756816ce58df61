/** The commands about users, roles and passwords, as the command line knows them. */
import type { CommandSpec, FlagSpec } from "../../grammar/command-spec.ts";

const group = "Authentication commands";

const auth: CommandSpec = {
  name: "auth",
  use: "auth <enable or disable>",
  short: "Enable or disable authentication. Use `kvorumctl auth --help` to see subcommands",
  long: "Enable or disable authentication",
  group,
  commands: [
    {
      name: "enable",
      use: "enable",
      short: "Enables authentication",
      load: async () => (await import("../auth.ts")).authEnable,
    },
    {
      name: "disable",
      use: "disable",
      short: "Disables authentication",
      load: async () => (await import("../auth.ts")).authDisable,
    },
    {
      name: "status",
      use: "status",
      short: "Returns authentication status",
      load: async () => (await import("../auth.ts")).authStatus,
    },
  ],
};

const user: CommandSpec = {
  name: "user",
  use: "user <subcommand>",
  short: "User related commands. Use `kvorumctl user --help` to see subcommands",
  long: "User related commands",
  group,
  commands: [
    {
      name: "add",
      use: "add <user name or user:password> [options]",
      short: "Adds a new user",
      flags: [
        {
          name: "interactive",
          kind: "bool",
          default: true,
          usage: "Read password from stdin instead of interactive terminal",
        },
        {
          name: "new-user-password",
          kind: "string",
          usage: "Supply password from the command line flag",
        },
        {
          name: "no-password",
          kind: "bool",
          usage: "Create a user without password (CN based auth only)",
        },
      ],
      load: async () => (await import("../user.ts")).userAdd,
    },
    {
      name: "delete",
      use: "delete <user name>",
      short: "Deletes a user",
      load: async () => (await import("../user.ts")).userDelete,
    },
    {
      name: "get",
      use: "get <user name> [options]",
      short: "Gets detailed information of a user",
      flags: [
        {
          name: "detail",
          kind: "bool",
          usage: "Show permissions of roles granted to the user",
        },
      ],
      load: async () => (await import("../user.ts")).userGet,
    },
    {
      name: "list",
      use: "list",
      short: "Lists all users",
      load: async () => (await import("../user.ts")).userList,
    },
    {
      name: "passwd",
      use: "passwd <user name> [options]",
      short: "Changes password of user",
      flags: [
        {
          name: "interactive",
          kind: "bool",
          default: true,
          usage: "If true, read password from stdin instead of interactive terminal",
        },
      ],
      load: async () => (await import("../user.ts")).userPasswd,
    },
    {
      name: "grant-role",
      use: "grant-role <user name> <role name>",
      short: "Grants a role to a user",
      load: async () => (await import("../user.ts")).userGrantRole,
    },
    {
      name: "revoke-role",
      use: "revoke-role <user name> <role name>",
      short: "Revokes a role from a user",
      load: async () => (await import("../user.ts")).userRevokeRole,
    },
  ],
};

const rangeFlags = (verb: string): FlagSpec[] => [
  { name: "prefix", kind: "bool", usage: `${verb} a prefix permission` },
  {
    name: "from-key",
    kind: "bool",
    usage: `${verb} a permission of keys that are greater than or equal to the given key using byte compare`,
  },
];

const role: CommandSpec = {
  name: "role",
  use: "role <subcommand>",
  short: "Role related commands. Use `kvorumctl role --help` to see subcommands",
  long: "Role related commands",
  group,
  commands: [
    {
      name: "add",
      use: "add <role name>",
      short: "Adds a new role",
      load: async () => (await import("../role.ts")).roleAdd,
    },
    {
      name: "delete",
      use: "delete <role name>",
      short: "Deletes a role",
      load: async () => (await import("../role.ts")).roleDelete,
    },
    {
      name: "get",
      use: "get <role name>",
      short: "Gets detailed information of a role",
      load: async () => (await import("../role.ts")).roleGet,
    },
    {
      name: "list",
      use: "list",
      short: "Lists all roles",
      load: async () => (await import("../role.ts")).roleList,
    },
    {
      name: "grant-permission",
      use: "grant-permission [options] <role name> <permission type> <key> [endkey]",
      short: "Grants a key to a role",
      flags: rangeFlags("grant"),
      load: async () => (await import("../role.ts")).roleGrantPermission,
    },
    {
      name: "revoke-permission",
      use: "revoke-permission <role name> <key> [endkey]",
      short: "Revokes a key from a role",
      flags: rangeFlags("revoke"),
      load: async () => (await import("../role.ts")).roleRevokePermission,
    },
  ],
};

export const AUTHENTICATION_COMMANDS: Readonly<Record<"auth" | "user" | "role", CommandSpec>> = {
  auth,
  user,
  role,
};
