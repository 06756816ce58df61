/**
 * Settings from a YAML or JSON file. Keys are flag names; security, discovery and socket settings
 * sit in maps of their own and are brought back to the flag they stand for. Durations are integer
 * nanoseconds. Unknown keys are ignored and `null` keeps the default, as etcd does it.
 */
import type { Document, parseDocument } from "yaml";
import type { FlagKind } from "./flags/flag-kinds.ts";
import type { FlagSet } from "./flags/flag-set.ts";
import type { FlagDefinition } from "./flags/definition.ts";
import { ValueError } from "../lib/value-error.ts";

/** A URL in the file that cannot be parsed: etcd prints it bare and exits. */
export class FileUrlError extends Error {
  override readonly name = "FileUrlError";
}

/** The library that reads YAML. Loading it takes longer than most else of a start. */
export interface Yaml {
  readonly parseDocument: typeof parseDocument;
}

type YamlMap = Readonly<Record<string, unknown>>;

const SECURITY_KEYS = [
  "cert-file",
  "key-file",
  "client-cert-file",
  "client-key-file",
  "client-cert-auth",
  "trusted-ca-file",
  "auto-tls",
] as const;

function securityFlags(prefix: string): Record<string, string> {
  return Object.fromEntries(SECURITY_KEYS.map((key) => [key, prefix + key]));
}

/** For each nested map, which flag a key of it stands for. */
const NESTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "client-transport-security": {
    ...securityFlags(""),
    "allowed-hostname": "client-cert-allowed-hostname",
  },
  "peer-transport-security": {
    ...securityFlags("peer-"),
    "allowed-cn": "peer-cert-allowed-cn",
    "allowed-hostname": "peer-cert-allowed-hostname",
    "skip-client-san-verification": "peer-skip-client-san-verification",
  },
  "discovery-config": {
    token: "discovery-token",
    endpoints: "discovery-endpoints",
    "dial-timeout": "discovery-dial-timeout",
    "request-timeout": "discovery-request-timeout",
    "keepalive-time": "discovery-keepalive-time",
    "keepalive-timeout": "discovery-keepalive-timeout",
  },
  "socket-options": {
    "reuse-port": "socket-reuse-port",
    "reuse-address": "socket-reuse-address",
  },
};

/** Flags that a file cannot set. */
const COMMAND_LINE_ONLY: ReadonlySet<string> = new Set(["config-file", "version"]);

/** Lists in the file are comma separated strings, but for these, which are YAML lists. */
const LIST_KEYS: ReadonlySet<string> = new Set([
  "log-outputs",
  "cipher-suites",
  "discovery-endpoints",
  "client-cert-allowed-hostname",
  "peer-cert-allowed-cn",
  "peer-cert-allowed-hostname",
]);

const GO_TYPES: Readonly<Record<FlagKind, string>> = {
  bool: "bool",
  string: "string",
  int: "int64",
  uint: "uint",
  uint32: "uint32",
  duration: "time.Duration",
  urls: "string",
  origins: "string",
  strings: "string",
  choice: "string",
  choices: "string",
  gates: "string",
  ignored: "string",
};

function typeError(what: string, key: string, type: string): ValueError {
  return new ValueError(
    "error unmarshaling JSON: while decoding JSON: json: " +
      `cannot unmarshal ${what} into Go struct field configYAML.Config.${key} of type ${type}`,
  );
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function listText(key: string, value: unknown): string {
  if (!Array.isArray(value)) throw typeError(jsonType(value), key, "[]string");
  const bad: unknown = value.find((item) => typeof item !== "string");
  if (bad !== undefined) throw typeError(jsonType(bad), key, "string");
  return value.join(",");
}

function integerText(key: string, kind: FlagKind, value: unknown): string {
  if (typeof value !== "number" && typeof value !== "bigint") {
    throw typeError(jsonType(value), key, GO_TYPES[kind]);
  }
  if (typeof value === "number" && !Number.isInteger(value)) {
    throw typeError(`number ${value}`, key, GO_TYPES[kind]);
  }
  return kind === "duration" ? `${value}ns` : String(value);
}

/** The flag's own text for a value of the file. */
function flagText(key: string, flag: FlagDefinition, value: unknown): string {
  if (LIST_KEYS.has(flag.name)) return listText(key, value);
  if (flag.kind === "bool") {
    if (typeof value !== "boolean") throw typeError(jsonType(value), key, "bool");
    return String(value);
  }
  if (["int", "uint", "uint32", "duration"].includes(flag.kind)) {
    return integerText(key, flag.kind, value);
  }
  if (["string", "number", "boolean"].includes(typeof value)) return `${value as string}`;
  throw typeError(jsonType(value), key, GO_TYPES[flag.kind]);
}

const URL_ERROR_NAMES: Readonly<Record<string, string>> = {
  "advertise-client-urls": "advertise-peer-urls",
};

function setFromFile(flags: FlagSet, key: string, flag: FlagDefinition, value: unknown): void {
  const text = flagText(key, flag, value);
  try {
    flags.set(flag.name, text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    if (flag.kind === "urls") {
      const name = URL_ERROR_NAMES[flag.name] ?? flag.name;
      throw new FileUrlError(`unexpected error setting up ${name}: ${error.message}`);
    }
    if (flag.kind === "choice" && key === "initial-cluster-state") {
      throw new ValueError(`unexpected clusterState ${JSON.stringify(text)}`);
    }
    if (flag.kind === "gates") throw error;
    throw typeError(`${jsonType(value)} ${text}`, key, GO_TYPES[flag.kind]);
  }
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The library bounds what aliases may expand to, and throws past that. */
function expand(document: Document.Parsed): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new ValueError(`error converting YAML to JSON: yaml: ${(error as Error).message}`);
  }
}

function parseYaml(text: string, yaml: Yaml): YamlMap {
  const document = yaml.parseDocument(text, { prettyErrors: false, intAsBigInt: false });
  const error = document.errors[0];
  if (error !== undefined) {
    throw new ValueError(`error converting YAML to JSON: yaml: ${error.message}`);
  }
  const root = expand(document);
  if (root === null) return {};
  if (isMap(root)) return root;
  throw new ValueError(
    "error unmarshaling JSON: while decoding JSON: json: " +
      `cannot unmarshal ${jsonType(root)} into Go value of type embed.configYAML`,
  );
}

/** Sets every flag that the file names. Throws `ValueError` or `FileUrlError`. */
export function applyConfigFile(
  flags: FlagSet,
  definitions: ReadonlyMap<string, FlagDefinition>,
  text: string,
  yaml: Yaml,
): void {
  for (const [key, value] of Object.entries(parseYaml(text, yaml))) {
    const nested = NESTED[key];
    if (nested !== undefined) applyNested(flags, definitions, { key, names: nested, value });
    const flag = definitions.get(key);
    if (flag === undefined || flag.kind === "ignored" || COMMAND_LINE_ONLY.has(key)) continue;
    if (value !== null && value !== undefined) setFromFile(flags, key, flag, value);
  }
}

interface NestedMap {
  readonly key: string;
  readonly names: Readonly<Record<string, string>>;
  readonly value: unknown;
}

function applyNested(
  flags: FlagSet,
  definitions: ReadonlyMap<string, FlagDefinition>,
  nested: NestedMap,
): void {
  if (nested.value === null) return;
  if (!isMap(nested.value)) throw new ValueError(`invalid ${nested.key}`);
  for (const [key, value] of Object.entries(nested.value)) {
    const flag = definitions.get(nested.names[key] ?? "");
    if (flag === undefined || value === null || value === undefined) continue;
    setFromFile(flags, key, flag, value);
  }
}
