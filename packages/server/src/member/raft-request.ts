/**
 * Requests as they lie in the log: `InternalRaftRequest` of etcd, of which exactly one request field is
 * set. In memory a request is its kind and its message, as an object with a field for each kind costs
 * more than all the rest of a put.
 */
import {
  type AlarmRequest,
  type AlarmResponse,
  BinaryReader,
  BinaryWriter,
  type ClusterMemberAttrSetRequest,
  type ClusterVersionSetRequest,
  type CompactionRequest,
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  InternalRaftRequest,
  type LeaseCheckpointRequest,
  type LeaseGrantRequest,
  type LeaseGrantResponse,
  type LeaseRevokeRequest,
  type LeaseRevokeResponse,
  type MessageType,
  type PutRequest,
  type PutResponse,
  RequestHeader,
  type TxnRequest,
  type TxnResponse,
} from "@kvorum/proto";
import { assert } from "../lib/assert.ts";
import type { CompactionOutcome } from "./apply.ts";

/** What may be proposed, and what applying it answers. */
export interface RaftRequestKinds {
  put: { message: PutRequest; response: PutResponse };
  deleteRange: { message: DeleteRangeRequest; response: DeleteRangeResponse };
  txn: { message: TxnRequest; response: TxnResponse };
  compaction: { message: CompactionRequest; response: CompactionOutcome };
  leaseGrant: { message: LeaseGrantRequest; response: LeaseGrantResponse };
  leaseRevoke: { message: LeaseRevokeRequest; response: LeaseRevokeResponse };
  leaseCheckpoint: { message: LeaseCheckpointRequest; response: undefined };
  alarm: { message: AlarmRequest; response: AlarmResponse };
  clusterVersionSet: { message: ClusterVersionSetRequest; response: undefined };
  clusterMemberAttrSet: { message: ClusterMemberAttrSetRequest; response: undefined };
}

export type RaftRequestKind = keyof RaftRequestKinds;
export type ApplyResponse = RaftRequestKinds[RaftRequestKind]["response"];

/** One request; `kind` tells the type of `message`. */
export type RaftRequest = {
  [K in RaftRequestKind]: { readonly kind: K; readonly message: RaftRequestKinds[K]["message"] };
}[RaftRequestKind];

/** An entry's data, read. */
export interface LoggedRequest {
  readonly id: bigint;
  /** Undefined for what this version does not know; applying that does nothing. */
  readonly request: RaftRequest | undefined;
}

interface RequestField {
  readonly kind: RaftRequestKind;
  readonly type: MessageType<unknown>;
  readonly tag: number;
}

const KINDS: ReadonlySet<string> = new Set<RaftRequestKind>([
  "put",
  "deleteRange",
  "txn",
  "compaction",
  "leaseGrant",
  "leaseRevoke",
  "leaseCheckpoint",
  "alarm",
  "clusterVersionSet",
  "clusterMemberAttrSet",
]);
const LENGTH_DELIMITED = 2;

function tagOf(number: number, wireType: number): number {
  return number * 8 + wireType;
}

const fields = InternalRaftRequest.fields();
const requestFields: readonly RequestField[] = fields.flatMap(
  ({ localName, number, messageType: type }) =>
    KINDS.has(localName) && type !== undefined
      ? [{ kind: localName as RaftRequestKind, type, tag: tagOf(number, LENGTH_DELIMITED) }]
      : [],
);
const fieldByKind = new Map(requestFields.map((field) => [field.kind, field]));
const fieldByTag = new Map(requestFields.map((field) => [field.tag, field]));
const ID_TAG = tagOf(fields.find(({ localName }) => localName === "ID")!.number, 0);
const HEADER_TAG = tagOf(
  fields.find(({ localName }) => localName === "header")!.number,
  LENGTH_DELIMITED,
);

/** For the place that lengths take; a wrong guess costs a move of the bytes. */
const HEADER_BYTES = 12;
const MESSAGE_BYTES = 512;

const writer = new BinaryWriter();

/** The bytes are the caller's. */
export function encodeRaftRequest(id: bigint, { kind, message }: RaftRequest): Buffer {
  const field = fieldByKind.get(kind);
  assert(field !== undefined, `no field for requests of kind ${kind}`);
  writer.reset();
  // In order of field numbers, as Go writes them.
  if (field.tag > HEADER_TAG) writeHeader(id);
  writer.uint32(field.tag);
  const mark = writer.fork(MESSAGE_BYTES);
  field.type.write(message, writer);
  writer.join(mark);
  if (field.tag < HEADER_TAG) writeHeader(id);
  return writer.finish();
}

function writeHeader(id: bigint): void {
  writer.uint32(HEADER_TAG);
  const mark = writer.fork(HEADER_BYTES);
  RequestHeader.write({ ID: id, username: "", authRevision: 0 }, writer);
  writer.join(mark);
}

/** Throws `DecodeError`. The message views `data`. */
export function decodeRaftRequest(data: Uint8Array): LoggedRequest {
  const reader = new BinaryReader(data);
  let id = 0n;
  let headerId: bigint | undefined;
  let request: RaftRequest | undefined;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    const field = fieldByTag.get(tag);
    if (field !== undefined) {
      request = { kind: field.kind, message: readNested(reader, field.type) } as RaftRequest;
    } else if (tag === HEADER_TAG) {
      headerId = readNested(reader, RequestHeader).ID;
    } else if (tag === ID_TAG) {
      id = reader.uint64();
    } else {
      reader.skip(tag);
    }
  }
  reader.expectEnd(reader.end);
  return { id: headerId ?? id, request };
}

function readNested<T>(reader: BinaryReader, type: MessageType<T>): T {
  const end = reader.enter();
  const message = type.read(reader, end);
  reader.leave();
  return message;
}
