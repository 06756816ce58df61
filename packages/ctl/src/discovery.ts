/** Endpoints that a domain's SRV records name. */
import { resolveSrv } from "node:dns/promises";
import { quote } from "./go/quote.ts";
import type { FlagValues } from "./grammar/flag-values.ts";
import type { Host } from "./host.ts";

const TEXTS: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such host",
  ENODATA: "no such host",
  ETIMEOUT: "i/o timeout",
};

interface Answer {
  readonly endpoints: readonly string[];
  readonly error?: string;
}

async function lookUp(scheme: "https" | "http", flags: FlagValues): Promise<Answer> {
  const suffix = flags.string("discovery-srv-name");
  const service = `etcd-client${scheme === "https" ? "-ssl" : ""}${suffix === "" ? "" : `-${suffix}`}`;
  const name = `_${service}._tcp.${flags.string("discovery-srv")}`;
  try {
    const records = await resolveSrv(name);
    records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
    const endpoints = records.map((record) => `${scheme}://${record.name}:${record.port}`);
    return { endpoints };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { endpoints: [], error: `lookup ${name}: ${TEXTS[code ?? ""] ?? message}` };
  }
}

/**
 * None when no domain is given. Those without TLS are left out, and told, when insecure records are
 * not accepted. Throws when the domain cannot be asked at all.
 */
export async function discoveredEndpoints(
  flags: FlagValues,
  host: Host,
): Promise<readonly string[]> {
  const [secure, plain] = [await lookUp("https", flags), await lookUp("http", flags)];
  if (secure.error !== undefined && plain.error !== undefined) {
    throw new Error(`dns lookup errors: ${secure.error} and ${plain.error}`);
  }
  if (flags.bool("insecure-discovery")) return [...secure.endpoints, ...plain.endpoints];
  for (const endpoint of plain.endpoints) {
    host.err(`ignoring discovered insecure endpoint ${quote(endpoint)}\n`);
  }
  return secure.endpoints;
}
