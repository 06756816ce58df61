/** The format for people and shell scripts. Keys and values are printed as they are stored. */
import {
  AlarmType,
  type DeleteRangeResponse,
  type KeyValue,
  type LeaseTimeToLiveResponse,
  type PutResponse,
  type RangeResponse,
  type ResponseHeader,
  type TxnResponse,
  type WatchResponse,
} from "@kvorum/proto";
import { quote } from "../go/quote.ts";
import type { ReportOf } from "../report.ts";
import type { Output, Part } from "./output.ts";
import { createPrinter, type Printer } from "./printer.ts";
import { printRole } from "./simple-role.ts";
import {
  endpointHashKvRows,
  endpointStatusRows,
  fileHashRows,
  hexId,
  memberListRows,
  type Rows,
  snapshotStatusRows,
} from "./rows.ts";

const leaseId = (id: bigint): string => hexId(id).padStart(16, "0");
const memberId = (id: bigint): string => hexId(id).padStart(16, " ");

function listLines(names: readonly string[], output: Output): void {
  for (const name of names) output.line(name);
}

function rowLines({ rows }: Rows, output: Output): void {
  for (const row of rows) output.line(row.join(", "));
}

/** Bytes as `\x66\x6f`. */
function escapedHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").replaceAll(/../g, "\\x$&");
}

/** Prints what belongs to key-value pairs; `hex` instead of the bytes themselves. */
class KeyValueForms {
  readonly #bytes: (bytes: Uint8Array) => Part;

  constructor(hex: boolean) {
    this.#bytes = hex ? escapedHex : (bytes) => bytes;
  }

