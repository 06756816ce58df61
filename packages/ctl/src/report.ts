/** What commands have to tell. They make reports; printers give them a form. */
import type {
  AlarmResponse,
  AuthRoleGetResponse,
  AuthRoleListResponse,
  AuthStatusResponse,
  AuthUserGetResponse,
  AuthUserListResponse,
  DeleteRangeResponse,
  DowngradeResponse,
  HashKVResponse,
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseLeasesResponse,
  LeaseRevokeResponse,
  LeaseTimeToLiveResponse,
  MemberAddResponse,
  MemberListResponse,
  MemberPromoteResponse,
  MemberRemoveResponse,
  MemberUpdateResponse,
  MoveLeaderResponse,
  PutResponse,
  RangeResponse,
  ResponseHeader,
  StatusResponse,
  TxnResponse,
  WatchResponse,
} from "@kvorum/proto";

export interface EndpointHealth {
  readonly endpoint: string;
  readonly health: boolean;
  /** As Go prints a duration; empty when nothing was asked. */
  readonly took: string;
  /** Empty when healthy. */
  readonly error: string;
}

/** What a snapshot file holds; sizes in bytes. */
export interface SnapshotStatus {
  readonly hash: number;
  readonly revision: number;
  readonly totalKey: number;
  readonly totalSize: number;
  /** The storage version; empty when the file has none. */
  readonly version: string;
}

/** HashKV of a snapshot file. */
export interface FileHash {
  readonly hash: number;
  readonly hashRevision: number;
  readonly compactRevision: number;
}

/** A change of users or roles; the response has nothing but its header. */
export interface AuthChange {
  readonly kind: "authChange";
  /** What has been done. */
  readonly text: string;
  readonly response: { readonly header: ResponseHeader | undefined };
}

export type Report =
  | { readonly kind: "get"; readonly response: RangeResponse; readonly valueOnly: boolean }
  | { readonly kind: "put"; readonly response: PutResponse }
  | { readonly kind: "del"; readonly response: DeleteRangeResponse }
  | { readonly kind: "txn"; readonly response: TxnResponse }
  | { readonly kind: "watch"; readonly response: WatchResponse }
  | { readonly kind: "leaseGrant"; readonly response: LeaseGrantResponse }
  | { readonly kind: "leaseRevoke"; readonly id: bigint; readonly response: LeaseRevokeResponse }
  | { readonly kind: "leaseKeepAlive"; readonly response: LeaseKeepAliveResponse }
  | {
      readonly kind: "leaseTimeToLive";
      readonly response: LeaseTimeToLiveResponse;
      readonly keys: boolean;
    }
  /** A lease that was kept alive is gone. */
  | { readonly kind: "leaseLost"; readonly id: bigint }
  | { readonly kind: "leaseList"; readonly response: LeaseLeasesResponse }
  | {
      readonly kind: "memberAdd";
      readonly response: MemberAddResponse;
      readonly name: string;
      readonly peerUrls: string;
    }
  | { readonly kind: "memberRemove"; readonly id: bigint; readonly response: MemberRemoveResponse }
  | { readonly kind: "memberUpdate"; readonly id: bigint; readonly response: MemberUpdateResponse }
  | {
      readonly kind: "memberPromote";
      readonly id: bigint;
      readonly response: MemberPromoteResponse;
    }
  | { readonly kind: "memberList"; readonly response: MemberListResponse }
  | { readonly kind: "endpointHealth"; readonly items: readonly EndpointHealth[] }
  | {
      readonly kind: "endpointStatus";
      readonly items: readonly { readonly endpoint: string; readonly response: StatusResponse }[];
    }
  | {
      readonly kind: "endpointHashKv";
      readonly items: readonly { readonly endpoint: string; readonly response: HashKVResponse }[];
    }
  | {
      readonly kind: "moveLeader";
      readonly from: bigint;
      readonly to: bigint;
      readonly response: MoveLeaderResponse;
    }
  | { readonly kind: "alarm"; readonly response: AlarmResponse }
  | {
      readonly kind: "downgrade";
      readonly action: "validate" | "enable" | "cancel";
      readonly response: DowngradeResponse;
    }
  | AuthChange
  | { readonly kind: "authStatus"; readonly response: AuthStatusResponse }
  | { readonly kind: "roleGet"; readonly role: string; readonly response: AuthRoleGetResponse }
  | { readonly kind: "roleList"; readonly response: AuthRoleListResponse }
  | { readonly kind: "userGet"; readonly name: string; readonly response: AuthUserGetResponse }
  | { readonly kind: "userList"; readonly response: AuthUserListResponse }
  | { readonly kind: "snapshotStatus"; readonly status: SnapshotStatus }
  | { readonly kind: "hashKv"; readonly hash: FileHash };

export type ReportKind = Report["kind"];
export type ReportOf<K extends ReportKind> = Extract<Report, { kind: K }>;
