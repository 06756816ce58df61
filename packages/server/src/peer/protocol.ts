/**
 * Names on the peer port: paths, headers, and what an answer's status means. Beside the Raft stream
 * (an HTTP upgrade) everything is plain HTTP, so that `curl` can look.
 */
export const PATHS = {
  stream: "/raft/stream",
  snapshot: "/raft/snapshot",
  members: "/members",
  /** Followed by the decimal member id. */
  promote: "/members/promote/",
  hashKV: "/members/hashkv",
  leases: "/leases",
  leasesInternal: "/leases/internal",
  version: "/version",
} as const;

export const STREAM_PROTOCOL = "kvorum-raft-1";

export const HEADERS = {
  clusterId: "x-etcd-cluster-id",
  /** Hexadecimal id of the member that sends. */
  from: "x-server-from",
  /** Hexadecimal id of the member that the sender believes it is talking to. */
  to: "x-raft-to",
  /** Peer URLs of the member that sends, separated by commas. */
  ownUrls: "x-peerurls",
} as const;

/** The receiver knows that the sender was removed from the cluster. */
export const STATUS_REMOVED = 410;
/** The receiver belongs to another cluster, or is another member. */
export const STATUS_MISMATCH = 412;

/** An idle stream carries a link heartbeat this often. */
export const LINK_HEARTBEAT_INTERVAL_MS = 1_000;
/** A stream silent for longer is taken for dead. */
export const STREAM_READ_TIMEOUT_MS = 5_000;
/** Unsent bytes on one stream beyond which messages are dropped; Raft sends anew what matters. */
export const STREAM_BUFFERED_BYTES_MAX: number = 64 * 1024 * 1024;
/** The message before a snapshot: a position and the ids of the members. */
export const SNAPSHOT_MESSAGE_BYTES_MAX: number = 1024 * 1024;
/** A connection has this long to say what it wants, */
export const HEAD_TIMEOUT_MS = 10_000;
/** a small request this long to be sent and answered, */
export const REQUEST_TIMEOUT_MS = 60_000;
/** and a snapshot may pause this long on its way: a sender that died must not stand in the way. */
export const SILENCE_MS = 30_000;
/** A connection is kept this long between requests by who answers, */
export const KEEP_ALIVE_MS = 5_000;
/** and less by who asks, so that no request meets the end of its connection. */
export const IDLE_CONNECTION_MS = 3_000;
/** Connections to the peer port; more are closed. */
export const CONNECTIONS_MAX = 1024;
/** A request body on the peer port, snapshots aside, is never longer. */
export const REQUEST_BYTES_MAX: number = 1024 * 1024;
