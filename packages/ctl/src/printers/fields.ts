/** One `"Name" : value` a line, for tools that read line by line. */
import {
  AlarmType,
  type DeleteRangeResponse,
  type KeyValue,
  type PutResponse,
  type RangeResponse,
  type ResponseHeader,
  type TxnResponse,
  type WatchResponse,
} from "@kvorum/proto";
import { quote } from "../go/quote.ts";
import type { ReportOf } from "../report.ts";
import type { Output } from "./output.ts";
import { createPrinter, type Printer } from "./printer.ts";
import { hexId } from "./rows.ts";

const PERMISSION_NAMES: readonly string[] = ["READ", "WRITE", "READWRITE"];

/** Prints the fields of messages; with `hex` ids and leases in hexadecimal. */
class FieldForms {
  readonly #hex: boolean;

  constructor(hex: boolean) {
    this.#hex = hex;
  }

  field(output: Output, name: string, value: string | number | bigint | boolean): void {
    output.line(`"${name}" : ${value}`);
  }

  /** A member's or a cluster's id. */
  id(output: Output, name: string, id: bigint): void {
    this.field(output, name, this.#hex ? hexId(id) : id);
  }

  leaseId(output: Output, name: string, id: bigint): void {
    this.field(output, name, this.#hex ? hexId(id).padStart(16, "0") : id);
  }

  /** The revision is left out where it means nothing. */
  header(output: Output, header: ResponseHeader | undefined): void {
    this.id(output, "ClusterID", header?.clusterId ?? 0n);
    this.id(output, "MemberID", header?.memberId ?? 0n);
    const revision = header?.revision ?? 0;
    if (revision > 0) this.field(output, "Revision", revision);
    this.field(output, "RaftTerm", header?.raftTerm ?? 0);
  }

  pair(output: Output, prefix: string, pair: KeyValue): void {
    this.field(output, `${prefix}Key`, quote(pair.key));
    this.field(output, `${prefix}CreateRevision`, pair.createRevision);
    this.field(output, `${prefix}ModRevision`, pair.modRevision);
    this.field(output, `${prefix}Version`, pair.version);
    this.field(output, `${prefix}Value`, quote(pair.value));
    this.leaseId(output, `${prefix}Lease`, pair.lease);
  }

  get(output: Output, response: RangeResponse): void {
    this.header(output, response.header);
    for (const pair of response.kvs) this.pair(output, "", pair);
    this.field(output, "More", response.more);
    this.field(output, "Count", response.count);
  }

  put(output: Output, response: PutResponse): void {
    this.header(output, response.header);
    if (response.prevKv !== undefined) this.pair(output, "Prev", response.prevKv);
  }

  del(output: Output, response: DeleteRangeResponse): void {
    this.header(output, response.header);
    this.field(output, "Deleted", response.deleted);
    for (const pair of response.prevKvs) this.pair(output, "Prev", pair);
  }

  txn(output: Output, response: TxnResponse): void {
    this.header(output, response.header);
    this.field(output, "Succeeded", response.succeeded);
    for (const operation of response.responses) {
      if (operation.responsePut !== undefined) this.put(output, operation.responsePut);
      else if (operation.responseRange !== undefined) this.get(output, operation.responseRange);
      else if (operation.responseDeleteRange !== undefined) {
        this.del(output, operation.responseDeleteRange);
      } else this.field(output, "Unknown", quote("<nil>"));
    }
  }

  watch(output: Output, response: WatchResponse): void {
    this.header(output, response.header);
    for (const event of response.events) {
      this.field(output, "Type", event.type === 0 ? "PUT" : "DELETE");
      if (event.prevKv !== undefined) this.pair(output, "Prev", event.prevKv);
      if (event.kv !== undefined) this.pair(output, "", event.kv);
    }
  }

  memberList(output: Output, { response }: ReportOf<"memberList">): void {
    this.header(output, response.header);
    for (const member of response.members) {
      this.id(output, "ID", member.ID);
      this.field(output, "Name", quote(member.name));
      for (const url of member.peerURLs) this.field(output, "PeerURL", quote(url));
      for (const url of member.clientURLs) this.field(output, "ClientURL", quote(url));
      this.field(output, "IsLearner", member.isLearner);
      output.line();
    }
  }

  health(output: Output, { items }: ReportOf<"endpointHealth">): void {
    for (const item of items) {
      this.field(output, "Endpoint", quote(item.endpoint));
      this.field(output, "Health", item.health);
      this.field(output, "Took", item.took);
      this.field(output, "Error", item.error);
      output.line();
    }
  }

  status(output: Output, { items }: ReportOf<"endpointStatus">): void {
    for (const { endpoint, response: status } of items) {
      this.header(output, status.header);
      this.field(output, "Version", quote(status.version));
      this.field(output, "StorageVersion", quote(status.storageVersion));
      this.field(output, "DBSize", status.dbSize);
      this.field(output, "DBSizeInUse", status.dbSizeInUse);
      this.field(output, "DBSizeQuota", status.dbSizeQuota);
      this.field(output, "Leader", status.leader);
      this.field(output, "IsLearner", status.isLearner);
      this.field(output, "RaftIndex", status.raftIndex);
      this.field(output, "RaftTerm", status.raftTerm);
      this.field(output, "RaftAppliedIndex", status.raftAppliedIndex);
      this.field(output, "Errors", `[${status.errors.join(" ")}]`);
      this.field(output, "Endpoint", quote(endpoint));
      const downgrade = status.downgradeInfo;
      this.field(output, "DowngradeTargetVersion", quote(downgrade?.targetVersion ?? ""));
      this.field(output, "DowngradeEnabled", downgrade?.enabled ?? false);
      output.line();
    }
  }

  hashKv(output: Output, { items }: ReportOf<"endpointHashKv">): void {
    for (const { endpoint, response } of items) {
      this.header(output, response.header);
      this.field(output, "Endpoint", quote(endpoint));
      this.field(output, "Hash", response.hash);
      this.field(output, "HashRevision", response.hashRevision);
      output.line();
    }
  }

  alarm(output: Output, { response }: ReportOf<"alarm">): void {
    this.header(output, response.header);
    for (const { memberID, alarm } of response.alarms) {
      this.id(output, "MemberID", memberID);
      const name = Object.entries(AlarmType).find(([, value]) => value === alarm)?.[0];
      this.field(output, "AlarmType", name ?? alarm);
      output.line();
    }
  }

  role(output: Output, { response }: ReportOf<"roleGet">): void {
    this.header(output, response.header);
    for (const { permType, key, rangeEnd } of response.perm) {
      output.line(`"PermType" :  ${PERMISSION_NAMES[permType] ?? permType}`);
      this.field(output, "Key", quote(key));
      this.field(output, "RangeEnd", quote(rangeEnd));
    }
  }

  snapshot(output: Output, { status }: ReportOf<"snapshotStatus">): void {
    this.field(output, "Hash", status.hash);
    this.field(output, "Revision", status.revision);
    this.field(output, "Keys", status.totalKey);
    this.field(output, "Size", status.totalSize);
    this.field(output, "Version", status.version);
  }

  fileHash(output: Output, { hash }: ReportOf<"hashKv">): void {
    this.field(output, "Hash", hash.hash);
    this.field(output, "Hash revision", hash.hashRevision);
    this.field(output, "Compact revision", hash.compactRevision);
  }

  timeToLive(output: Output, { response }: ReportOf<"leaseTimeToLive">): void {
    this.header(output, response.header);
    this.leaseId(output, "ID", response.ID);
    this.field(output, "TTL", response.TTL);
    this.field(output, "GrantedTTL", response.grantedTTL);
    for (const key of response.keys) this.field(output, "Key", quote(key));
  }

  lease(
    output: Output,
    response: { header: ResponseHeader | undefined; ID: bigint; TTL: number },
  ): void {
    this.header(output, response.header);
    this.leaseId(output, "ID", response.ID);
    this.field(output, "TTL", response.TTL);
  }
}

export function createFieldsPrinter(hex: boolean): Printer {
  const forms = new FieldForms(hex);
  return createPrinter("fields", {
    get: ({ response }, output) => forms.get(output, response),
    put: ({ response }, output) => forms.put(output, response),
    del: ({ response }, output) => forms.del(output, response),
    txn: ({ response }, output) => forms.txn(output, response),
    watch: ({ response }, output) => forms.watch(output, response),
    leaseGrant: ({ response }, output) => forms.lease(output, response),
    leaseRevoke: ({ response }, output) => forms.header(output, response.header),
    leaseKeepAlive: ({ response }, output) => forms.lease(output, response),
    leaseTimeToLive: (report, output) => forms.timeToLive(output, report),
    leaseList: ({ response }, output) => {
      forms.header(output, response.header);
      for (const { ID } of response.leases) forms.leaseId(output, "ID", ID);
    },
    memberList: (report, output) => forms.memberList(output, report),
    endpointHealth: (report, output) => forms.health(output, report),
    endpointStatus: (report, output) => forms.status(output, report),
    endpointHashKv: (report, output) => forms.hashKv(output, report),
    alarm: (report, output) => forms.alarm(output, report),
    authChange: ({ response }, output) => forms.header(output, response.header),
    roleGet: (report, output) => forms.role(output, report),
    roleList: ({ response }, output) => {
      forms.header(output, response.header);
      output.line(`"Roles" :${response.roles.map((role) => ` ${quote(role)}`).join("")}`);
    },
    hashKv: (report, output) => forms.fileHash(output, report),
    snapshotStatus: (report, output) => forms.snapshot(output, report),
  });
}
