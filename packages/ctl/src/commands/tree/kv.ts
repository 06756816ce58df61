/** The key-value commands, as the command line knows them. */
import type { CommandSpec, FlagSpec } from "../../grammar/command-spec.ts";

const group = "Key-value commands";
const CONSISTENCY: FlagSpec = {
  name: "consistency",
  kind: "string",
  default: "l",
  usage: "Linearizable(l) or Serializable(s)",
  choices: ["l", "s"],
};

export const PUT: CommandSpec = {
  name: "put",
  use: "put [options] <key> <value> (<value> can also be given from stdin)",
  short: "Puts the given key into the store",
  long: `
Puts the given key into the store.

When <value> begins with '-', <value> is interpreted as a flag.
Insert '--' for workaround:

$ put <key> -- <value>
$ put -- <key> <value>

If <value> isn't given as a command line argument and '--ignore-value' is not specified,
this command tries to read the value from standard input.

If <lease> isn't given as a command line argument and '--ignore-lease' is not specified,
this command tries to read the value from standard input.

For example,
$ cat file | put <key>
will store the content of the file to <key>.
`,
  group,
  hot: true,
  flags: [
    {
      name: "lease",
      kind: "string",
      default: "0",
      usage: "lease ID (in hexadecimal) to attach to the key",
    },
    {
      name: "prev-kv",
      kind: "bool",
      usage: "return the previous key-value pair before modification",
    },
    { name: "ignore-value", kind: "bool", usage: "updates the key using its current value" },
    { name: "ignore-lease", kind: "bool", usage: "updates the key using its current lease" },
  ],
  load: async () => (await import("../put.ts")).put,
};

export const GET: CommandSpec = {
  name: "get",
  use: "get [options] <key> [range_end]",
  short: "Gets the key or a range of keys",
  group,
  hot: true,
  flags: [
    CONSISTENCY,
    {
      name: "order",
      kind: "string",
      usage: "Order of results; ASCEND or DESCEND (ASCEND by default)",
      choices: ["ASCEND", "DESCEND"],
    },
    {
      name: "sort-by",
      kind: "string",
      usage: "Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION",
      choices: ["CREATE", "KEY", "MODIFY", "VALUE", "VERSION"],
    },
    { name: "limit", kind: "int", usage: "Maximum number of results" },
    { name: "prefix", kind: "bool", usage: "Get keys with matching prefix" },
    {
      name: "from-key",
      kind: "bool",
      usage: "Get keys that are greater than or equal to the given key using byte compare",
    },
    { name: "rev", kind: "int", usage: "Specify the kv revision" },
    { name: "keys-only", kind: "bool", usage: "Get only the keys" },
    { name: "count-only", kind: "bool", usage: "Get only the count" },
    {
      name: "print-value-only",
      kind: "bool",
      usage: 'Only write values when using the "simple" output format',
    },
    { name: "min-create-rev", kind: "int", usage: "Minimum create revision" },
    { name: "max-create-rev", kind: "int", usage: "Maximum create revision" },
    { name: "min-mod-rev", kind: "int", usage: "Minimum modification revision" },
    { name: "max-mod-rev", kind: "int", usage: "Maximum modification revision" },
    { name: "stream", kind: "bool", usage: "Use the RangeStream RPC" },
  ],
  load: async () => (await import("../get.ts")).get,
};

export const DEL: CommandSpec = {
  name: "del",
  use: "del [options] <key> [range_end]",
  short: "Removes the specified key or range of keys [key, range_end)",
  group,
  hot: true,
  flags: [
    { name: "prefix", kind: "bool", usage: "delete keys with matching prefix" },
    { name: "prev-kv", kind: "bool", usage: "return deleted key-value pairs" },
    {
      name: "from-key",
      kind: "bool",
      usage: "delete keys that are greater than or equal to the given key using byte compare",
    },
    { name: "range", kind: "bool", usage: "delete range of keys" },
  ],
  load: async () => (await import("../del.ts")).del,
};

