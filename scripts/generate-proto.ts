/**
 * Writes packages/proto/src/gen/*.ts from packages/proto/proto/*.proto: one file each.
 *
 * protobufjs only parses; the code that comes out is plain and static, uses nothing but
 * packages/proto/src/wire and is committed. Run it after every change of a .proto file.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import protobuf from "protobufjs";

type Field = protobuf.Field;

const protoFolder = join(import.meta.dirname, "../packages/proto/proto");
const genFolder = join(import.meta.dirname, "../packages/proto/src/gen");
const HEADER = "// Written by scripts/generate-proto.ts. Do not edit: change the .proto file.\n";

interface Kind {
  wire: 0 | 2;
  type: string;
  zero: string;
  /** Method of reader and writer; "Number" is added where a 64-bit field is a number. */
  read: string;
  write: string;
}

const KINDS: Record<string, Kind> = {
  bool: { wire: 0, type: "boolean", zero: "false", read: "bool", write: "bool" },
  int32: { wire: 0, type: "number", zero: "0", read: "int32", write: "int32" },
  uint32: { wire: 0, type: "number", zero: "0", read: "uint32", write: "uint32" },
  int64: { wire: 0, type: "bigint", zero: "0n", read: "int64", write: "bigint" },
  uint64: { wire: 0, type: "bigint", zero: "0n", read: "uint64", write: "bigint" },
  bytes: { wire: 2, type: "Uint8Array", zero: "EMPTY_BYTES", read: "bytes", write: "bytes" },
  string: { wire: 2, type: "string", zero: '""', read: "string", write: "string" },
};

const NUMBER_KINDS: Record<string, Kind> = {
  int64: { wire: 0, type: "number", zero: "0", read: "int64Number", write: "int64Number" },
  uint64: { wire: 0, type: "number", zero: "0", read: "uint64Number", write: "uint64Number" },
};

function isNumber(field: Field): boolean {
  return field.options?.["jstype"] === "JS_NUMBER";
}

function kindOf(field: Field): Kind {
  if (field.resolvedType instanceof protobuf.Enum) {
    return KINDS["int32"] as Kind;
  }
  const kind = isNumber(field) ? NUMBER_KINDS[field.type] : KINDS[field.type];
  if (kind === undefined) {
    throw new Error(`${field.fullName}: type ${field.type} is not supported`);
  }
  return kind;
}

function isMessage(field: Field): boolean {
  return field.resolvedType instanceof protobuf.Type;
}

/** A nested type's name has its parent's in front: RangeRequest_SortOrder. */
function typeName(object: protobuf.ReflectionObject): string {
  const parent = object.parent;
  return parent instanceof protobuf.Type ? `${typeName(parent)}_${object.name}` : object.name;
}

function fullName(object: protobuf.ReflectionObject): string {
  return object.fullName.slice(1);
}

