/** The flags that every command takes. Help does not list them; `options` does. */
import { SECOND } from "../go/duration.ts";
import type { FlagSpec } from "./command-spec.ts";

const FORMAT_NAMES = ["fields", "json", "protobuf", "simple", "table"];

const connection: readonly FlagSpec[] = [
  {
    name: "endpoints",
    kind: "strings",
    default: ["127.0.0.1:2379"],
    usage: "gRPC endpoints",
  },
  {
    name: "dial-timeout",
    kind: "duration",
    default: 2 * SECOND,
    usage: "dial timeout for client connections",
  },
  {
    name: "command-timeout",
    kind: "duration",
    default: 5 * SECOND,
    usage: "timeout for short running command (excluding dial timeout)",
  },
  {
    name: "keepalive-time",
    kind: "duration",
    default: 2 * SECOND,
    usage: "keepalive time for client connections",
  },
  {
    name: "keepalive-timeout",
    kind: "duration",
    default: 6 * SECOND,
    usage: "keepalive timeout for client connections",
  },
  {
    name: "max-request-bytes",
    kind: "int",
    usage:
      "client-side request send limit in bytes (if 0, it defaults to 2.0 MiB (2 * 1024 * 1024).)",
  },
  {
    name: "max-recv-bytes",
    kind: "int",
    usage: 'client-side response receive limit in bytes (if 0, it defaults to "math.MaxInt32")',
  },
];

const security: readonly FlagSpec[] = [
  {
    name: "insecure-transport",
    kind: "bool",
    default: true,
    usage: "disable transport security for client connections",
  },
  {
    name: "insecure-discovery",
    kind: "bool",
    default: true,
    usage: "accept insecure SRV records describing cluster endpoints",
  },
  {
    name: "insecure-skip-tls-verify",
    kind: "bool",
    usage:
      "skip server certificate verification (CAUTION: this option should be enabled only for testing purposes)",
  },
  {
    name: "cert",
    kind: "string",
    usage: "identify secure client using this TLS certificate file",
  },
  { name: "key", kind: "string", usage: "identify secure client using this TLS key file" },
  {
    name: "cacert",
    kind: "string",
    usage: "verify certificates of TLS-enabled secure servers using this CA bundle",
  },
  {
    name: "auth-jwt-token",
    kind: "string",
    usage:
      "JWT token used for authentication (if this option is used, --user and --password should not be set)",
  },
  {
    name: "user",
    kind: "string",
    usage: "username[:password] for authentication (prompt if password is not supplied)",
  },
  {
    name: "password",
    kind: "string",
    usage:
      "password for authentication (if this option is used, --user option shouldn't include password)",
  },
  {
    name: "discovery-srv",
    shorthand: "d",
    kind: "string",
    usage: "domain name to query for SRV records describing cluster endpoints",
  },
  {
    name: "discovery-srv-name",
    kind: "string",
    usage: "service name to query when using DNS discovery",
  },
];

const output: readonly FlagSpec[] = [
  { name: "debug", kind: "bool", usage: "enable client-side debug logging" },
  {
    name: "write-out",
    shorthand: "w",
    kind: "string",
    default: "simple",
    usage: "set the output format (fields, json, protobuf, simple, table)",
    choices: FORMAT_NAMES,
  },
  { name: "hex", kind: "bool", usage: "print byte strings as hex encoded strings" },
];

export const GLOBAL_FLAGS: readonly FlagSpec[] = [...connection, ...security, ...output].map(
  (flag) => ({ ...flag, hidden: true }),
);
