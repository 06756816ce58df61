/** Versions as they are told to the outside. */

/** The release of Kvorum. */
export const KVORUM_VERSION = "0.1.0";

/** The etcd release whose behaviour this one follows; what clients ask for and compare. */
export const ETCD_VERSION = "3.7.1";

/** The etcd storage schema whose records we keep and back up. */
export const STORAGE_VERSION = "3.7.0";

/** The cluster version that this release speaks: its minor with patch 0. */
export const CLUSTER_VERSION = "3.7.0";

/** The answer to `/version`. */
export function versionDocument(clusterVersion: string | undefined): string {
  return JSON.stringify({
    etcdserver: ETCD_VERSION,
    etcdcluster: clusterVersion ?? "not_decided",
    storage: clusterVersion === undefined ? "unknown" : STORAGE_VERSION,
  });
}
