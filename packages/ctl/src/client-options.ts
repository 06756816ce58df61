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

/** Refuses what cannot be meant, before anything else is looked at. */
export function checkConnectionFlags(flags: FlagValues): void {
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
  const options = await (await import("./tls-files.ts")).readTlsOptions(flags);
  // Whoever does not trust the records' own names trusts the domain's.
  const domain = flags.bool("insecure-discovery") ? "" : flags.string("discovery-srv");
  return domain === "" ? options : { ...options, serverName: domain };
}

/** Where tokens come from; asks for the password where only a user is given. */
export async function authTokenSource(
  flags: FlagValues,
  host: Host,
  question = "Password: ",
): Promise<ClientOptions["authToken"]> {
  if (flags.string("user") === "" && flags.string("auth-jwt-token") === "") return undefined;
  return (await import("./token-source.ts")).tokenSource(flags, host, question);
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

/** What the flags name; with a domain to ask, what it names goes first. */
async function endpointsOf(flags: FlagValues, host: Host): Promise<readonly string[]> {
  if (flags.string("discovery-srv") !== "") {
    const { discoveredEndpoints } = await import("./discovery.ts");
    const found = await discoveredEndpoints(flags, host);
    if (found.length > 0) return found;
  }
  return flags.strings("endpoints").map((endpoint) => endpoint.trim());
}

export async function clientOptions(
  flags: FlagValues,
  host: Host,
  authToken: ClientOptions["authToken"],
): Promise<ClientOptions> {
  return {
    endpoints: await endpointsOf(flags, host),
    tls: await tlsOptions(flags),
    keepaliveTimeMs: flags.number("keepalive-time") / MILLISECOND,
    keepaliveTimeoutMs: flags.number("keepalive-timeout") / MILLISECOND,
    maxSendBytes: flags.number("max-request-bytes") || undefined,
    maxRecvBytes: flags.number("max-recv-bytes") || undefined,
    authToken,
    log: await debugLog(flags, host),
  };
}
