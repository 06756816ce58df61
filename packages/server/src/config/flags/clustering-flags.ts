import { type FlagSection, idle, planned, works } from "./definition.ts";

const CLUSTERING: FlagSection = {
  title: "Clustering",
  flags: [
    works(
      "initial-advertise-peer-urls",
      "urls",
      "http://localhost:2380",
      "Peer URLs of this member that the others are told.",
    ),
    works(
      "initial-cluster",
      "string",
      "default=http://localhost:2380",
      "Every member's peer URLs at the first start, as name=url,name=url.",
    ),
    works(
      "initial-cluster-state",
      "choice",
      "new",
      "'new' to found a cluster, 'existing' to join one. Of no meaning after the first start.",
      { valid: ["new", "existing"] },
    ),
    works(
      "initial-cluster-token",
      "string",
      "etcd-cluster",
      "Keeps clusters apart that were founded with the same URLs.",
    ),
    works(
      "advertise-client-urls",
      "urls",
      "http://localhost:2379",
      "Client URLs of this member that clients are told.",
    ),
    works(
      "strict-reconfig-check",
      "bool",
      "true",
      "Refuse membership changes that would cost the quorum.",
    ),
    works("pre-vote", "bool", "true", "Ask around before an election is called."),
    works("max-learners", "int", "1", "Most learners that the cluster may have."),
    works("auto-compaction-mode", "string", "periodic", "'periodic' or 'revision'."),
    works(
      "auto-compaction-retention",
      "string",
      "0",
      "History to keep: hours or a duration, or a count of revisions. 0 keeps all.",
    ),
    idle("v2-deprecation", "choices", "write-only", "Has no effect. Deprecated.", {
      valid: ["write-only", "write-only-skip-check", "write-only-drop-data", "gone"],
      deprecation:
        "--v2-deprecation is deprecated and scheduled for removal in v3.8. " +
        "The default value is enforced, ignoring user input.",
    }),
  ],
};

const DISCOVERY: FlagSection = {
  title: "Discovery",
  flags: [
    planned("discovery-token", "string", "", "Token of the cluster to be founded."),
    planned("discovery-endpoints", "strings", "", "Endpoints of the discovery service."),
    planned("discovery-dial-timeout", "duration", "2s", "Longest wait for a connection."),
    planned("discovery-request-timeout", "duration", "5s", "Longest wait for an answer."),
    planned("discovery-keepalive-time", "duration", "2s", "Time between pings."),
    planned("discovery-keepalive-timeout", "duration", "6s", "Longest wait for a ping's answer."),
    planned("discovery-insecure-transport", "bool", "true", "Connect without TLS."),
    planned("discovery-insecure-skip-tls-verify", "bool", "false", "Trust any certificate."),
    planned("discovery-cert", "string", "", "Client certificate file."),
    planned("discovery-key", "string", "", "Client key file."),
    planned("discovery-cacert", "string", "", "File of trusted authorities."),
    planned("discovery-user", "string", "", "User, as name or name:password."),
    planned("discovery-password", "string", "", "Password of the user."),
    works("discovery-fallback", "choice", "exit", "What to do when discovery fails: 'exit'.", {
      valid: ["exit", "proxy"],
    }),
    planned("discovery-srv", "string", "", "DNS domain whose SRV records list the members."),
    planned("discovery-srv-name", "string", "", "Suffix of the SRV service name."),
  ],
};

export const CLUSTERING_FLAGS: readonly FlagSection[] = [CLUSTERING, DISCOVERY];
