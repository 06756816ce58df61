/**
 * URLs of listeners and members. Go's `url.Parse` decides what etcd takes for one, so its checks
 * and texts are followed for everything an operator is likely to mistype.
 */
import { quote, ValueError } from "./value-error.ts";

export type UrlScheme = "http" | "https" | "unix" | "unixs";

/** One checked URL. `text` is what is advertised, compared, sorted and hashed into member ids. */
export interface MemberUrl {
  readonly scheme: UrlScheme;
  /** Without brackets; empty for `http://:2380`. */
  readonly hostname: string;
  /** As written, may be empty; always empty for unix sockets. */
  readonly port: string;
  /** The socket's file for unix and unixs, else empty. */
  readonly socketPath: string;
  readonly text: string;
}

const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):/;

function parseError(input: string, reason: string): ValueError {
  return new ValueError(`parse ${quote(input)}: ${reason}`);
}

function splitScheme(input: string): { scheme: string; rest: string } {
  if (input.startsWith(":")) throw parseError(input, "missing protocol scheme");
  const match = SCHEME.exec(input);
  if (match !== null) {
    return { scheme: (match[1] ?? "").toLowerCase(), rest: input.slice(match[0].length) };
  }
  if ((input.split("/")[0] ?? "").includes(":")) {
    throw parseError(input, "first path segment in URL cannot contain colon");
  }
  return { scheme: "", rest: input };
}

function splitAuthority(rest: string): { authority: string; path: string } {
  if (!rest.startsWith("//")) return { authority: "", path: rest };
  const end = rest.slice(2).search(/[/?#]/);
  if (end < 0) return { authority: rest.slice(2), path: "" };
  return { authority: rest.slice(2, end + 2), path: rest.slice(end + 2) };
}

function checkHost(input: string, host: string): void {
  const bad = /[\s\p{Cc}"<>^`{|}\\]/u.exec(host);
  if (bad !== null) throw parseError(input, `invalid character ${quote(bad[0])} in host name`);
  const colon = host.lastIndexOf(":");
  if (colon < 0 || host.endsWith("]")) return;
  if (!/^[0-9]*$/.test(host.slice(colon + 1))) {
    throw parseError(input, `invalid port ${quote(host.slice(colon))} after host`);
  }
}

/** Like Go's `net.SplitHostPort`; undefined where that fails. */
function splitHostPort(text: string): { hostname: string; port: string } | undefined {
  const bracketed = /^\[([^\]]*)\]:([0-9]*)$/.exec(text);
  if (bracketed !== null) return { hostname: bracketed[1] ?? "", port: bracketed[2] ?? "" };
  const plain = /^([^:[\]]*):([0-9]*)$/.exec(text);
  return plain === null ? undefined : { hostname: plain[1] ?? "", port: plain[2] ?? "" };
}

/** Throws `ValueError` with etcd's text. */
export function parseUrl(raw: string): MemberUrl {
  const input = raw.trim();
  const { scheme, rest } = splitScheme(input);
  const { authority, path } = splitAuthority(rest);
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  checkHost(input, host);
  if (scheme === "unix" || scheme === "unixs") {
    return { scheme, hostname: "", port: "", socketPath: host + path, text: input };
  }
  if (scheme !== "http" && scheme !== "https") {
    throw new ValueError(`URL scheme must be http, https, unix, or unixs: ${input}`);
  }
  const split = splitHostPort(host);
  if (split === undefined) {
    throw new ValueError(`URL address does not have the form "host:port": ${input}`);
  }
  if (path !== "") throw new ValueError(`URL must not contain a path: ${input}`);
  return { scheme, ...split, socketPath: "", text: scheme + input.slice(scheme.length) };
}

function compareText(a: MemberUrl, b: MemberUrl): number {
  if (a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
}

/** A comma separated list, sorted, each URL once. Throws `ValueError`. */
export function parseUrlList(text: string): MemberUrl[] {
  const urls = text.split(",").map(parseUrl).sort(compareText);
  return urls.filter((url, index) => url.text !== urls[index - 1]?.text);
}

export function isSocketUrl(url: MemberUrl): boolean {
  return url.scheme === "unix" || url.scheme === "unixs";
}

export function joinUrls(urls: readonly MemberUrl[]): string {
  return urls.map((url) => url.text).join(",");
}
