/** The client of the etcd v3 API. Loads grpc-js when the first call is made, not before. */
export { Client, createClient } from "./client.ts";
export type { ClusterClient } from "./cluster-client.ts";
export { Election } from "./concurrency/election.ts";
export type { Isolation } from "./concurrency/isolation.ts";
export { Mutex } from "./concurrency/mutex.ts";
export type { WaitOptions } from "./concurrency/queue-place.ts";
export { Session, type SessionOptions } from "./concurrency/session.ts";
export { StmConflictError, type StmOptions, type StmResult } from "./concurrency/stm.ts";
export type { StmTransaction } from "./concurrency/stm-transaction.ts";
export type { LockOptions } from "./concurrency/with-lock.ts";
export { type Endpoint, parseEndpoint } from "./endpoint.ts";
export type { KeepAliveOptions } from "./keep-alive.ts";
export { type Bytes, toText } from "./keys/bytes.ts";
export {
  compare,
  type CompareFields,
  type CompareOperator,
  keyExists,
  keyMissing,
} from "./keys/compare.ts";
export {
  allKeys,
  fromKey,
  type KeyRange,
  keyRange,
  type KeyTarget,
  prefixEnd,
  prefixRange,
} from "./keys/key-range.ts";
export type { DeleteRangeInput, PutInput, RangeInput } from "./keys/request-input.ts";
export { deleteOp, getOp, putOp, txnOp } from "./keys/request-op.ts";
export type { TxnBuilder } from "./keys/txn-builder.ts";
export type { KvClient } from "./kv-client.ts";
export type { LeaseClient } from "./lease-client.ts";
export type { MaintenanceClient } from "./maintenance-client.ts";
export type { Namespace } from "./namespace/namespace.ts";
export type { CallOptions, ClientLog, ClientOptions, TlsOptions, WriteOptions } from "./options.ts";
export type { Balancing } from "./rotation.ts";
export type { RetryPolicy } from "./retry.ts";
export { WatchCompactedError, Watcher, type WatchOptions } from "./watcher.ts";
