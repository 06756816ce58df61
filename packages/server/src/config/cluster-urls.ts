import { type MemberUrl, parseUrlList } from "../lib/member-url.ts";

/** Peer URLs of every initial member by its name, the URLs of each sorted. */
export type ClusterUrls = ReadonlyMap<string, readonly MemberUrl[]>;

/**
 * Parses `--initial-cluster`: `name=url,name=url,…`. A name may come several times, one URL each;
 * empty items are skipped. Throws `ValueError` with etcd's text for a bad URL.
 */
export function parseClusterUrls(text: string): ClusterUrls {
  const listed = new Map<string, string[]>();
  for (const item of text.split(",")) {
    if (item === "") continue;
    const equals = item.indexOf("=");
    const name = equals < 0 ? item : item.slice(0, equals);
    const urls = listed.get(name) ?? [];
    urls.push(equals < 0 ? "" : item.slice(equals + 1));
    listed.set(name, urls);
  }
  return new Map([...listed].map(([name, urls]) => [name, parseUrlList(urls.join(","))]));
}

/** The text form, sorted by name and URL, in which etcd prints a cluster in errors. */
export function formatClusterUrls(cluster: ClusterUrls): string {
  const pairs: string[] = [];
  for (const [name, urls] of cluster) {
    for (const url of urls) pairs.push(`${name}=${url.text}`);
  }
  return pairs.sort().join(",");
}
