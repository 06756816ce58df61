import { type FlagSection, idle, planned, works } from "./definition.ts";
import { describeGates } from "../feature-gates.ts";

const STORAGE_AND_NAMES: FlagSection = {
  title: "Member",
  flags: [
    works("name", "string", "default", "Name of this member, for humans."),
    works("data-dir", "string", "", "Directory that holds everything this member keeps.", {
      shownDefault: "${name}.etcd",
    }),
    works("wal-dir", "string", "", "Directory of the write-ahead log, when not in data-dir."),
    works("snapshot-count", "uint", "10000", "Applied entries between two Raft snapshots."),
    works(
      "snapshot-catchup-entries",
      "uint",
      "5000",
      "Entries kept behind a Raft snapshot for followers that are slow.",
    ),
    works("heartbeat-interval", "uint", "100", "Milliseconds between the leader's heartbeats."),
    works(
      "election-timeout",
      "uint",
      "1000",
      "Milliseconds without a leader before an election; at least 5 heartbeats.",
    ),
    idle(
      "initial-election-tick-advance",
      "bool",
      "true",
      "Shorten the first election timeout after the start.",
    ),
    works("quota-backend-bytes", "int", "0", "Database size at which writes stop. 0 is 2 GiB."),
    planned("memory-mlock", "bool", "false", "Keep the database's pages in memory."),
    idle("max-snapshots", "uint", "5", "Snapshot files to keep. Deprecated.", {
      deprecation: "--max-snapshots is deprecated in 3.6 and will be decommissioned in 3.8.",
    }),
    planned("max-wals", "uint", "5", "Write-ahead log files to keep."),
    idle("backend-bbolt-freelist-type", "string", "", "Of the bbolt engine, which is not used."),
    planned("backend-batch-interval", "duration", "0s", "Longest wait before a checkpoint."),
    planned("backend-batch-limit", "int", "0", "Most changes before a checkpoint."),
    works(
      "feature-gates",
      "gates",
      "",
      `Gates to set, as A=true,B=false. Known gates:\n${describeGates().join("\n")}`,
    ),
  ],
};

const LISTENERS: FlagSection = {
  title: "Listeners and limits",
  flags: [
    works("listen-peer-urls", "urls", "http://localhost:2380", "Where to listen for members."),
    works("listen-client-urls", "urls", "http://localhost:2379", "Where to listen for clients."),
    planned("listen-client-http-urls", "urls", "", "Where to serve HTTP apart from gRPC."),
    works("max-txn-ops", "uint", "128", "Most operations in one transaction."),
    works("max-request-bytes", "uint", "1572864", "Largest request that is accepted, in bytes."),
    works(
      "max-concurrent-streams",
      "uint32",
      "4294967295",
      "Most streams that one client connection may hold open.",
    ),
    works(
      "grpc-keepalive-min-time",
      "duration",
      "5s",
      "Shortest time between two pings that a client may send.",
    ),
    works(
      "grpc-keepalive-interval",
      "duration",
      "2h",
      "Time between the server's pings on a quiet connection; 0 for none.",
    ),
    works(
      "grpc-keepalive-timeout",
      "duration",
      "20s",
      "Time for a ping's answer before the connection is closed.",
    ),
    planned("socket-reuse-port", "bool", "false", "Set SO_REUSEPORT on listeners."),
    planned("socket-reuse-address", "bool", "false", "Set SO_REUSEADDR on listeners."),
    planned("enable-grpc-gateway", "bool", "true", "Serve the JSON gateway."),
    planned("raft-read-timeout", "duration", "5s", "Longest silence on a peer connection."),
    planned("raft-write-timeout", "duration", "5s", "Longest write on a peer connection."),
  ],
};

export const MEMBER_FLAGS: readonly FlagSection[] = [STORAGE_AND_NAMES, LISTENERS];
