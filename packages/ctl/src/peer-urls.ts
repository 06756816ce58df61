/** Peer URLs as etcd's client checks them before a member is added. */
import { quote } from "./go/quote.ts";

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/;
const HOST_AND_PORT = /^(?:\[[^\]]*\]|[^:[\]]*):[^:]*$/;

/** What is wrong with a URL, in Go's words, or undefined. */
function whyNot(url: string): string | undefined {
  if (url.startsWith(":")) return `parse ${quote(url)}: missing protocol scheme`;
  const [, scheme = "", authority = "", path = ""] = SCHEME.exec(url) ?? [];
  if (["unix", "unixs"].includes(scheme.toLowerCase())) return undefined;
  if (!["http", "https"].includes(scheme.toLowerCase())) {
    return `URL scheme must be http, https, unix, or unixs: ${url}`;
  }
  const host = authority.replace(/^[^@]*@/, "");
  if (!HOST_AND_PORT.test(host)) {
    return `URL address does not have the form "host:port": ${url}`;
  }
  return path === "" ? undefined : `URL must not contain a path: ${url}`;
}

/** Throws for the first URL that is none. */
export function checkPeerUrls(urls: readonly string[]): void {
  for (const url of urls) {
    const wrong = whyNot(url.trim());
    if (wrong !== undefined) throw new Error(wrong);
  }
}