function localName(field: Field): string {
  return field.name.replace(/_([a-zA-Z])/g, (_, letter: string) => letter.toUpperCase());
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function doc(comment: string | null | undefined, indent: string): string {
  if (!comment) {
    return "";
  }
  const lines = comment.split("\n");
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function resolvedName(field: Field): string {
  return typeName(field.resolvedType as protobuf.Type);
}

function isOptional(field: Field): boolean {
  return !field.repeated && (isMessage(field) || field.partOf !== null);
}

function fieldType(field: Field): string {
  const single = field.resolvedType === null ? kindOf(field).type : resolvedName(field);
  if (field.repeated) {
    return `${single}[]`;
  }
  return isOptional(field) ? `${single} | undefined` : single;
}

function defaultValue(field: Field): string {
  if (field.repeated) {
    return "[]";
  }
  return isOptional(field) ? "undefined" : kindOf(field).zero;
}

function fieldsInOrder(type: protobuf.Type): Field[] {
  return type.fieldsArray.toSorted((a, b) => a.id - b.id);
}

function interfaceOf(type: protobuf.Type): string {
  const fields = fieldsInOrder(type).map((field) => {
    const oneof = field.partOf === null ? "" : `One of \`${field.partOf.name}\`.`;
    const comment = [field.comment, oneof].filter(Boolean).join("\n");
    return `${doc(comment, "  ")}  ${localName(field)}: ${fieldType(field)};\n`;
  });
  return `${doc(type.comment, "")}export interface ${typeName(type)} {\n${fields.join("")}}\n`;
}

function createOf(type: protobuf.Type): string {
  const name = typeName(type);
  const fields = fieldsInOrder(type);
  if (fields.length === 0) {
    return `function create${name}(): ${name} {\n  return {};\n}\n`;
  }
  const lines = fields.map((field) => {
    const local = localName(field);
    const value = isOptional(field) ? `init.${local}` : `init.${local} ?? ${defaultValue(field)}`;
    return `    ${local}: ${value},\n`;
  });
  const empty = fields.map((field) => `    ${localName(field)}: ${defaultValue(field)},\n`);
  return (
    `function empty${name}(): ${name} {\n  return {\n${empty.join("")}  };\n}\n\n` +
    `function create${name}(init?: Partial<${name}>): ${name} {\n` +
    `  if (init === undefined) {\n    return empty${name}();\n  }\n` +
    `  return {\n${lines.join("")}  };\n}\n`
  );
}

function tagOf(field: Field, wire: number): number {
  return ((field.id << 3) | wire) >>> 0;
}

function writeTag(field: Field, wire: number): string {
  const tag = tagOf(field, wire);
  return tag < 128 ? `w.byte(${tag});` : `w.uint32(${tag});`;
}

/** Guess of a message's size, from the parts that can be large. */
function sizeGuess(type: protobuf.Type, value: string): string {
  const parts = fieldsInOrder(type).flatMap((field) => {
    if (field.repeated) {
      return [`${value}.${localName(field)}.length * 32`];
    }
    const isLarge = field.type === "bytes" && field.partOf === null;
    return isLarge ? [`${value}.${localName(field)}.length`] : [];
  });
  return parts.length === 0 ? "0" : `${parts.join(" + ")} + 24`;
}

function writeSingle(field: Field, value: string, indent: string): string {
  const lines: string[] = [];
  if (isMessage(field)) {
    const type = field.resolvedType as protobuf.Type;
    lines.push(writeTag(field, 2), `const mark = w.fork(${sizeGuess(type, value)});`);
    lines.push(`${callTo(field, "write")}(${value}, w);`, "w.join(mark);");
  } else {
    const kind = kindOf(field);
    lines.push(writeTag(field, kind.wire), `w.${kind.write}(${value});`);
  }
  return lines.map((line) => `${indent}${line}\n`).join("");
}

function writeRepeated(field: Field): string {
  const values = `m.${localName(field)}`;
  if (!isMessage(field) && kindOf(field).wire === 0) {
    return (
      `  if (${values}.length !== 0) {\n    ${writeTag(field, 2)}\n` +
      `    const mark = w.fork(${values}.length);\n` +
      `    for (const value of ${values}) {\n      w.${kindOf(field).write}(value);\n    }\n` +
      `    w.join(mark);\n  }\n`
    );
  }
  return (
    `  for (let i = 0; i < ${values}.length; i++) {\n` +
    `    const value = ${values}[i] as ${fieldType(field).slice(0, -2)};\n` +
    `${writeSingle(field, "value", "    ")}  }\n`
  );
}

function writeField(field: Field): string {
  const value = `m.${localName(field)}`;
  if (field.repeated) {
    return writeRepeated(field);
  }
  if (isOptional(field)) {
    return `  if (${value} !== undefined) {\n${writeSingle(field, value, "    ")}  }\n`;
  }
  const kind = kindOf(field);
  const test =
    kind.type === "boolean"
      ? value
      : kind.wire === 2
        ? `${value}.length !== 0`
        : `${value} !== ${kind.zero}`;
  return `  if (${test}) {\n${writeSingle(field, value, "    ")}  }\n`;
}

function writeOf(type: protobuf.Type): string {
  const name = typeName(type);
  const fields = fieldsInOrder(type);
  const parameters = fields.length === 0 ? `_m: ${name}, _w` : `m: ${name}, w`;
  return `function write${name}(${parameters}: BinaryWriter): void {\n${fields.map(writeField).join("")}}\n`;
}

/** Types of the same file are called directly, others through what they export. */
function callTo(field: Field, verb: "read" | "write"): string {
  const type = field.resolvedType as protobuf.Type;
  const isLocal = type.filename === (field.parent as protobuf.Type).filename;
  return isLocal ? `${verb}${typeName(type)}` : `${typeName(type)}.${verb}`;
}

function readValue(field: Field, existing: string): string[] {
  const target = `m.${localName(field)}`;
  if (!isMessage(field)) {
    const value = `r.${kindOf(field).read}()`;
    return [field.repeated ? `${target}.push(${value});` : `${target} = ${value};`];
  }
  const call = `${callTo(field, "read")}(r, r.enter()${existing})`;
  return [field.repeated ? `${target}.push(${call});` : `${target} = ${call};`, "r.leave();"];
}

function readField(field: Field): string {
  const wire = isMessage(field) ? 2 : kindOf(field).wire;
  const existing = field.repeated ? "" : `, m.${localName(field)}`;
  const lines = readValue(field, existing);
  for (const other of field.partOf?.fieldsArray ?? []) {
    if (other !== field) {
      lines.push(`m.${localName(other)} = undefined;`);
    }
  }
  const body = lines.map((line) => `        ${line}\n`).join("");
  const single = `      case ${tagOf(field, wire)}:\n${body}        break;\n`;
  if (!field.repeated || wire === 2) {
    return single;
  }
  return (
    `${single}      case ${tagOf(field, 2)}: {\n        const last = r.packedEnd();\n` +
    `        while (r.pos < last) {\n          ${lines[0]}\n        }\n` +
    `        r.expectEnd(last);\n        break;\n      }\n`
  );
}

function readOf(type: protobuf.Type): string {
  const name = typeName(type);
  const fields = fieldsInOrder(type);
  const empty = fields.length === 0 ? "create" : "empty";
  const body =
    fields.length === 0
      ? "    r.skip(r.tag());\n"
      : "    const tag = r.tag();\n    switch (tag) {\n" +
        `${fields.map(readField).join("")}      default:\n        r.skip(tag);\n    }\n`;
  return (
    `function read${name}(r: BinaryReader, end: number, target?: ${name}): ${name} {\n` +
    `  const m = target ?? ${empty}${name}();\n  while (r.pos < end) {\n${body}  }\n` +
    `  r.expectEnd(end);\n  return m;\n}\n`
  );
}

function fieldInfo(field: Field): string {
  const isEnum = field.resolvedType instanceof protobuf.Enum;
  const kind = isEnum ? "enum" : isMessage(field) ? "message" : field.type;
  const isBig = kind.endsWith("64") && !isNumber(field);
  const message = isMessage(field) ? `${resolvedName(field)} as MessageType<unknown>` : "undefined";
  return (
    `    { name: "${field.name}", localName: "${localName(field)}", number: ${field.id}, ` +
    `kind: "${kind}", repeated: ${field.repeated}, bigint: ${isBig}, ` +
    `oneof: ${field.partOf === null ? "undefined" : `"${field.partOf.name}"`}, ` +
    `messageType: ${message}, enumType: ${isEnum ? resolvedName(field) : "undefined"} },\n`
  );
}

function messageOf(type: protobuf.Type): string {
  const name = typeName(type);
  const constant =
    `export const ${name}: MessageType<${name}> = {\n  typeName: "${fullName(type)}",\n` +
    `  create: create${name},\n  write: write${name},\n  read: read${name},\n` +
    `  encode: (message) => encodeWith(message, write${name}),\n` +
    `  decode: (bytes) => decodeWith(bytes, read${name}),\n` +
    `  fields: () => [\n${fieldsInOrder(type).map(fieldInfo).join("")}  ],\n};\n`;
  return [interfaceOf(type), constant, createOf(type), writeOf(type), readOf(type)].join("\n");
}

function enumOf(object: protobuf.Enum): string {
  const name = typeName(object);
  const values = Object.entries(object.values).map(
    ([key, value]) => `${doc(object.comments[key], "  ")}  ${key}: ${value},\n`,
  );
  return (
    `${doc(object.comment, "")}export type ${name} = number;\n` +
    `export const ${name} = {\n${values.join("")}} as const;\n`
  );
}

function serviceOf(service: protobuf.Service): string {
  const full = fullName(service);
  const types = service.methodsArray.map((method) => ({
    method,
    request: typeName(method.resolvedRequestType as protobuf.Type),
    response: typeName(method.resolvedResponseType as protobuf.Type),
  }));
  const shape = types.map(
    ({ method, request, response }) =>
      `${doc(method.comment, "  ")}  readonly ${lowerFirst(method.name)}: ` +
      `MethodDefinition<${request}, ${response}>;\n`,
  );
  const values = types.map(
    ({ method, request, response }) =>
      `  ${lowerFirst(method.name)}: {\n    path: "/${full}/${method.name}",\n` +
      `    service: "${full}",\n    name: "${method.name}",\n    requestType: ${request},\n` +
      `    responseType: ${response},\n    requestStream: ${method.requestStream === true},\n` +
      `    responseStream: ${method.responseStream === true},\n  },\n`,
  );
  return (
    `${doc(service.comment, "")}export const ${service.name}: {\n${shape.join("")}} = {\n` +
    `${values.join("")}};\n`
  );
}

/** Every type, enum and service that `file` defines, in the order of the file. */
function definitionsOf(
  file: string,
  object: protobuf.ReflectionObject,
): protobuf.ReflectionObject[] {
  const nested = object instanceof protobuf.Namespace ? object.nestedArray : [];
  const inside = nested.flatMap((child) => definitionsOf(file, child));
  const isOurs =
    basename(object.filename ?? "") === file &&
    (object instanceof protobuf.Type ||
      object instanceof protobuf.Enum ||
      object instanceof protobuf.Service);
  return isOurs ? [object, ...inside] : inside;
}

function emit(object: protobuf.ReflectionObject): string {
  if (object instanceof protobuf.Type) {
    return messageOf(object);
  }
  return object instanceof protobuf.Enum ? enumOf(object) : serviceOf(object as protobuf.Service);
}

/** Imports of what `code` mentions from the other files. */
function importsOf(code: string, file: string, homes: Map<string, string>): string {
  const wanted = new Map<string, string[]>();
  const bare = code.replace(/"[^"]*"|\/\*\*.*?\*\//gs, "");
  for (const [name, home] of homes) {
    if (home !== file && new RegExp(`\\b${name}\\b`).test(bare)) {
      wanted.set(home, [...(wanted.get(home) ?? []), name]);
    }
  }
  return [...wanted]
    .map(([home, names]) => {
      const path = `./${basename(home, ".proto")}.ts`;
      const list = names.map((name) =>
        new RegExp(`\\b${name}(\\.(read|write)\\(| as MessageType|,)`).test(bare)
          ? name
          : `type ${name}`,
      );
      return `import { ${list.sort().join(", ")} } from "${path}";\n`;
    })
    .join("");
}

function wireImports(code: string): string {
  const lines: string[] = [];
  const typeNames = ["MessageType", "MethodDefinition"].filter((name) => code.includes(`${name}<`));
  lines.push(`import type { ${typeNames.join(", ")} } from "../wire/message-type.ts";`);
  const empty = code.includes("EMPTY_BYTES") ? ", EMPTY_BYTES" : "";
  lines.push(`import { type BinaryReader, decodeWith${empty} } from "../wire/reader.ts";`);
  lines.push(`import { type BinaryWriter, encodeWith } from "../wire/writer.ts";`);
  return `${lines.join("\n")}\n`;
}

function loadSchema(files: readonly string[]): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => join(protoFolder, basename(target));
  root.loadSync([...files], { keepCase: true, alternateCommentMode: true });
  root.resolveAll();
  return root;
}

function generate(): void {
  const files = readdirSync(protoFolder)
    .filter((name) => name.endsWith(".proto"))
    .sort();
  const root = loadSchema(files);
  const homes = new Map<string, string>();
  for (const file of files) {
    for (const object of definitionsOf(file, root)) {
      const name = object instanceof protobuf.Service ? object.name : typeName(object);
      if (homes.has(name)) {
        throw new Error(`${name} is defined in ${homes.get(name)} and in ${file}`);
      }
      homes.set(name, file);
    }
  }
  rmSync(genFolder, { recursive: true, force: true });
  mkdirSync(genFolder, { recursive: true });
  for (const file of files) {
    // Services name their messages when the module runs, so they come last.
    const definitions = definitionsOf(file, root);
    const services = definitions.filter((object) => object instanceof protobuf.Service);
    const types = definitions.filter((object) => !(object instanceof protobuf.Service));
    const code = [...types, ...services].map(emit).join("\n");
    const header = readFileSync(join(protoFolder, file), "utf8").match(/^\/\/ (.*)/)?.[1];
    const top = `${HEADER}// ${header}\n${wireImports(code)}${importsOf(code, file, homes)}\n`;
    writeFileSync(join(genFolder, `${basename(file, ".proto")}.ts`), top + code);
  }
}

generate();
