// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// Leader election among clients, on top of keys and leases.
import type { MessageType, MethodDefinition } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith, EMPTY_BYTES } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";
import { KeyValue } from "./kv.ts";
import { ResponseHeader } from "./rpc.ts";

export interface CampaignRequest {
  name: Uint8Array;
  /** Leadership goes when this lease goes; 0 lets the server make a lease of 60 s. */
  lease: bigint;
  value: Uint8Array;
}

export const CampaignRequest: MessageType<CampaignRequest> = {
  typeName: "v3electionpb.CampaignRequest",
  create: createCampaignRequest,
  write: writeCampaignRequest,
  read: readCampaignRequest,
  encode: (message) => encodeWith(message, writeCampaignRequest),
  decode: (bytes) => decodeWith(bytes, readCampaignRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "value", localName: "value", number: 3, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyCampaignRequest(): CampaignRequest {
  return {
    name: EMPTY_BYTES,
    lease: 0n,
    value: EMPTY_BYTES,
  };
}

function createCampaignRequest(init?: Partial<CampaignRequest>): CampaignRequest {
  if (init === undefined) {
    return emptyCampaignRequest();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
    lease: init.lease ?? 0n,
    value: init.value ?? EMPTY_BYTES,
  };
}

function writeCampaignRequest(m: CampaignRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.lease !== 0n) {
    w.byte(16);
    w.bigint(m.lease);
  }
  if (m.value.length !== 0) {
    w.byte(26);
    w.bytes(m.value);
  }
}

function readCampaignRequest(r: BinaryReader, end: number, target?: CampaignRequest): CampaignRequest {
  const m = target ?? emptyCampaignRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      case 16:
        m.lease = r.int64();
        break;
      case 26:
        m.value = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface CampaignResponse {
  header: ResponseHeader | undefined;
  leader: LeaderKey | undefined;
}

export const CampaignResponse: MessageType<CampaignResponse> = {
  typeName: "v3electionpb.CampaignResponse",
  create: createCampaignResponse,
  write: writeCampaignResponse,
  read: readCampaignResponse,
  encode: (message) => encodeWith(message, writeCampaignResponse),
  decode: (bytes) => decodeWith(bytes, readCampaignResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "leader", localName: "leader", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaderKey as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyCampaignResponse(): CampaignResponse {
  return {
    header: undefined,
    leader: undefined,
  };
}

function createCampaignResponse(init?: Partial<CampaignResponse>): CampaignResponse {
  if (init === undefined) {
    return emptyCampaignResponse();
  }
  return {
    header: init.header,
    leader: init.leader,
  };
}

function writeCampaignResponse(m: CampaignResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
  if (m.leader !== undefined) {
    w.byte(18);
    const mark = w.fork(m.leader.name.length + m.leader.key.length + 24);
    writeLeaderKey(m.leader, w);
    w.join(mark);
  }
}

function readCampaignResponse(r: BinaryReader, end: number, target?: CampaignResponse): CampaignResponse {
  const m = target ?? emptyCampaignResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = ResponseHeader.read(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.leader = readLeaderKey(r, r.enter(), m.leader);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** Proof of leadership: valid while `key` exists with create revision `rev`. */
export interface LeaderKey {
  name: Uint8Array;
  key: Uint8Array;
  rev: number;
  lease: bigint;
}

export const LeaderKey: MessageType<LeaderKey> = {
  typeName: "v3electionpb.LeaderKey",
  create: createLeaderKey,
  write: writeLeaderKey,
  read: readLeaderKey,
  encode: (message) => encodeWith(message, writeLeaderKey),
  decode: (bytes) => decodeWith(bytes, readLeaderKey),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "key", localName: "key", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "rev", localName: "rev", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 4, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaderKey(): LeaderKey {
  return {
    name: EMPTY_BYTES,
    key: EMPTY_BYTES,
    rev: 0,
    lease: 0n,
  };
}

function createLeaderKey(init?: Partial<LeaderKey>): LeaderKey {
  if (init === undefined) {
    return emptyLeaderKey();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
    key: init.key ?? EMPTY_BYTES,
    rev: init.rev ?? 0,
    lease: init.lease ?? 0n,
  };
}

function writeLeaderKey(m: LeaderKey, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.key.length !== 0) {
    w.byte(18);
    w.bytes(m.key);
  }
  if (m.rev !== 0) {
    w.byte(24);
    w.int64Number(m.rev);
  }
  if (m.lease !== 0n) {
    w.byte(32);
    w.bigint(m.lease);
  }
}

function readLeaderKey(r: BinaryReader, end: number, target?: LeaderKey): LeaderKey {
  const m = target ?? emptyLeaderKey();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      case 18:
        m.key = r.bytes();
        break;
      case 24:
        m.rev = r.int64Number();
        break;
      case 32:
        m.lease = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaderRequest {
  name: Uint8Array;
}

export const LeaderRequest: MessageType<LeaderRequest> = {
  typeName: "v3electionpb.LeaderRequest",
  create: createLeaderRequest,
  write: writeLeaderRequest,
  read: readLeaderRequest,
  encode: (message) => encodeWith(message, writeLeaderRequest),
  decode: (bytes) => decodeWith(bytes, readLeaderRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLeaderRequest(): LeaderRequest {
  return {
    name: EMPTY_BYTES,
  };
}

function createLeaderRequest(init?: Partial<LeaderRequest>): LeaderRequest {
  if (init === undefined) {
    return emptyLeaderRequest();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
  };
}

function writeLeaderRequest(m: LeaderRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
}

function readLeaderRequest(r: BinaryReader, end: number, target?: LeaderRequest): LeaderRequest {
  const m = target ?? emptyLeaderRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LeaderResponse {
  header: ResponseHeader | undefined;
  kv: KeyValue | undefined;
}

export const LeaderResponse: MessageType<LeaderResponse> = {
  typeName: "v3electionpb.LeaderResponse",
  create: createLeaderResponse,
  write: writeLeaderResponse,
  read: readLeaderResponse,
  encode: (message) => encodeWith(message, writeLeaderResponse),
  decode: (bytes) => decodeWith(bytes, readLeaderResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "kv", localName: "kv", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyLeaderResponse(): LeaderResponse {
  return {
    header: undefined,
    kv: undefined,
  };
}

function createLeaderResponse(init?: Partial<LeaderResponse>): LeaderResponse {
  if (init === undefined) {
    return emptyLeaderResponse();
  }
  return {
    header: init.header,
    kv: init.kv,
  };
}

function writeLeaderResponse(m: LeaderResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
  if (m.kv !== undefined) {
    w.byte(18);
    const mark = w.fork(m.kv.key.length + m.kv.value.length + 24);
    KeyValue.write(m.kv, w);
    w.join(mark);
  }
}

function readLeaderResponse(r: BinaryReader, end: number, target?: LeaderResponse): LeaderResponse {
  const m = target ?? emptyLeaderResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = ResponseHeader.read(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.kv = KeyValue.read(r, r.enter(), m.kv);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ResignRequest {
  leader: LeaderKey | undefined;
}

export const ResignRequest: MessageType<ResignRequest> = {
  typeName: "v3electionpb.ResignRequest",
  create: createResignRequest,
  write: writeResignRequest,
  read: readResignRequest,
  encode: (message) => encodeWith(message, writeResignRequest),
  decode: (bytes) => decodeWith(bytes, readResignRequest),
  fields: () => [
    { name: "leader", localName: "leader", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaderKey as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyResignRequest(): ResignRequest {
  return {
    leader: undefined,
  };
}

function createResignRequest(init?: Partial<ResignRequest>): ResignRequest {
  if (init === undefined) {
    return emptyResignRequest();
  }
  return {
    leader: init.leader,
  };
}

function writeResignRequest(m: ResignRequest, w: BinaryWriter): void {
  if (m.leader !== undefined) {
    w.byte(10);
    const mark = w.fork(m.leader.name.length + m.leader.key.length + 24);
    writeLeaderKey(m.leader, w);
    w.join(mark);
  }
}

function readResignRequest(r: BinaryReader, end: number, target?: ResignRequest): ResignRequest {
  const m = target ?? emptyResignRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.leader = readLeaderKey(r, r.enter(), m.leader);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ResignResponse {
  header: ResponseHeader | undefined;
}

export const ResignResponse: MessageType<ResignResponse> = {
  typeName: "v3electionpb.ResignResponse",
  create: createResignResponse,
  write: writeResignResponse,
  read: readResignResponse,
  encode: (message) => encodeWith(message, writeResignResponse),
  decode: (bytes) => decodeWith(bytes, readResignResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyResignResponse(): ResignResponse {
  return {
    header: undefined,
  };
}

function createResignResponse(init?: Partial<ResignResponse>): ResignResponse {
  if (init === undefined) {
    return emptyResignResponse();
  }
  return {
    header: init.header,
  };
}

function writeResignResponse(m: ResignResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
}

function readResignResponse(r: BinaryReader, end: number, target?: ResignResponse): ResignResponse {
  const m = target ?? emptyResignResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = ResponseHeader.read(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ProclaimRequest {
  leader: LeaderKey | undefined;
  value: Uint8Array;
}

export const ProclaimRequest: MessageType<ProclaimRequest> = {
  typeName: "v3electionpb.ProclaimRequest",
  create: createProclaimRequest,
  write: writeProclaimRequest,
  read: readProclaimRequest,
  encode: (message) => encodeWith(message, writeProclaimRequest),
  decode: (bytes) => decodeWith(bytes, readProclaimRequest),
  fields: () => [
    { name: "leader", localName: "leader", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: LeaderKey as MessageType<unknown>, enumType: undefined },
    { name: "value", localName: "value", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyProclaimRequest(): ProclaimRequest {
  return {
    leader: undefined,
    value: EMPTY_BYTES,
  };
}

function createProclaimRequest(init?: Partial<ProclaimRequest>): ProclaimRequest {
  if (init === undefined) {
    return emptyProclaimRequest();
  }
  return {
    leader: init.leader,
    value: init.value ?? EMPTY_BYTES,
  };
}

function writeProclaimRequest(m: ProclaimRequest, w: BinaryWriter): void {
  if (m.leader !== undefined) {
    w.byte(10);
    const mark = w.fork(m.leader.name.length + m.leader.key.length + 24);
    writeLeaderKey(m.leader, w);
    w.join(mark);
  }
  if (m.value.length !== 0) {
    w.byte(18);
    w.bytes(m.value);
  }
}

function readProclaimRequest(r: BinaryReader, end: number, target?: ProclaimRequest): ProclaimRequest {
  const m = target ?? emptyProclaimRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.leader = readLeaderKey(r, r.enter(), m.leader);
        r.leave();
        break;
      case 18:
        m.value = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ProclaimResponse {
  header: ResponseHeader | undefined;
}

export const ProclaimResponse: MessageType<ProclaimResponse> = {
  typeName: "v3electionpb.ProclaimResponse",
  create: createProclaimResponse,
  write: writeProclaimResponse,
  read: readProclaimResponse,
  encode: (message) => encodeWith(message, writeProclaimResponse),
  decode: (bytes) => decodeWith(bytes, readProclaimResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyProclaimResponse(): ProclaimResponse {
  return {
    header: undefined,
  };
}

function createProclaimResponse(init?: Partial<ProclaimResponse>): ProclaimResponse {
  if (init === undefined) {
    return emptyProclaimResponse();
  }
  return {
    header: init.header,
  };
}

function writeProclaimResponse(m: ProclaimResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
}

function readProclaimResponse(r: BinaryReader, end: number, target?: ProclaimResponse): ProclaimResponse {
  const m = target ?? emptyProclaimResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = ResponseHeader.read(r, r.enter(), m.header);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export const Election: {
  /** Waits until the caller is leader of the election `name`. */
  readonly campaign: MethodDefinition<CampaignRequest, CampaignResponse>;
  /** Changes the leader's value without an election. */
  readonly proclaim: MethodDefinition<ProclaimRequest, ProclaimResponse>;
  readonly leader: MethodDefinition<LeaderRequest, LeaderResponse>;
  /** Streams every new leader and every new value of it. */
  readonly observe: MethodDefinition<LeaderRequest, LeaderResponse>;
  readonly resign: MethodDefinition<ResignRequest, ResignResponse>;
} = {
  campaign: {
    path: "/v3electionpb.Election/Campaign",
    service: "v3electionpb.Election",
    name: "Campaign",
    requestType: CampaignRequest,
    responseType: CampaignResponse,
    requestStream: false,
    responseStream: false,
  },
  proclaim: {
    path: "/v3electionpb.Election/Proclaim",
    service: "v3electionpb.Election",
    name: "Proclaim",
    requestType: ProclaimRequest,
    responseType: ProclaimResponse,
    requestStream: false,
    responseStream: false,
  },
  leader: {
    path: "/v3electionpb.Election/Leader",
    service: "v3electionpb.Election",
    name: "Leader",
    requestType: LeaderRequest,
    responseType: LeaderResponse,
    requestStream: false,
    responseStream: false,
  },
  observe: {
    path: "/v3electionpb.Election/Observe",
    service: "v3electionpb.Election",
    name: "Observe",
    requestType: LeaderRequest,
    responseType: LeaderResponse,
    requestStream: false,
    responseStream: true,
  },
  resign: {
    path: "/v3electionpb.Election/Resign",
    service: "v3electionpb.Election",
    name: "Resign",
    requestType: ResignRequest,
    responseType: ResignResponse,
    requestStream: false,
    responseStream: false,
  },
};
