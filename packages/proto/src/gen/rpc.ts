// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// The client API of the etcd v3 protocol: same packages, names and numbers as etcd 3.7.
import type { MessageType, MethodDefinition } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith, EMPTY_BYTES } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";
import { Permission, UserAddOptions } from "./auth.ts";
import { Event, KeyValue } from "./kv.ts";

export interface ResponseHeader {
  clusterId: bigint;
  /** The member that answered. */
  memberId: bigint;
  /** Revision of the store when the request was applied; 0 for calls that do not touch it. */
  revision: number;
  raftTerm: number;
}

export const ResponseHeader: MessageType<ResponseHeader> = {
  typeName: "etcdserverpb.ResponseHeader",
  create: createResponseHeader,
  write: writeResponseHeader,
  read: readResponseHeader,
  encode: (message) => encodeWith(message, writeResponseHeader),
  decode: (bytes) => decodeWith(bytes, readResponseHeader),
  fields: () => [
    { name: "cluster_id", localName: "clusterId", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "member_id", localName: "memberId", number: 2, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "revision", localName: "revision", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "raft_term", localName: "raftTerm", number: 4, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyResponseHeader(): ResponseHeader {
  return {
    clusterId: 0n,
    memberId: 0n,
    revision: 0,
    raftTerm: 0,
  };
}

function createResponseHeader(init?: Partial<ResponseHeader>): ResponseHeader {
  if (init === undefined) {
    return emptyResponseHeader();
  }
  return {
    clusterId: init.clusterId ?? 0n,
    memberId: init.memberId ?? 0n,
    revision: init.revision ?? 0,
    raftTerm: init.raftTerm ?? 0,
  };
}

function writeResponseHeader(m: ResponseHeader, w: BinaryWriter): void {
  if (m.clusterId !== 0n) {
    w.byte(8);
    w.bigint(m.clusterId);
  }
  if (m.memberId !== 0n) {
    w.byte(16);
    w.bigint(m.memberId);
  }
  if (m.revision !== 0) {
    w.byte(24);
    w.int64Number(m.revision);
  }
  if (m.raftTerm !== 0) {
    w.byte(32);
    w.uint64Number(m.raftTerm);
  }
}

function readResponseHeader(r: BinaryReader, end: number, target?: ResponseHeader): ResponseHeader {
  const m = target ?? emptyResponseHeader();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.clusterId = r.uint64();
        break;
      case 16:
        m.memberId = r.uint64();
        break;
      case 24:
        m.revision = r.int64Number();
        break;
      case 32:
        m.raftTerm = r.uint64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface RangeRequest {
  key: Uint8Array;
  /** Empty: one key. "\0": every key from `key` on. Otherwise exclusive end. */
  rangeEnd: Uint8Array;
  /** Largest number of keys to return; 0 or less for no limit. */
  limit: number;
  /** Revision to read at; 0 or less for the newest. */
  revision: number;
  sortOrder: RangeRequest_SortOrder;
  sortTarget: RangeRequest_SortTarget;
  /** Read what the asked member has, without a round to the others: fast, may be stale. */
  serializable: boolean;
  keysOnly: boolean;
  countOnly: boolean;
  /** Bounds on the returned keys' revisions, inclusive; 0 for none. */
  minModRevision: number;
  maxModRevision: number;
  minCreateRevision: number;
  maxCreateRevision: number;
}

export const RangeRequest: MessageType<RangeRequest> = {
  typeName: "etcdserverpb.RangeRequest",
  create: createRangeRequest,
  write: writeRangeRequest,
  read: readRangeRequest,
  encode: (message) => encodeWith(message, writeRangeRequest),
  decode: (bytes) => decodeWith(bytes, readRangeRequest),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "limit", localName: "limit", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "revision", localName: "revision", number: 4, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "sort_order", localName: "sortOrder", number: 5, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: RangeRequest_SortOrder },
    { name: "sort_target", localName: "sortTarget", number: 6, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: RangeRequest_SortTarget },
    { name: "serializable", localName: "serializable", number: 7, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "keys_only", localName: "keysOnly", number: 8, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "count_only", localName: "countOnly", number: 9, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "min_mod_revision", localName: "minModRevision", number: 10, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "max_mod_revision", localName: "maxModRevision", number: 11, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "min_create_revision", localName: "minCreateRevision", number: 12, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "max_create_revision", localName: "maxCreateRevision", number: 13, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyRangeRequest(): RangeRequest {
  return {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    limit: 0,
    revision: 0,
    sortOrder: 0,
    sortTarget: 0,
    serializable: false,
    keysOnly: false,
    countOnly: false,
    minModRevision: 0,
    maxModRevision: 0,
    minCreateRevision: 0,
    maxCreateRevision: 0,
  };
}

function createRangeRequest(init?: Partial<RangeRequest>): RangeRequest {
  if (init === undefined) {
    return emptyRangeRequest();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
    limit: init.limit ?? 0,
    revision: init.revision ?? 0,
    sortOrder: init.sortOrder ?? 0,
    sortTarget: init.sortTarget ?? 0,
    serializable: init.serializable ?? false,
    keysOnly: init.keysOnly ?? false,
    countOnly: init.countOnly ?? false,
    minModRevision: init.minModRevision ?? 0,
    maxModRevision: init.maxModRevision ?? 0,
    minCreateRevision: init.minCreateRevision ?? 0,
    maxCreateRevision: init.maxCreateRevision ?? 0,
  };
}

function writeRangeRequest(m: RangeRequest, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length !== 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.limit !== 0) {
    w.byte(24);
    w.int64Number(m.limit);
  }
  if (m.revision !== 0) {
    w.byte(32);
    w.int64Number(m.revision);
  }
  if (m.sortOrder !== 0) {
    w.byte(40);
    w.int32(m.sortOrder);
  }
  if (m.sortTarget !== 0) {
    w.byte(48);
    w.int32(m.sortTarget);
  }
  if (m.serializable) {
    w.byte(56);
    w.bool(m.serializable);
  }
  if (m.keysOnly) {
    w.byte(64);
    w.bool(m.keysOnly);
  }
  if (m.countOnly) {
    w.byte(72);
    w.bool(m.countOnly);
  }
  if (m.minModRevision !== 0) {
    w.byte(80);
    w.int64Number(m.minModRevision);
  }
  if (m.maxModRevision !== 0) {
    w.byte(88);
    w.int64Number(m.maxModRevision);
  }
  if (m.minCreateRevision !== 0) {
    w.byte(96);
    w.int64Number(m.minCreateRevision);
  }
  if (m.maxCreateRevision !== 0) {
    w.byte(104);
    w.int64Number(m.maxCreateRevision);
  }
}

function readRangeRequest(r: BinaryReader, end: number, target?: RangeRequest): RangeRequest {
  const m = target ?? emptyRangeRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      case 18:
        m.rangeEnd = r.bytes();
        break;
      case 24:
        m.limit = r.int64Number();
        break;
      case 32:
        m.revision = r.int64Number();
        break;
      case 40:
        m.sortOrder = r.int32();
        break;
      case 48:
        m.sortTarget = r.int32();
        break;
      case 56:
        m.serializable = r.bool();
        break;
      case 64:
        m.keysOnly = r.bool();
        break;
      case 72:
        m.countOnly = r.bool();
        break;
      case 80:
        m.minModRevision = r.int64Number();
        break;
      case 88:
        m.maxModRevision = r.int64Number();
        break;
      case 96:
        m.minCreateRevision = r.int64Number();
        break;
      case 104:
        m.maxCreateRevision = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type RangeRequest_SortOrder = number;
export const RangeRequest_SortOrder = {
  NONE: 0,
  ASCEND: 1,
  DESCEND: 2,
} as const;

export type RangeRequest_SortTarget = number;
export const RangeRequest_SortTarget = {
  KEY: 0,
  VERSION: 1,
  CREATE: 2,
  MOD: 3,
  VALUE: 4,
} as const;

export interface RangeResponse {
  header: ResponseHeader | undefined;
  /** Empty when only the count was asked for. */
  kvs: KeyValue[];
  /** There are more keys than the limit let through. */
  more: boolean;
  /** Number of keys in the range, limit and revision bounds not counted in. */
  count: number;
}

export const RangeResponse: MessageType<RangeResponse> = {
  typeName: "etcdserverpb.RangeResponse",
  create: createRangeResponse,
  write: writeRangeResponse,
  read: readRangeResponse,
  encode: (message) => encodeWith(message, writeRangeResponse),
  decode: (bytes) => decodeWith(bytes, readRangeResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "kvs", localName: "kvs", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
    { name: "more", localName: "more", number: 3, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "count", localName: "count", number: 4, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyRangeResponse(): RangeResponse {
  return {
    header: undefined,
    kvs: [],
    more: false,
    count: 0,
  };
}

function createRangeResponse(init?: Partial<RangeResponse>): RangeResponse {
  if (init === undefined) {
    return emptyRangeResponse();
  }
  return {
    header: init.header,
    kvs: init.kvs ?? [],
    more: init.more ?? false,
    count: init.count ?? 0,
  };
}

function writeRangeResponse(m: RangeResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.kvs.length; i++) {
    const value = m.kvs[i] as KeyValue;
    w.byte(18);
    const mark = w.fork(value.key.length + value.value.length + 24);
    KeyValue.write(value, w);
    w.join(mark);
  }
  if (m.more) {
    w.byte(24);
    w.bool(m.more);
  }
  if (m.count !== 0) {
    w.byte(32);
    w.int64Number(m.count);
  }
}

function readRangeResponse(r: BinaryReader, end: number, target?: RangeResponse): RangeResponse {
  const m = target ?? emptyRangeResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.kvs.push(KeyValue.read(r, r.enter()));
        r.leave();
        break;
      case 24:
        m.more = r.bool();
        break;
      case 32:
        m.count = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface RangeStreamResponse {
  /** Each chunk holds the next slice of kvs; header, more and count are set in the last one only. */
  rangeResponse: RangeResponse | undefined;
}

export const RangeStreamResponse: MessageType<RangeStreamResponse> = {
  typeName: "etcdserverpb.RangeStreamResponse",
  create: createRangeStreamResponse,
  write: writeRangeStreamResponse,
  read: readRangeStreamResponse,
  encode: (message) => encodeWith(message, writeRangeStreamResponse),
  decode: (bytes) => decodeWith(bytes, readRangeStreamResponse),
  fields: () => [
    { name: "range_response", localName: "rangeResponse", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: RangeResponse as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyRangeStreamResponse(): RangeStreamResponse {
  return {
    rangeResponse: undefined,
  };
}

function createRangeStreamResponse(init?: Partial<RangeStreamResponse>): RangeStreamResponse {
  if (init === undefined) {
    return emptyRangeStreamResponse();
  }
  return {
    rangeResponse: init.rangeResponse,
  };
}

function writeRangeStreamResponse(m: RangeStreamResponse, w: BinaryWriter): void {
  if (m.rangeResponse !== undefined) {
    w.byte(10);
    const mark = w.fork(m.rangeResponse.kvs.length * 32 + 24);
    writeRangeResponse(m.rangeResponse, w);
    w.join(mark);
  }
}

function readRangeStreamResponse(r: BinaryReader, end: number, target?: RangeStreamResponse): RangeStreamResponse {
  const m = target ?? emptyRangeStreamResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.rangeResponse = readRangeResponse(r, r.enter(), m.rangeResponse);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface PutRequest {
  key: Uint8Array;
  value: Uint8Array;
  /** Lease to attach the key to, 0 for none. */
  lease: bigint;
  /** Return the version before. */
  prevKv: boolean;
  /** Keep the value, or the lease, that the key has; an error when the key does not exist. */
  ignoreValue: boolean;
  ignoreLease: boolean;
}

export const PutRequest: MessageType<PutRequest> = {
  typeName: "etcdserverpb.PutRequest",
  create: createPutRequest,
  write: writePutRequest,
  read: readPutRequest,
  encode: (message) => encodeWith(message, writePutRequest),
  decode: (bytes) => decodeWith(bytes, readPutRequest),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "value", localName: "value", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 3, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "prev_kv", localName: "prevKv", number: 4, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "ignore_value", localName: "ignoreValue", number: 5, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "ignore_lease", localName: "ignoreLease", number: 6, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyPutRequest(): PutRequest {
  return {
    key: EMPTY_BYTES,
    value: EMPTY_BYTES,
    lease: 0n,
    prevKv: false,
    ignoreValue: false,
    ignoreLease: false,
  };
}

function createPutRequest(init?: Partial<PutRequest>): PutRequest {
  if (init === undefined) {
    return emptyPutRequest();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
    value: init.value ?? EMPTY_BYTES,
    lease: init.lease ?? 0n,
    prevKv: init.prevKv ?? false,
    ignoreValue: init.ignoreValue ?? false,
    ignoreLease: init.ignoreLease ?? false,
  };
}

function writePutRequest(m: PutRequest, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.value.length !== 0) {
    w.byte(18);
    w.bytes(m.value);
  }
  if (m.lease !== 0n) {
    w.byte(24);
    w.bigint(m.lease);
  }
  if (m.prevKv) {
    w.byte(32);
    w.bool(m.prevKv);
  }
  if (m.ignoreValue) {
    w.byte(40);
    w.bool(m.ignoreValue);
  }
  if (m.ignoreLease) {
    w.byte(48);
    w.bool(m.ignoreLease);
  }
}

function readPutRequest(r: BinaryReader, end: number, target?: PutRequest): PutRequest {
  const m = target ?? emptyPutRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      case 18:
        m.value = r.bytes();
        break;
      case 24:
        m.lease = r.int64();
        break;
      case 32:
        m.prevKv = r.bool();
        break;
      case 40:
        m.ignoreValue = r.bool();
        break;
      case 48:
        m.ignoreLease = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface PutResponse {
  header: ResponseHeader | undefined;
  prevKv: KeyValue | undefined;
}

export const PutResponse: MessageType<PutResponse> = {
  typeName: "etcdserverpb.PutResponse",
  create: createPutResponse,
  write: writePutResponse,
  read: readPutResponse,
  encode: (message) => encodeWith(message, writePutResponse),
  decode: (bytes) => decodeWith(bytes, readPutResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "prev_kv", localName: "prevKv", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyPutResponse(): PutResponse {
  return {
    header: undefined,
    prevKv: undefined,
  };
}

function createPutResponse(init?: Partial<PutResponse>): PutResponse {
  if (init === undefined) {
    return emptyPutResponse();
  }
  return {
    header: init.header,
    prevKv: init.prevKv,
  };
}

function writePutResponse(m: PutResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.prevKv !== undefined) {
    w.byte(18);
    const mark = w.fork(m.prevKv.key.length + m.prevKv.value.length + 24);
    KeyValue.write(m.prevKv, w);
    w.join(mark);
  }
}

function readPutResponse(r: BinaryReader, end: number, target?: PutResponse): PutResponse {
  const m = target ?? emptyPutResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.prevKv = KeyValue.read(r, r.enter(), m.prevKv);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DeleteRangeRequest {
  key: Uint8Array;
  /** Empty: one key. "\0": every key from `key` on. Otherwise exclusive end. */
  rangeEnd: Uint8Array;
  /** Return the deleted versions. */
  prevKv: boolean;
}

export const DeleteRangeRequest: MessageType<DeleteRangeRequest> = {
  typeName: "etcdserverpb.DeleteRangeRequest",
  create: createDeleteRangeRequest,
  write: writeDeleteRangeRequest,
  read: readDeleteRangeRequest,
  encode: (message) => encodeWith(message, writeDeleteRangeRequest),
  decode: (bytes) => decodeWith(bytes, readDeleteRangeRequest),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "prev_kv", localName: "prevKv", number: 3, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDeleteRangeRequest(): DeleteRangeRequest {
  return {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    prevKv: false,
  };
}

function createDeleteRangeRequest(init?: Partial<DeleteRangeRequest>): DeleteRangeRequest {
  if (init === undefined) {
    return emptyDeleteRangeRequest();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
    prevKv: init.prevKv ?? false,
  };
}

function writeDeleteRangeRequest(m: DeleteRangeRequest, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length !== 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.prevKv) {
    w.byte(24);
    w.bool(m.prevKv);
  }
}

function readDeleteRangeRequest(r: BinaryReader, end: number, target?: DeleteRangeRequest): DeleteRangeRequest {
  const m = target ?? emptyDeleteRangeRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      case 18:
        m.rangeEnd = r.bytes();
        break;
      case 24:
        m.prevKv = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DeleteRangeResponse {
  header: ResponseHeader | undefined;
  deleted: number;
  prevKvs: KeyValue[];
}

export const DeleteRangeResponse: MessageType<DeleteRangeResponse> = {
  typeName: "etcdserverpb.DeleteRangeResponse",
  create: createDeleteRangeResponse,
  write: writeDeleteRangeResponse,
  read: readDeleteRangeResponse,
  encode: (message) => encodeWith(message, writeDeleteRangeResponse),
  decode: (bytes) => decodeWith(bytes, readDeleteRangeResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "deleted", localName: "deleted", number: 2, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "prev_kvs", localName: "prevKvs", number: 3, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyDeleteRangeResponse(): DeleteRangeResponse {
  return {
    header: undefined,
    deleted: 0,
    prevKvs: [],
  };
}

function createDeleteRangeResponse(init?: Partial<DeleteRangeResponse>): DeleteRangeResponse {
  if (init === undefined) {
    return emptyDeleteRangeResponse();
  }
  return {
    header: init.header,
    deleted: init.deleted ?? 0,
    prevKvs: init.prevKvs ?? [],
  };
}

function writeDeleteRangeResponse(m: DeleteRangeResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.deleted !== 0) {
    w.byte(16);
    w.int64Number(m.deleted);
  }
  for (let i = 0; i < m.prevKvs.length; i++) {
    const value = m.prevKvs[i] as KeyValue;
    w.byte(26);
    const mark = w.fork(value.key.length + value.value.length + 24);
    KeyValue.write(value, w);
    w.join(mark);
  }
}

function readDeleteRangeResponse(r: BinaryReader, end: number, target?: DeleteRangeResponse): DeleteRangeResponse {
  const m = target ?? emptyDeleteRangeResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.deleted = r.int64Number();
        break;
      case 26:
        m.prevKvs.push(KeyValue.read(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface RequestOp {
  /** One of `request`. */
  requestRange: RangeRequest | undefined;
  /** One of `request`. */
  requestPut: PutRequest | undefined;
  /** One of `request`. */
  requestDeleteRange: DeleteRangeRequest | undefined;
  /** One of `request`. */
  requestTxn: TxnRequest | undefined;
}

export const RequestOp: MessageType<RequestOp> = {
  typeName: "etcdserverpb.RequestOp",
  create: createRequestOp,
  write: writeRequestOp,
  read: readRequestOp,
  encode: (message) => encodeWith(message, writeRequestOp),
  decode: (bytes) => decodeWith(bytes, readRequestOp),
  fields: () => [
    { name: "request_range", localName: "requestRange", number: 1, kind: "message", repeated: false, bigint: false, oneof: "request", messageType: RangeRequest as MessageType<unknown>, enumType: undefined },
    { name: "request_put", localName: "requestPut", number: 2, kind: "message", repeated: false, bigint: false, oneof: "request", messageType: PutRequest as MessageType<unknown>, enumType: undefined },
    { name: "request_delete_range", localName: "requestDeleteRange", number: 3, kind: "message", repeated: false, bigint: false, oneof: "request", messageType: DeleteRangeRequest as MessageType<unknown>, enumType: undefined },
    { name: "request_txn", localName: "requestTxn", number: 4, kind: "message", repeated: false, bigint: false, oneof: "request", messageType: TxnRequest as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyRequestOp(): RequestOp {
  return {
    requestRange: undefined,
    requestPut: undefined,
    requestDeleteRange: undefined,
    requestTxn: undefined,
  };
}

function createRequestOp(init?: Partial<RequestOp>): RequestOp {
  if (init === undefined) {
    return emptyRequestOp();
  }
  return {
    requestRange: init.requestRange,
    requestPut: init.requestPut,
    requestDeleteRange: init.requestDeleteRange,
    requestTxn: init.requestTxn,
  };
}

function writeRequestOp(m: RequestOp, w: BinaryWriter): void {
  if (m.requestRange !== undefined) {
    w.byte(10);
    const mark = w.fork(m.requestRange.key.length + m.requestRange.rangeEnd.length + 24);
    writeRangeRequest(m.requestRange, w);
    w.join(mark);
  }
  if (m.requestPut !== undefined) {
    w.byte(18);
    const mark = w.fork(m.requestPut.key.length + m.requestPut.value.length + 24);
    writePutRequest(m.requestPut, w);
    w.join(mark);
  }
  if (m.requestDeleteRange !== undefined) {
    w.byte(26);
    const mark = w.fork(m.requestDeleteRange.key.length + m.requestDeleteRange.rangeEnd.length + 24);
    writeDeleteRangeRequest(m.requestDeleteRange, w);
    w.join(mark);
  }
  if (m.requestTxn !== undefined) {
    w.byte(34);
    const mark = w.fork(m.requestTxn.compare.length * 32 + m.requestTxn.success.length * 32 + m.requestTxn.failure.length * 32 + 24);
    writeTxnRequest(m.requestTxn, w);
    w.join(mark);
  }
}

function readRequestOp(r: BinaryReader, end: number, target?: RequestOp): RequestOp {
  const m = target ?? emptyRequestOp();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.requestRange = readRangeRequest(r, r.enter(), m.requestRange);
        r.leave();
        m.requestPut = undefined;
        m.requestDeleteRange = undefined;
        m.requestTxn = undefined;
        break;
      case 18:
        m.requestPut = readPutRequest(r, r.enter(), m.requestPut);
        r.leave();
        m.requestRange = undefined;
        m.requestDeleteRange = undefined;
        m.requestTxn = undefined;
        break;
      case 26:
        m.requestDeleteRange = readDeleteRangeRequest(r, r.enter(), m.requestDeleteRange);
        r.leave();
        m.requestRange = undefined;
        m.requestPut = undefined;
        m.requestTxn = undefined;
        break;
      case 34:
        m.requestTxn = readTxnRequest(r, r.enter(), m.requestTxn);
        r.leave();
        m.requestRange = undefined;
        m.requestPut = undefined;
        m.requestDeleteRange = undefined;
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ResponseOp {
  /** One of `response`. */
  responseRange: RangeResponse | undefined;
  /** One of `response`. */
  responsePut: PutResponse | undefined;
  /** One of `response`. */
  responseDeleteRange: DeleteRangeResponse | undefined;
  /** One of `response`. */
  responseTxn: TxnResponse | undefined;
}

export const ResponseOp: MessageType<ResponseOp> = {
  typeName: "etcdserverpb.ResponseOp",
  create: createResponseOp,
  write: writeResponseOp,
  read: readResponseOp,
  encode: (message) => encodeWith(message, writeResponseOp),
  decode: (bytes) => decodeWith(bytes, readResponseOp),
  fields: () => [
    { name: "response_range", localName: "responseRange", number: 1, kind: "message", repeated: false, bigint: false, oneof: "response", messageType: RangeResponse as MessageType<unknown>, enumType: undefined },
    { name: "response_put", localName: "responsePut", number: 2, kind: "message", repeated: false, bigint: false, oneof: "response", messageType: PutResponse as MessageType<unknown>, enumType: undefined },
    { name: "response_delete_range", localName: "responseDeleteRange", number: 3, kind: "message", repeated: false, bigint: false, oneof: "response", messageType: DeleteRangeResponse as MessageType<unknown>, enumType: undefined },
    { name: "response_txn", localName: "responseTxn", number: 4, kind: "message", repeated: false, bigint: false, oneof: "response", messageType: TxnResponse as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyResponseOp(): ResponseOp {
  return {
    responseRange: undefined,
    responsePut: undefined,
    responseDeleteRange: undefined,
    responseTxn: undefined,
  };
}

function createResponseOp(init?: Partial<ResponseOp>): ResponseOp {
  if (init === undefined) {
    return emptyResponseOp();
  }
  return {
    responseRange: init.responseRange,
    responsePut: init.responsePut,
    responseDeleteRange: init.responseDeleteRange,
    responseTxn: init.responseTxn,
  };
}

function writeResponseOp(m: ResponseOp, w: BinaryWriter): void {
  if (m.responseRange !== undefined) {
    w.byte(10);
    const mark = w.fork(m.responseRange.kvs.length * 32 + 24);
    writeRangeResponse(m.responseRange, w);
    w.join(mark);
  }
  if (m.responsePut !== undefined) {
    w.byte(18);
    const mark = w.fork(0);
    writePutResponse(m.responsePut, w);
    w.join(mark);
  }
  if (m.responseDeleteRange !== undefined) {
    w.byte(26);
    const mark = w.fork(m.responseDeleteRange.prevKvs.length * 32 + 24);
    writeDeleteRangeResponse(m.responseDeleteRange, w);
    w.join(mark);
  }
  if (m.responseTxn !== undefined) {
    w.byte(34);
    const mark = w.fork(m.responseTxn.responses.length * 32 + 24);
    writeTxnResponse(m.responseTxn, w);
    w.join(mark);
  }
}

function readResponseOp(r: BinaryReader, end: number, target?: ResponseOp): ResponseOp {
  const m = target ?? emptyResponseOp();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.responseRange = readRangeResponse(r, r.enter(), m.responseRange);
        r.leave();
        m.responsePut = undefined;
        m.responseDeleteRange = undefined;
        m.responseTxn = undefined;
        break;
      case 18:
        m.responsePut = readPutResponse(r, r.enter(), m.responsePut);
        r.leave();
        m.responseRange = undefined;
        m.responseDeleteRange = undefined;
        m.responseTxn = undefined;
        break;
      case 26:
        m.responseDeleteRange = readDeleteRangeResponse(r, r.enter(), m.responseDeleteRange);
        r.leave();
        m.responseRange = undefined;
        m.responsePut = undefined;
        m.responseTxn = undefined;
        break;
      case 34:
        m.responseTxn = readTxnResponse(r, r.enter(), m.responseTxn);
        r.leave();
        m.responseRange = undefined;
        m.responsePut = undefined;
        m.responseDeleteRange = undefined;
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** One test of one property of a key, or of every key of a range. */
export interface Compare {
  result: Compare_CompareResult;
  target: Compare_CompareTarget;
  key: Uint8Array;
  /** One of `target_union`. */
  version: number | undefined;
  /** One of `target_union`. */
  createRevision: number | undefined;
  /** One of `target_union`. */
  modRevision: number | undefined;
  /** One of `target_union`. */
  value: Uint8Array | undefined;
  /** One of `target_union`. */
  lease: bigint | undefined;
  /** Empty: one key. "\0": every key from `key` on. Otherwise exclusive end. */
  rangeEnd: Uint8Array;
}

export const Compare: MessageType<Compare> = {
  typeName: "etcdserverpb.Compare",
  create: createCompare,
  write: writeCompare,
  read: readCompare,
  encode: (message) => encodeWith(message, writeCompare),
  decode: (bytes) => decodeWith(bytes, readCompare),
  fields: () => [
    { name: "result", localName: "result", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: Compare_CompareResult },
    { name: "target", localName: "target", number: 2, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: Compare_CompareTarget },
    { name: "key", localName: "key", number: 3, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "version", localName: "version", number: 4, kind: "int64", repeated: false, bigint: false, oneof: "target_union", messageType: undefined, enumType: undefined },
    { name: "create_revision", localName: "createRevision", number: 5, kind: "int64", repeated: false, bigint: false, oneof: "target_union", messageType: undefined, enumType: undefined },
    { name: "mod_revision", localName: "modRevision", number: 6, kind: "int64", repeated: false, bigint: false, oneof: "target_union", messageType: undefined, enumType: undefined },
    { name: "value", localName: "value", number: 7, kind: "bytes", repeated: false, bigint: false, oneof: "target_union", messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 8, kind: "int64", repeated: false, bigint: true, oneof: "target_union", messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 64, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyCompare(): Compare {
  return {
    result: 0,
    target: 0,
    key: EMPTY_BYTES,
    version: undefined,
    createRevision: undefined,
    modRevision: undefined,
    value: undefined,
    lease: undefined,
    rangeEnd: EMPTY_BYTES,
  };
}

function createCompare(init?: Partial<Compare>): Compare {
  if (init === undefined) {
    return emptyCompare();
  }
  return {
    result: init.result ?? 0,
    target: init.target ?? 0,
    key: init.key ?? EMPTY_BYTES,
    version: init.version,
    createRevision: init.createRevision,
    modRevision: init.modRevision,
    value: init.value,
    lease: init.lease,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
  };
}

function writeCompare(m: Compare, w: BinaryWriter): void {
  if (m.result !== 0) {
    w.byte(8);
    w.int32(m.result);
  }
  if (m.target !== 0) {
    w.byte(16);
    w.int32(m.target);
  }
  if (m.key.length !== 0) {
    w.byte(26);
    w.bytes(m.key);
  }
  if (m.version !== undefined) {
    w.byte(32);
    w.int64Number(m.version);
  }
  if (m.createRevision !== undefined) {
    w.byte(40);
    w.int64Number(m.createRevision);
  }
  if (m.modRevision !== undefined) {
    w.byte(48);
    w.int64Number(m.modRevision);
  }
  if (m.value !== undefined) {
    w.byte(58);
    w.bytes(m.value);
  }
  if (m.lease !== undefined) {
    w.byte(64);
    w.bigint(m.lease);
  }
  if (m.rangeEnd.length !== 0) {
    w.uint32(514);
    w.bytes(m.rangeEnd);
  }
}

function readCompare(r: BinaryReader, end: number, target?: Compare): Compare {
  const m = target ?? emptyCompare();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.result = r.int32();
        break;
      case 16:
        m.target = r.int32();
        break;
      case 26:
        m.key = r.bytes();
        break;
      case 32:
        m.version = r.int64Number();
        m.createRevision = undefined;
        m.modRevision = undefined;
        m.value = undefined;
        m.lease = undefined;
        break;
      case 40:
        m.createRevision = r.int64Number();
        m.version = undefined;
        m.modRevision = undefined;
        m.value = undefined;
        m.lease = undefined;
        break;
      case 48:
        m.modRevision = r.int64Number();
        m.version = undefined;
        m.createRevision = undefined;
        m.value = undefined;
        m.lease = undefined;
        break;
      case 58:
        m.value = r.bytes();
        m.version = undefined;
        m.createRevision = undefined;
        m.modRevision = undefined;
        m.lease = undefined;
        break;
      case 64:
        m.lease = r.int64();
        m.version = undefined;
        m.createRevision = undefined;
        m.modRevision = undefined;
        m.value = undefined;
        break;
      case 514:
        m.rangeEnd = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type Compare_CompareResult = number;
export const Compare_CompareResult = {
  EQUAL: 0,
  GREATER: 1,
  LESS: 2,
  NOT_EQUAL: 3,
} as const;

export type Compare_CompareTarget = number;
export const Compare_CompareTarget = {
  VERSION: 0,
  CREATE: 1,
  MOD: 2,
  VALUE: 3,
  LEASE: 4,
} as const;

export interface TxnRequest {
  /** All must hold for `success` to run; otherwise `failure` runs. None at all: success. */
  compare: Compare[];
  success: RequestOp[];
  failure: RequestOp[];
}

export const TxnRequest: MessageType<TxnRequest> = {
  typeName: "etcdserverpb.TxnRequest",
  create: createTxnRequest,
  write: writeTxnRequest,
  read: readTxnRequest,
  encode: (message) => encodeWith(message, writeTxnRequest),
  decode: (bytes) => decodeWith(bytes, readTxnRequest),
  fields: () => [
    { name: "compare", localName: "compare", number: 1, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Compare as MessageType<unknown>, enumType: undefined },
    { name: "success", localName: "success", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: RequestOp as MessageType<unknown>, enumType: undefined },
    { name: "failure", localName: "failure", number: 3, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: RequestOp as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyTxnRequest(): TxnRequest {
  return {
    compare: [],
    success: [],
    failure: [],
  };
}

function createTxnRequest(init?: Partial<TxnRequest>): TxnRequest {
  if (init === undefined) {
    return emptyTxnRequest();
  }
  return {
    compare: init.compare ?? [],
    success: init.success ?? [],
    failure: init.failure ?? [],
  };
}

function writeTxnRequest(m: TxnRequest, w: BinaryWriter): void {
  for (let i = 0; i < m.compare.length; i++) {
    const value = m.compare[i] as Compare;
    w.byte(10);
    const mark = w.fork(value.key.length + value.rangeEnd.length + 24);
    writeCompare(value, w);
    w.join(mark);
  }
  for (let i = 0; i < m.success.length; i++) {
    const value = m.success[i] as RequestOp;
    w.byte(18);
    const mark = w.fork(0);
    writeRequestOp(value, w);
    w.join(mark);
  }
  for (let i = 0; i < m.failure.length; i++) {
    const value = m.failure[i] as RequestOp;
    w.byte(26);
    const mark = w.fork(0);
    writeRequestOp(value, w);
    w.join(mark);
  }
}

function readTxnRequest(r: BinaryReader, end: number, target?: TxnRequest): TxnRequest {
  const m = target ?? emptyTxnRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.compare.push(readCompare(r, r.enter()));
        r.leave();
        break;
      case 18:
        m.success.push(readRequestOp(r, r.enter()));
        r.leave();
        break;
      case 26:
        m.failure.push(readRequestOp(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface TxnResponse {
  header: ResponseHeader | undefined;
  succeeded: boolean;
  /** One for each operation of the branch that ran, in its order. */
  responses: ResponseOp[];
}

export const TxnResponse: MessageType<TxnResponse> = {
  typeName: "etcdserverpb.TxnResponse",
  create: createTxnResponse,
  write: writeTxnResponse,
  read: readTxnResponse,
  encode: (message) => encodeWith(message, writeTxnResponse),
  decode: (bytes) => decodeWith(bytes, readTxnResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "succeeded", localName: "succeeded", number: 2, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "responses", localName: "responses", number: 3, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: ResponseOp as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyTxnResponse(): TxnResponse {
  return {
    header: undefined,
    succeeded: false,
    responses: [],
  };
}

function createTxnResponse(init?: Partial<TxnResponse>): TxnResponse {
  if (init === undefined) {
    return emptyTxnResponse();
  }
  return {
    header: init.header,
    succeeded: init.succeeded ?? false,
    responses: init.responses ?? [],
  };
}

function writeTxnResponse(m: TxnResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.succeeded) {
    w.byte(16);
    w.bool(m.succeeded);
  }
  for (let i = 0; i < m.responses.length; i++) {
    const value = m.responses[i] as ResponseOp;
    w.byte(26);
    const mark = w.fork(0);
    writeResponseOp(value, w);
    w.join(mark);
  }
}

function readTxnResponse(r: BinaryReader, end: number, target?: TxnResponse): TxnResponse {
  const m = target ?? emptyTxnResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.succeeded = r.bool();
        break;
      case 26:
        m.responses.push(readResponseOp(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface CompactionRequest {
  revision: number;
  /** Answer only when the old versions are gone from the backend. */
  physical: boolean;
}

export const CompactionRequest: MessageType<CompactionRequest> = {
  typeName: "etcdserverpb.CompactionRequest",
  create: createCompactionRequest,
  write: writeCompactionRequest,
  read: readCompactionRequest,
  encode: (message) => encodeWith(message, writeCompactionRequest),
  decode: (bytes) => decodeWith(bytes, readCompactionRequest),
  fields: () => [
    { name: "revision", localName: "revision", number: 1, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "physical", localName: "physical", number: 2, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyCompactionRequest(): CompactionRequest {
  return {
    revision: 0,
    physical: false,
  };
}

function createCompactionRequest(init?: Partial<CompactionRequest>): CompactionRequest {
  if (init === undefined) {
    return emptyCompactionRequest();
  }
  return {
    revision: init.revision ?? 0,
    physical: init.physical ?? false,
  };
}

function writeCompactionRequest(m: CompactionRequest, w: BinaryWriter): void {
  if (m.revision !== 0) {
    w.byte(8);
    w.int64Number(m.revision);
  }
  if (m.physical) {
    w.byte(16);
    w.bool(m.physical);
  }
}

function readCompactionRequest(r: BinaryReader, end: number, target?: CompactionRequest): CompactionRequest {
  const m = target ?? emptyCompactionRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.revision = r.int64Number();
        break;
      case 16:
        m.physical = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface CompactionResponse {
  header: ResponseHeader | undefined;
}

export const CompactionResponse: MessageType<CompactionResponse> = {
  typeName: "etcdserverpb.CompactionResponse",
  create: createCompactionResponse,
  write: writeCompactionResponse,
  read: readCompactionResponse,
  encode: (message) => encodeWith(message, writeCompactionResponse),
  decode: (bytes) => decodeWith(bytes, readCompactionResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyCompactionResponse(): CompactionResponse {
  return {
    header: undefined,
  };
}

function createCompactionResponse(init?: Partial<CompactionResponse>): CompactionResponse {
  if (init === undefined) {
    return emptyCompactionResponse();
  }
  return {
    header: init.header,
  };
}

function writeCompactionResponse(m: CompactionResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readCompactionResponse(r: BinaryReader, end: number, target?: CompactionResponse): CompactionResponse {
  const m = target ?? emptyCompactionResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface HashRequest {
}

export const HashRequest: MessageType<HashRequest> = {
  typeName: "etcdserverpb.HashRequest",
  create: createHashRequest,
  write: writeHashRequest,
  read: readHashRequest,
  encode: (message) => encodeWith(message, writeHashRequest),
  decode: (bytes) => decodeWith(bytes, readHashRequest),
  fields: () => [
  ],
};

function createHashRequest(): HashRequest {
  return {};
}

function writeHashRequest(_m: HashRequest, _w: BinaryWriter): void {
}

function readHashRequest(r: BinaryReader, end: number, target?: HashRequest): HashRequest {
  const m = target ?? createHashRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface HashResponse {
  header: ResponseHeader | undefined;
  hash: number;
}

export const HashResponse: MessageType<HashResponse> = {
  typeName: "etcdserverpb.HashResponse",
  create: createHashResponse,
  write: writeHashResponse,
  read: readHashResponse,
  encode: (message) => encodeWith(message, writeHashResponse),
  decode: (bytes) => decodeWith(bytes, readHashResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "hash", localName: "hash", number: 2, kind: "uint32", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyHashResponse(): HashResponse {
  return {
    header: undefined,
    hash: 0,
  };
}

function createHashResponse(init?: Partial<HashResponse>): HashResponse {
  if (init === undefined) {
    return emptyHashResponse();
  }
  return {
    header: init.header,
    hash: init.hash ?? 0,
  };
}

function writeHashResponse(m: HashResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.hash !== 0) {
    w.byte(16);
    w.uint32(m.hash);
  }
}

function readHashResponse(r: BinaryReader, end: number, target?: HashResponse): HashResponse {
  const m = target ?? emptyHashResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.hash = r.uint32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface HashKVRequest {
  /** 0 for the newest. */
  revision: number;
}

export const HashKVRequest: MessageType<HashKVRequest> = {
  typeName: "etcdserverpb.HashKVRequest",
  create: createHashKVRequest,
  write: writeHashKVRequest,
  read: readHashKVRequest,
  encode: (message) => encodeWith(message, writeHashKVRequest),
  decode: (bytes) => decodeWith(bytes, readHashKVRequest),
  fields: () => [
    { name: "revision", localName: "revision", number: 1, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyHashKVRequest(): HashKVRequest {
  return {
    revision: 0,
  };
}

function createHashKVRequest(init?: Partial<HashKVRequest>): HashKVRequest {
  if (init === undefined) {
    return emptyHashKVRequest();
  }
  return {
    revision: init.revision ?? 0,
  };
}

function writeHashKVRequest(m: HashKVRequest, w: BinaryWriter): void {
  if (m.revision !== 0) {
    w.byte(8);
    w.int64Number(m.revision);
  }
}

function readHashKVRequest(r: BinaryReader, end: number, target?: HashKVRequest): HashKVRequest {
  const m = target ?? emptyHashKVRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.revision = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface HashKVResponse {
  header: ResponseHeader | undefined;
  hash: number;
  compactRevision: number;
  /** The revision the hash was taken at. */
  hashRevision: number;
}

export const HashKVResponse: MessageType<HashKVResponse> = {
  typeName: "etcdserverpb.HashKVResponse",
  create: createHashKVResponse,
  write: writeHashKVResponse,
  read: readHashKVResponse,
  encode: (message) => encodeWith(message, writeHashKVResponse),
  decode: (bytes) => decodeWith(bytes, readHashKVResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "hash", localName: "hash", number: 2, kind: "uint32", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "compact_revision", localName: "compactRevision", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "hash_revision", localName: "hashRevision", number: 4, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyHashKVResponse(): HashKVResponse {
  return {
    header: undefined,
    hash: 0,
    compactRevision: 0,
    hashRevision: 0,
  };
}

function createHashKVResponse(init?: Partial<HashKVResponse>): HashKVResponse {
  if (init === undefined) {
    return emptyHashKVResponse();
  }
  return {
    header: init.header,
    hash: init.hash ?? 0,
    compactRevision: init.compactRevision ?? 0,
    hashRevision: init.hashRevision ?? 0,
  };
}

function writeHashKVResponse(m: HashKVResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.hash !== 0) {
    w.byte(16);
    w.uint32(m.hash);
  }
  if (m.compactRevision !== 0) {
    w.byte(24);
    w.int64Number(m.compactRevision);
  }
  if (m.hashRevision !== 0) {
    w.byte(32);
    w.int64Number(m.hashRevision);
  }
}

function readHashKVResponse(r: BinaryReader, end: number, target?: HashKVResponse): HashKVResponse {
  const m = target ?? emptyHashKVResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.hash = r.uint32();
        break;
      case 24:
        m.compactRevision = r.int64Number();
        break;
      case 32:
        m.hashRevision = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface SnapshotRequest {
}

export const SnapshotRequest: MessageType<SnapshotRequest> = {
  typeName: "etcdserverpb.SnapshotRequest",
  create: createSnapshotRequest,
  write: writeSnapshotRequest,
  read: readSnapshotRequest,
  encode: (message) => encodeWith(message, writeSnapshotRequest),
  decode: (bytes) => decodeWith(bytes, readSnapshotRequest),
  fields: () => [
  ],
};

function createSnapshotRequest(): SnapshotRequest {
  return {};
}

function writeSnapshotRequest(_m: SnapshotRequest, _w: BinaryWriter): void {
}

function readSnapshotRequest(r: BinaryReader, end: number, target?: SnapshotRequest): SnapshotRequest {
  const m = target ?? createSnapshotRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface SnapshotResponse {
  header: ResponseHeader | undefined;
  /** Bytes still to come after this blob. */
  remainingBytes: number;
  /** The last blob of a stream is the SHA-256 of all before it. */
  blob: Uint8Array;
  /** Storage version of the member that sends. */
  version: string;
}

export const SnapshotResponse: MessageType<SnapshotResponse> = {
  typeName: "etcdserverpb.SnapshotResponse",
  create: createSnapshotResponse,
  write: writeSnapshotResponse,
  read: readSnapshotResponse,
  encode: (message) => encodeWith(message, writeSnapshotResponse),
  decode: (bytes) => decodeWith(bytes, readSnapshotResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "remaining_bytes", localName: "remainingBytes", number: 2, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "blob", localName: "blob", number: 3, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "version", localName: "version", number: 4, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptySnapshotResponse(): SnapshotResponse {
  return {
    header: undefined,
    remainingBytes: 0,
    blob: EMPTY_BYTES,
    version: "",
  };
}

function createSnapshotResponse(init?: Partial<SnapshotResponse>): SnapshotResponse {
  if (init === undefined) {
    return emptySnapshotResponse();
  }
  return {
    header: init.header,
    remainingBytes: init.remainingBytes ?? 0,
    blob: init.blob ?? EMPTY_BYTES,
    version: init.version ?? "",
  };
}

function writeSnapshotResponse(m: SnapshotResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.remainingBytes !== 0) {
    w.byte(16);
    w.uint64Number(m.remainingBytes);
  }
  if (m.blob.length !== 0) {
    w.byte(26);
    w.bytes(m.blob);
  }
  if (m.version.length !== 0) {
    w.byte(34);
    w.string(m.version);
  }
}

function readSnapshotResponse(r: BinaryReader, end: number, target?: SnapshotResponse): SnapshotResponse {
  const m = target ?? emptySnapshotResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.remainingBytes = r.uint64Number();
        break;
      case 26:
        m.blob = r.bytes();
        break;
      case 34:
        m.version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface WatchRequest {
  /** One of `request_union`. */
  createRequest: WatchCreateRequest | undefined;
  /** One of `request_union`. */
  cancelRequest: WatchCancelRequest | undefined;
  /** One of `request_union`. */
  progressRequest: WatchProgressRequest | undefined;
}

export const WatchRequest: MessageType<WatchRequest> = {
  typeName: "etcdserverpb.WatchRequest",
  create: createWatchRequest,
  write: writeWatchRequest,
  read: readWatchRequest,
  encode: (message) => encodeWith(message, writeWatchRequest),
  decode: (bytes) => decodeWith(bytes, readWatchRequest),
  fields: () => [
    { name: "create_request", localName: "createRequest", number: 1, kind: "message", repeated: false, bigint: false, oneof: "request_union", messageType: WatchCreateRequest as MessageType<unknown>, enumType: undefined },
    { name: "cancel_request", localName: "cancelRequest", number: 2, kind: "message", repeated: false, bigint: false, oneof: "request_union", messageType: WatchCancelRequest as MessageType<unknown>, enumType: undefined },
    { name: "progress_request", localName: "progressRequest", number: 3, kind: "message", repeated: false, bigint: false, oneof: "request_union", messageType: WatchProgressRequest as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyWatchRequest(): WatchRequest {
  return {
    createRequest: undefined,
    cancelRequest: undefined,
    progressRequest: undefined,
  };
}

function createWatchRequest(init?: Partial<WatchRequest>): WatchRequest {
  if (init === undefined) {
    return emptyWatchRequest();
  }
  return {
    createRequest: init.createRequest,
    cancelRequest: init.cancelRequest,
    progressRequest: init.progressRequest,
  };
}

function writeWatchRequest(m: WatchRequest, w: BinaryWriter): void {
  if (m.createRequest !== undefined) {
    w.byte(10);
    const mark = w.fork(m.createRequest.key.length + m.createRequest.rangeEnd.length + m.createRequest.filters.length * 32 + 24);
    writeWatchCreateRequest(m.createRequest, w);
    w.join(mark);
  }
  if (m.cancelRequest !== undefined) {
    w.byte(18);
    const mark = w.fork(0);
    writeWatchCancelRequest(m.cancelRequest, w);
    w.join(mark);
  }
  if (m.progressRequest !== undefined) {
    w.byte(26);
    const mark = w.fork(0);
    writeWatchProgressRequest(m.progressRequest, w);
    w.join(mark);
  }
}

function readWatchRequest(r: BinaryReader, end: number, target?: WatchRequest): WatchRequest {
  const m = target ?? emptyWatchRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.createRequest = readWatchCreateRequest(r, r.enter(), m.createRequest);
        r.leave();
        m.cancelRequest = undefined;
        m.progressRequest = undefined;
        break;
      case 18:
        m.cancelRequest = readWatchCancelRequest(r, r.enter(), m.cancelRequest);
        r.leave();
        m.createRequest = undefined;
        m.progressRequest = undefined;
        break;
      case 26:
        m.progressRequest = readWatchProgressRequest(r, r.enter(), m.progressRequest);
        r.leave();
        m.createRequest = undefined;
        m.cancelRequest = undefined;
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface WatchCreateRequest {
  key: Uint8Array;
  /** Empty: one key. "\0": every key from `key` on. Otherwise exclusive end. */
  rangeEnd: Uint8Array;
  /** First revision to report; 0 for the next one. */
  startRevision: number;
  /** Send empty responses from time to time so that the client knows how far it has got. */
  progressNotify: boolean;
  filters: WatchCreateRequest_FilterType[];
  prevKv: boolean;
  /** 0 lets the server choose. */
  watchId: number;
  /** Allow one revision to be split over several responses. */
  fragment: boolean;
}

export const WatchCreateRequest: MessageType<WatchCreateRequest> = {
  typeName: "etcdserverpb.WatchCreateRequest",
  create: createWatchCreateRequest,
  write: writeWatchCreateRequest,
  read: readWatchCreateRequest,
  encode: (message) => encodeWith(message, writeWatchCreateRequest),
  decode: (bytes) => decodeWith(bytes, readWatchCreateRequest),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "start_revision", localName: "startRevision", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "progress_notify", localName: "progressNotify", number: 4, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "filters", localName: "filters", number: 5, kind: "enum", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: WatchCreateRequest_FilterType },
    { name: "prev_kv", localName: "prevKv", number: 6, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "watch_id", localName: "watchId", number: 7, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "fragment", localName: "fragment", number: 8, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyWatchCreateRequest(): WatchCreateRequest {
  return {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    startRevision: 0,
    progressNotify: false,
    filters: [],
    prevKv: false,
    watchId: 0,
    fragment: false,
  };
}

function createWatchCreateRequest(init?: Partial<WatchCreateRequest>): WatchCreateRequest {
  if (init === undefined) {
    return emptyWatchCreateRequest();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
    startRevision: init.startRevision ?? 0,
    progressNotify: init.progressNotify ?? false,
    filters: init.filters ?? [],
    prevKv: init.prevKv ?? false,
    watchId: init.watchId ?? 0,
    fragment: init.fragment ?? false,
  };
}

function writeWatchCreateRequest(m: WatchCreateRequest, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length !== 0) {
    w.byte(18);
    w.bytes(m.rangeEnd);
  }
  if (m.startRevision !== 0) {
    w.byte(24);
    w.int64Number(m.startRevision);
  }
  if (m.progressNotify) {
    w.byte(32);
    w.bool(m.progressNotify);
  }
  if (m.filters.length !== 0) {
    w.byte(42);
    const mark = w.fork(m.filters.length);
    for (const value of m.filters) {
      w.int32(value);
    }
    w.join(mark);
  }
  if (m.prevKv) {
    w.byte(48);
    w.bool(m.prevKv);
  }
  if (m.watchId !== 0) {
    w.byte(56);
    w.int64Number(m.watchId);
  }
  if (m.fragment) {
    w.byte(64);
    w.bool(m.fragment);
  }
}

function readWatchCreateRequest(r: BinaryReader, end: number, target?: WatchCreateRequest): WatchCreateRequest {
  const m = target ?? emptyWatchCreateRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      case 18:
        m.rangeEnd = r.bytes();
        break;
      case 24:
        m.startRevision = r.int64Number();
        break;
      case 32:
        m.progressNotify = r.bool();
        break;
      case 40:
        m.filters.push(r.int32());
        break;
      case 42: {
        const last = r.packedEnd();
        while (r.pos < last) {
          m.filters.push(r.int32());
        }
        r.expectEnd(last);
        break;
      }
      case 48:
        m.prevKv = r.bool();
        break;
      case 56:
        m.watchId = r.int64Number();
        break;
      case 64:
        m.fragment = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** Kinds of events not to send. */
export type WatchCreateRequest_FilterType = number;
export const WatchCreateRequest_FilterType = {
  NOPUT: 0,
  NODELETE: 1,
} as const;

export interface WatchCancelRequest {
  watchId: number;
}

export const WatchCancelRequest: MessageType<WatchCancelRequest> = {
  typeName: "etcdserverpb.WatchCancelRequest",
  create: createWatchCancelRequest,
  write: writeWatchCancelRequest,
  read: readWatchCancelRequest,
  encode: (message) => encodeWith(message, writeWatchCancelRequest),
  decode: (bytes) => decodeWith(bytes, readWatchCancelRequest),
  fields: () => [
    { name: "watch_id", localName: "watchId", number: 1, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyWatchCancelRequest(): WatchCancelRequest {
  return {
    watchId: 0,
  };
}

function createWatchCancelRequest(init?: Partial<WatchCancelRequest>): WatchCancelRequest {
  if (init === undefined) {
    return emptyWatchCancelRequest();
  }
  return {
    watchId: init.watchId ?? 0,
  };
}

function writeWatchCancelRequest(m: WatchCancelRequest, w: BinaryWriter): void {
  if (m.watchId !== 0) {
    w.byte(8);
    w.int64Number(m.watchId);
  }
}

function readWatchCancelRequest(r: BinaryReader, end: number, target?: WatchCancelRequest): WatchCancelRequest {
  const m = target ?? emptyWatchCancelRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.watchId = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** Asks for one response that tells how far all watches of the stream have got. */
export interface WatchProgressRequest {
}

export const WatchProgressRequest: MessageType<WatchProgressRequest> = {
  typeName: "etcdserverpb.WatchProgressRequest",
  create: createWatchProgressRequest,
  write: writeWatchProgressRequest,
  read: readWatchProgressRequest,
  encode: (message) => encodeWith(message, writeWatchProgressRequest),
  decode: (bytes) => decodeWith(bytes, readWatchProgressRequest),
  fields: () => [
  ],
};

function createWatchProgressRequest(): WatchProgressRequest {
  return {};
}

function writeWatchProgressRequest(_m: WatchProgressRequest, _w: BinaryWriter): void {
}

function readWatchProgressRequest(r: BinaryReader, end: number, target?: WatchProgressRequest): WatchProgressRequest {
  const m = target ?? createWatchProgressRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface WatchResponse {
  header: ResponseHeader | undefined;
  /** -1: the response speaks for the whole stream, or for a watch that was never made. */
  watchId: number;
  created: boolean;
  /** No more events will come for this watch. */
  canceled: boolean;
  /**
   * Set when the watch was canceled because its next revision is compacted: the lowest
   * revision that can still be watched from.
   */
  compactRevision: number;
  cancelReason: string;
  /** More of the same revision follows. */
  fragment: boolean;
  events: Event[];
}

export const WatchResponse: MessageType<WatchResponse> = {
  typeName: "etcdserverpb.WatchResponse",
  create: createWatchResponse,
  write: writeWatchResponse,
  read: readWatchResponse,
  encode: (message) => encodeWith(message, writeWatchResponse),
  decode: (bytes) => decodeWith(bytes, readWatchResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "watch_id", localName: "watchId", number: 2, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "created", localName: "created", number: 3, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "canceled", localName: "canceled", number: 4, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "compact_revision", localName: "compactRevision", number: 5, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "cancel_reason", localName: "cancelReason", number: 6, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "fragment", localName: "fragment", number: 7, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "events", localName: "events", number: 11, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Event as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyWatchResponse(): WatchResponse {
  return {
    header: undefined,
    watchId: 0,
    created: false,
    canceled: false,
    compactRevision: 0,
    cancelReason: "",
    fragment: false,
    events: [],
  };
}

function createWatchResponse(init?: Partial<WatchResponse>): WatchResponse {
  if (init === undefined) {
    return emptyWatchResponse();
  }
  return {
    header: init.header,
    watchId: init.watchId ?? 0,
    created: init.created ?? false,
    canceled: init.canceled ?? false,
    compactRevision: init.compactRevision ?? 0,
    cancelReason: init.cancelReason ?? "",
    fragment: init.fragment ?? false,
    events: init.events ?? [],
  };
}

function writeWatchResponse(m: WatchResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.watchId !== 0) {
    w.byte(16);
    w.int64Number(m.watchId);
  }
  if (m.created) {
    w.byte(24);
    w.bool(m.created);
  }
  if (m.canceled) {
    w.byte(32);
    w.bool(m.canceled);
  }
  if (m.compactRevision !== 0) {
    w.byte(40);
    w.int64Number(m.compactRevision);
  }
  if (m.cancelReason.length !== 0) {
    w.byte(50);
    w.string(m.cancelReason);
  }
  if (m.fragment) {
    w.byte(56);
    w.bool(m.fragment);
  }
  for (let i = 0; i < m.events.length; i++) {
    const value = m.events[i] as Event;
    w.byte(90);
    const mark = w.fork(0);
    Event.write(value, w);
    w.join(mark);
  }
}

function readWatchResponse(r: BinaryReader, end: number, target?: WatchResponse): WatchResponse {
  const m = target ?? emptyWatchResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.watchId = r.int64Number();
        break;
      case 24:
        m.created = r.bool();
        break;
      case 32:
        m.canceled = r.bool();
        break;
      case 40:
        m.compactRevision = r.int64Number();
        break;
      case 50:
        m.cancelReason = r.string();
        break;
      case 56:
        m.fragment = r.bool();
        break;
      case 90:
        m.events.push(Event.read(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseGrantRequest {
  /** Seconds; the server raises it to its minimum. */
  TTL: number;
  /** 0 lets the server choose. */
  ID: bigint;
}

export const LeaseGrantRequest: MessageType<LeaseGrantRequest> = {
  typeName: "etcdserverpb.LeaseGrantRequest",
  create: createLeaseGrantRequest,
  write: writeLeaseGrantRequest,
  read: readLeaseGrantRequest,
  encode: (message) => encodeWith(message, writeLeaseGrantRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseGrantRequest),
  fields: () => [
    { name: "TTL", localName: "TTL", number: 1, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "ID", localName: "ID", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseGrantRequest(): LeaseGrantRequest {
  return {
    TTL: 0,
    ID: 0n,
  };
}

function createLeaseGrantRequest(init?: Partial<LeaseGrantRequest>): LeaseGrantRequest {
  if (init === undefined) {
    return emptyLeaseGrantRequest();
  }
  return {
    TTL: init.TTL ?? 0,
    ID: init.ID ?? 0n,
  };
}

function writeLeaseGrantRequest(m: LeaseGrantRequest, w: BinaryWriter): void {
  if (m.TTL !== 0) {
    w.byte(8);
    w.int64Number(m.TTL);
  }
  if (m.ID !== 0n) {
    w.byte(16);
    w.bigint(m.ID);
  }
}

function readLeaseGrantRequest(r: BinaryReader, end: number, target?: LeaseGrantRequest): LeaseGrantRequest {
  const m = target ?? emptyLeaseGrantRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.TTL = r.int64Number();
        break;
      case 16:
        m.ID = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseGrantResponse {
  header: ResponseHeader | undefined;
  ID: bigint;
  /** Seconds granted. */
  TTL: number;
  error: string;
}

export const LeaseGrantResponse: MessageType<LeaseGrantResponse> = {
  typeName: "etcdserverpb.LeaseGrantResponse",
  create: createLeaseGrantResponse,
  write: writeLeaseGrantResponse,
  read: readLeaseGrantResponse,
  encode: (message) => encodeWith(message, writeLeaseGrantResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseGrantResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "ID", localName: "ID", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "TTL", localName: "TTL", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "error", localName: "error", number: 4, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseGrantResponse(): LeaseGrantResponse {
  return {
    header: undefined,
    ID: 0n,
    TTL: 0,
    error: "",
  };
}

function createLeaseGrantResponse(init?: Partial<LeaseGrantResponse>): LeaseGrantResponse {
  if (init === undefined) {
    return emptyLeaseGrantResponse();
  }
  return {
    header: init.header,
    ID: init.ID ?? 0n,
    TTL: init.TTL ?? 0,
    error: init.error ?? "",
  };
}

function writeLeaseGrantResponse(m: LeaseGrantResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.ID !== 0n) {
    w.byte(16);
    w.bigint(m.ID);
  }
  if (m.TTL !== 0) {
    w.byte(24);
    w.int64Number(m.TTL);
  }
  if (m.error.length !== 0) {
    w.byte(34);
    w.string(m.error);
  }
}

function readLeaseGrantResponse(r: BinaryReader, end: number, target?: LeaseGrantResponse): LeaseGrantResponse {
  const m = target ?? emptyLeaseGrantResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.ID = r.int64();
        break;
      case 24:
        m.TTL = r.int64Number();
        break;
      case 34:
        m.error = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseRevokeRequest {
  ID: bigint;
}

export const LeaseRevokeRequest: MessageType<LeaseRevokeRequest> = {
  typeName: "etcdserverpb.LeaseRevokeRequest",
  create: createLeaseRevokeRequest,
  write: writeLeaseRevokeRequest,
  read: readLeaseRevokeRequest,
  encode: (message) => encodeWith(message, writeLeaseRevokeRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseRevokeRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseRevokeRequest(): LeaseRevokeRequest {
  return {
    ID: 0n,
  };
}

function createLeaseRevokeRequest(init?: Partial<LeaseRevokeRequest>): LeaseRevokeRequest {
  if (init === undefined) {
    return emptyLeaseRevokeRequest();
  }
  return {
    ID: init.ID ?? 0n,
  };
}

function writeLeaseRevokeRequest(m: LeaseRevokeRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
}

function readLeaseRevokeRequest(r: BinaryReader, end: number, target?: LeaseRevokeRequest): LeaseRevokeRequest {
  const m = target ?? emptyLeaseRevokeRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseRevokeResponse {
  header: ResponseHeader | undefined;
}

export const LeaseRevokeResponse: MessageType<LeaseRevokeResponse> = {
  typeName: "etcdserverpb.LeaseRevokeResponse",
  create: createLeaseRevokeResponse,
  write: writeLeaseRevokeResponse,
  read: readLeaseRevokeResponse,
  encode: (message) => encodeWith(message, writeLeaseRevokeResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseRevokeResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyLeaseRevokeResponse(): LeaseRevokeResponse {
  return {
    header: undefined,
  };
}

function createLeaseRevokeResponse(init?: Partial<LeaseRevokeResponse>): LeaseRevokeResponse {
  if (init === undefined) {
    return emptyLeaseRevokeResponse();
  }
  return {
    header: init.header,
  };
}

function writeLeaseRevokeResponse(m: LeaseRevokeResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readLeaseRevokeResponse(r: BinaryReader, end: number, target?: LeaseRevokeResponse): LeaseRevokeResponse {
  const m = target ?? emptyLeaseRevokeResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** What is left of a lease, so that a new leader does not start it afresh. */
export interface LeaseCheckpoint {
  ID: bigint;
  /** Seconds. */
  remainingTTL: number;
}

export const LeaseCheckpoint: MessageType<LeaseCheckpoint> = {
  typeName: "etcdserverpb.LeaseCheckpoint",
  create: createLeaseCheckpoint,
  write: writeLeaseCheckpoint,
  read: readLeaseCheckpoint,
  encode: (message) => encodeWith(message, writeLeaseCheckpoint),
  decode: (bytes) => decodeWith(bytes, readLeaseCheckpoint),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "remaining_TTL", localName: "remainingTTL", number: 2, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseCheckpoint(): LeaseCheckpoint {
  return {
    ID: 0n,
    remainingTTL: 0,
  };
}

function createLeaseCheckpoint(init?: Partial<LeaseCheckpoint>): LeaseCheckpoint {
  if (init === undefined) {
    return emptyLeaseCheckpoint();
  }
  return {
    ID: init.ID ?? 0n,
    remainingTTL: init.remainingTTL ?? 0,
  };
}

function writeLeaseCheckpoint(m: LeaseCheckpoint, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  if (m.remainingTTL !== 0) {
    w.byte(16);
    w.int64Number(m.remainingTTL);
  }
}

function readLeaseCheckpoint(r: BinaryReader, end: number, target?: LeaseCheckpoint): LeaseCheckpoint {
  const m = target ?? emptyLeaseCheckpoint();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.int64();
        break;
      case 16:
        m.remainingTTL = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseCheckpointRequest {
  checkpoints: LeaseCheckpoint[];
}

export const LeaseCheckpointRequest: MessageType<LeaseCheckpointRequest> = {
  typeName: "etcdserverpb.LeaseCheckpointRequest",
  create: createLeaseCheckpointRequest,
  write: writeLeaseCheckpointRequest,
  read: readLeaseCheckpointRequest,
  encode: (message) => encodeWith(message, writeLeaseCheckpointRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseCheckpointRequest),
  fields: () => [
    { name: "checkpoints", localName: "checkpoints", number: 1, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: LeaseCheckpoint as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyLeaseCheckpointRequest(): LeaseCheckpointRequest {
  return {
    checkpoints: [],
  };
}

function createLeaseCheckpointRequest(init?: Partial<LeaseCheckpointRequest>): LeaseCheckpointRequest {
  if (init === undefined) {
    return emptyLeaseCheckpointRequest();
  }
  return {
    checkpoints: init.checkpoints ?? [],
  };
}

function writeLeaseCheckpointRequest(m: LeaseCheckpointRequest, w: BinaryWriter): void {
  for (let i = 0; i < m.checkpoints.length; i++) {
    const value = m.checkpoints[i] as LeaseCheckpoint;
    w.byte(10);
    const mark = w.fork(0);
    writeLeaseCheckpoint(value, w);
    w.join(mark);
  }
}

function readLeaseCheckpointRequest(r: BinaryReader, end: number, target?: LeaseCheckpointRequest): LeaseCheckpointRequest {
  const m = target ?? emptyLeaseCheckpointRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.checkpoints.push(readLeaseCheckpoint(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseCheckpointResponse {
  header: ResponseHeader | undefined;
}

export const LeaseCheckpointResponse: MessageType<LeaseCheckpointResponse> = {
  typeName: "etcdserverpb.LeaseCheckpointResponse",
  create: createLeaseCheckpointResponse,
  write: writeLeaseCheckpointResponse,
  read: readLeaseCheckpointResponse,
  encode: (message) => encodeWith(message, writeLeaseCheckpointResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseCheckpointResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyLeaseCheckpointResponse(): LeaseCheckpointResponse {
  return {
    header: undefined,
  };
}

function createLeaseCheckpointResponse(init?: Partial<LeaseCheckpointResponse>): LeaseCheckpointResponse {
  if (init === undefined) {
    return emptyLeaseCheckpointResponse();
  }
  return {
    header: init.header,
  };
}

function writeLeaseCheckpointResponse(m: LeaseCheckpointResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readLeaseCheckpointResponse(r: BinaryReader, end: number, target?: LeaseCheckpointResponse): LeaseCheckpointResponse {
  const m = target ?? emptyLeaseCheckpointResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseKeepAliveRequest {
  ID: bigint;
}

export const LeaseKeepAliveRequest: MessageType<LeaseKeepAliveRequest> = {
  typeName: "etcdserverpb.LeaseKeepAliveRequest",
  create: createLeaseKeepAliveRequest,
  write: writeLeaseKeepAliveRequest,
  read: readLeaseKeepAliveRequest,
  encode: (message) => encodeWith(message, writeLeaseKeepAliveRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseKeepAliveRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseKeepAliveRequest(): LeaseKeepAliveRequest {
  return {
    ID: 0n,
  };
}

function createLeaseKeepAliveRequest(init?: Partial<LeaseKeepAliveRequest>): LeaseKeepAliveRequest {
  if (init === undefined) {
    return emptyLeaseKeepAliveRequest();
  }
  return {
    ID: init.ID ?? 0n,
  };
}

function writeLeaseKeepAliveRequest(m: LeaseKeepAliveRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
}

function readLeaseKeepAliveRequest(r: BinaryReader, end: number, target?: LeaseKeepAliveRequest): LeaseKeepAliveRequest {
  const m = target ?? emptyLeaseKeepAliveRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseKeepAliveResponse {
  header: ResponseHeader | undefined;
  ID: bigint;
  /** Seconds until expiry; 0 when there is no such lease. */
  TTL: number;
}

export const LeaseKeepAliveResponse: MessageType<LeaseKeepAliveResponse> = {
  typeName: "etcdserverpb.LeaseKeepAliveResponse",
  create: createLeaseKeepAliveResponse,
  write: writeLeaseKeepAliveResponse,
  read: readLeaseKeepAliveResponse,
  encode: (message) => encodeWith(message, writeLeaseKeepAliveResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseKeepAliveResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "ID", localName: "ID", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "TTL", localName: "TTL", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseKeepAliveResponse(): LeaseKeepAliveResponse {
  return {
    header: undefined,
    ID: 0n,
    TTL: 0,
  };
}

function createLeaseKeepAliveResponse(init?: Partial<LeaseKeepAliveResponse>): LeaseKeepAliveResponse {
  if (init === undefined) {
    return emptyLeaseKeepAliveResponse();
  }
  return {
    header: init.header,
    ID: init.ID ?? 0n,
    TTL: init.TTL ?? 0,
  };
}

function writeLeaseKeepAliveResponse(m: LeaseKeepAliveResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.ID !== 0n) {
    w.byte(16);
    w.bigint(m.ID);
  }
  if (m.TTL !== 0) {
    w.byte(24);
    w.int64Number(m.TTL);
  }
}

function readLeaseKeepAliveResponse(r: BinaryReader, end: number, target?: LeaseKeepAliveResponse): LeaseKeepAliveResponse {
  const m = target ?? emptyLeaseKeepAliveResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.ID = r.int64();
        break;
      case 24:
        m.TTL = r.int64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseTimeToLiveRequest {
  ID: bigint;
  /** Return the attached keys. */
  keys: boolean;
}

export const LeaseTimeToLiveRequest: MessageType<LeaseTimeToLiveRequest> = {
  typeName: "etcdserverpb.LeaseTimeToLiveRequest",
  create: createLeaseTimeToLiveRequest,
  write: writeLeaseTimeToLiveRequest,
  read: readLeaseTimeToLiveRequest,
  encode: (message) => encodeWith(message, writeLeaseTimeToLiveRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseTimeToLiveRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "keys", localName: "keys", number: 2, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseTimeToLiveRequest(): LeaseTimeToLiveRequest {
  return {
    ID: 0n,
    keys: false,
  };
}

function createLeaseTimeToLiveRequest(init?: Partial<LeaseTimeToLiveRequest>): LeaseTimeToLiveRequest {
  if (init === undefined) {
    return emptyLeaseTimeToLiveRequest();
  }
  return {
    ID: init.ID ?? 0n,
    keys: init.keys ?? false,
  };
}

function writeLeaseTimeToLiveRequest(m: LeaseTimeToLiveRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  if (m.keys) {
    w.byte(16);
    w.bool(m.keys);
  }
}

function readLeaseTimeToLiveRequest(r: BinaryReader, end: number, target?: LeaseTimeToLiveRequest): LeaseTimeToLiveRequest {
  const m = target ?? emptyLeaseTimeToLiveRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.int64();
        break;
      case 16:
        m.keys = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseTimeToLiveResponse {
  header: ResponseHeader | undefined;
  ID: bigint;
  /** Seconds until expiry; -1 when there is no such lease. */
  TTL: number;
  /** Seconds it was granted with. */
  grantedTTL: number;
  keys: Uint8Array[];
}

export const LeaseTimeToLiveResponse: MessageType<LeaseTimeToLiveResponse> = {
  typeName: "etcdserverpb.LeaseTimeToLiveResponse",
  create: createLeaseTimeToLiveResponse,
  write: writeLeaseTimeToLiveResponse,
  read: readLeaseTimeToLiveResponse,
  encode: (message) => encodeWith(message, writeLeaseTimeToLiveResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseTimeToLiveResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "ID", localName: "ID", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "TTL", localName: "TTL", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "grantedTTL", localName: "grantedTTL", number: 4, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "keys", localName: "keys", number: 5, kind: "bytes", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseTimeToLiveResponse(): LeaseTimeToLiveResponse {
  return {
    header: undefined,
    ID: 0n,
    TTL: 0,
    grantedTTL: 0,
    keys: [],
  };
}

function createLeaseTimeToLiveResponse(init?: Partial<LeaseTimeToLiveResponse>): LeaseTimeToLiveResponse {
  if (init === undefined) {
    return emptyLeaseTimeToLiveResponse();
  }
  return {
    header: init.header,
    ID: init.ID ?? 0n,
    TTL: init.TTL ?? 0,
    grantedTTL: init.grantedTTL ?? 0,
    keys: init.keys ?? [],
  };
}

function writeLeaseTimeToLiveResponse(m: LeaseTimeToLiveResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.ID !== 0n) {
    w.byte(16);
    w.bigint(m.ID);
  }
  if (m.TTL !== 0) {
    w.byte(24);
    w.int64Number(m.TTL);
  }
  if (m.grantedTTL !== 0) {
    w.byte(32);
    w.int64Number(m.grantedTTL);
  }
  for (let i = 0; i < m.keys.length; i++) {
    const value = m.keys[i] as Uint8Array;
    w.byte(42);
    w.bytes(value);
  }
}

function readLeaseTimeToLiveResponse(r: BinaryReader, end: number, target?: LeaseTimeToLiveResponse): LeaseTimeToLiveResponse {
  const m = target ?? emptyLeaseTimeToLiveResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.ID = r.int64();
        break;
      case 24:
        m.TTL = r.int64Number();
        break;
      case 32:
        m.grantedTTL = r.int64Number();
        break;
      case 42:
        m.keys.push(r.bytes());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseLeasesRequest {
}

export const LeaseLeasesRequest: MessageType<LeaseLeasesRequest> = {
  typeName: "etcdserverpb.LeaseLeasesRequest",
  create: createLeaseLeasesRequest,
  write: writeLeaseLeasesRequest,
  read: readLeaseLeasesRequest,
  encode: (message) => encodeWith(message, writeLeaseLeasesRequest),
  decode: (bytes) => decodeWith(bytes, readLeaseLeasesRequest),
  fields: () => [
  ],
};

function createLeaseLeasesRequest(): LeaseLeasesRequest {
  return {};
}

function writeLeaseLeasesRequest(_m: LeaseLeasesRequest, _w: BinaryWriter): void {
}

function readLeaseLeasesRequest(r: BinaryReader, end: number, target?: LeaseLeasesRequest): LeaseLeasesRequest {
  const m = target ?? createLeaseLeasesRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseStatus {
  ID: bigint;
}

export const LeaseStatus: MessageType<LeaseStatus> = {
  typeName: "etcdserverpb.LeaseStatus",
  create: createLeaseStatus,
  write: writeLeaseStatus,
  read: readLeaseStatus,
  encode: (message) => encodeWith(message, writeLeaseStatus),
  decode: (bytes) => decodeWith(bytes, readLeaseStatus),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaseStatus(): LeaseStatus {
  return {
    ID: 0n,
  };
}

function createLeaseStatus(init?: Partial<LeaseStatus>): LeaseStatus {
  if (init === undefined) {
    return emptyLeaseStatus();
  }
  return {
    ID: init.ID ?? 0n,
  };
}

function writeLeaseStatus(m: LeaseStatus, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
}

function readLeaseStatus(r: BinaryReader, end: number, target?: LeaseStatus): LeaseStatus {
  const m = target ?? emptyLeaseStatus();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaseLeasesResponse {
  header: ResponseHeader | undefined;
  /** Next to expire first. */
  leases: LeaseStatus[];
}

export const LeaseLeasesResponse: MessageType<LeaseLeasesResponse> = {
  typeName: "etcdserverpb.LeaseLeasesResponse",
  create: createLeaseLeasesResponse,
  write: writeLeaseLeasesResponse,
  read: readLeaseLeasesResponse,
  encode: (message) => encodeWith(message, writeLeaseLeasesResponse),
  decode: (bytes) => decodeWith(bytes, readLeaseLeasesResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "leases", localName: "leases", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: LeaseStatus as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyLeaseLeasesResponse(): LeaseLeasesResponse {
  return {
    header: undefined,
    leases: [],
  };
}

function createLeaseLeasesResponse(init?: Partial<LeaseLeasesResponse>): LeaseLeasesResponse {
  if (init === undefined) {
    return emptyLeaseLeasesResponse();
  }
  return {
    header: init.header,
    leases: init.leases ?? [],
  };
}

function writeLeaseLeasesResponse(m: LeaseLeasesResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.leases.length; i++) {
    const value = m.leases[i] as LeaseStatus;
    w.byte(18);
    const mark = w.fork(0);
    writeLeaseStatus(value, w);
    w.join(mark);
  }
}

function readLeaseLeasesResponse(r: BinaryReader, end: number, target?: LeaseLeasesResponse): LeaseLeasesResponse {
  const m = target ?? emptyLeaseLeasesResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.leases.push(readLeaseStatus(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface Member {
  ID: bigint;
  /** Empty until the member has started once. */
  name: string;
  peerURLs: string[];
  /** Empty until the member has started once. */
  clientURLs: string[];
  /** Receives the log but has no vote. */
  isLearner: boolean;
}

export const Member: MessageType<Member> = {
  typeName: "etcdserverpb.Member",
  create: createMember,
  write: writeMember,
  read: readMember,
  encode: (message) => encodeWith(message, writeMember),
  decode: (bytes) => decodeWith(bytes, readMember),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "name", localName: "name", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "peerURLs", localName: "peerURLs", number: 3, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "clientURLs", localName: "clientURLs", number: 4, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "isLearner", localName: "isLearner", number: 5, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMember(): Member {
  return {
    ID: 0n,
    name: "",
    peerURLs: [],
    clientURLs: [],
    isLearner: false,
  };
}

function createMember(init?: Partial<Member>): Member {
  if (init === undefined) {
    return emptyMember();
  }
  return {
    ID: init.ID ?? 0n,
    name: init.name ?? "",
    peerURLs: init.peerURLs ?? [],
    clientURLs: init.clientURLs ?? [],
    isLearner: init.isLearner ?? false,
  };
}

function writeMember(m: Member, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  if (m.name.length !== 0) {
    w.byte(18);
    w.string(m.name);
  }
  for (let i = 0; i < m.peerURLs.length; i++) {
    const value = m.peerURLs[i] as string;
    w.byte(26);
    w.string(value);
  }
  for (let i = 0; i < m.clientURLs.length; i++) {
    const value = m.clientURLs[i] as string;
    w.byte(34);
    w.string(value);
  }
  if (m.isLearner) {
    w.byte(40);
    w.bool(m.isLearner);
  }
}

function readMember(r: BinaryReader, end: number, target?: Member): Member {
  const m = target ?? emptyMember();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      case 18:
        m.name = r.string();
        break;
      case 26:
        m.peerURLs.push(r.string());
        break;
      case 34:
        m.clientURLs.push(r.string());
        break;
      case 40:
        m.isLearner = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberAddRequest {
  peerURLs: string[];
  isLearner: boolean;
}

export const MemberAddRequest: MessageType<MemberAddRequest> = {
  typeName: "etcdserverpb.MemberAddRequest",
  create: createMemberAddRequest,
  write: writeMemberAddRequest,
  read: readMemberAddRequest,
  encode: (message) => encodeWith(message, writeMemberAddRequest),
  decode: (bytes) => decodeWith(bytes, readMemberAddRequest),
  fields: () => [
    { name: "peerURLs", localName: "peerURLs", number: 1, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "isLearner", localName: "isLearner", number: 2, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMemberAddRequest(): MemberAddRequest {
  return {
    peerURLs: [],
    isLearner: false,
  };
}

function createMemberAddRequest(init?: Partial<MemberAddRequest>): MemberAddRequest {
  if (init === undefined) {
    return emptyMemberAddRequest();
  }
  return {
    peerURLs: init.peerURLs ?? [],
    isLearner: init.isLearner ?? false,
  };
}

function writeMemberAddRequest(m: MemberAddRequest, w: BinaryWriter): void {
  for (let i = 0; i < m.peerURLs.length; i++) {
    const value = m.peerURLs[i] as string;
    w.byte(10);
    w.string(value);
  }
  if (m.isLearner) {
    w.byte(16);
    w.bool(m.isLearner);
  }
}

function readMemberAddRequest(r: BinaryReader, end: number, target?: MemberAddRequest): MemberAddRequest {
  const m = target ?? emptyMemberAddRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.peerURLs.push(r.string());
        break;
      case 16:
        m.isLearner = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberAddResponse {
  header: ResponseHeader | undefined;
  member: Member | undefined;
  /** All members after the change, here and in the responses below. */
  members: Member[];
}

export const MemberAddResponse: MessageType<MemberAddResponse> = {
  typeName: "etcdserverpb.MemberAddResponse",
  create: createMemberAddResponse,
  write: writeMemberAddResponse,
  read: readMemberAddResponse,
  encode: (message) => encodeWith(message, writeMemberAddResponse),
  decode: (bytes) => decodeWith(bytes, readMemberAddResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "member", localName: "member", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
    { name: "members", localName: "members", number: 3, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMemberAddResponse(): MemberAddResponse {
  return {
    header: undefined,
    member: undefined,
    members: [],
  };
}

function createMemberAddResponse(init?: Partial<MemberAddResponse>): MemberAddResponse {
  if (init === undefined) {
    return emptyMemberAddResponse();
  }
  return {
    header: init.header,
    member: init.member,
    members: init.members ?? [],
  };
}

function writeMemberAddResponse(m: MemberAddResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.member !== undefined) {
    w.byte(18);
    const mark = w.fork(m.member.peerURLs.length * 32 + m.member.clientURLs.length * 32 + 24);
    writeMember(m.member, w);
    w.join(mark);
  }
  for (let i = 0; i < m.members.length; i++) {
    const value = m.members[i] as Member;
    w.byte(26);
    const mark = w.fork(value.peerURLs.length * 32 + value.clientURLs.length * 32 + 24);
    writeMember(value, w);
    w.join(mark);
  }
}

function readMemberAddResponse(r: BinaryReader, end: number, target?: MemberAddResponse): MemberAddResponse {
  const m = target ?? emptyMemberAddResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.member = readMember(r, r.enter(), m.member);
        r.leave();
        break;
      case 26:
        m.members.push(readMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberRemoveRequest {
  ID: bigint;
}

export const MemberRemoveRequest: MessageType<MemberRemoveRequest> = {
  typeName: "etcdserverpb.MemberRemoveRequest",
  create: createMemberRemoveRequest,
  write: writeMemberRemoveRequest,
  read: readMemberRemoveRequest,
  encode: (message) => encodeWith(message, writeMemberRemoveRequest),
  decode: (bytes) => decodeWith(bytes, readMemberRemoveRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMemberRemoveRequest(): MemberRemoveRequest {
  return {
    ID: 0n,
  };
}

function createMemberRemoveRequest(init?: Partial<MemberRemoveRequest>): MemberRemoveRequest {
  if (init === undefined) {
    return emptyMemberRemoveRequest();
  }
  return {
    ID: init.ID ?? 0n,
  };
}

function writeMemberRemoveRequest(m: MemberRemoveRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
}

function readMemberRemoveRequest(r: BinaryReader, end: number, target?: MemberRemoveRequest): MemberRemoveRequest {
  const m = target ?? emptyMemberRemoveRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberRemoveResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export const MemberRemoveResponse: MessageType<MemberRemoveResponse> = {
  typeName: "etcdserverpb.MemberRemoveResponse",
  create: createMemberRemoveResponse,
  write: writeMemberRemoveResponse,
  read: readMemberRemoveResponse,
  encode: (message) => encodeWith(message, writeMemberRemoveResponse),
  decode: (bytes) => decodeWith(bytes, readMemberRemoveResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "members", localName: "members", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMemberRemoveResponse(): MemberRemoveResponse {
  return {
    header: undefined,
    members: [],
  };
}

function createMemberRemoveResponse(init?: Partial<MemberRemoveResponse>): MemberRemoveResponse {
  if (init === undefined) {
    return emptyMemberRemoveResponse();
  }
  return {
    header: init.header,
    members: init.members ?? [],
  };
}

function writeMemberRemoveResponse(m: MemberRemoveResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.members.length; i++) {
    const value = m.members[i] as Member;
    w.byte(18);
    const mark = w.fork(value.peerURLs.length * 32 + value.clientURLs.length * 32 + 24);
    writeMember(value, w);
    w.join(mark);
  }
}

function readMemberRemoveResponse(r: BinaryReader, end: number, target?: MemberRemoveResponse): MemberRemoveResponse {
  const m = target ?? emptyMemberRemoveResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.members.push(readMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberUpdateRequest {
  ID: bigint;
  peerURLs: string[];
}

export const MemberUpdateRequest: MessageType<MemberUpdateRequest> = {
  typeName: "etcdserverpb.MemberUpdateRequest",
  create: createMemberUpdateRequest,
  write: writeMemberUpdateRequest,
  read: readMemberUpdateRequest,
  encode: (message) => encodeWith(message, writeMemberUpdateRequest),
  decode: (bytes) => decodeWith(bytes, readMemberUpdateRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "peerURLs", localName: "peerURLs", number: 2, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMemberUpdateRequest(): MemberUpdateRequest {
  return {
    ID: 0n,
    peerURLs: [],
  };
}

function createMemberUpdateRequest(init?: Partial<MemberUpdateRequest>): MemberUpdateRequest {
  if (init === undefined) {
    return emptyMemberUpdateRequest();
  }
  return {
    ID: init.ID ?? 0n,
    peerURLs: init.peerURLs ?? [],
  };
}

function writeMemberUpdateRequest(m: MemberUpdateRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
  for (let i = 0; i < m.peerURLs.length; i++) {
    const value = m.peerURLs[i] as string;
    w.byte(18);
    w.string(value);
  }
}

function readMemberUpdateRequest(r: BinaryReader, end: number, target?: MemberUpdateRequest): MemberUpdateRequest {
  const m = target ?? emptyMemberUpdateRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      case 18:
        m.peerURLs.push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberUpdateResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export const MemberUpdateResponse: MessageType<MemberUpdateResponse> = {
  typeName: "etcdserverpb.MemberUpdateResponse",
  create: createMemberUpdateResponse,
  write: writeMemberUpdateResponse,
  read: readMemberUpdateResponse,
  encode: (message) => encodeWith(message, writeMemberUpdateResponse),
  decode: (bytes) => decodeWith(bytes, readMemberUpdateResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "members", localName: "members", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMemberUpdateResponse(): MemberUpdateResponse {
  return {
    header: undefined,
    members: [],
  };
}

function createMemberUpdateResponse(init?: Partial<MemberUpdateResponse>): MemberUpdateResponse {
  if (init === undefined) {
    return emptyMemberUpdateResponse();
  }
  return {
    header: init.header,
    members: init.members ?? [],
  };
}

function writeMemberUpdateResponse(m: MemberUpdateResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.members.length; i++) {
    const value = m.members[i] as Member;
    w.byte(18);
    const mark = w.fork(value.peerURLs.length * 32 + value.clientURLs.length * 32 + 24);
    writeMember(value, w);
    w.join(mark);
  }
}

function readMemberUpdateResponse(r: BinaryReader, end: number, target?: MemberUpdateResponse): MemberUpdateResponse {
  const m = target ?? emptyMemberUpdateResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.members.push(readMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberListRequest {
  linearizable: boolean;
}

export const MemberListRequest: MessageType<MemberListRequest> = {
  typeName: "etcdserverpb.MemberListRequest",
  create: createMemberListRequest,
  write: writeMemberListRequest,
  read: readMemberListRequest,
  encode: (message) => encodeWith(message, writeMemberListRequest),
  decode: (bytes) => decodeWith(bytes, readMemberListRequest),
  fields: () => [
    { name: "linearizable", localName: "linearizable", number: 1, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMemberListRequest(): MemberListRequest {
  return {
    linearizable: false,
  };
}

function createMemberListRequest(init?: Partial<MemberListRequest>): MemberListRequest {
  if (init === undefined) {
    return emptyMemberListRequest();
  }
  return {
    linearizable: init.linearizable ?? false,
  };
}

function writeMemberListRequest(m: MemberListRequest, w: BinaryWriter): void {
  if (m.linearizable) {
    w.byte(8);
    w.bool(m.linearizable);
  }
}

function readMemberListRequest(r: BinaryReader, end: number, target?: MemberListRequest): MemberListRequest {
  const m = target ?? emptyMemberListRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.linearizable = r.bool();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberListResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export const MemberListResponse: MessageType<MemberListResponse> = {
  typeName: "etcdserverpb.MemberListResponse",
  create: createMemberListResponse,
  write: writeMemberListResponse,
  read: readMemberListResponse,
  encode: (message) => encodeWith(message, writeMemberListResponse),
  decode: (bytes) => decodeWith(bytes, readMemberListResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "members", localName: "members", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMemberListResponse(): MemberListResponse {
  return {
    header: undefined,
    members: [],
  };
}

function createMemberListResponse(init?: Partial<MemberListResponse>): MemberListResponse {
  if (init === undefined) {
    return emptyMemberListResponse();
  }
  return {
    header: init.header,
    members: init.members ?? [],
  };
}

function writeMemberListResponse(m: MemberListResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.members.length; i++) {
    const value = m.members[i] as Member;
    w.byte(18);
    const mark = w.fork(value.peerURLs.length * 32 + value.clientURLs.length * 32 + 24);
    writeMember(value, w);
    w.join(mark);
  }
}

function readMemberListResponse(r: BinaryReader, end: number, target?: MemberListResponse): MemberListResponse {
  const m = target ?? emptyMemberListResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.members.push(readMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberPromoteRequest {
  ID: bigint;
}

export const MemberPromoteRequest: MessageType<MemberPromoteRequest> = {
  typeName: "etcdserverpb.MemberPromoteRequest",
  create: createMemberPromoteRequest,
  write: writeMemberPromoteRequest,
  read: readMemberPromoteRequest,
  encode: (message) => encodeWith(message, writeMemberPromoteRequest),
  decode: (bytes) => decodeWith(bytes, readMemberPromoteRequest),
  fields: () => [
    { name: "ID", localName: "ID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMemberPromoteRequest(): MemberPromoteRequest {
  return {
    ID: 0n,
  };
}

function createMemberPromoteRequest(init?: Partial<MemberPromoteRequest>): MemberPromoteRequest {
  if (init === undefined) {
    return emptyMemberPromoteRequest();
  }
  return {
    ID: init.ID ?? 0n,
  };
}

function writeMemberPromoteRequest(m: MemberPromoteRequest, w: BinaryWriter): void {
  if (m.ID !== 0n) {
    w.byte(8);
    w.bigint(m.ID);
  }
}

function readMemberPromoteRequest(r: BinaryReader, end: number, target?: MemberPromoteRequest): MemberPromoteRequest {
  const m = target ?? emptyMemberPromoteRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.ID = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MemberPromoteResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export const MemberPromoteResponse: MessageType<MemberPromoteResponse> = {
  typeName: "etcdserverpb.MemberPromoteResponse",
  create: createMemberPromoteResponse,
  write: writeMemberPromoteResponse,
  read: readMemberPromoteResponse,
  encode: (message) => encodeWith(message, writeMemberPromoteResponse),
  decode: (bytes) => decodeWith(bytes, readMemberPromoteResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "members", localName: "members", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Member as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMemberPromoteResponse(): MemberPromoteResponse {
  return {
    header: undefined,
    members: [],
  };
}

function createMemberPromoteResponse(init?: Partial<MemberPromoteResponse>): MemberPromoteResponse {
  if (init === undefined) {
    return emptyMemberPromoteResponse();
  }
  return {
    header: init.header,
    members: init.members ?? [],
  };
}

function writeMemberPromoteResponse(m: MemberPromoteResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.members.length; i++) {
    const value = m.members[i] as Member;
    w.byte(18);
    const mark = w.fork(value.peerURLs.length * 32 + value.clientURLs.length * 32 + 24);
    writeMember(value, w);
    w.join(mark);
  }
}

function readMemberPromoteResponse(r: BinaryReader, end: number, target?: MemberPromoteResponse): MemberPromoteResponse {
  const m = target ?? emptyMemberPromoteResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.members.push(readMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DefragmentRequest {
}

export const DefragmentRequest: MessageType<DefragmentRequest> = {
  typeName: "etcdserverpb.DefragmentRequest",
  create: createDefragmentRequest,
  write: writeDefragmentRequest,
  read: readDefragmentRequest,
  encode: (message) => encodeWith(message, writeDefragmentRequest),
  decode: (bytes) => decodeWith(bytes, readDefragmentRequest),
  fields: () => [
  ],
};

function createDefragmentRequest(): DefragmentRequest {
  return {};
}

function writeDefragmentRequest(_m: DefragmentRequest, _w: BinaryWriter): void {
}

function readDefragmentRequest(r: BinaryReader, end: number, target?: DefragmentRequest): DefragmentRequest {
  const m = target ?? createDefragmentRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface DefragmentResponse {
  header: ResponseHeader | undefined;
}

export const DefragmentResponse: MessageType<DefragmentResponse> = {
  typeName: "etcdserverpb.DefragmentResponse",
  create: createDefragmentResponse,
  write: writeDefragmentResponse,
  read: readDefragmentResponse,
  encode: (message) => encodeWith(message, writeDefragmentResponse),
  decode: (bytes) => decodeWith(bytes, readDefragmentResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyDefragmentResponse(): DefragmentResponse {
  return {
    header: undefined,
  };
}

function createDefragmentResponse(init?: Partial<DefragmentResponse>): DefragmentResponse {
  if (init === undefined) {
    return emptyDefragmentResponse();
  }
  return {
    header: init.header,
  };
}

function writeDefragmentResponse(m: DefragmentResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readDefragmentResponse(r: BinaryReader, end: number, target?: DefragmentResponse): DefragmentResponse {
  const m = target ?? emptyDefragmentResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MoveLeaderRequest {
  targetID: bigint;
}

export const MoveLeaderRequest: MessageType<MoveLeaderRequest> = {
  typeName: "etcdserverpb.MoveLeaderRequest",
  create: createMoveLeaderRequest,
  write: writeMoveLeaderRequest,
  read: readMoveLeaderRequest,
  encode: (message) => encodeWith(message, writeMoveLeaderRequest),
  decode: (bytes) => decodeWith(bytes, readMoveLeaderRequest),
  fields: () => [
    { name: "targetID", localName: "targetID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyMoveLeaderRequest(): MoveLeaderRequest {
  return {
    targetID: 0n,
  };
}

function createMoveLeaderRequest(init?: Partial<MoveLeaderRequest>): MoveLeaderRequest {
  if (init === undefined) {
    return emptyMoveLeaderRequest();
  }
  return {
    targetID: init.targetID ?? 0n,
  };
}

function writeMoveLeaderRequest(m: MoveLeaderRequest, w: BinaryWriter): void {
  if (m.targetID !== 0n) {
    w.byte(8);
    w.bigint(m.targetID);
  }
}

function readMoveLeaderRequest(r: BinaryReader, end: number, target?: MoveLeaderRequest): MoveLeaderRequest {
  const m = target ?? emptyMoveLeaderRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.targetID = r.uint64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface MoveLeaderResponse {
  header: ResponseHeader | undefined;
}

export const MoveLeaderResponse: MessageType<MoveLeaderResponse> = {
  typeName: "etcdserverpb.MoveLeaderResponse",
  create: createMoveLeaderResponse,
  write: writeMoveLeaderResponse,
  read: readMoveLeaderResponse,
  encode: (message) => encodeWith(message, writeMoveLeaderResponse),
  decode: (bytes) => decodeWith(bytes, readMoveLeaderResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyMoveLeaderResponse(): MoveLeaderResponse {
  return {
    header: undefined,
  };
}

function createMoveLeaderResponse(init?: Partial<MoveLeaderResponse>): MoveLeaderResponse {
  if (init === undefined) {
    return emptyMoveLeaderResponse();
  }
  return {
    header: init.header,
  };
}

function writeMoveLeaderResponse(m: MoveLeaderResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readMoveLeaderResponse(r: BinaryReader, end: number, target?: MoveLeaderResponse): MoveLeaderResponse {
  const m = target ?? emptyMoveLeaderResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type AlarmType = number;
export const AlarmType = {
  /** In a request: any alarm. */
  NONE: 0,
  /** The space quota is used up. */
  NOSPACE: 1,
  /** Members disagree about the data. */
  CORRUPT: 2,
} as const;

export interface AlarmRequest {
  action: AlarmRequest_AlarmAction;
  /** 0 for all members. */
  memberID: bigint;
  alarm: AlarmType;
}

export const AlarmRequest: MessageType<AlarmRequest> = {
  typeName: "etcdserverpb.AlarmRequest",
  create: createAlarmRequest,
  write: writeAlarmRequest,
  read: readAlarmRequest,
  encode: (message) => encodeWith(message, writeAlarmRequest),
  decode: (bytes) => decodeWith(bytes, readAlarmRequest),
  fields: () => [
    { name: "action", localName: "action", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: AlarmRequest_AlarmAction },
    { name: "memberID", localName: "memberID", number: 2, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "alarm", localName: "alarm", number: 3, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: AlarmType },
  ],
};

function emptyAlarmRequest(): AlarmRequest {
  return {
    action: 0,
    memberID: 0n,
    alarm: 0,
  };
}

function createAlarmRequest(init?: Partial<AlarmRequest>): AlarmRequest {
  if (init === undefined) {
    return emptyAlarmRequest();
  }
  return {
    action: init.action ?? 0,
    memberID: init.memberID ?? 0n,
    alarm: init.alarm ?? 0,
  };
}

function writeAlarmRequest(m: AlarmRequest, w: BinaryWriter): void {
  if (m.action !== 0) {
    w.byte(8);
    w.int32(m.action);
  }
  if (m.memberID !== 0n) {
    w.byte(16);
    w.bigint(m.memberID);
  }
  if (m.alarm !== 0) {
    w.byte(24);
    w.int32(m.alarm);
  }
}

function readAlarmRequest(r: BinaryReader, end: number, target?: AlarmRequest): AlarmRequest {
  const m = target ?? emptyAlarmRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.action = r.int32();
        break;
      case 16:
        m.memberID = r.uint64();
        break;
      case 24:
        m.alarm = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type AlarmRequest_AlarmAction = number;
export const AlarmRequest_AlarmAction = {
  GET: 0,
  ACTIVATE: 1,
  DEACTIVATE: 2,
} as const;

export interface AlarmMember {
  memberID: bigint;
  alarm: AlarmType;
}

export const AlarmMember: MessageType<AlarmMember> = {
  typeName: "etcdserverpb.AlarmMember",
  create: createAlarmMember,
  write: writeAlarmMember,
  read: readAlarmMember,
  encode: (message) => encodeWith(message, writeAlarmMember),
  decode: (bytes) => decodeWith(bytes, readAlarmMember),
  fields: () => [
    { name: "memberID", localName: "memberID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "alarm", localName: "alarm", number: 2, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: AlarmType },
  ],
};

function emptyAlarmMember(): AlarmMember {
  return {
    memberID: 0n,
    alarm: 0,
  };
}

function createAlarmMember(init?: Partial<AlarmMember>): AlarmMember {
  if (init === undefined) {
    return emptyAlarmMember();
  }
  return {
    memberID: init.memberID ?? 0n,
    alarm: init.alarm ?? 0,
  };
}

function writeAlarmMember(m: AlarmMember, w: BinaryWriter): void {
  if (m.memberID !== 0n) {
    w.byte(8);
    w.bigint(m.memberID);
  }
  if (m.alarm !== 0) {
    w.byte(16);
    w.int32(m.alarm);
  }
}

function readAlarmMember(r: BinaryReader, end: number, target?: AlarmMember): AlarmMember {
  const m = target ?? emptyAlarmMember();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.memberID = r.uint64();
        break;
      case 16:
        m.alarm = r.int32();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AlarmResponse {
  header: ResponseHeader | undefined;
  alarms: AlarmMember[];
}

export const AlarmResponse: MessageType<AlarmResponse> = {
  typeName: "etcdserverpb.AlarmResponse",
  create: createAlarmResponse,
  write: writeAlarmResponse,
  read: readAlarmResponse,
  encode: (message) => encodeWith(message, writeAlarmResponse),
  decode: (bytes) => decodeWith(bytes, readAlarmResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "alarms", localName: "alarms", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: AlarmMember as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAlarmResponse(): AlarmResponse {
  return {
    header: undefined,
    alarms: [],
  };
}

function createAlarmResponse(init?: Partial<AlarmResponse>): AlarmResponse {
  if (init === undefined) {
    return emptyAlarmResponse();
  }
  return {
    header: init.header,
    alarms: init.alarms ?? [],
  };
}

function writeAlarmResponse(m: AlarmResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.alarms.length; i++) {
    const value = m.alarms[i] as AlarmMember;
    w.byte(18);
    const mark = w.fork(0);
    writeAlarmMember(value, w);
    w.join(mark);
  }
}

function readAlarmResponse(r: BinaryReader, end: number, target?: AlarmResponse): AlarmResponse {
  const m = target ?? emptyAlarmResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.alarms.push(readAlarmMember(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DowngradeRequest {
  action: DowngradeRequest_DowngradeAction;
  /** Target version, X.Y or X.Y.Z. */
  version: string;
}

export const DowngradeRequest: MessageType<DowngradeRequest> = {
  typeName: "etcdserverpb.DowngradeRequest",
  create: createDowngradeRequest,
  write: writeDowngradeRequest,
  read: readDowngradeRequest,
  encode: (message) => encodeWith(message, writeDowngradeRequest),
  decode: (bytes) => decodeWith(bytes, readDowngradeRequest),
  fields: () => [
    { name: "action", localName: "action", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: DowngradeRequest_DowngradeAction },
    { name: "version", localName: "version", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDowngradeRequest(): DowngradeRequest {
  return {
    action: 0,
    version: "",
  };
}

function createDowngradeRequest(init?: Partial<DowngradeRequest>): DowngradeRequest {
  if (init === undefined) {
    return emptyDowngradeRequest();
  }
  return {
    action: init.action ?? 0,
    version: init.version ?? "",
  };
}

function writeDowngradeRequest(m: DowngradeRequest, w: BinaryWriter): void {
  if (m.action !== 0) {
    w.byte(8);
    w.int32(m.action);
  }
  if (m.version.length !== 0) {
    w.byte(18);
    w.string(m.version);
  }
}

function readDowngradeRequest(r: BinaryReader, end: number, target?: DowngradeRequest): DowngradeRequest {
  const m = target ?? emptyDowngradeRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.action = r.int32();
        break;
      case 18:
        m.version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type DowngradeRequest_DowngradeAction = number;
export const DowngradeRequest_DowngradeAction = {
  VALIDATE: 0,
  ENABLE: 1,
  CANCEL: 2,
} as const;

export interface DowngradeResponse {
  header: ResponseHeader | undefined;
  /** Cluster version now. */
  version: string;
}

export const DowngradeResponse: MessageType<DowngradeResponse> = {
  typeName: "etcdserverpb.DowngradeResponse",
  create: createDowngradeResponse,
  write: writeDowngradeResponse,
  read: readDowngradeResponse,
  encode: (message) => encodeWith(message, writeDowngradeResponse),
  decode: (bytes) => decodeWith(bytes, readDowngradeResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "version", localName: "version", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDowngradeResponse(): DowngradeResponse {
  return {
    header: undefined,
    version: "",
  };
}

function createDowngradeResponse(init?: Partial<DowngradeResponse>): DowngradeResponse {
  if (init === undefined) {
    return emptyDowngradeResponse();
  }
  return {
    header: init.header,
    version: init.version ?? "",
  };
}

function writeDowngradeResponse(m: DowngradeResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.version.length !== 0) {
    w.byte(18);
    w.string(m.version);
  }
}

function readDowngradeResponse(r: BinaryReader, end: number, target?: DowngradeResponse): DowngradeResponse {
  const m = target ?? emptyDowngradeResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.version = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface StatusRequest {
}

export const StatusRequest: MessageType<StatusRequest> = {
  typeName: "etcdserverpb.StatusRequest",
  create: createStatusRequest,
  write: writeStatusRequest,
  read: readStatusRequest,
  encode: (message) => encodeWith(message, writeStatusRequest),
  decode: (bytes) => decodeWith(bytes, readStatusRequest),
  fields: () => [
  ],
};

function createStatusRequest(): StatusRequest {
  return {};
}

function writeStatusRequest(_m: StatusRequest, _w: BinaryWriter): void {
}

function readStatusRequest(r: BinaryReader, end: number, target?: StatusRequest): StatusRequest {
  const m = target ?? createStatusRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface StatusResponse {
  header: ResponseHeader | undefined;
  version: string;
  /** Bytes on disk. */
  dbSize: number;
  /** Who this member believes leads; 0 for nobody. */
  leader: bigint;
  raftIndex: number;
  raftTerm: number;
  raftAppliedIndex: number;
  /** Active alarms and lack of a leader, in words. */
  errors: string[];
  dbSizeInUse: number;
  isLearner: boolean;
  storageVersion: string;
  dbSizeQuota: number;
  downgradeInfo: DowngradeInfo | undefined;
}

export const StatusResponse: MessageType<StatusResponse> = {
  typeName: "etcdserverpb.StatusResponse",
  create: createStatusResponse,
  write: writeStatusResponse,
  read: readStatusResponse,
  encode: (message) => encodeWith(message, writeStatusResponse),
  decode: (bytes) => decodeWith(bytes, readStatusResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "version", localName: "version", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "dbSize", localName: "dbSize", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "leader", localName: "leader", number: 4, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "raftIndex", localName: "raftIndex", number: 5, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "raftTerm", localName: "raftTerm", number: 6, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "raftAppliedIndex", localName: "raftAppliedIndex", number: 7, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "errors", localName: "errors", number: 8, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "dbSizeInUse", localName: "dbSizeInUse", number: 9, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "isLearner", localName: "isLearner", number: 10, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "storageVersion", localName: "storageVersion", number: 11, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "dbSizeQuota", localName: "dbSizeQuota", number: 12, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "downgradeInfo", localName: "downgradeInfo", number: 13, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: DowngradeInfo as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyStatusResponse(): StatusResponse {
  return {
    header: undefined,
    version: "",
    dbSize: 0,
    leader: 0n,
    raftIndex: 0,
    raftTerm: 0,
    raftAppliedIndex: 0,
    errors: [],
    dbSizeInUse: 0,
    isLearner: false,
    storageVersion: "",
    dbSizeQuota: 0,
    downgradeInfo: undefined,
  };
}

function createStatusResponse(init?: Partial<StatusResponse>): StatusResponse {
  if (init === undefined) {
    return emptyStatusResponse();
  }
  return {
    header: init.header,
    version: init.version ?? "",
    dbSize: init.dbSize ?? 0,
    leader: init.leader ?? 0n,
    raftIndex: init.raftIndex ?? 0,
    raftTerm: init.raftTerm ?? 0,
    raftAppliedIndex: init.raftAppliedIndex ?? 0,
    errors: init.errors ?? [],
    dbSizeInUse: init.dbSizeInUse ?? 0,
    isLearner: init.isLearner ?? false,
    storageVersion: init.storageVersion ?? "",
    dbSizeQuota: init.dbSizeQuota ?? 0,
    downgradeInfo: init.downgradeInfo,
  };
}

function writeStatusResponse(m: StatusResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.version.length !== 0) {
    w.byte(18);
    w.string(m.version);
  }
  if (m.dbSize !== 0) {
    w.byte(24);
    w.int64Number(m.dbSize);
  }
  if (m.leader !== 0n) {
    w.byte(32);
    w.bigint(m.leader);
  }
  if (m.raftIndex !== 0) {
    w.byte(40);
    w.uint64Number(m.raftIndex);
  }
  if (m.raftTerm !== 0) {
    w.byte(48);
    w.uint64Number(m.raftTerm);
  }
  if (m.raftAppliedIndex !== 0) {
    w.byte(56);
    w.uint64Number(m.raftAppliedIndex);
  }
  for (let i = 0; i < m.errors.length; i++) {
    const value = m.errors[i] as string;
    w.byte(66);
    w.string(value);
  }
  if (m.dbSizeInUse !== 0) {
    w.byte(72);
    w.int64Number(m.dbSizeInUse);
  }
  if (m.isLearner) {
    w.byte(80);
    w.bool(m.isLearner);
  }
  if (m.storageVersion.length !== 0) {
    w.byte(90);
    w.string(m.storageVersion);
  }
  if (m.dbSizeQuota !== 0) {
    w.byte(96);
    w.int64Number(m.dbSizeQuota);
  }
  if (m.downgradeInfo !== undefined) {
    w.byte(106);
    const mark = w.fork(0);
    writeDowngradeInfo(m.downgradeInfo, w);
    w.join(mark);
  }
}

function readStatusResponse(r: BinaryReader, end: number, target?: StatusResponse): StatusResponse {
  const m = target ?? emptyStatusResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.version = r.string();
        break;
      case 24:
        m.dbSize = r.int64Number();
        break;
      case 32:
        m.leader = r.uint64();
        break;
      case 40:
        m.raftIndex = r.uint64Number();
        break;
      case 48:
        m.raftTerm = r.uint64Number();
        break;
      case 56:
        m.raftAppliedIndex = r.uint64Number();
        break;
      case 66:
        m.errors.push(r.string());
        break;
      case 72:
        m.dbSizeInUse = r.int64Number();
        break;
      case 80:
        m.isLearner = r.bool();
        break;
      case 90:
        m.storageVersion = r.string();
        break;
      case 96:
        m.dbSizeQuota = r.int64Number();
        break;
      case 106:
        m.downgradeInfo = readDowngradeInfo(r, r.enter(), m.downgradeInfo);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DowngradeInfo {
  enabled: boolean;
  targetVersion: string;
}

export const DowngradeInfo: MessageType<DowngradeInfo> = {
  typeName: "etcdserverpb.DowngradeInfo",
  create: createDowngradeInfo,
  write: writeDowngradeInfo,
  read: readDowngradeInfo,
  encode: (message) => encodeWith(message, writeDowngradeInfo),
  decode: (bytes) => decodeWith(bytes, readDowngradeInfo),
  fields: () => [
    { name: "enabled", localName: "enabled", number: 1, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "targetVersion", localName: "targetVersion", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDowngradeInfo(): DowngradeInfo {
  return {
    enabled: false,
    targetVersion: "",
  };
}

function createDowngradeInfo(init?: Partial<DowngradeInfo>): DowngradeInfo {
  if (init === undefined) {
    return emptyDowngradeInfo();
  }
  return {
    enabled: init.enabled ?? false,
    targetVersion: init.targetVersion ?? "",
  };
}

function writeDowngradeInfo(m: DowngradeInfo, w: BinaryWriter): void {
  if (m.enabled) {
    w.byte(8);
    w.bool(m.enabled);
  }
  if (m.targetVersion.length !== 0) {
    w.byte(18);
    w.string(m.targetVersion);
  }
}

function readDowngradeInfo(r: BinaryReader, end: number, target?: DowngradeInfo): DowngradeInfo {
  const m = target ?? emptyDowngradeInfo();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.enabled = r.bool();
        break;
      case 18:
        m.targetVersion = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthEnableRequest {
}

export const AuthEnableRequest: MessageType<AuthEnableRequest> = {
  typeName: "etcdserverpb.AuthEnableRequest",
  create: createAuthEnableRequest,
  write: writeAuthEnableRequest,
  read: readAuthEnableRequest,
  encode: (message) => encodeWith(message, writeAuthEnableRequest),
  decode: (bytes) => decodeWith(bytes, readAuthEnableRequest),
  fields: () => [
  ],
};

function createAuthEnableRequest(): AuthEnableRequest {
  return {};
}

function writeAuthEnableRequest(_m: AuthEnableRequest, _w: BinaryWriter): void {
}

function readAuthEnableRequest(r: BinaryReader, end: number, target?: AuthEnableRequest): AuthEnableRequest {
  const m = target ?? createAuthEnableRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface AuthDisableRequest {
}

export const AuthDisableRequest: MessageType<AuthDisableRequest> = {
  typeName: "etcdserverpb.AuthDisableRequest",
  create: createAuthDisableRequest,
  write: writeAuthDisableRequest,
  read: readAuthDisableRequest,
  encode: (message) => encodeWith(message, writeAuthDisableRequest),
  decode: (bytes) => decodeWith(bytes, readAuthDisableRequest),
  fields: () => [
  ],
};

function createAuthDisableRequest(): AuthDisableRequest {
  return {};
}

function writeAuthDisableRequest(_m: AuthDisableRequest, _w: BinaryWriter): void {
}

function readAuthDisableRequest(r: BinaryReader, end: number, target?: AuthDisableRequest): AuthDisableRequest {
  const m = target ?? createAuthDisableRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface AuthStatusRequest {
}

export const AuthStatusRequest: MessageType<AuthStatusRequest> = {
  typeName: "etcdserverpb.AuthStatusRequest",
  create: createAuthStatusRequest,
  write: writeAuthStatusRequest,
  read: readAuthStatusRequest,
  encode: (message) => encodeWith(message, writeAuthStatusRequest),
  decode: (bytes) => decodeWith(bytes, readAuthStatusRequest),
  fields: () => [
  ],
};

function createAuthStatusRequest(): AuthStatusRequest {
  return {};
}

function writeAuthStatusRequest(_m: AuthStatusRequest, _w: BinaryWriter): void {
}

function readAuthStatusRequest(r: BinaryReader, end: number, target?: AuthStatusRequest): AuthStatusRequest {
  const m = target ?? createAuthStatusRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface AuthenticateRequest {
  name: string;
  password: string;
}

export const AuthenticateRequest: MessageType<AuthenticateRequest> = {
  typeName: "etcdserverpb.AuthenticateRequest",
  create: createAuthenticateRequest,
  write: writeAuthenticateRequest,
  read: readAuthenticateRequest,
  encode: (message) => encodeWith(message, writeAuthenticateRequest),
  decode: (bytes) => decodeWith(bytes, readAuthenticateRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "password", localName: "password", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthenticateRequest(): AuthenticateRequest {
  return {
    name: "",
    password: "",
  };
}

function createAuthenticateRequest(init?: Partial<AuthenticateRequest>): AuthenticateRequest {
  if (init === undefined) {
    return emptyAuthenticateRequest();
  }
  return {
    name: init.name ?? "",
    password: init.password ?? "",
  };
}

function writeAuthenticateRequest(m: AuthenticateRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password.length !== 0) {
    w.byte(18);
    w.string(m.password);
  }
}

function readAuthenticateRequest(r: BinaryReader, end: number, target?: AuthenticateRequest): AuthenticateRequest {
  const m = target ?? emptyAuthenticateRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.password = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserAddRequest {
  name: string;
  /** Clear text from the client; never enters the log. */
  password: string;
  options: UserAddOptions | undefined;
  /** base64 of the bcrypt hash, set by the server that proposes. Here and below. */
  hashedPassword: string;
}

export const AuthUserAddRequest: MessageType<AuthUserAddRequest> = {
  typeName: "etcdserverpb.AuthUserAddRequest",
  create: createAuthUserAddRequest,
  write: writeAuthUserAddRequest,
  read: readAuthUserAddRequest,
  encode: (message) => encodeWith(message, writeAuthUserAddRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserAddRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "password", localName: "password", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "options", localName: "options", number: 3, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: UserAddOptions as MessageType<unknown>, enumType: undefined },
    { name: "hashedPassword", localName: "hashedPassword", number: 4, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserAddRequest(): AuthUserAddRequest {
  return {
    name: "",
    password: "",
    options: undefined,
    hashedPassword: "",
  };
}

function createAuthUserAddRequest(init?: Partial<AuthUserAddRequest>): AuthUserAddRequest {
  if (init === undefined) {
    return emptyAuthUserAddRequest();
  }
  return {
    name: init.name ?? "",
    password: init.password ?? "",
    options: init.options,
    hashedPassword: init.hashedPassword ?? "",
  };
}

function writeAuthUserAddRequest(m: AuthUserAddRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password.length !== 0) {
    w.byte(18);
    w.string(m.password);
  }
  if (m.options !== undefined) {
    w.byte(26);
    const mark = w.fork(0);
    UserAddOptions.write(m.options, w);
    w.join(mark);
  }
  if (m.hashedPassword.length !== 0) {
    w.byte(34);
    w.string(m.hashedPassword);
  }
}

function readAuthUserAddRequest(r: BinaryReader, end: number, target?: AuthUserAddRequest): AuthUserAddRequest {
  const m = target ?? emptyAuthUserAddRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.password = r.string();
        break;
      case 26:
        m.options = UserAddOptions.read(r, r.enter(), m.options);
        r.leave();
        break;
      case 34:
        m.hashedPassword = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserGetRequest {
  name: string;
}

export const AuthUserGetRequest: MessageType<AuthUserGetRequest> = {
  typeName: "etcdserverpb.AuthUserGetRequest",
  create: createAuthUserGetRequest,
  write: writeAuthUserGetRequest,
  read: readAuthUserGetRequest,
  encode: (message) => encodeWith(message, writeAuthUserGetRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserGetRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserGetRequest(): AuthUserGetRequest {
  return {
    name: "",
  };
}

function createAuthUserGetRequest(init?: Partial<AuthUserGetRequest>): AuthUserGetRequest {
  if (init === undefined) {
    return emptyAuthUserGetRequest();
  }
  return {
    name: init.name ?? "",
  };
}

function writeAuthUserGetRequest(m: AuthUserGetRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
}

function readAuthUserGetRequest(r: BinaryReader, end: number, target?: AuthUserGetRequest): AuthUserGetRequest {
  const m = target ?? emptyAuthUserGetRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserDeleteRequest {
  name: string;
}

export const AuthUserDeleteRequest: MessageType<AuthUserDeleteRequest> = {
  typeName: "etcdserverpb.AuthUserDeleteRequest",
  create: createAuthUserDeleteRequest,
  write: writeAuthUserDeleteRequest,
  read: readAuthUserDeleteRequest,
  encode: (message) => encodeWith(message, writeAuthUserDeleteRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserDeleteRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserDeleteRequest(): AuthUserDeleteRequest {
  return {
    name: "",
  };
}

function createAuthUserDeleteRequest(init?: Partial<AuthUserDeleteRequest>): AuthUserDeleteRequest {
  if (init === undefined) {
    return emptyAuthUserDeleteRequest();
  }
  return {
    name: init.name ?? "",
  };
}

function writeAuthUserDeleteRequest(m: AuthUserDeleteRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
}

function readAuthUserDeleteRequest(r: BinaryReader, end: number, target?: AuthUserDeleteRequest): AuthUserDeleteRequest {
  const m = target ?? emptyAuthUserDeleteRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserChangePasswordRequest {
  name: string;
  password: string;
  hashedPassword: string;
}

export const AuthUserChangePasswordRequest: MessageType<AuthUserChangePasswordRequest> = {
  typeName: "etcdserverpb.AuthUserChangePasswordRequest",
  create: createAuthUserChangePasswordRequest,
  write: writeAuthUserChangePasswordRequest,
  read: readAuthUserChangePasswordRequest,
  encode: (message) => encodeWith(message, writeAuthUserChangePasswordRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserChangePasswordRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "password", localName: "password", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "hashedPassword", localName: "hashedPassword", number: 3, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserChangePasswordRequest(): AuthUserChangePasswordRequest {
  return {
    name: "",
    password: "",
    hashedPassword: "",
  };
}

function createAuthUserChangePasswordRequest(init?: Partial<AuthUserChangePasswordRequest>): AuthUserChangePasswordRequest {
  if (init === undefined) {
    return emptyAuthUserChangePasswordRequest();
  }
  return {
    name: init.name ?? "",
    password: init.password ?? "",
    hashedPassword: init.hashedPassword ?? "",
  };
}

function writeAuthUserChangePasswordRequest(m: AuthUserChangePasswordRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.password.length !== 0) {
    w.byte(18);
    w.string(m.password);
  }
  if (m.hashedPassword.length !== 0) {
    w.byte(26);
    w.string(m.hashedPassword);
  }
}

function readAuthUserChangePasswordRequest(r: BinaryReader, end: number, target?: AuthUserChangePasswordRequest): AuthUserChangePasswordRequest {
  const m = target ?? emptyAuthUserChangePasswordRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.password = r.string();
        break;
      case 26:
        m.hashedPassword = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserGrantRoleRequest {
  user: string;
  role: string;
}

export const AuthUserGrantRoleRequest: MessageType<AuthUserGrantRoleRequest> = {
  typeName: "etcdserverpb.AuthUserGrantRoleRequest",
  create: createAuthUserGrantRoleRequest,
  write: writeAuthUserGrantRoleRequest,
  read: readAuthUserGrantRoleRequest,
  encode: (message) => encodeWith(message, writeAuthUserGrantRoleRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserGrantRoleRequest),
  fields: () => [
    { name: "user", localName: "user", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "role", localName: "role", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserGrantRoleRequest(): AuthUserGrantRoleRequest {
  return {
    user: "",
    role: "",
  };
}

function createAuthUserGrantRoleRequest(init?: Partial<AuthUserGrantRoleRequest>): AuthUserGrantRoleRequest {
  if (init === undefined) {
    return emptyAuthUserGrantRoleRequest();
  }
  return {
    user: init.user ?? "",
    role: init.role ?? "",
  };
}

function writeAuthUserGrantRoleRequest(m: AuthUserGrantRoleRequest, w: BinaryWriter): void {
  if (m.user.length !== 0) {
    w.byte(10);
    w.string(m.user);
  }
  if (m.role.length !== 0) {
    w.byte(18);
    w.string(m.role);
  }
}

function readAuthUserGrantRoleRequest(r: BinaryReader, end: number, target?: AuthUserGrantRoleRequest): AuthUserGrantRoleRequest {
  const m = target ?? emptyAuthUserGrantRoleRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.user = r.string();
        break;
      case 18:
        m.role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserRevokeRoleRequest {
  name: string;
  role: string;
}

export const AuthUserRevokeRoleRequest: MessageType<AuthUserRevokeRoleRequest> = {
  typeName: "etcdserverpb.AuthUserRevokeRoleRequest",
  create: createAuthUserRevokeRoleRequest,
  write: writeAuthUserRevokeRoleRequest,
  read: readAuthUserRevokeRoleRequest,
  encode: (message) => encodeWith(message, writeAuthUserRevokeRoleRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserRevokeRoleRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "role", localName: "role", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserRevokeRoleRequest(): AuthUserRevokeRoleRequest {
  return {
    name: "",
    role: "",
  };
}

function createAuthUserRevokeRoleRequest(init?: Partial<AuthUserRevokeRoleRequest>): AuthUserRevokeRoleRequest {
  if (init === undefined) {
    return emptyAuthUserRevokeRoleRequest();
  }
  return {
    name: init.name ?? "",
    role: init.role ?? "",
  };
}

function writeAuthUserRevokeRoleRequest(m: AuthUserRevokeRoleRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.role.length !== 0) {
    w.byte(18);
    w.string(m.role);
  }
}

function readAuthUserRevokeRoleRequest(r: BinaryReader, end: number, target?: AuthUserRevokeRoleRequest): AuthUserRevokeRoleRequest {
  const m = target ?? emptyAuthUserRevokeRoleRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleAddRequest {
  name: string;
}

export const AuthRoleAddRequest: MessageType<AuthRoleAddRequest> = {
  typeName: "etcdserverpb.AuthRoleAddRequest",
  create: createAuthRoleAddRequest,
  write: writeAuthRoleAddRequest,
  read: readAuthRoleAddRequest,
  encode: (message) => encodeWith(message, writeAuthRoleAddRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleAddRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthRoleAddRequest(): AuthRoleAddRequest {
  return {
    name: "",
  };
}

function createAuthRoleAddRequest(init?: Partial<AuthRoleAddRequest>): AuthRoleAddRequest {
  if (init === undefined) {
    return emptyAuthRoleAddRequest();
  }
  return {
    name: init.name ?? "",
  };
}

function writeAuthRoleAddRequest(m: AuthRoleAddRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
}

function readAuthRoleAddRequest(r: BinaryReader, end: number, target?: AuthRoleAddRequest): AuthRoleAddRequest {
  const m = target ?? emptyAuthRoleAddRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleGetRequest {
  role: string;
}

export const AuthRoleGetRequest: MessageType<AuthRoleGetRequest> = {
  typeName: "etcdserverpb.AuthRoleGetRequest",
  create: createAuthRoleGetRequest,
  write: writeAuthRoleGetRequest,
  read: readAuthRoleGetRequest,
  encode: (message) => encodeWith(message, writeAuthRoleGetRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleGetRequest),
  fields: () => [
    { name: "role", localName: "role", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthRoleGetRequest(): AuthRoleGetRequest {
  return {
    role: "",
  };
}

function createAuthRoleGetRequest(init?: Partial<AuthRoleGetRequest>): AuthRoleGetRequest {
  if (init === undefined) {
    return emptyAuthRoleGetRequest();
  }
  return {
    role: init.role ?? "",
  };
}

function writeAuthRoleGetRequest(m: AuthRoleGetRequest, w: BinaryWriter): void {
  if (m.role.length !== 0) {
    w.byte(10);
    w.string(m.role);
  }
}

function readAuthRoleGetRequest(r: BinaryReader, end: number, target?: AuthRoleGetRequest): AuthRoleGetRequest {
  const m = target ?? emptyAuthRoleGetRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserListRequest {
}

export const AuthUserListRequest: MessageType<AuthUserListRequest> = {
  typeName: "etcdserverpb.AuthUserListRequest",
  create: createAuthUserListRequest,
  write: writeAuthUserListRequest,
  read: readAuthUserListRequest,
  encode: (message) => encodeWith(message, writeAuthUserListRequest),
  decode: (bytes) => decodeWith(bytes, readAuthUserListRequest),
  fields: () => [
  ],
};

function createAuthUserListRequest(): AuthUserListRequest {
  return {};
}

function writeAuthUserListRequest(_m: AuthUserListRequest, _w: BinaryWriter): void {
}

function readAuthUserListRequest(r: BinaryReader, end: number, target?: AuthUserListRequest): AuthUserListRequest {
  const m = target ?? createAuthUserListRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleListRequest {
}

export const AuthRoleListRequest: MessageType<AuthRoleListRequest> = {
  typeName: "etcdserverpb.AuthRoleListRequest",
  create: createAuthRoleListRequest,
  write: writeAuthRoleListRequest,
  read: readAuthRoleListRequest,
  encode: (message) => encodeWith(message, writeAuthRoleListRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleListRequest),
  fields: () => [
  ],
};

function createAuthRoleListRequest(): AuthRoleListRequest {
  return {};
}

function writeAuthRoleListRequest(_m: AuthRoleListRequest, _w: BinaryWriter): void {
}

function readAuthRoleListRequest(r: BinaryReader, end: number, target?: AuthRoleListRequest): AuthRoleListRequest {
  const m = target ?? createAuthRoleListRequest();
  while (r.pos < end) {
    r.skip(r.tag());
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleDeleteRequest {
  role: string;
}

export const AuthRoleDeleteRequest: MessageType<AuthRoleDeleteRequest> = {
  typeName: "etcdserverpb.AuthRoleDeleteRequest",
  create: createAuthRoleDeleteRequest,
  write: writeAuthRoleDeleteRequest,
  read: readAuthRoleDeleteRequest,
  encode: (message) => encodeWith(message, writeAuthRoleDeleteRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleDeleteRequest),
  fields: () => [
    { name: "role", localName: "role", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthRoleDeleteRequest(): AuthRoleDeleteRequest {
  return {
    role: "",
  };
}

function createAuthRoleDeleteRequest(init?: Partial<AuthRoleDeleteRequest>): AuthRoleDeleteRequest {
  if (init === undefined) {
    return emptyAuthRoleDeleteRequest();
  }
  return {
    role: init.role ?? "",
  };
}

function writeAuthRoleDeleteRequest(m: AuthRoleDeleteRequest, w: BinaryWriter): void {
  if (m.role.length !== 0) {
    w.byte(10);
    w.string(m.role);
  }
}

function readAuthRoleDeleteRequest(r: BinaryReader, end: number, target?: AuthRoleDeleteRequest): AuthRoleDeleteRequest {
  const m = target ?? emptyAuthRoleDeleteRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.role = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleGrantPermissionRequest {
  name: string;
  perm: Permission | undefined;
}

export const AuthRoleGrantPermissionRequest: MessageType<AuthRoleGrantPermissionRequest> = {
  typeName: "etcdserverpb.AuthRoleGrantPermissionRequest",
  create: createAuthRoleGrantPermissionRequest,
  write: writeAuthRoleGrantPermissionRequest,
  read: readAuthRoleGrantPermissionRequest,
  encode: (message) => encodeWith(message, writeAuthRoleGrantPermissionRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleGrantPermissionRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "perm", localName: "perm", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: Permission as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleGrantPermissionRequest(): AuthRoleGrantPermissionRequest {
  return {
    name: "",
    perm: undefined,
  };
}

function createAuthRoleGrantPermissionRequest(init?: Partial<AuthRoleGrantPermissionRequest>): AuthRoleGrantPermissionRequest {
  if (init === undefined) {
    return emptyAuthRoleGrantPermissionRequest();
  }
  return {
    name: init.name ?? "",
    perm: init.perm,
  };
}

function writeAuthRoleGrantPermissionRequest(m: AuthRoleGrantPermissionRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  if (m.perm !== undefined) {
    w.byte(18);
    const mark = w.fork(m.perm.key.length + m.perm.rangeEnd.length + 24);
    Permission.write(m.perm, w);
    w.join(mark);
  }
}

function readAuthRoleGrantPermissionRequest(r: BinaryReader, end: number, target?: AuthRoleGrantPermissionRequest): AuthRoleGrantPermissionRequest {
  const m = target ?? emptyAuthRoleGrantPermissionRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.perm = Permission.read(r, r.enter(), m.perm);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleRevokePermissionRequest {
  role: string;
  key: Uint8Array;
  rangeEnd: Uint8Array;
}

export const AuthRoleRevokePermissionRequest: MessageType<AuthRoleRevokePermissionRequest> = {
  typeName: "etcdserverpb.AuthRoleRevokePermissionRequest",
  create: createAuthRoleRevokePermissionRequest,
  write: writeAuthRoleRevokePermissionRequest,
  read: readAuthRoleRevokePermissionRequest,
  encode: (message) => encodeWith(message, writeAuthRoleRevokePermissionRequest),
  decode: (bytes) => decodeWith(bytes, readAuthRoleRevokePermissionRequest),
  fields: () => [
    { name: "role", localName: "role", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "key", localName: "key", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "range_end", localName: "rangeEnd", number: 3, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthRoleRevokePermissionRequest(): AuthRoleRevokePermissionRequest {
  return {
    role: "",
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
  };
}

function createAuthRoleRevokePermissionRequest(init?: Partial<AuthRoleRevokePermissionRequest>): AuthRoleRevokePermissionRequest {
  if (init === undefined) {
    return emptyAuthRoleRevokePermissionRequest();
  }
  return {
    role: init.role ?? "",
    key: init.key ?? EMPTY_BYTES,
    rangeEnd: init.rangeEnd ?? EMPTY_BYTES,
  };
}

function writeAuthRoleRevokePermissionRequest(m: AuthRoleRevokePermissionRequest, w: BinaryWriter): void {
  if (m.role.length !== 0) {
    w.byte(10);
    w.string(m.role);
  }
  if (m.key.length !== 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rangeEnd.length !== 0) {
    w.byte(26);
    w.bytes(m.rangeEnd);
  }
}

function readAuthRoleRevokePermissionRequest(r: BinaryReader, end: number, target?: AuthRoleRevokePermissionRequest): AuthRoleRevokePermissionRequest {
  const m = target ?? emptyAuthRoleRevokePermissionRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.role = r.string();
        break;
      case 18:
        m.key = r.bytes();
        break;
      case 26:
        m.rangeEnd = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthEnableResponse {
  header: ResponseHeader | undefined;
}

export const AuthEnableResponse: MessageType<AuthEnableResponse> = {
  typeName: "etcdserverpb.AuthEnableResponse",
  create: createAuthEnableResponse,
  write: writeAuthEnableResponse,
  read: readAuthEnableResponse,
  encode: (message) => encodeWith(message, writeAuthEnableResponse),
  decode: (bytes) => decodeWith(bytes, readAuthEnableResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthEnableResponse(): AuthEnableResponse {
  return {
    header: undefined,
  };
}

function createAuthEnableResponse(init?: Partial<AuthEnableResponse>): AuthEnableResponse {
  if (init === undefined) {
    return emptyAuthEnableResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthEnableResponse(m: AuthEnableResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthEnableResponse(r: BinaryReader, end: number, target?: AuthEnableResponse): AuthEnableResponse {
  const m = target ?? emptyAuthEnableResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthDisableResponse {
  header: ResponseHeader | undefined;
}

export const AuthDisableResponse: MessageType<AuthDisableResponse> = {
  typeName: "etcdserverpb.AuthDisableResponse",
  create: createAuthDisableResponse,
  write: writeAuthDisableResponse,
  read: readAuthDisableResponse,
  encode: (message) => encodeWith(message, writeAuthDisableResponse),
  decode: (bytes) => decodeWith(bytes, readAuthDisableResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthDisableResponse(): AuthDisableResponse {
  return {
    header: undefined,
  };
}

function createAuthDisableResponse(init?: Partial<AuthDisableResponse>): AuthDisableResponse {
  if (init === undefined) {
    return emptyAuthDisableResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthDisableResponse(m: AuthDisableResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthDisableResponse(r: BinaryReader, end: number, target?: AuthDisableResponse): AuthDisableResponse {
  const m = target ?? emptyAuthDisableResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthStatusResponse {
  header: ResponseHeader | undefined;
  enabled: boolean;
  /** Raised by every change of users, roles or permissions. */
  authRevision: number;
}

export const AuthStatusResponse: MessageType<AuthStatusResponse> = {
  typeName: "etcdserverpb.AuthStatusResponse",
  create: createAuthStatusResponse,
  write: writeAuthStatusResponse,
  read: readAuthStatusResponse,
  encode: (message) => encodeWith(message, writeAuthStatusResponse),
  decode: (bytes) => decodeWith(bytes, readAuthStatusResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "enabled", localName: "enabled", number: 2, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "authRevision", localName: "authRevision", number: 3, kind: "uint64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthStatusResponse(): AuthStatusResponse {
  return {
    header: undefined,
    enabled: false,
    authRevision: 0,
  };
}

function createAuthStatusResponse(init?: Partial<AuthStatusResponse>): AuthStatusResponse {
  if (init === undefined) {
    return emptyAuthStatusResponse();
  }
  return {
    header: init.header,
    enabled: init.enabled ?? false,
    authRevision: init.authRevision ?? 0,
  };
}

function writeAuthStatusResponse(m: AuthStatusResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.enabled) {
    w.byte(16);
    w.bool(m.enabled);
  }
  if (m.authRevision !== 0) {
    w.byte(24);
    w.uint64Number(m.authRevision);
  }
}

function readAuthStatusResponse(r: BinaryReader, end: number, target?: AuthStatusResponse): AuthStatusResponse {
  const m = target ?? emptyAuthStatusResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 16:
        m.enabled = r.bool();
        break;
      case 24:
        m.authRevision = r.uint64Number();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthenticateResponse {
  header: ResponseHeader | undefined;
  token: string;
}

export const AuthenticateResponse: MessageType<AuthenticateResponse> = {
  typeName: "etcdserverpb.AuthenticateResponse",
  create: createAuthenticateResponse,
  write: writeAuthenticateResponse,
  read: readAuthenticateResponse,
  encode: (message) => encodeWith(message, writeAuthenticateResponse),
  decode: (bytes) => decodeWith(bytes, readAuthenticateResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "token", localName: "token", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthenticateResponse(): AuthenticateResponse {
  return {
    header: undefined,
    token: "",
  };
}

function createAuthenticateResponse(init?: Partial<AuthenticateResponse>): AuthenticateResponse {
  if (init === undefined) {
    return emptyAuthenticateResponse();
  }
  return {
    header: init.header,
    token: init.token ?? "",
  };
}

function writeAuthenticateResponse(m: AuthenticateResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  if (m.token.length !== 0) {
    w.byte(18);
    w.string(m.token);
  }
}

function readAuthenticateResponse(r: BinaryReader, end: number, target?: AuthenticateResponse): AuthenticateResponse {
  const m = target ?? emptyAuthenticateResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.token = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserAddResponse {
  header: ResponseHeader | undefined;
}

export const AuthUserAddResponse: MessageType<AuthUserAddResponse> = {
  typeName: "etcdserverpb.AuthUserAddResponse",
  create: createAuthUserAddResponse,
  write: writeAuthUserAddResponse,
  read: readAuthUserAddResponse,
  encode: (message) => encodeWith(message, writeAuthUserAddResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserAddResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthUserAddResponse(): AuthUserAddResponse {
  return {
    header: undefined,
  };
}

function createAuthUserAddResponse(init?: Partial<AuthUserAddResponse>): AuthUserAddResponse {
  if (init === undefined) {
    return emptyAuthUserAddResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthUserAddResponse(m: AuthUserAddResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthUserAddResponse(r: BinaryReader, end: number, target?: AuthUserAddResponse): AuthUserAddResponse {
  const m = target ?? emptyAuthUserAddResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserGetResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export const AuthUserGetResponse: MessageType<AuthUserGetResponse> = {
  typeName: "etcdserverpb.AuthUserGetResponse",
  create: createAuthUserGetResponse,
  write: writeAuthUserGetResponse,
  read: readAuthUserGetResponse,
  encode: (message) => encodeWith(message, writeAuthUserGetResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserGetResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "roles", localName: "roles", number: 2, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserGetResponse(): AuthUserGetResponse {
  return {
    header: undefined,
    roles: [],
  };
}

function createAuthUserGetResponse(init?: Partial<AuthUserGetResponse>): AuthUserGetResponse {
  if (init === undefined) {
    return emptyAuthUserGetResponse();
  }
  return {
    header: init.header,
    roles: init.roles ?? [],
  };
}

function writeAuthUserGetResponse(m: AuthUserGetResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.roles.length; i++) {
    const value = m.roles[i] as string;
    w.byte(18);
    w.string(value);
  }
}

function readAuthUserGetResponse(r: BinaryReader, end: number, target?: AuthUserGetResponse): AuthUserGetResponse {
  const m = target ?? emptyAuthUserGetResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.roles.push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserDeleteResponse {
  header: ResponseHeader | undefined;
}

export const AuthUserDeleteResponse: MessageType<AuthUserDeleteResponse> = {
  typeName: "etcdserverpb.AuthUserDeleteResponse",
  create: createAuthUserDeleteResponse,
  write: writeAuthUserDeleteResponse,
  read: readAuthUserDeleteResponse,
  encode: (message) => encodeWith(message, writeAuthUserDeleteResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserDeleteResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthUserDeleteResponse(): AuthUserDeleteResponse {
  return {
    header: undefined,
  };
}

function createAuthUserDeleteResponse(init?: Partial<AuthUserDeleteResponse>): AuthUserDeleteResponse {
  if (init === undefined) {
    return emptyAuthUserDeleteResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthUserDeleteResponse(m: AuthUserDeleteResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthUserDeleteResponse(r: BinaryReader, end: number, target?: AuthUserDeleteResponse): AuthUserDeleteResponse {
  const m = target ?? emptyAuthUserDeleteResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserChangePasswordResponse {
  header: ResponseHeader | undefined;
}

export const AuthUserChangePasswordResponse: MessageType<AuthUserChangePasswordResponse> = {
  typeName: "etcdserverpb.AuthUserChangePasswordResponse",
  create: createAuthUserChangePasswordResponse,
  write: writeAuthUserChangePasswordResponse,
  read: readAuthUserChangePasswordResponse,
  encode: (message) => encodeWith(message, writeAuthUserChangePasswordResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserChangePasswordResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthUserChangePasswordResponse(): AuthUserChangePasswordResponse {
  return {
    header: undefined,
  };
}

function createAuthUserChangePasswordResponse(init?: Partial<AuthUserChangePasswordResponse>): AuthUserChangePasswordResponse {
  if (init === undefined) {
    return emptyAuthUserChangePasswordResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthUserChangePasswordResponse(m: AuthUserChangePasswordResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthUserChangePasswordResponse(r: BinaryReader, end: number, target?: AuthUserChangePasswordResponse): AuthUserChangePasswordResponse {
  const m = target ?? emptyAuthUserChangePasswordResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserGrantRoleResponse {
  header: ResponseHeader | undefined;
}

export const AuthUserGrantRoleResponse: MessageType<AuthUserGrantRoleResponse> = {
  typeName: "etcdserverpb.AuthUserGrantRoleResponse",
  create: createAuthUserGrantRoleResponse,
  write: writeAuthUserGrantRoleResponse,
  read: readAuthUserGrantRoleResponse,
  encode: (message) => encodeWith(message, writeAuthUserGrantRoleResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserGrantRoleResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthUserGrantRoleResponse(): AuthUserGrantRoleResponse {
  return {
    header: undefined,
  };
}

function createAuthUserGrantRoleResponse(init?: Partial<AuthUserGrantRoleResponse>): AuthUserGrantRoleResponse {
  if (init === undefined) {
    return emptyAuthUserGrantRoleResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthUserGrantRoleResponse(m: AuthUserGrantRoleResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthUserGrantRoleResponse(r: BinaryReader, end: number, target?: AuthUserGrantRoleResponse): AuthUserGrantRoleResponse {
  const m = target ?? emptyAuthUserGrantRoleResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserRevokeRoleResponse {
  header: ResponseHeader | undefined;
}

export const AuthUserRevokeRoleResponse: MessageType<AuthUserRevokeRoleResponse> = {
  typeName: "etcdserverpb.AuthUserRevokeRoleResponse",
  create: createAuthUserRevokeRoleResponse,
  write: writeAuthUserRevokeRoleResponse,
  read: readAuthUserRevokeRoleResponse,
  encode: (message) => encodeWith(message, writeAuthUserRevokeRoleResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserRevokeRoleResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthUserRevokeRoleResponse(): AuthUserRevokeRoleResponse {
  return {
    header: undefined,
  };
}

function createAuthUserRevokeRoleResponse(init?: Partial<AuthUserRevokeRoleResponse>): AuthUserRevokeRoleResponse {
  if (init === undefined) {
    return emptyAuthUserRevokeRoleResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthUserRevokeRoleResponse(m: AuthUserRevokeRoleResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthUserRevokeRoleResponse(r: BinaryReader, end: number, target?: AuthUserRevokeRoleResponse): AuthUserRevokeRoleResponse {
  const m = target ?? emptyAuthUserRevokeRoleResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleAddResponse {
  header: ResponseHeader | undefined;
}

export const AuthRoleAddResponse: MessageType<AuthRoleAddResponse> = {
  typeName: "etcdserverpb.AuthRoleAddResponse",
  create: createAuthRoleAddResponse,
  write: writeAuthRoleAddResponse,
  read: readAuthRoleAddResponse,
  encode: (message) => encodeWith(message, writeAuthRoleAddResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleAddResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleAddResponse(): AuthRoleAddResponse {
  return {
    header: undefined,
  };
}

function createAuthRoleAddResponse(init?: Partial<AuthRoleAddResponse>): AuthRoleAddResponse {
  if (init === undefined) {
    return emptyAuthRoleAddResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthRoleAddResponse(m: AuthRoleAddResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthRoleAddResponse(r: BinaryReader, end: number, target?: AuthRoleAddResponse): AuthRoleAddResponse {
  const m = target ?? emptyAuthRoleAddResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleGetResponse {
  header: ResponseHeader | undefined;
  perm: Permission[];
}

export const AuthRoleGetResponse: MessageType<AuthRoleGetResponse> = {
  typeName: "etcdserverpb.AuthRoleGetResponse",
  create: createAuthRoleGetResponse,
  write: writeAuthRoleGetResponse,
  read: readAuthRoleGetResponse,
  encode: (message) => encodeWith(message, writeAuthRoleGetResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleGetResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "perm", localName: "perm", number: 2, kind: "message", repeated: true, bigint: false, oneof: undefined, messageType: Permission as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleGetResponse(): AuthRoleGetResponse {
  return {
    header: undefined,
    perm: [],
  };
}

function createAuthRoleGetResponse(init?: Partial<AuthRoleGetResponse>): AuthRoleGetResponse {
  if (init === undefined) {
    return emptyAuthRoleGetResponse();
  }
  return {
    header: init.header,
    perm: init.perm ?? [],
  };
}

function writeAuthRoleGetResponse(m: AuthRoleGetResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.perm.length; i++) {
    const value = m.perm[i] as Permission;
    w.byte(18);
    const mark = w.fork(value.key.length + value.rangeEnd.length + 24);
    Permission.write(value, w);
    w.join(mark);
  }
}

function readAuthRoleGetResponse(r: BinaryReader, end: number, target?: AuthRoleGetResponse): AuthRoleGetResponse {
  const m = target ?? emptyAuthRoleGetResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.perm.push(Permission.read(r, r.enter()));
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleListResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export const AuthRoleListResponse: MessageType<AuthRoleListResponse> = {
  typeName: "etcdserverpb.AuthRoleListResponse",
  create: createAuthRoleListResponse,
  write: writeAuthRoleListResponse,
  read: readAuthRoleListResponse,
  encode: (message) => encodeWith(message, writeAuthRoleListResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleListResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "roles", localName: "roles", number: 2, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthRoleListResponse(): AuthRoleListResponse {
  return {
    header: undefined,
    roles: [],
  };
}

function createAuthRoleListResponse(init?: Partial<AuthRoleListResponse>): AuthRoleListResponse {
  if (init === undefined) {
    return emptyAuthRoleListResponse();
  }
  return {
    header: init.header,
    roles: init.roles ?? [],
  };
}

function writeAuthRoleListResponse(m: AuthRoleListResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.roles.length; i++) {
    const value = m.roles[i] as string;
    w.byte(18);
    w.string(value);
  }
}

function readAuthRoleListResponse(r: BinaryReader, end: number, target?: AuthRoleListResponse): AuthRoleListResponse {
  const m = target ?? emptyAuthRoleListResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.roles.push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthUserListResponse {
  header: ResponseHeader | undefined;
  users: string[];
}

export const AuthUserListResponse: MessageType<AuthUserListResponse> = {
  typeName: "etcdserverpb.AuthUserListResponse",
  create: createAuthUserListResponse,
  write: writeAuthUserListResponse,
  read: readAuthUserListResponse,
  encode: (message) => encodeWith(message, writeAuthUserListResponse),
  decode: (bytes) => decodeWith(bytes, readAuthUserListResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "users", localName: "users", number: 2, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAuthUserListResponse(): AuthUserListResponse {
  return {
    header: undefined,
    users: [],
  };
}

function createAuthUserListResponse(init?: Partial<AuthUserListResponse>): AuthUserListResponse {
  if (init === undefined) {
    return emptyAuthUserListResponse();
  }
  return {
    header: init.header,
    users: init.users ?? [],
  };
}

function writeAuthUserListResponse(m: AuthUserListResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
  for (let i = 0; i < m.users.length; i++) {
    const value = m.users[i] as string;
    w.byte(18);
    w.string(value);
  }
}

function readAuthUserListResponse(r: BinaryReader, end: number, target?: AuthUserListResponse): AuthUserListResponse {
  const m = target ?? emptyAuthUserListResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.users.push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleDeleteResponse {
  header: ResponseHeader | undefined;
}

export const AuthRoleDeleteResponse: MessageType<AuthRoleDeleteResponse> = {
  typeName: "etcdserverpb.AuthRoleDeleteResponse",
  create: createAuthRoleDeleteResponse,
  write: writeAuthRoleDeleteResponse,
  read: readAuthRoleDeleteResponse,
  encode: (message) => encodeWith(message, writeAuthRoleDeleteResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleDeleteResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleDeleteResponse(): AuthRoleDeleteResponse {
  return {
    header: undefined,
  };
}

function createAuthRoleDeleteResponse(init?: Partial<AuthRoleDeleteResponse>): AuthRoleDeleteResponse {
  if (init === undefined) {
    return emptyAuthRoleDeleteResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthRoleDeleteResponse(m: AuthRoleDeleteResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthRoleDeleteResponse(r: BinaryReader, end: number, target?: AuthRoleDeleteResponse): AuthRoleDeleteResponse {
  const m = target ?? emptyAuthRoleDeleteResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleGrantPermissionResponse {
  header: ResponseHeader | undefined;
}

export const AuthRoleGrantPermissionResponse: MessageType<AuthRoleGrantPermissionResponse> = {
  typeName: "etcdserverpb.AuthRoleGrantPermissionResponse",
  create: createAuthRoleGrantPermissionResponse,
  write: writeAuthRoleGrantPermissionResponse,
  read: readAuthRoleGrantPermissionResponse,
  encode: (message) => encodeWith(message, writeAuthRoleGrantPermissionResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleGrantPermissionResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleGrantPermissionResponse(): AuthRoleGrantPermissionResponse {
  return {
    header: undefined,
  };
}

function createAuthRoleGrantPermissionResponse(init?: Partial<AuthRoleGrantPermissionResponse>): AuthRoleGrantPermissionResponse {
  if (init === undefined) {
    return emptyAuthRoleGrantPermissionResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthRoleGrantPermissionResponse(m: AuthRoleGrantPermissionResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthRoleGrantPermissionResponse(r: BinaryReader, end: number, target?: AuthRoleGrantPermissionResponse): AuthRoleGrantPermissionResponse {
  const m = target ?? emptyAuthRoleGrantPermissionResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface AuthRoleRevokePermissionResponse {
  header: ResponseHeader | undefined;
}

export const AuthRoleRevokePermissionResponse: MessageType<AuthRoleRevokePermissionResponse> = {
  typeName: "etcdserverpb.AuthRoleRevokePermissionResponse",
  create: createAuthRoleRevokePermissionResponse,
  write: writeAuthRoleRevokePermissionResponse,
  read: readAuthRoleRevokePermissionResponse,
  encode: (message) => encodeWith(message, writeAuthRoleRevokePermissionResponse),
  decode: (bytes) => decodeWith(bytes, readAuthRoleRevokePermissionResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyAuthRoleRevokePermissionResponse(): AuthRoleRevokePermissionResponse {
  return {
    header: undefined,
  };
}

function createAuthRoleRevokePermissionResponse(init?: Partial<AuthRoleRevokePermissionResponse>): AuthRoleRevokePermissionResponse {
  if (init === undefined) {
    return emptyAuthRoleRevokePermissionResponse();
  }
  return {
    header: init.header,
  };
}

function writeAuthRoleRevokePermissionResponse(m: AuthRoleRevokePermissionResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    writeResponseHeader(m.header, w);
    w.join(mark);
  }
}

function readAuthRoleRevokePermissionResponse(r: BinaryReader, end: number, target?: AuthRoleRevokePermissionResponse): AuthRoleRevokePermissionResponse {
  const m = target ?? emptyAuthRoleRevokePermissionResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = readResponseHeader(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export const KV: {
  readonly range: MethodDefinition<RangeRequest, RangeResponse>;
  /** The same answer as Range, in chunks read at one revision. gRPC only: no JSON mapping. */
  readonly rangeStream: MethodDefinition<RangeRequest, RangeStreamResponse>;
  /** Raises the revision by one, even when the value does not change. */
  readonly put: MethodDefinition<PutRequest, PutResponse>;
  /** One revision for all deletes of a request; none when nothing matched. */
  readonly deleteRange: MethodDefinition<DeleteRangeRequest, DeleteRangeResponse>;
  /** All operations of the chosen branch take effect in one revision. */
  readonly txn: MethodDefinition<TxnRequest, TxnResponse>;
  /** Forgets the history below a revision. */
  readonly compact: MethodDefinition<CompactionRequest, CompactionResponse>;
} = {
  range: {
    path: "/etcdserverpb.KV/Range",
    service: "etcdserverpb.KV",
    name: "Range",
    requestType: RangeRequest,
    responseType: RangeResponse,
    requestStream: false,
    responseStream: false,
  },
  rangeStream: {
    path: "/etcdserverpb.KV/RangeStream",
    service: "etcdserverpb.KV",
    name: "RangeStream",
    requestType: RangeRequest,
    responseType: RangeStreamResponse,
    requestStream: false,
    responseStream: true,
  },
  put: {
    path: "/etcdserverpb.KV/Put",
    service: "etcdserverpb.KV",
    name: "Put",
    requestType: PutRequest,
    responseType: PutResponse,
    requestStream: false,
    responseStream: false,
  },
  deleteRange: {
    path: "/etcdserverpb.KV/DeleteRange",
    service: "etcdserverpb.KV",
    name: "DeleteRange",
    requestType: DeleteRangeRequest,
    responseType: DeleteRangeResponse,
    requestStream: false,
    responseStream: false,
  },
  txn: {
    path: "/etcdserverpb.KV/Txn",
    service: "etcdserverpb.KV",
    name: "Txn",
    requestType: TxnRequest,
    responseType: TxnResponse,
    requestStream: false,
    responseStream: false,
  },
  compact: {
    path: "/etcdserverpb.KV/Compact",
    service: "etcdserverpb.KV",
    name: "Compact",
    requestType: CompactionRequest,
    responseType: CompactionResponse,
    requestStream: false,
    responseStream: false,
  },
};

export const Watch: {
  /** One stream carries any number of watches. */
  readonly watch: MethodDefinition<WatchRequest, WatchResponse>;
} = {
  watch: {
    path: "/etcdserverpb.Watch/Watch",
    service: "etcdserverpb.Watch",
    name: "Watch",
    requestType: WatchRequest,
    responseType: WatchResponse,
    requestStream: true,
    responseStream: true,
  },
};

export const Lease: {
  readonly leaseGrant: MethodDefinition<LeaseGrantRequest, LeaseGrantResponse>;
  /** Deletes the attached keys in one revision. */
  readonly leaseRevoke: MethodDefinition<LeaseRevokeRequest, LeaseRevokeResponse>;
  /** Responses come in the order of the requests. */
  readonly leaseKeepAlive: MethodDefinition<LeaseKeepAliveRequest, LeaseKeepAliveResponse>;
  readonly leaseTimeToLive: MethodDefinition<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>;
  readonly leaseLeases: MethodDefinition<LeaseLeasesRequest, LeaseLeasesResponse>;
} = {
  leaseGrant: {
    path: "/etcdserverpb.Lease/LeaseGrant",
    service: "etcdserverpb.Lease",
    name: "LeaseGrant",
    requestType: LeaseGrantRequest,
    responseType: LeaseGrantResponse,
    requestStream: false,
    responseStream: false,
  },
  leaseRevoke: {
    path: "/etcdserverpb.Lease/LeaseRevoke",
    service: "etcdserverpb.Lease",
    name: "LeaseRevoke",
    requestType: LeaseRevokeRequest,
    responseType: LeaseRevokeResponse,
    requestStream: false,
    responseStream: false,
  },
  leaseKeepAlive: {
    path: "/etcdserverpb.Lease/LeaseKeepAlive",
    service: "etcdserverpb.Lease",
    name: "LeaseKeepAlive",
    requestType: LeaseKeepAliveRequest,
    responseType: LeaseKeepAliveResponse,
    requestStream: true,
    responseStream: true,
  },
  leaseTimeToLive: {
    path: "/etcdserverpb.Lease/LeaseTimeToLive",
    service: "etcdserverpb.Lease",
    name: "LeaseTimeToLive",
    requestType: LeaseTimeToLiveRequest,
    responseType: LeaseTimeToLiveResponse,
    requestStream: false,
    responseStream: false,
  },
  leaseLeases: {
    path: "/etcdserverpb.Lease/LeaseLeases",
    service: "etcdserverpb.Lease",
    name: "LeaseLeases",
    requestType: LeaseLeasesRequest,
    responseType: LeaseLeasesResponse,
    requestStream: false,
    responseStream: false,
  },
};

export const Cluster: {
  readonly memberAdd: MethodDefinition<MemberAddRequest, MemberAddResponse>;
  readonly memberRemove: MethodDefinition<MemberRemoveRequest, MemberRemoveResponse>;
  readonly memberUpdate: MethodDefinition<MemberUpdateRequest, MemberUpdateResponse>;
  readonly memberList: MethodDefinition<MemberListRequest, MemberListResponse>;
  /** Makes a learner a voter. */
  readonly memberPromote: MethodDefinition<MemberPromoteRequest, MemberPromoteResponse>;
} = {
  memberAdd: {
    path: "/etcdserverpb.Cluster/MemberAdd",
    service: "etcdserverpb.Cluster",
    name: "MemberAdd",
    requestType: MemberAddRequest,
    responseType: MemberAddResponse,
    requestStream: false,
    responseStream: false,
  },
  memberRemove: {
    path: "/etcdserverpb.Cluster/MemberRemove",
    service: "etcdserverpb.Cluster",
    name: "MemberRemove",
    requestType: MemberRemoveRequest,
    responseType: MemberRemoveResponse,
    requestStream: false,
    responseStream: false,
  },
  memberUpdate: {
    path: "/etcdserverpb.Cluster/MemberUpdate",
    service: "etcdserverpb.Cluster",
    name: "MemberUpdate",
    requestType: MemberUpdateRequest,
    responseType: MemberUpdateResponse,
    requestStream: false,
    responseStream: false,
  },
  memberList: {
    path: "/etcdserverpb.Cluster/MemberList",
    service: "etcdserverpb.Cluster",
    name: "MemberList",
    requestType: MemberListRequest,
    responseType: MemberListResponse,
    requestStream: false,
    responseStream: false,
  },
  memberPromote: {
    path: "/etcdserverpb.Cluster/MemberPromote",
    service: "etcdserverpb.Cluster",
    name: "MemberPromote",
    requestType: MemberPromoteRequest,
    responseType: MemberPromoteResponse,
    requestStream: false,
    responseStream: false,
  },
};

/** Status, Defragment, Hash, HashKV, Snapshot and MoveLeader speak of the member that is asked. */
export const Maintenance: {
  readonly alarm: MethodDefinition<AlarmRequest, AlarmResponse>;
  readonly status: MethodDefinition<StatusRequest, StatusResponse>;
  readonly defragment: MethodDefinition<DefragmentRequest, DefragmentResponse>;
  /** Hash of the whole backend. For tests; HashKV is the one to compare members with. */
  readonly hash: MethodDefinition<HashRequest, HashResponse>;
  /** Hash of all key-value versions up to a revision. */
  readonly hashKV: MethodDefinition<HashKVRequest, HashKVResponse>;
  readonly snapshot: MethodDefinition<SnapshotRequest, SnapshotResponse>;
  readonly moveLeader: MethodDefinition<MoveLeaderRequest, MoveLeaderResponse>;
  readonly downgrade: MethodDefinition<DowngradeRequest, DowngradeResponse>;
} = {
  alarm: {
    path: "/etcdserverpb.Maintenance/Alarm",
    service: "etcdserverpb.Maintenance",
    name: "Alarm",
    requestType: AlarmRequest,
    responseType: AlarmResponse,
    requestStream: false,
    responseStream: false,
  },
  status: {
    path: "/etcdserverpb.Maintenance/Status",
    service: "etcdserverpb.Maintenance",
    name: "Status",
    requestType: StatusRequest,
    responseType: StatusResponse,
    requestStream: false,
    responseStream: false,
  },
  defragment: {
    path: "/etcdserverpb.Maintenance/Defragment",
    service: "etcdserverpb.Maintenance",
    name: "Defragment",
    requestType: DefragmentRequest,
    responseType: DefragmentResponse,
    requestStream: false,
    responseStream: false,
  },
  hash: {
    path: "/etcdserverpb.Maintenance/Hash",
    service: "etcdserverpb.Maintenance",
    name: "Hash",
    requestType: HashRequest,
    responseType: HashResponse,
    requestStream: false,
    responseStream: false,
  },
  hashKV: {
    path: "/etcdserverpb.Maintenance/HashKV",
    service: "etcdserverpb.Maintenance",
    name: "HashKV",
    requestType: HashKVRequest,
    responseType: HashKVResponse,
    requestStream: false,
    responseStream: false,
  },
  snapshot: {
    path: "/etcdserverpb.Maintenance/Snapshot",
    service: "etcdserverpb.Maintenance",
    name: "Snapshot",
    requestType: SnapshotRequest,
    responseType: SnapshotResponse,
    requestStream: false,
    responseStream: true,
  },
  moveLeader: {
    path: "/etcdserverpb.Maintenance/MoveLeader",
    service: "etcdserverpb.Maintenance",
    name: "MoveLeader",
    requestType: MoveLeaderRequest,
    responseType: MoveLeaderResponse,
    requestStream: false,
    responseStream: false,
  },
  downgrade: {
    path: "/etcdserverpb.Maintenance/Downgrade",
    service: "etcdserverpb.Maintenance",
    name: "Downgrade",
    requestType: DowngradeRequest,
    responseType: DowngradeResponse,
    requestStream: false,
    responseStream: false,
  },
};

export const Auth: {
  readonly authEnable: MethodDefinition<AuthEnableRequest, AuthEnableResponse>;
  readonly authDisable: MethodDefinition<AuthDisableRequest, AuthDisableResponse>;
  readonly authStatus: MethodDefinition<AuthStatusRequest, AuthStatusResponse>;
  readonly authenticate: MethodDefinition<AuthenticateRequest, AuthenticateResponse>;
  readonly userAdd: MethodDefinition<AuthUserAddRequest, AuthUserAddResponse>;
  readonly userGet: MethodDefinition<AuthUserGetRequest, AuthUserGetResponse>;
  readonly userList: MethodDefinition<AuthUserListRequest, AuthUserListResponse>;
  readonly userDelete: MethodDefinition<AuthUserDeleteRequest, AuthUserDeleteResponse>;
  readonly userChangePassword: MethodDefinition<AuthUserChangePasswordRequest, AuthUserChangePasswordResponse>;
  readonly userGrantRole: MethodDefinition<AuthUserGrantRoleRequest, AuthUserGrantRoleResponse>;
  readonly userRevokeRole: MethodDefinition<AuthUserRevokeRoleRequest, AuthUserRevokeRoleResponse>;
  readonly roleAdd: MethodDefinition<AuthRoleAddRequest, AuthRoleAddResponse>;
  readonly roleGet: MethodDefinition<AuthRoleGetRequest, AuthRoleGetResponse>;
  readonly roleList: MethodDefinition<AuthRoleListRequest, AuthRoleListResponse>;
  readonly roleDelete: MethodDefinition<AuthRoleDeleteRequest, AuthRoleDeleteResponse>;
  readonly roleGrantPermission: MethodDefinition<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionResponse>;
  readonly roleRevokePermission: MethodDefinition<AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionResponse>;
} = {
  authEnable: {
    path: "/etcdserverpb.Auth/AuthEnable",
    service: "etcdserverpb.Auth",
    name: "AuthEnable",
    requestType: AuthEnableRequest,
    responseType: AuthEnableResponse,
    requestStream: false,
    responseStream: false,
  },
  authDisable: {
    path: "/etcdserverpb.Auth/AuthDisable",
    service: "etcdserverpb.Auth",
    name: "AuthDisable",
    requestType: AuthDisableRequest,
    responseType: AuthDisableResponse,
    requestStream: false,
    responseStream: false,
  },
  authStatus: {
    path: "/etcdserverpb.Auth/AuthStatus",
    service: "etcdserverpb.Auth",
    name: "AuthStatus",
    requestType: AuthStatusRequest,
    responseType: AuthStatusResponse,
    requestStream: false,
    responseStream: false,
  },
  authenticate: {
    path: "/etcdserverpb.Auth/Authenticate",
    service: "etcdserverpb.Auth",
    name: "Authenticate",
    requestType: AuthenticateRequest,
    responseType: AuthenticateResponse,
    requestStream: false,
    responseStream: false,
  },
  userAdd: {
    path: "/etcdserverpb.Auth/UserAdd",
    service: "etcdserverpb.Auth",
    name: "UserAdd",
    requestType: AuthUserAddRequest,
    responseType: AuthUserAddResponse,
    requestStream: false,
    responseStream: false,
  },
  userGet: {
    path: "/etcdserverpb.Auth/UserGet",
    service: "etcdserverpb.Auth",
    name: "UserGet",
    requestType: AuthUserGetRequest,
    responseType: AuthUserGetResponse,
    requestStream: false,
    responseStream: false,
  },
  userList: {
    path: "/etcdserverpb.Auth/UserList",
    service: "etcdserverpb.Auth",
    name: "UserList",
    requestType: AuthUserListRequest,
    responseType: AuthUserListResponse,
    requestStream: false,
    responseStream: false,
  },
  userDelete: {
    path: "/etcdserverpb.Auth/UserDelete",
    service: "etcdserverpb.Auth",
    name: "UserDelete",
    requestType: AuthUserDeleteRequest,
    responseType: AuthUserDeleteResponse,
    requestStream: false,
    responseStream: false,
  },
  userChangePassword: {
    path: "/etcdserverpb.Auth/UserChangePassword",
    service: "etcdserverpb.Auth",
    name: "UserChangePassword",
    requestType: AuthUserChangePasswordRequest,
    responseType: AuthUserChangePasswordResponse,
    requestStream: false,
    responseStream: false,
  },
  userGrantRole: {
    path: "/etcdserverpb.Auth/UserGrantRole",
    service: "etcdserverpb.Auth",
    name: "UserGrantRole",
    requestType: AuthUserGrantRoleRequest,
    responseType: AuthUserGrantRoleResponse,
    requestStream: false,
    responseStream: false,
  },
  userRevokeRole: {
    path: "/etcdserverpb.Auth/UserRevokeRole",
    service: "etcdserverpb.Auth",
    name: "UserRevokeRole",
    requestType: AuthUserRevokeRoleRequest,
    responseType: AuthUserRevokeRoleResponse,
    requestStream: false,
    responseStream: false,
  },
  roleAdd: {
    path: "/etcdserverpb.Auth/RoleAdd",
    service: "etcdserverpb.Auth",
    name: "RoleAdd",
    requestType: AuthRoleAddRequest,
    responseType: AuthRoleAddResponse,
    requestStream: false,
    responseStream: false,
  },
  roleGet: {
    path: "/etcdserverpb.Auth/RoleGet",
    service: "etcdserverpb.Auth",
    name: "RoleGet",
    requestType: AuthRoleGetRequest,
    responseType: AuthRoleGetResponse,
    requestStream: false,
    responseStream: false,
  },
  roleList: {
    path: "/etcdserverpb.Auth/RoleList",
    service: "etcdserverpb.Auth",
    name: "RoleList",
    requestType: AuthRoleListRequest,
    responseType: AuthRoleListResponse,
    requestStream: false,
    responseStream: false,
  },
  roleDelete: {
    path: "/etcdserverpb.Auth/RoleDelete",
    service: "etcdserverpb.Auth",
    name: "RoleDelete",
    requestType: AuthRoleDeleteRequest,
    responseType: AuthRoleDeleteResponse,
    requestStream: false,
    responseStream: false,
  },
  roleGrantPermission: {
    path: "/etcdserverpb.Auth/RoleGrantPermission",
    service: "etcdserverpb.Auth",
    name: "RoleGrantPermission",
    requestType: AuthRoleGrantPermissionRequest,
    responseType: AuthRoleGrantPermissionResponse,
    requestStream: false,
    responseStream: false,
  },
  roleRevokePermission: {
    path: "/etcdserverpb.Auth/RoleRevokePermission",
    service: "etcdserverpb.Auth",
    name: "RoleRevokePermission",
    requestType: AuthRoleRevokePermissionRequest,
    responseType: AuthRoleRevokePermissionResponse,
    requestStream: false,
    responseStream: false,
  },
};
