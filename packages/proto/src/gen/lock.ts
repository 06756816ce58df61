// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// Distributed locks on top of keys and leases.
import type { MessageType, MethodDefinition } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith, EMPTY_BYTES } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";
import { ResponseHeader } from "./rpc.ts";

export interface LockRequest {
  name: Uint8Array;
  /** The lock goes when this lease goes; 0 lets the server make a lease of 60 s. */
  lease: bigint;
}

export const LockRequest: MessageType<LockRequest> = {
  typeName: "v3lockpb.LockRequest",
  create: createLockRequest,
  write: writeLockRequest,
  read: readLockRequest,
  encode: (message) => encodeWith(message, writeLockRequest),
  decode: (bytes) => decodeWith(bytes, readLockRequest),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 2, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLockRequest(): LockRequest {
  return {
    name: EMPTY_BYTES,
    lease: 0n,
  };
}

function createLockRequest(init?: Partial<LockRequest>): LockRequest {
  if (init === undefined) {
    return emptyLockRequest();
  }
  return {
    name: init.name ?? EMPTY_BYTES,
    lease: init.lease ?? 0n,
  };
}

function writeLockRequest(m: LockRequest, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.bytes(m.name);
  }
  if (m.lease !== 0n) {
    w.byte(16);
    w.bigint(m.lease);
  }
}

function readLockRequest(r: BinaryReader, end: number, target?: LockRequest): LockRequest {
  const m = target ?? emptyLockRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.bytes();
        break;
      case 16:
        m.lease = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface LockResponse {
  header: ResponseHeader | undefined;
  /** The key that stands for ownership: name, "/", lease in lower-case hex. */
  key: Uint8Array;
}

export const LockResponse: MessageType<LockResponse> = {
  typeName: "v3lockpb.LockResponse",
  create: createLockResponse,
  write: writeLockResponse,
  read: readLockResponse,
  encode: (message) => encodeWith(message, writeLockResponse),
  decode: (bytes) => decodeWith(bytes, readLockResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
    { name: "key", localName: "key", number: 2, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyLockResponse(): LockResponse {
  return {
    header: undefined,
    key: EMPTY_BYTES,
  };
}

function createLockResponse(init?: Partial<LockResponse>): LockResponse {
  if (init === undefined) {
    return emptyLockResponse();
  }
  return {
    header: init.header,
    key: init.key ?? EMPTY_BYTES,
  };
}

function writeLockResponse(m: LockResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
  if (m.key.length !== 0) {
    w.byte(18);
    w.bytes(m.key);
  }
}

function readLockResponse(r: BinaryReader, end: number, target?: LockResponse): LockResponse {
  const m = target ?? emptyLockResponse();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.header = ResponseHeader.read(r, r.enter(), m.header);
        r.leave();
        break;
      case 18:
        m.key = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface UnlockRequest {
  /** The key that Lock returned. */
  key: Uint8Array;
}

export const UnlockRequest: MessageType<UnlockRequest> = {
  typeName: "v3lockpb.UnlockRequest",
  create: createUnlockRequest,
  write: writeUnlockRequest,
  read: readUnlockRequest,
  encode: (message) => encodeWith(message, writeUnlockRequest),
  decode: (bytes) => decodeWith(bytes, readUnlockRequest),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyUnlockRequest(): UnlockRequest {
  return {
    key: EMPTY_BYTES,
  };
}

function createUnlockRequest(init?: Partial<UnlockRequest>): UnlockRequest {
  if (init === undefined) {
    return emptyUnlockRequest();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
  };
}

function writeUnlockRequest(m: UnlockRequest, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
}

function readUnlockRequest(r: BinaryReader, end: number, target?: UnlockRequest): UnlockRequest {
  const m = target ?? emptyUnlockRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface UnlockResponse {
  header: ResponseHeader | undefined;
}

export const UnlockResponse: MessageType<UnlockResponse> = {
  typeName: "v3lockpb.UnlockResponse",
  create: createUnlockResponse,
  write: writeUnlockResponse,
  read: readUnlockResponse,
  encode: (message) => encodeWith(message, writeUnlockResponse),
  decode: (bytes) => decodeWith(bytes, readUnlockResponse),
  fields: () => [
    { name: "header", localName: "header", number: 1, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: ResponseHeader as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyUnlockResponse(): UnlockResponse {
  return {
    header: undefined,
  };
}

function createUnlockResponse(init?: Partial<UnlockResponse>): UnlockResponse {
  if (init === undefined) {
    return emptyUnlockResponse();
  }
  return {
    header: init.header,
  };
}

function writeUnlockResponse(m: UnlockResponse, w: BinaryWriter): void {
  if (m.header !== undefined) {
    w.byte(10);
    const mark = w.fork(0);
    ResponseHeader.write(m.header, w);
    w.join(mark);
  }
}

function readUnlockResponse(r: BinaryReader, end: number, target?: UnlockResponse): UnlockResponse {
  const m = target ?? emptyUnlockResponse();
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

export const Lock: {
  /** Waits until the caller owns the lock `name`; it is held while the returned key lives. */
  readonly lock: MethodDefinition<LockRequest, LockResponse>;
  readonly unlock: MethodDefinition<UnlockRequest, UnlockResponse>;
} = {
  lock: {
    path: "/v3lockpb.Lock/Lock",
    service: "v3lockpb.Lock",
    name: "Lock",
    requestType: LockRequest,
    responseType: LockResponse,
    requestStream: false,
    responseStream: false,
  },
  unlock: {
    path: "/v3lockpb.Lock/Unlock",
    service: "v3lockpb.Lock",
    name: "Unlock",
    requestType: UnlockRequest,
    responseType: UnlockResponse,
    requestStream: false,
    responseStream: false,
  },
};
