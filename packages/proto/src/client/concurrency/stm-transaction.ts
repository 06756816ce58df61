import { EtcdErrors } from "../../error-codes.ts";
import { EtcdError } from "../../etcd-error.ts";
import type { KeyValue } from "../../gen/kv.ts";
import type { Compare, RequestOp, TxnRequest, TxnResponse } from "../../gen/rpc.ts";
import type { CallScope } from "../call-scope.ts";
import { type Bytes, toBuffer, toBytes } from "../keys/bytes.ts";
import { compare } from "../keys/compare.ts";
import type { PutInput } from "../keys/request-input.ts";
import { deleteOp, getOp, putOp } from "../keys/request-op.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { type Isolation, isPinned } from "./isolation.ts";

export interface StmContext {
  readonly client: Namespace;
  readonly isolation: Isolation;
  readonly scope: CallScope;
  /** Counts from 0. */
  readonly attempt: number;
}

/** What was read at one revision, by key. */
export interface StmSnapshot {
  readonly revision: number;
  readonly kvs: ReadonlyMap<string, KeyValue | undefined>;
}

interface Write {
  readonly key: Uint8Array;
  /** undefined: deleted. */
  readonly value: Buffer | undefined;
  readonly op: RequestOp;
}

/** One attempt at a transaction in memory: what it has read and what it is going to write. */
export class StmTransaction {
  readonly #context: StmContext;
  readonly #reads = new Map<string, Promise<KeyValue | undefined>>();
  readonly #writes = new Map<string, Write>();
  readonly #known: StmSnapshot | undefined;
  /** Where a pinned transaction reads, once it is known. */
  #base: Promise<number> | undefined;
  #isStale = false;

  /** `known` is what the attempt before has found out; a pinned transaction reads there. */
  constructor(context: StmContext, known?: StmSnapshot) {
    this.#context = context;
    this.#known = known;
    if (known !== undefined) {
      this.#base = Promise.resolve(known.revision);
    }
  }

  /** The revision it reads at has been compacted: another attempt may do better. */
  get isStale(): boolean {
    return this.#isStale;
  }

  /** The value: as written here, else as read; undefined when the key does not exist. */
  async get(key: Bytes): Promise<Buffer | undefined> {
    const [value] = await this.getAll([key]);
    return value;
  }

  /** As `get`, for several keys with one request. */
  async getAll(keys: readonly Bytes[]): Promise<(Buffer | undefined)[]> {
    const unwritten = keys.filter((key) => !this.#writes.has(nameOf(key)));
    await this.#read(unwritten);
    return Promise.all(keys.map((key) => this.#valueOf(nameOf(key))));
  }

  /** The modification revision as read, whatever is written here; 0 when the key did not exist. */
  async modRevision(key: Bytes): Promise<number> {
    await this.#read([key]);
    return (await this.#reads.get(nameOf(key)))?.modRevision ?? 0;
  }

  /** Writes when the transaction commits. */
  put(key: Bytes, value: Bytes, options?: Omit<PutInput, "key" | "value">): void {
    const op = putOp(key, value, options);
    const written = toBuffer(toBytes(value));
    this.#writes.set(nameOf(key), { key: toBytes(key), value: written, op });
  }

  /** Deletes when the transaction commits. */
  delete(key: Bytes): void {
    const op = deleteOp(key);
    this.#writes.set(nameOf(key), { key: toBytes(key), value: undefined, op });
  }

  /** Writes everything if there is no conflict. Otherwise answers what another attempt may know. */
  async commit(): Promise<TxnResponse | StmSnapshot | undefined> {
    const { client, scope, isolation } = this.#context;
    const names = [...this.#reads.keys()];
    const request: TxnRequest = {
      compare: await this.#conflicts(),
      success: [...this.#writes.values()].map(({ op }) => op),
      failure: isPinned(isolation) ? names.map((name) => getOp(keyOf(name))) : [],
    };
    const response = await client.kv.txn(request, scope.callOptions());
    if (response.succeeded) {
      return response;
    }
    return isPinned(isolation) ? toSnapshot(names, response) : undefined;
  }

  async #valueOf(name: string): Promise<Buffer | undefined> {
    const write = this.#writes.get(name);
    if (write !== undefined) {
      return write.value;
    }
    const kv = await this.#reads.get(name);
    return kv && toBuffer(kv.value);
  }

  async #conflicts(): Promise<Compare[]> {
    const { isolation } = this.#context;
    if (isolation === "readCommitted") {
      return [];
    }
    const compares: Compare[] = [];
    for (const [name, read] of this.#reads) {
      compares.push(compare(keyOf(name), "modRevision", "=", (await read)?.modRevision ?? 0));
    }
    const base = await this.#base;
    if (isolation === "serializableSnapshot" && base !== undefined) {
      for (const { key } of this.#writes.values()) {
        compares.push(compare(key, "modRevision", "<", base + 1));
      }
    }
    return compares;
  }

  /** Sees to it that all are in the read set. The first read says where the others read. */
  async #read(keys: readonly Bytes[]): Promise<void> {
    const names = [...new Set(keys.map(nameOf))].filter((name) => !this.#reads.has(name));
    for (const name of names.filter((each) => this.#known?.kvs.has(each))) {
      this.#reads.set(name, Promise.resolve(this.#known?.kvs.get(name)));
    }
    const missing = names.filter((name) => !this.#reads.has(name));
    if (missing.length > 0) {
      const snapshot = this.#fetch(missing);
      for (const name of missing) {
        this.#reads.set(
          name,
          snapshot.then(({ kvs }) => kvs.get(name)),
        );
      }
    }
    await Promise.all(names.map((name) => this.#valueOf(name)));
  }

  #fetch(names: readonly string[]): Promise<StmSnapshot> {
    if (!isPinned(this.#context.isolation)) {
      return this.#fetchAt(0, names);
    }
    if (this.#base !== undefined) {
      return this.#base.then((revision) => this.#fetchAt(revision, names));
    }
    const first = this.#fetchAt(0, names);
    this.#base = first.then(({ revision }) => revision);
    // Whoever reads hears of a failure by his own promise.
    this.#base.catch(() => undefined);
    return first;
  }

  // Unpinned reads may be stale: a conflict tells, and then they are made linearizable. A pinned
  // read from a member that lags would fail.
  async #fetchAt(revision: number, names: readonly string[]): Promise<StmSnapshot> {
    const { client, scope, isolation, attempt } = this.#context;
    const isLax = isolation === "readCommitted" || attempt === 0;
    const serializable = !isPinned(isolation) && isLax;
    const success = names.map((name) => getOp(keyOf(name), { revision, serializable }));
    const options = { ...scope.callOptions(), retry: "repeatable" } as const;
    try {
      return toSnapshot(names, await client.kv.txn({ success }, options));
    } catch (error) {
      this.#isStale = error instanceof EtcdError && error.is(EtcdErrors.compacted);
      throw error;
    }
  }
}

function toSnapshot(names: readonly string[], { header, responses }: TxnResponse): StmSnapshot {
  const kvs = new Map(names.map((name, i) => [name, responses[i]?.responseRange?.kvs[0]]));
  return { revision: header?.revision ?? 0, kvs };
}

/** A key as a key of a Map: one character for each byte. */
function nameOf(key: Bytes): string {
  return toBuffer(toBytes(key)).toString("latin1");
}

function keyOf(name: string): Buffer {
  return Buffer.from(name, "latin1");
}
