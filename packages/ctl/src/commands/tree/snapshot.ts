/**
 * The snapshot commands: `save` is etcdctl's; `status` and `restore`, which work on files without a
 * server, are etcdutl's.
 */
import type { CommandSpec } from "../../grammar/command-spec.ts";

const EXAMPLE = `  # Save snapshot to a given file
  kvorumctl snapshot save /backup/etcd-snapshot.db
  
  # Get snapshot from given address and save it to file
  kvorumctl snapshot save --endpoints=127.0.0.1:3000 /backup/etcd-snapshot.db
  
  # Get snapshot from given address with certificates
  kvorumctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/etcd/ca.crt --cert=/etc/etcd/etcd.crt --key=/etc/etcd/etcd.key snapshot save /backup/etcd-snapshot.db
  
  # Get snapshot with certain user and password
  kvorumctl --user=root --password=password123 snapshot save /backup/etcd-snapshot.db
  
  # Get snapshot from given address with timeout
  kvorumctl --endpoints=https://127.0.0.1:2379 --dial-timeout=20s snapshot save /backup/etcd-snapshot.db
  
  # Save snapshot with desirable time format
  kvorumctl snapshot save /mnt/backup/etcd/backup_$(date +%Y%m%d_%H%M%S).db`;

const MEMORY_MAP_BYTES = 10_737_418_240n;

const restore: CommandSpec = {
  name: "restore",
  use: "restore <filename> --data-dir {output dir} [options]",
  short: "Restores an etcd member snapshot to an etcd directory",
  own: true,
  flags: [
    { name: "data-dir", kind: "string", usage: "Path to the output data directory" },
    {
      name: "wal-dir",
      kind: "string",
      usage: "Path to the WAL directory (use --data-dir if none given)",
    },
    {
      name: "initial-cluster",
      kind: "string",
      default: "default=http://localhost:2380",
      usage: "Initial cluster configuration for restore bootstrap",
    },
    {
      name: "initial-cluster-token",
      kind: "string",
      default: "etcd-cluster",
      usage: "Initial cluster token for the etcd cluster during restore bootstrap",
    },
    {
      name: "initial-advertise-peer-urls",
      kind: "string",
      default: "http://localhost:2380",
      usage: "List of this member's peer URLs to advertise to the rest of the cluster",
    },
    {
      name: "name",
      kind: "string",
      default: "default",
      usage: "Human-readable name for this member",
    },
    {
      name: "skip-hash-check",
      kind: "bool",
      usage: "Ignore snapshot integrity hash value (required if copied from data directory)",
    },
    {
      name: "initial-memory-map-size",
      kind: "uint",
      default: MEMORY_MAP_BYTES,
      usage:
        "Initial memory map size of the database in bytes. It uses the default value if not defined or defined to 0",
    },
    {
      name: "bump-revision",
      kind: "uint",
      usage: "How much to increase the latest revision after restore",
    },
    {
      name: "mark-compacted",
      kind: "bool",
      usage:
        "Mark the latest revision after restore as the point of scheduled compaction (required if --bump-revision > 0, disallowed otherwise)",
    },
  ],
  load: async () => (await import("../snapshot-restore.ts")).snapshotRestore,
};

/** etcdutl's `hashkv`. */
export const HASH_KV: CommandSpec = {
  name: "hashkv",
  use: "hashkv <filename>",
  short: "Prints the KV history hash of a given file",
  group: "Cluster maintenance commands",
  own: true,
  argumentRule: (args) =>
    args.length === 1 ? undefined : `accepts 1 arg(s), received ${args.length}`,
  flags: [
    { name: "rev", kind: "int", usage: "maximum revision to hash (default: latest revision)" },
  ],
  load: async () => (await import("../hash-kv.ts")).hashKv,
};

export const SNAPSHOT: CommandSpec = {
  name: "snapshot",
  use: "snapshot <subcommand>",
  short: "Manages etcd node snapshots",
  example: EXAMPLE,
  group: "Cluster maintenance commands",
  commands: [
    {
      name: "save",
      use: "save <filename>",
      short: "Stores an etcd node backend snapshot to a given file",
      example: EXAMPLE,
      load: async () => (await import("../snapshot-save.ts")).snapshotSave,
    },
    {
      name: "status",
      use: "status <filename>",
      short: "Gets backend snapshot status of a given file",
      long: `When --write-out is set to simple, this command prints out comma-separated status lists for each endpoint.
The items in the lists are hash, revision, total keys, total size.
`,
      own: true,
      load: async () => (await import("../snapshot-status.ts")).snapshotStatus,
    },
    restore,
  ],
};