  pair(pair: KeyValue, output: Output, valueOnly = false): void {
    if (!valueOnly) output.line(this.#bytes(pair.key));
    output.line(this.#bytes(pair.value));
  }

  get(response: RangeResponse, output: Output, valueOnly = false): void {
    for (const pair of response.kvs) this.pair(pair, output, valueOnly);
  }

  put(response: PutResponse, output: Output): void {
    output.line("OK");
    if (response.prevKv !== undefined) this.pair(response.prevKv, output);
  }

  del(response: DeleteRangeResponse, output: Output): void {
    output.line(String(response.deleted));
    for (const pair of response.prevKvs) this.pair(pair, output);
  }

  txn(response: TxnResponse, output: Output): void {
    output.line(response.succeeded ? "SUCCESS" : "FAILURE");
    for (const operation of response.responses) {
      output.line();
      if (operation.responsePut !== undefined) this.put(operation.responsePut, output);
      else if (operation.responseRange !== undefined) this.get(operation.responseRange, output);
      else if (operation.responseDeleteRange !== undefined) {
        this.del(operation.responseDeleteRange, output);
      } else output.line("unexpected response");
    }
  }

  watch(response: WatchResponse, output: Output): void {
    const { good, bad } = output.style;
    for (const event of response.events) {
      output.line(event.type === 0 ? good("PUT") : bad("DELETE"));
      if (event.prevKv !== undefined) this.pair(event.prevKv, output);
      if (event.kv !== undefined) this.pair(event.kv, output);
    }
  }
}

function timeToLive(response: LeaseTimeToLiveResponse, keys: boolean, output: Output): void {
  const { ID, TTL, grantedTTL } = response;
  if (grantedTTL === 0 && TTL === -1) {
    output.line(`lease ${leaseId(ID)} already expired`);
    return;
  }
  output.write(`lease ${leaseId(ID)} granted with TTL(${grantedTTL}s), remaining(${TTL}s)`);
  if (keys) {
    output.write(", attached keys([");
    for (const [i, key] of response.keys.entries()) output.write(i === 0 ? "" : " ", key);
    output.write("])");
  }
  output.line();
}

function changedMember(done: string) {
  return (
    report: { readonly id: bigint; readonly response: { header: ResponseHeader | undefined } },
    output: Output,
  ): void => {
    const clusterId = report.response.header?.clusterId ?? 0n;
    output.line(`Member ${memberId(report.id)} ${done} cluster ${memberId(clusterId)}`);
  };
}

/** What happened, then the settings that the new member is to be started with. */
function memberAdd({ response, name, peerUrls }: ReportOf<"memberAdd">, output: Output): void {
  const added = response.member;
  const learner = added?.isLearner === true ? " as learner " : " ";
  const cluster = memberId(response.header?.clusterId ?? 0n);
  output.line(`Member ${memberId(added?.ID ?? 0n)} added${learner}to cluster ${cluster}`);
  const initialCluster = response.members.flatMap((member) =>
    member.peerURLs.map((url) => `${member.ID === added?.ID ? name : member.name}=${url}`),
  );
  output.line();
  output.line(`ETCD_NAME=${quote(name)}`);
  output.line(`ETCD_INITIAL_CLUSTER=${quote(initialCluster.join(","))}`);
  output.line(`ETCD_INITIAL_ADVERTISE_PEER_URLS=${quote(peerUrls)}`);
  output.line('ETCD_INITIAL_CLUSTER_STATE="existing"');
}

function endpointHealth({ items }: ReportOf<"endpointHealth">, output: Output): void {
  const { good, bad } = output.style;
  for (const { endpoint, took, error } of items) {
    if (error === "") {
      const text = `successfully committed proposal: took = ${took}`;
      output.line(`${endpoint} is ${good("healthy")}: ${text}`);
    } else {
      output.errorLine(`${endpoint} is ${bad("unhealthy")}: failed to commit proposal: ${error}`);
    }
  }
}

const alarmNames: ReadonlyMap<number, string> = new Map(
  Object.entries(AlarmType).map(([name, value]) => [value, name]),
);

function alarm({ response }: ReportOf<"alarm">, output: Output): void {
  for (const { memberID, alarm: type } of response.alarms) {
    const fields: string[] = [];
    if (memberID !== 0n) fields.push(`memberID:${memberID}`);
    if (type !== AlarmType.NONE) fields.push(`alarm:${alarmNames.get(type) ?? type}`);
    output.line(fields.join(" "));
  }
}

export function createSimplePrinter(hex: boolean): Printer {
  const pairs = new KeyValueForms(hex);
  return createPrinter("simple", {
    get: ({ response, valueOnly }, output) => pairs.get(response, output, valueOnly),
    put: ({ response }, output) => pairs.put(response, output),
    del: ({ response }, output) => pairs.del(response, output),
    txn: ({ response }, output) => pairs.txn(response, output),
    watch: ({ response }, output) => pairs.watch(response, output),
    leaseGrant: ({ response: { ID, TTL } }, output) =>
      output.line(`lease ${leaseId(ID)} granted with TTL(${TTL}s)`),
    leaseRevoke: ({ id }, output) => output.line(`lease ${leaseId(id)} revoked`),
    leaseKeepAlive: ({ response: { ID, TTL } }, output) =>
      output.line(`lease ${leaseId(ID)} keepalived with TTL(${TTL})`),
    leaseTimeToLive: ({ response, keys }, output) => timeToLive(response, keys, output),
    leaseLost: ({ id }, output) => output.line(`lease ${leaseId(id)} expired or revoked.`),
    leaseList: ({ response: { leases } }, output) => {
      output.line(`found ${leases.length} leases`);
      for (const { ID } of leases) output.line(leaseId(ID));
    },
    memberAdd,
    memberRemove: changedMember("removed from"),
    memberUpdate: changedMember("updated in"),
    memberPromote: changedMember("promoted in"),
    memberList: ({ response }, output) => rowLines(memberListRows(response.members), output),
    endpointHealth,
    endpointStatus: (report, output) => rowLines(endpointStatusRows(report), output),
    endpointHashKv: (report, output) => rowLines(endpointHashKvRows(report), output),
    moveLeader: ({ from, to }, output) =>
      output.line(`Leadership transferred from ${hexId(from)} to ${hexId(to)}`),
    alarm,
    downgrade: ({ action, response }, output) =>
      output.line(`Downgrade ${action} success, cluster version ${response.version}`),
    authChange: ({ text }, output) => output.line(text),
    authStatus: ({ response }, output) => {
      output.line(`Authentication Status: ${response.enabled}`);
      output.line(`AuthRevision: ${response.authRevision}`);
    },
    roleGet: printRole,
    roleList: ({ response }, output) => listLines(response.roles, output),
    userGet: ({ name, response }, output) => {
      output.line(`User: ${name}`);
      output.line(`Roles:${response.roles.map((role) => ` ${role}`).join("")}`);
    },
    userList: ({ response }, output) => listLines(response.users, output),
    hashKv: ({ hash }, output) => rowLines(fileHashRows(hash), output),
    snapshotStatus: ({ status }, output) => rowLines(snapshotStatusRows(status), output),
  });
}
