/** The commands that look after the cluster, as the command line knows them. */
import type { CommandSpec, FlagSpec } from "../../grammar/command-spec.ts";
import { SNAPSHOT } from "./snapshot.ts";

const group = "Cluster maintenance commands";
const CLUSTER: FlagSpec = {
  name: "cluster",
  kind: "bool",
  usage: "use all endpoints from the cluster member list",
};

const alarm: CommandSpec = {
  name: "alarm",
  use: "alarm <subcommand>",
  short: "Alarm related commands. Use `kvorumctl alarm --help` to see subcommands",
  long: "Alarm related commands",
  group,
  commands: [
    {
      name: "disarm",
      use: "disarm",
      short: "Disarms all alarms",
      load: async () => (await import("../alarm.ts")).alarmDisarm,
    },
    {
      name: "list",
      use: "list",
      short: "Lists all alarms",
      load: async () => (await import("../alarm.ts")).alarmList,
    },
  ],
};

const defrag: CommandSpec = {
  name: "defrag",
  use: "defrag",
  short: "Defragments the storage of the etcd members with given endpoints",
  group,
  persistentFlags: [CLUSTER],
  load: async () => (await import("../defrag.ts")).defrag,
};

const endpoint: CommandSpec = {
  name: "endpoint",
  use: "endpoint <subcommand>",
  short: "Endpoint related commands. Use `kvorumctl endpoint --help` to see subcommands",
  long: "Endpoint related commands",
  group,
  persistentFlags: [CLUSTER],
  commands: [
    {
      name: "health",
      use: "health",
      short: "Checks the healthiness of endpoints specified in `--endpoints` flag",
      load: async () => (await import("../endpoint.ts")).endpointHealth,
    },
    {
      name: "status",
      use: "status",
      short: "Prints out the status of endpoints specified in `--endpoints` flag",
      long: `When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.
The items in the lists are endpoint, ID, version, db size, is leader, is learner, raft term, raft index, raft applied index, errors.
`,
      load: async () => (await import("../endpoint.ts")).endpointStatus,
    },
    {
      name: "hashkv",
      use: "hashkv",
      short: "Prints the KV history hash for each endpoint in --endpoints",
      persistentFlags: [
        {
          name: "rev",
          kind: "int",
          usage: "maximum revision to hash (default: latest revision)",
        },
      ],
      load: async () => (await import("../endpoint.ts")).endpointHashKv,
    },
  ],
};

const moveLeader: CommandSpec = {
  name: "move-leader",
  use: "move-leader <transferee-member-id>",
  short: "Transfers leadership to another etcd cluster member.",
  group,
  load: async () => (await import("../move-leader.ts")).moveLeader,
};

const member: CommandSpec = {
  name: "member",
  use: "member <subcommand>",
  short: "Membership related commands. Use `kvorumctl member --help` to see subcommands",
  long: "Membership related commands",
  group,
  commands: [
    {
      name: "add",
      use: "add <memberName> [options]",
      short: "Adds a member into the cluster",
      flags: [
        {
          name: "peer-urls",
          kind: "string",
          usage: "comma separated peer URLs for the new member.",
        },
        {
          name: "learner",
          kind: "bool",
          usage: "indicates if the new member is raft learner",
        },
      ],
      load: async () => (await import("../member.ts")).memberAdd,
    },
    {
      name: "remove",
      use: "remove <memberID>",
      short: "Removes a member from the cluster",
      load: async () => (await import("../member.ts")).memberRemove,
    },
    {
      name: "update",
      use: "update <memberID> [options]",
      short: "Updates a member in the cluster",
      flags: [
        {
          name: "peer-urls",
          kind: "string",
          usage: "comma separated peer URLs for the updated member.",
        },
      ],
      load: async () => (await import("../member.ts")).memberUpdate,
    },
    {
      name: "list",
      use: "list",
      short: "Lists all members in the cluster",
      long: `When --write-out is set to simple, this command prints out comma-separated member lists for each endpoint.
The items in the lists are ID, Status, Name, Peer Addrs, Client Addrs, Is Learner.
`,
      flags: [
        {
          name: "consistency",
          kind: "string",
          default: "l",
          usage: "Linearizable(l) or Serializable(s)",
          choices: ["l", "s"],
        },
      ],
      load: async () => (await import("../member.ts")).memberList,
    },
    {
      name: "promote",
      use: "promote <memberID>",
      short: "Promotes a non-voting member in the cluster",
      long: "Promotes a non-voting learner member to a voting one in the cluster.\n",
      load: async () => (await import("../member.ts")).memberPromote,
    },
  ],
};

const downgrade: CommandSpec = {
  name: "downgrade",
  use: "downgrade <TARGET_VERSION>",
  short: "Downgrade related commands. Use `kvorumctl downgrade --help` to see subcommands",
  long: "Downgrade related commands",
  group,
  commands: [
    {
      name: "validate",
      use: "validate <TARGET_VERSION>",
      short: "Validate downgrade capability before starting downgrade",
      load: async () => (await import("../downgrade.ts")).downgradeValidate,
    },
    {
      name: "enable",
      use: "enable <TARGET_VERSION>",
      short: "Start a downgrade action to cluster",
      load: async () => (await import("../downgrade.ts")).downgradeEnable,
    },
    {
      name: "cancel",
      use: "cancel",
      short: "Cancel the ongoing downgrade action to cluster",
      load: async () => (await import("../downgrade.ts")).downgradeCancel,
    },
  ],
};

export const CLUSTER_COMMANDS: Readonly<
  Record<
    "alarm" | "defrag" | "endpoint" | "moveLeader" | "member" | "snapshot" | "downgrade",
    CommandSpec
  >
> = {
  alarm,
  defrag,
  endpoint,
  moveLeader,
  member,
  snapshot: SNAPSHOT,
  downgrade,
};
