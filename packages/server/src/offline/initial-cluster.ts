import { parseUrlList } from "../lib/member-url.ts";
import type { InitialMember } from "../member/founding.ts";

/**
 * Parses `name=url,name=url,…`, as the daemon's `--initial-cluster`: a name may come several times,
 * one URL each. Throws `ValueError` with etcd's text for a bad URL.
 */
export function parseInitialCluster(text: string): InitialMember[] {
  const urlsByName = new Map<string, string[]>();
  for (const item of text.split(",").filter((part) => part !== "")) {
    const [name = "", ...url] = item.split("=");
    urlsByName.set(name, [...(urlsByName.get(name) ?? []), url.join("=")]);
  }
  return [...urlsByName].map(([name, urls]) => ({
    name,
    peerURLs: parseUrlList(urls.join(",")).map((url) => url.text),
  }));
}
