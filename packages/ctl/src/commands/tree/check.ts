/** The commands that try a cluster out or copy it, as the command line knows them. */
import type { CommandSpec, FlagSpec } from "../../grammar/command-spec.ts";

const group = "Utility commands";
const TXN_OPS = 128n;
const LOADS = ["small", "medium", "large", "xLarge"];

const AFTERWARDS: readonly FlagSpec[] = [
  {
    name: "auto-compact",
    kind: "bool",
    usage: "Compact storage with last revision after test is finished.",
  },
  {
    name: "auto-defrag",
    kind: "bool",
    usage: "Defragment storage after test is finished.",
  },
];

const perf: CommandSpec = {
  name: "perf",
  use: "perf [options]",
  short: "Check the performance of the etcd cluster",
  flags: [
    {
      name: "load",
      kind: "string",
      default: "s",
      usage:
        "The performance check's workload model. Accepted workloads: s(small), m(medium), l(large), xl(xLarge). Different workload models use different configurations in terms of number of clients and expected throughput.",
      choices: LOADS,
    },
    {
      name: "prefix",
      kind: "string",
      default: "/etcdctl-check-perf/",
      usage: "The prefix for writing the performance check's keys.",
    },
    ...AFTERWARDS,
  ],
  load: async () => (await import("../check-perf.ts")).checkPerf,
};

const datascale: CommandSpec = {
  name: "datascale",
  use: "datascale [options]",
  short:
    "Check the memory usage of holding data for different workloads on a given server endpoint.",
  long: "If no endpoint is provided, localhost will be used. If multiple endpoints are provided, first endpoint will be used.",
  flags: [
    {
      name: "load",
      kind: "string",
      default: "s",
      usage:
        "The datascale check's workload model. Accepted workloads: s(small), m(medium), l(large), xl(xLarge)",
      choices: LOADS,
    },
    {
      name: "prefix",
      kind: "string",
      default: "/etcdctl-check-datascale/",
      usage: "The prefix for writing the datascale check's keys.",
    },
    ...AFTERWARDS,
  ],
  load: async () => (await import("../check-datascale.ts")).checkDatascale,
};

const check: CommandSpec = {
  name: "check",
  use: "check <subcommand>",
  short:
    "commands for checking properties of the etcd cluster. Use `kvorumctl check --help` to see subcommands",
  long: "commands for checking properties of the etcd cluster",
  group,
  commands: [perf, datascale],
};

const makeMirror: CommandSpec = {
  name: "make-mirror",
  use: "make-mirror [options] <destination>",
  short: "Makes a mirror at the destination etcd cluster",
  group,
  flags: [
    { name: "prefix", kind: "string", usage: "Key-value prefix to mirror" },
    { name: "rev", kind: "int", usage: "Specify the kv revision to start to mirror" },
    {
      name: "max-txn-ops",
      kind: "uint",
      default: TXN_OPS,
      usage: "Maximum number of operations permitted in a transaction during syncing updates.",
    },
    {
      name: "dest-prefix",
      kind: "string",
      usage:
        "destination prefix to mirror a prefix to a different prefix in the destination cluster",
    },
    {
      name: "no-dest-prefix",
      kind: "bool",
      usage: "mirror key-values to the root of the destination cluster",
    },
    {
      name: "dest-cert",
      kind: "string",
      usage: "Identify secure client using this TLS certificate file for the destination cluster",
    },
    {
      name: "dest-key",
      kind: "string",
      usage: "Identify secure client using this TLS key file",
    },
    {
      name: "dest-cacert",
      kind: "string",
      usage: "Verify certificates of TLS enabled secure servers using this CA bundle",
    },
    {
      name: "dest-insecure-transport",
      kind: "bool",
      default: true,
      usage: "Disable transport security for client connections",
    },
    {
      name: "dest-user",
      kind: "string",
      usage:
        "Destination username[:password] for authentication (prompt if password is not supplied)",
    },
    {
      name: "dest-password",
      kind: "string",
      usage:
        "Destination password for authentication (if this option is used, --user option shouldn't include password)",
    },
  ],
  load: async () => (await import("../make-mirror.ts")).makeMirror,
};

export const CHECK_COMMANDS: Readonly<Record<"check" | "makeMirror", CommandSpec>> = {
  check,
  makeMirror,
};
