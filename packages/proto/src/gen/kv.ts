// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.
// Stored key-value pairs and the events that changes to them produce.
import type { MessageType } from "../wire/message-type.ts";
import { type BinaryReader, decodeWith, EMPTY_BYTES } from "../wire/reader.ts";
import { type BinaryWriter, encodeWith } from "../wire/writer.ts";

/** One version of a key, as it is stored and as it is returned. */
export interface KeyValue {
  /** Never empty in stored data. */
  key: Uint8Array;
  /** Revision of the put that created the key (since it last did not exist). */
  createRevision: number;
  /** Revision of the put that wrote this version. */
  modRevision: number;
  /** Number of puts since creation; 1 is the creating put. */
  version: number;
  value: Uint8Array;
  /** Lease the key is attached to, 0 for none. */
  lease: bigint;
}

export const KeyValue: MessageType<KeyValue> = {
  typeName: "mvccpb.KeyValue",
  create: createKeyValue,
  write: writeKeyValue,
  read: readKeyValue,
  encode: (message) => encodeWith(message, writeKeyValue),
  decode: (bytes) => decodeWith(bytes, readKeyValue),
  fields: () => [
    { name: "key", localName: "key", number: 1, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "create_revision", localName: "createRevision", number: 2, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "mod_revision", localName: "modRevision", number: 3, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "version", localName: "version", number: 4, kind: "int64", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "value", localName: "value", number: 5, kind: "bytes", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: undefined },
    { name: "lease", localName: "lease", number: 6, kind: "int64", repeated: false, bigint: true, oneof: undefined, messageType: undefined, enumType: undefined },
  ],
};

function emptyKeyValue(): KeyValue {
  return {
    key: EMPTY_BYTES,
    createRevision: 0,
    modRevision: 0,
    version: 0,
    value: EMPTY_BYTES,
    lease: 0n,
  };
}

function createKeyValue(init?: Partial<KeyValue>): KeyValue {
  if (init === undefined) {
    return emptyKeyValue();
  }
  return {
    key: init.key ?? EMPTY_BYTES,
    createRevision: init.createRevision ?? 0,
    modRevision: init.modRevision ?? 0,
    version: init.version ?? 0,
    value: init.value ?? EMPTY_BYTES,
    lease: init.lease ?? 0n,
  };
}

function writeKeyValue(m: KeyValue, w: BinaryWriter): void {
  if (m.key.length !== 0) {
    w.byte(10);
    w.bytes(m.key);
  }
  if (m.createRevision !== 0) {
    w.byte(16);
    w.int64Number(m.createRevision);
  }
  if (m.modRevision !== 0) {
    w.byte(24);
    w.int64Number(m.modRevision);
  }
  if (m.version !== 0) {
    w.byte(32);
    w.int64Number(m.version);
  }
  if (m.value.length !== 0) {
    w.byte(42);
    w.bytes(m.value);
  }
  if (m.lease !== 0n) {
    w.byte(48);
    w.bigint(m.lease);
  }
}

function readKeyValue(r: BinaryReader, end: number, target?: KeyValue): KeyValue {
  const m = target ?? emptyKeyValue();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 10:
        m.key = r.bytes();
        break;
      case 16:
        m.createRevision = r.int64Number();
        break;
      case 24:
        m.modRevision = r.int64Number();
        break;
      case 32:
        m.version = r.int64Number();
        break;
      case 42:
        m.value = r.bytes();
        break;
      case 48:
        m.lease = r.int64();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

/** One change, as a watcher sees it. */
export interface Event {
  type: Event_EventType;
  /** PUT: the new version. DELETE: only key and mod_revision are set. */
  kv: KeyValue | undefined;
  /** The version before the change, if it was asked for and still exists. */
  prevKv: KeyValue | undefined;
}

export const Event: MessageType<Event> = {
  typeName: "mvccpb.Event",
  create: createEvent,
  write: writeEvent,
  read: readEvent,
  encode: (message) => encodeWith(message, writeEvent),
  decode: (bytes) => decodeWith(bytes, readEvent),
  fields: () => [
    { name: "type", localName: "type", number: 1, kind: "enum", repeated: false, bigint: false, oneof: undefined, messageType: undefined, enumType: Event_EventType },
    { name: "kv", localName: "kv", number: 2, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
    { name: "prev_kv", localName: "prevKv", number: 3, kind: "message", repeated: false, bigint: false, oneof: undefined, messageType: KeyValue as MessageType<unknown>, enumType: undefined },
  ],
};

function emptyEvent(): Event {
  return {
    type: 0,
    kv: undefined,
    prevKv: undefined,
  };
}

function createEvent(init?: Partial<Event>): Event {
  if (init === undefined) {
    return emptyEvent();
  }
  return {
    type: init.type ?? 0,
    kv: init.kv,
    prevKv: init.prevKv,
  };
}

function writeEvent(m: Event, w: BinaryWriter): void {
  if (m.type !== 0) {
    w.byte(8);
    w.int32(m.type);
  }
  if (m.kv !== undefined) {
    w.byte(18);
    const mark = w.fork(m.kv.key.length + m.kv.value.length + 24);
    writeKeyValue(m.kv, w);
    w.join(mark);
  }
  if (m.prevKv !== undefined) {
    w.byte(26);
    const mark = w.fork(m.prevKv.key.length + m.prevKv.value.length + 24);
    writeKeyValue(m.prevKv, w);
    w.join(mark);
  }
}

function readEvent(r: BinaryReader, end: number, target?: Event): Event {
  const m = target ?? emptyEvent();
  while (r.pos < end) {
    const tag = r.tag();
    switch (tag) {
      case 8:
        m.type = r.int32();
        break;
      case 18:
        m.kv = readKeyValue(r, r.enter(), m.kv);
        r.leave();
        break;
      case 26:
        m.prevKv = readKeyValue(r, r.enter(), m.prevKv);
        r.leave();
        break;
      default:
        r.skip(tag);
    }
  }
  r.expectEnd(end);
  return m;
}

export type Event_EventType = number;
export const Event_EventType = {
  PUT: 0,
  DELETE: 1,
} as const;
