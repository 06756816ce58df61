/** The client's options as the flags tell them. */
import { readFile } from "node:fs/promises";
import type { ClientOptions, TlsOptions } from "@kvorum/proto/client";
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import { MILLISECOND } from "./go/duration.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";
import { logLine } from "./log.ts";
import { openErrorText } from "./os-error.ts";
import { tokenSource } from "./token-source.ts";

function badArguments(message: string): CtlError {
  return new CtlError(ExitCode.badArgs, message);
}

/** Flags that mean something to etcdctl and nothing here yet: better refused than ignored. */
const UNSUPPORTED = ["discovery-srv", "discovery-srv-name"];

function refuseUnsupported(flags: FlagValues): void {
  const found = UNSUPPORTED.find((name) => flags.string(name) !== "");
  if (found !== undefined) throw badArguments(`--${found} is not supported yet`);
}

function refuseEmptyFiles(flags: FlagValues): void {
  for (const name of ["cert", "key", "cacert"]) {
    if (flags.string(name) === "" && flags.changed(name)) {
      throw badArguments(`empty string is passed to --${name} option`);
    }
  }
}

async function readPem(path: string): Promise<Buffer | undefined> {
  if (path === "") return undefined;
  try {
    return await readFile(path);
  } catch (error) {
    throw badArguments(openErrorText(error, path));
  }
}

async function tlsOptions(flags: FlagValues): Promise<TlsOptions | undefined> {
  const [cert, key, cacert] = [flags.string("cert"), flags.string("key"), flags.string("cacert")];
  const insecureSkipVerify = flags.bool("insecure-skip-tls-verify");
  const isPlain = flags.bool("insecure-transport") && !insecureSkipVerify;
  if (isPlain && cert === "" && key === "" && cacert === "") return undefined;
  if ((cert === "") !== (key === "")) {
    throw badArguments(`KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`);
  }
  return {
    cert: await readPem(cert),
    key: await readPem(key),
    ca: await readPem(cacert),
    insecureSkipVerify,
  };
}

/**
 * Checks the flags at once; what comes back reads the files. etcdctl looks at the output format
 * between the two.
 */
export function clientOptionsOf(flags: FlagValues, host: Host): () => Promise<ClientOptions> {
  refuseEmptyFiles(flags);
  refuseUnsupported(flags);
  const authToken = tokenSource(flags, host);
  return async () => ({
    endpoints: flags.strings("endpoints").map((endpoint) => endpoint.trim()),
    tls: await tlsOptions(flags),
    keepaliveTimeMs: flags.number("keepalive-time") / MILLISECOND,
    keepaliveTimeoutMs: flags.number("keepalive-timeout") / MILLISECOND,
    maxSendBytes: flags.number("max-request-bytes") || undefined,
    maxRecvBytes: flags.number("max-recv-bytes") || undefined,
    authToken: await authToken,
    log: flags.bool("debug")
      ? (level, message, fields) => {
          const texts = Object.entries(fields).map(([name, value]) => [name, String(value)]);
          const shown = Object.fromEntries(texts) as Record<string, string>;
          logLine(host, level === "warn" ? "warn" : "info", message, shown);
        }
      : undefined,
  });
}
