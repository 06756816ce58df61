/** The client's options as the flags tell them. */
import type { ClientOptions, TlsOptions } from "@kvorum/proto/client";
import { CtlError } from "./ctl-error.ts";
import { ExitCode } from "./exit-codes.ts";
import { MILLISECOND } from "./go/duration.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";

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

/** Whether anything at all has been said about TLS. */
function wantsTls(flags: FlagValues): boolean {
  const files = ["cert", "key", "cacert"].some((name) => flags.string(name) !== "");
  return files || !flags.bool("insecure-transport") || flags.bool("insecure-skip-tls-verify");
}

async function tlsOptions(flags: FlagValues): Promise<TlsOptions | undefined> {
  if (!wantsTls(flags)) return undefined;
  return (await import("./tls-files.ts")).readTlsOptions(flags);
}

/** Where tokens come from; asks for the password where only a user is given. */
export async function authTokenSource(
  flags: FlagValues,
  host: Host,
): Promise<ClientOptions["authToken"]> {
  if (flags.string("user") === "" && flags.string("auth-jwt-token") === "") return undefined;
  return (await import("./token-source.ts")).tokenSource(flags, host);
}

/** What `--debug` shows of the client's calls. */
async function debugLog(flags: FlagValues, host: Host): Promise<ClientOptions["log"]> {
  if (!flags.bool("debug")) return undefined;
  const { logLine } = await import("./log.ts");
  return (level, message, fields) => {
    const texts = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    const shown = Object.fromEntries(texts) as Record<string, string>;
    logLine(host, level === "warn" ? "warn" : "info", message, shown);
  };
}

/** Refuses what cannot be meant, before anything else is looked at. */
export function checkConnectionFlags(flags: FlagValues): void {
  refuseEmptyFiles(flags);
  refuseUnsupported(flags);
}

export async function clientOptions(
  flags: FlagValues,
  host: Host,
  authToken: ClientOptions["authToken"],
): Promise<ClientOptions> {
  return {
    endpoints: flags.strings("endpoints").map((endpoint) => endpoint.trim()),
    tls: await tlsOptions(flags),
    keepaliveTimeMs: flags.number("keepalive-time") / MILLISECOND,
    keepaliveTimeoutMs: flags.number("keepalive-timeout") / MILLISECOND,
    maxSendBytes: flags.number("max-request-bytes") || undefined,
    maxRecvBytes: flags.number("max-recv-bytes") || undefined,
    authToken,
    log: await debugLog(flags, host),
  };
}
