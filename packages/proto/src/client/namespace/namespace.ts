import type { Caller } from "../caller.ts";
import { Session, type SessionOptions } from "../concurrency/session.ts";
import { runStm, type StmOptions, type StmResult } from "../concurrency/stm.ts";
import type { StmTransaction } from "../concurrency/stm-transaction.ts";
import { type LockOptions, withLock } from "../concurrency/with-lock.ts";
import { type Bytes, toBytes } from "../keys/bytes.ts";
import { TxnBuilder } from "../keys/txn-builder.ts";
import { KvClient } from "../kv-client.ts";
import { LeaseClient } from "../lease-client.ts";
import { Watcher, type WatchOptions } from "../watcher.ts";
import { KeyPrefix } from "./key-prefix.ts";

/**
 * The keys that begin with a prefix, as if they were all there are: requests name keys without it,
 * responses too. The keys are those that clientv3/namespace and npm's etcd3 would use. The key that
 * is the prefix itself cannot be named. Revisions, leases and compaction are the whole store's.
 *
 * A client is the namespace of no prefix. Namespaces hold nothing: they need no closing, and end
 * with their client.
 */
export class Namespace {
  readonly kv: KvClient;
  readonly lease: LeaseClient;
  readonly #caller: Caller;
  readonly #prefix: KeyPrefix;

  constructor(caller: Caller, prefix: Uint8Array, parent?: LeaseClient) {
    this.#caller = caller;
    this.#prefix = new KeyPrefix(prefix);
    this.kv = new KvClient(caller, this.#prefix);
    this.lease = parent?.within(this.#prefix) ?? new LeaseClient(caller, this.#prefix);
  }

  /** What the keys here begin with for everybody else. */
  get prefix(): Uint8Array {
    return this.#prefix.bytes;
  }

  /** The namespace of a further prefix within this one. */
  namespace(prefix: Bytes): Namespace {
    const bytes = Buffer.concat([this.prefix, toBytes(prefix)]);
    return new Namespace(this.#caller, bytes, this.lease);
  }

  /** Watches a key or a range; see Watcher for when it begins and how it ends. */
  watch(options: WatchOptions): Watcher {
    return new Watcher(this.#caller, this.#prefix, options);
  }

  /** Begins to put a transaction together. */
  txn(): TxnBuilder {
    return new TxnBuilder((request, options) => this.kv.txn(request, options));
  }

  /** A lease that is kept alive; what locks and elections are held with. */
  session(options?: SessionOptions): Promise<Session> {
    return Session.create(this, options);
  }

  /** Runs `work` while holding the lock `name`, with a session of its own; see withLock. */
  withLock<Result>(
    name: Bytes,
    work: (signal: AbortSignal) => Promise<Result>,
    options?: LockOptions,
  ): Promise<Result> {
    return withLock(this, name, work, options);
  }

  /** Runs `apply` as one transaction, again after conflicts; see runStm. */
  stm<Value>(
    apply: (transaction: StmTransaction) => Promise<Value>,
    options?: StmOptions,
  ): Promise<StmResult<Value>> {
    return runStm(this, apply, options);
  }
}
