/** The rows that the simple and the table format share. */
import type { Member, StatusResponse } from "@kvorum/proto";
import { humanizeBytes } from "../go/humanize.ts";
import type { FileHash, ReportOf, SnapshotStatus } from "../report.ts";

export interface Rows {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** An id as etcd's tools write it in text. */
export const hexId = (id: bigint): string => BigInt.asUintN(64, id).toString(16);

function memberRow(member: Member): string[] {
  return [
    hexId(member.ID),
    member.name === "" ? "unstarted" : "started",
    member.name,
    member.peerURLs.join(","),
    member.clientURLs.join(","),
    String(member.isLearner),
  ];
}

export function memberListRows(members: readonly Member[]): Rows {
  const header = ["ID", "Status", "Name", "Peer Addrs", "Client Addrs", "Is Learner"];
  return { header, rows: members.map(memberRow) };
}

export function endpointHealthRows({ items }: ReportOf<"endpointHealth">): Rows {
  const rows = items.map((item) => [item.endpoint, String(item.health), item.took, item.error]);
  return { header: ["endpoint", "health", "took", "error"], rows };
}

const STATUS_HEADER = [
  "endpoint",
  "ID",
  "version",
  "storage version",
  "db size",
  "in use",
  "percentage not in use",
  "quota",
  "is leader",
  "is learner",
  "raft term",
  "raft index",
  "raft applied index",
  "errors",
  "downgrade target version",
  "downgrade enabled",
];

function percentageFree(status: StatusResponse): number {
  if (status.dbSize === 0) return 0;
  return 100 - Math.floor((status.dbSizeInUse * 100) / status.dbSize);
}

function statusRow(endpoint: string, status: StatusResponse): string[] {
  const memberId = status.header?.memberId ?? 0n;
  return [
    endpoint,
    hexId(memberId),
    status.version,
    status.storageVersion,
    humanizeBytes(status.dbSize),
    humanizeBytes(status.dbSizeInUse),
    `${percentageFree(status)}%`,
    humanizeBytes(status.dbSizeQuota),
    String(status.leader === memberId),
    String(status.isLearner),
    String(status.raftTerm),
    String(status.raftIndex),
    String(status.raftAppliedIndex),
    status.errors.join(", "),
    status.downgradeInfo?.targetVersion ?? "",
    String(status.downgradeInfo?.enabled ?? false),
  ];
}

export function endpointStatusRows({ items }: ReportOf<"endpointStatus">): Rows {
  const rows = items.map(({ endpoint, response }) => statusRow(endpoint, response));
  return { header: STATUS_HEADER, rows };
}

export function endpointHashKvRows({ items }: ReportOf<"endpointHashKv">): Rows {
  const rows = items.map(({ endpoint, response }) => [
    endpoint,
    String(response.hash),
    String(response.hashRevision),
  ]);
  return { header: ["endpoint", "hash", "hash_revision"], rows };
}

export function snapshotStatusRows(status: SnapshotStatus): Rows {
  const row = [
    status.hash.toString(16),
    String(status.revision),
    String(status.totalKey),
    humanizeBytes(status.totalSize),
    status.version,
  ];
  return { header: ["hash", "revision", "total keys", "total size", "version"], rows: [row] };
}

export function fileHashRows({ hash, hashRevision, compactRevision }: FileHash): Rows {
  const rows = [[hash, hashRevision, compactRevision].map(String)];
  return { header: ["hash", "hash revision", "compact revision"], rows };
}