const txn: CommandSpec = {
  name: "txn",
  use: "txn [options]",
  short: "Txn processes all the requests in one transaction",
  long: `Txn reads multiple etcd requests from standard input and applies them as a single atomic transaction.

A transaction consists of three components:
1) a list of conditions,
2) a list of requests to apply if all the conditions are true,
3) a list of requests to apply if any condition is false.

Example interactive stdin usage:

---
kvorumctl txn -i
# compares:
mod("key1") > "0"

# success requests (get, put, delete):
put key1 "overwrote-key1"

# failure requests (get, put, delete):
put key1 "created-key1"
put key2 "some extra key"
---

Refer to https://github.com/etcd-io/etcd/blob/main/etcdctl/README.md#txn-options.`,
  group,
  flags: [
    {
      name: "interactive",
      shorthand: "i",
      kind: "bool",
      usage: "Input transaction in interactive mode",
    },
  ],
  load: async () => (await import("../txn.ts")).txn,
};

const compaction: CommandSpec = {
  name: "compaction",
  use: "compaction [options] <revision>",
  short: "Compacts the event history in etcd",
  group,
  flags: [
    {
      name: "physical",
      kind: "bool",
      usage: "'true' to wait for compaction to physically remove all old revisions",
    },
  ],
  load: async () => (await import("../compaction.ts")).compaction,
};

export const WATCH: CommandSpec = {
  name: "watch",
  use: "watch [options] [key or prefix] [range_end] [--] [exec-command arg1 arg2 ...]",
  short: "Watches events stream on keys or prefixes",
  group,
  flags: [
    { name: "interactive", shorthand: "i", kind: "bool", usage: "Interactive mode" },
    { name: "prefix", kind: "bool", usage: "Watch on a prefix if prefix is set" },
    { name: "rev", kind: "int", usage: "Revision to start watching" },
    {
      name: "prev-kv",
      kind: "bool",
      usage: "get the previous key-value pair before the event happens",
    },
    {
      name: "progress-notify",
      kind: "bool",
      usage: "get periodic watch progress notification from server",
    },
    {
      name: "live",
      kind: "bool",
      usage: "show the keys with a prefix in a table that follows their changes (terminals only)",
    },
  ],
  load: async () => (await import("../watch.ts")).watch,
};

const lease: CommandSpec = {
  name: "lease",
  use: "lease <subcommand>",
  short: "Lease related commands. Use `kvorumctl lease --help` to see subcommands",
  long: "Lease related commands",
  group,
  commands: [
    {
      name: "grant",
      use: "grant <ttl>",
      short: "Creates leases",
      load: async () => (await import("../lease.ts")).leaseGrant,
    },
    {
      name: "revoke",
      use: "revoke <leaseID>",
      short: "Revokes leases",
      load: async () => (await import("../lease.ts")).leaseRevoke,
    },
    {
      name: "timetolive",
      use: "timetolive <leaseID> [options]",
      short: "Get lease information",
      flags: [{ name: "keys", kind: "bool", usage: "Get keys attached to this lease" }],
      load: async () => (await import("../lease.ts")).leaseTimeToLive,
    },
    {
      name: "list",
      use: "list",
      short: "List all active leases",
      load: async () => (await import("../lease.ts")).leaseList,
    },
    {
      name: "keep-alive",
      use: "keep-alive [options] <leaseID>",
      short: "Keeps leases alive (renew)",
      flags: [
        {
          name: "once",
          kind: "bool",
          usage: "Resets the keep-alive time to its original value and cobrautl.Exits immediately",
        },
      ],
      load: async () => (await import("../lease.ts")).leaseKeepAlive,
    },
  ],
};

export const KV_COMMANDS: Readonly<
  Record<"get" | "put" | "del" | "txn" | "compaction" | "watch" | "lease", CommandSpec>
> = { get: GET, put: PUT, del: DEL, txn, compaction, watch: WATCH, lease };
