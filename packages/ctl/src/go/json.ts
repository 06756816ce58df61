/**
 * JSON as Go's encoding/json writes protobuf messages: fields in their order under their protobuf
 * names, zero values left out, bytes in base64, 64-bit integers as plain numbers, and `<`, `>` and
 * `&` escaped.
 */
import type { FieldInfo, MessageType } from "@kvorum/proto";

const ESCAPES: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

export function jsonString(text: string): string {
  return JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, "\ufffd")).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => ESCAPES[character] ?? character,
  );
}

export function jsonBytes(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}"`;
}

/** An object of members whose values are JSON already; undefined values are left out. */
export function jsonObject(members: Readonly<Record<string, string | undefined>>): string {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  return `{${present.map(([name, value]) => `${jsonString(name)}:${value}`).join(",")}}`;
}

export function jsonArray(values: readonly string[]): string {
  return `[${values.join(",")}]`;
}

type Fields = readonly { readonly info: FieldInfo; readonly prefix: string }[];
const fieldsOf = new WeakMap<object, Fields>();

function fieldsWithNames(type: MessageType<unknown>): Fields {
  let fields = fieldsOf.get(type);
  if (fields === undefined) {
    fields = type.fields().map((info) => ({ info, prefix: `${jsonString(info.name)}:` }));
    fieldsOf.set(type, fields);
  }
  return fields;
}

function isZero(value: unknown): boolean {
  if (value === undefined || value === 0 || value === 0n || value === false || value === "") {
    return true;
  }
  return (value instanceof Uint8Array || Array.isArray(value)) && value.length === 0;
}

function jsonScalar(info: FieldInfo, value: unknown): string {
  if (info.messageType !== undefined) return jsonMessage(info.messageType, value);
  if (value instanceof Uint8Array) return jsonBytes(value);
  return typeof value === "string" ? jsonString(value) : String(value);
}

/** One message. `value` must be a message of this type. */
export function jsonMessage<T>(type: MessageType<T>, value: T): string {
  const record = value as Readonly<Record<string, unknown>>;
  const parts: string[] = [];
  for (const { info, prefix } of fieldsWithNames(type as MessageType<unknown>)) {
    const field = record[info.localName];
    if (isZero(field)) continue;
    const json = Array.isArray(field)
      ? jsonArray(field.map((item) => jsonScalar(info, item)))
      : jsonScalar(info, field);
    parts.push(prefix + json);
  }
  return `{${parts.join(",")}}`;
}
