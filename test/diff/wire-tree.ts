/**
 * Requests made of values, and answers taken apart, field by field as the wire has them: a field
 * the schema does not know, or a default value that was written out, is seen and compared too.
 */
import { createHash } from "node:crypto";
import {
  BinaryReader,
  BinaryWriter,
  type FieldInfo,
  type FieldKind,
  type MessageType,
} from "@kvorum/proto";
import { type Bindings, type Fields, isReference, resolve, type Value } from "./value.ts";

/** A message or a part of one. Bytes are strings with a character for each byte. */
export type Tree = number | string | boolean | readonly Tree[] | { readonly [name: string]: Tree };

const SHOWN_BYTES_MAX = 256;

const fieldsOf = (type: MessageType<unknown>): readonly FieldInfo[] => type.fields();

function wireType(kind: FieldKind): number {
  return kind === "bytes" || kind === "string" || kind === "message" ? 2 : 0;
}

/** Encodes the fields in the order given, defaults too. */
export function encodeTree(type: MessageType<unknown>, fields: Fields, bindings: Bindings): Buffer {
  const writer = new BinaryWriter();
  for (const [name, value] of Object.entries(fields)) {
    if (name === "$raw") {
      writer.raw(Buffer.from(value as string, "hex"));
      continue;
    }
    const field = fieldsOf(type).find((one) => one.name === name);
    if (field === undefined) throw new Error(`${type.typeName} has no field ${name}`);
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
    for (const one of values) {
      writer.bigint(BigInt(field.number * 8 + wireType(field.kind)));
      writeValue(writer, field, one, bindings);
    }
  }
  return Buffer.from(writer.finish());
}

function writeValue(w: BinaryWriter, field: FieldInfo, value: Value, bindings: Bindings): void {
  const plain = isReference(value) ? resolve(value, bindings) : value;
  if (wireType(field.kind) === 0) {
    w.bigint(BigInt(plain as bigint | number | boolean));
  } else if (field.messageType === undefined) {
    w.bytes(Buffer.from(plain as string, "latin1"));
  } else {
    w.bytes(encodeTree(field.messageType, plain as Fields, bindings));
  }
}

function integer(value: bigint): Tree {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : `${value}n`;
}

function shownBytes(bytes: Uint8Array): string {
  if (bytes.length <= SHOWN_BYTES_MAX) return Buffer.from(bytes).toString("latin1");
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return `<${bytes.length} bytes ${digest}>`;
}

function readScalar(reader: BinaryReader, kind: FieldKind | undefined): Tree {
  switch (kind) {
    case "bool":
      return reader.bool();
    case "uint64":
      return integer(reader.uint64());
    default:
      return integer(reader.int64());
  }
}

function readField(reader: BinaryReader, field: FieldInfo): Tree {
  if (wireType(field.kind) === 0) return readScalar(reader, field.kind);
  const bytes = reader.bytes();
  return field.messageType === undefined ? shownBytes(bytes) : decodeTree(field.messageType, bytes);
}

function readUnknown(reader: BinaryReader, tag: number): Tree {
  if ((tag & 7) === 2) return shownBytes(reader.bytes());
  if ((tag & 7) === 0) return readScalar(reader, undefined);
  reader.skip(tag);
  return "?";
}

/** Takes a message apart. Throws DecodeError when the bytes are none. */
export function decodeTree(type: MessageType<unknown>, bytes: Uint8Array): Tree {
  const reader = new BinaryReader(bytes);
  const tree: Record<string, Tree> = {};
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    const field = fieldsOf(type).find(
      (one) => one.number === tag >>> 3 && wireType(one.kind) === (tag & 7),
    );
    const name = field?.name ?? `#${tag >>> 3}`;
    const value = field === undefined ? readUnknown(reader, tag) : readField(reader, field);
    const repeated = field === undefined || field.repeated;
    if (repeated) tree[name] = [...((tree[name] as Tree[] | undefined) ?? []), value];
    else tree[name] = value;
  }
  return tree;
}
