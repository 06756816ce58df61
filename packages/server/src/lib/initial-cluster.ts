import { parseUrlList } from "./member-url.ts";

/** A member that a new cluster begins with. */
export interface InitialMember {
  readonly name: string;
  readonly peerURLs: readonly string[];
}

/**
 * Parses `--initial-cluster`: `name=url,name=url,…`. A name may come several times, one URL each;
 * empty items are skipped; the URLs of a member are sorted. Throws `ValueError` with etcd's text for
 * a bad URL.
 */
export function parseInitialCluster(text: string): InitialMember[] {
  const listed = new Map<string, string[]>();
  for (const item of text.split(",")) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    const name = equals < 0 ? item : item.slice(0, equals);
    const urls = listed.get(name) ?? [];
    urls.push(equals < 0 ? "" : item.slice(equals + 1));
    listed.set(name, urls);
  }
  return [...listed].map(([name, urls]) => ({
    name,
    peerURLs: parseUrlList(urls.join(",")).map((url) => url.text),
  }));
}
