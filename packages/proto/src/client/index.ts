/** The client of the etcd v3 API. Loads grpc-js when the first call is made, not before. */
export { Client, createClient } from "./client.ts";
export type { ClusterClient } from "./cluster-client.ts";
export { type Endpoint, parseEndpoint } from "./endpoint.ts";
export type { KvClient } from "./kv-client.ts";
export type { LeaseClient } from "./lease-client.ts";
export type { MaintenanceClient } from "./maintenance-client.ts";
export type { CallOptions, ClientLog, ClientOptions, TlsOptions } from "./options.ts";
export type { RetryPolicy } from "./retry.ts";
export { WatchCompactedError, Watcher, type WatchOptions } from "./watcher.ts";
