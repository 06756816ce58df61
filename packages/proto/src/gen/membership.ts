// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// Changes of cluster-wide settings that travel through the log.
import type { MessageType } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";

/** What a member publishes about itself once it runs. */
export interface Attributes {
  name: string;
  clientUrls: string[];
}

export const Attributes: MessageType<Attributes> = {
  typeName: "membershippb.Attributes",
  create: createAttributes,
  write: writeAttributes,
  read: readAttributes,
  encode: (message) => encodeWith(message, writeAttributes),
  decode: (bytes) => decodeWith(bytes, readAttributes),
  fields: () => [
    { name: "name", localName: "name", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "client_urls", localName: "clientUrls", number: 2, kind: "string", repeated: true, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyAttributes(): Attributes {
  return {
    name: "",
    clientUrls: [],
  };
}

function createAttributes(init?: Partial<Attributes>): Attributes {
  if (init === undefined) {
    return emptyAttributes();
  }
  return {
    name: init.name ?? "",
    clientUrls: init.clientUrls ?? [],
  };
}

function writeAttributes(m: Attributes, w: BinaryWriter): void {
  if (m.name.length !== 0) {
    w.byte(10);
    w.string(m.name);
  }
  for (let i = 0; i < m.clientUrls.length; i++) {
    const value = m.clientUrls[i] as string;
    w.byte(18);
    w.string(value);
  }
}

function readAttributes(r: BinaryReader, end: number, target?: Attributes): Attributes {
  const m = target ?? emptyAttributes();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.name = r.string();
        break;
      case 18:
        m.clientUrls.push(r.string());
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ClusterVersionSetRequest {
  ver: string;
}

export const ClusterVersionSetRequest: MessageType<ClusterVersionSetRequest> = {
  typeName: "membershippb.ClusterVersionSetRequest",
  create: createClusterVersionSetRequest,
  write: writeClusterVersionSetRequest,
  read: readClusterVersionSetRequest,
  encode: (message) => encodeWith(message, writeClusterVersionSetRequest),
  decode: (bytes) => decodeWith(bytes, readClusterVersionSetRequest),
  fields: () => [
    { name: "ver", localName: "ver", number: 1, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyClusterVersionSetRequest(): ClusterVersionSetRequest {
  return {
    ver: "",
  };
}

function createClusterVersionSetRequest(init?: Partial<ClusterVersionSetRequest>): ClusterVersionSetRequest {
  if (init === undefined) {
    return emptyClusterVersionSetRequest();
  }
  return {
    ver: init.ver ?? "",
  };
}

function writeClusterVersionSetRequest(m: ClusterVersionSetRequest, w: BinaryWriter): void {
  if (m.ver.length !== 0) {
    w.byte(10);
    w.string(m.ver);
  }
}

function readClusterVersionSetRequest(r: BinaryReader, end: number, target?: ClusterVersionSetRequest): ClusterVersionSetRequest {
  const m = target ?? emptyClusterVersionSetRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.ver = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface ClusterMemberAttrSetRequest {
  memberID: bigint;
  memberAttributes: Attributes | undefined;
}

export const ClusterMemberAttrSetRequest: MessageType<ClusterMemberAttrSetRequest> = {
  typeName: "membershippb.ClusterMemberAttrSetRequest",
  create: createClusterMemberAttrSetRequest,
  write: writeClusterMemberAttrSetRequest,
  read: readClusterMemberAttrSetRequest,
  encode: (message) => encodeWith(message, writeClusterMemberAttrSetRequest),
  decode: (bytes) => decodeWith(bytes, readClusterMemberAttrSetRequest),
  fields: () => [
    { name: "member_ID", localName: "memberID", number: 1, kind: "uint64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "member_attributes", localName: "memberAttributes", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: Attributes as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyClusterMemberAttrSetRequest(): ClusterMemberAttrSetRequest {
  return {
    memberID: 0n,
    memberAttributes: undefined,
  };
}

function createClusterMemberAttrSetRequest(init?: Partial<ClusterMemberAttrSetRequest>): ClusterMemberAttrSetRequest {
  if (init === undefined) {
    return emptyClusterMemberAttrSetRequest();
  }
  return {
    memberID: init.memberID ?? 0n,
    memberAttributes: init.memberAttributes,
  };
}

function writeClusterMemberAttrSetRequest(m: ClusterMemberAttrSetRequest, w: BinaryWriter): void {
  if (m.memberID !== 0n) {
    w.byte(8);
    w.bigint(m.memberID);
  }
  if (m.memberAttributes !== undefined) {
    w.byte(18);
    const mark = w.fork(m.memberAttributes.clientUrls.length * 32 + 24);
    writeAttributes(m.memberAttributes, w);
    w.join(mark);
  }
}

function readClusterMemberAttrSetRequest(r: BinaryReader, end: number, target?: ClusterMemberAttrSetRequest): ClusterMemberAttrSetRequest {
  const m = target ?? emptyClusterMemberAttrSetRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.memberID = r.uint64();
        break;
      case 18:
        m.memberAttributes = readAttributes(r, r.enter(), m.memberAttributes);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export interface DowngradeInfoSetRequest {
  enabled: boolean;
  ver: string;
}

export const DowngradeInfoSetRequest: MessageType<DowngradeInfoSetRequest> = {
  typeName: "membershippb.DowngradeInfoSetRequest",
  create: createDowngradeInfoSetRequest,
  write: writeDowngradeInfoSetRequest,
  read: readDowngradeInfoSetRequest,
  encode: (message) => encodeWith(message, writeDowngradeInfoSetRequest),
  decode: (bytes) => decodeWith(bytes, readDowngradeInfoSetRequest),
  fields: () => [
    { name: "enabled", localName: "enabled", number: 1, kind: "bool", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "ver", localName: "ver", number: 2, kind: "string", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyDowngradeInfoSetRequest(): DowngradeInfoSetRequest {
  return {
    enabled: false,
    ver: "",
  };
}

function createDowngradeInfoSetRequest(init?: Partial<DowngradeInfoSetRequest>): DowngradeInfoSetRequest {
  if (init === undefined) {
    return emptyDowngradeInfoSetRequest();
  }
  return {
    enabled: init.enabled ?? false,
    ver: init.ver ?? "",
  };
}

function writeDowngradeInfoSetRequest(m: DowngradeInfoSetRequest, w: BinaryWriter): void {
  if (m.enabled) {
    w.byte(8);
    w.bool(m.enabled);
  }
  if (m.ver.length !== 0) {
    w.byte(18);
    w.string(m.ver);
  }
}

function readDowngradeInfoSetRequest(r: BinaryReader, end: number, target?: DowngradeInfoSetRequest): DowngradeInfoSetRequest {
  const m = target ?? emptyDowngradeInfoSetRequest();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.enabled = r.bool();
        break;
      case 18:
        m.ver = r.string();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}
