/** A store on a simulated disk, for tests: closing and reopening it is a restart. */
import { KeyValue, PutRequest, RangeRequest, type RangeResponse } from "@kvorum/proto";
import type { Clock, Log } from "../../env/env.ts";
import type { FileSystem } from "../../env/file-system.ts";
import { MemoryFileSystem } from "../../env/memory-file-system.ts";
import { nodeClock } from "../../env/node-env.ts";
import { bytesToKey } from "../../lib/bytes.ts";
import type { AppliedState, Backend } from "../../storage/backend.ts";
import { MemoryEngines } from "../../storage/memory.ts";
import { openBackend } from "../../storage/open-backend.ts";
import type { IndexImages } from "../image.ts";
import { toKeyRange } from "../key-range.ts";
import { Store, type StoreOptions } from "../store.ts";

export const DIRECTORY = "/store";

/** A clock on which every slice of work is over at once, so that background work yields all the time. */
export function hastyClock(): Clock {
  let nowMs = 0;
  return { ...nodeClock, monotonicMs: () => (nowMs += 10) };
}

export interface TestStoreOptions {
  readonly clock?: Clock;
  readonly cacheBytesMax?: number;
  /** Whether a stop leaves an image of the index, and a start looks for one. */
  readonly images?: boolean;
}

/** Which lease each key is attached to, as the hooks told. */
export class RecordedLeases {
  readonly keys = new Map<string, bigint>();

  attach(leaseId: bigint, key: string): void {
    this.keys.set(key, leaseId);
  }

  detach(leaseId: bigint, key: string): void {
    if (this.keys.get(key) === leaseId) {
      this.keys.delete(key);
    }
  }
}

export class TestStore {
  store!: Store;
  backend!: Backend;
  leases!: RecordedLeases;
  readonly errors: Error[] = [];
  readonly fs: MemoryFileSystem;
  /** What images are written through at the next stop. */
  faults: (fs: FileSystem) => FileSystem = (fs) => fs;
  /** Messages of the log. */
  readonly logged: string[] = [];
  /** What the newest checkpoint holds, asked for by whomever. */
  durable: { revision: number; compactRevision: number } = { revision: 1, compactRevision: -1 };
  readonly #clock: Clock;
  readonly #options: TestStoreOptions;
  #applied: AppliedState = { index: 0, term: 1, confState: new Uint8Array(0) };

  private constructor(options: TestStoreOptions) {
    this.#clock = options.clock ?? nodeClock;
    this.#options = options;
    this.fs = new MemoryFileSystem({ clock: this.#clock });
  }

  static async open(options: TestStoreOptions = {}): Promise<TestStore> {
    const test = new TestStore(options);
    await test.fs.mkdir(DIRECTORY, 0o700);
    await test.#open();
    return test;
  }

  /** Writes a checkpoint, so that a restart finds everything done so far. */
  async checkpoint(): Promise<void> {
    await this.backend.checkpoint(this.#nextApplied);
  }

  /** A new process on the same disk: what no checkpoint holds is gone. */
  async restart(): Promise<void> {
    this.store.close();
    await this.store.leaveImage();
    this.faults = (fs) => fs;
    await this.killAndRestart();
  }

  /** A new process after one that was killed. */
  async killAndRestart(): Promise<void> {
    this.store.close();
    await this.backend.close();
    await this.#open();
  }

  async close(): Promise<void> {
    this.store.close();
    await this.backend.close();
  }

  /** What the member gives the store. */
  get freeze(): StoreOptions["freeze"] {
    return () => this.backend.frozenView(this.#nextApplied);
  }

  put(key: string, value: string, lease = 0n): number {
    const txn = this.store.beginWrite();
    txn.put(Buffer.from(key), Buffer.from(value), lease);
    txn.end();
    return this.store.currentRevision;
  }

  /** `end` as in requests: none for one key, `\0` for no upper bound. */
  delete(key: string, end = ""): number {
    const txn = this.store.beginWrite();
    const deleted = txn.deleteRange(toKeyRange(Buffer.from(key), Buffer.from(end)));
    txn.end();
    return deleted;
  }

  range(key: string, end = "", options: Partial<RangeRequest> = {}): RangeResponse {
    return this.store.rangeSync(rangeRequest(key, end, options));
  }

  readonly #nextApplied = (): AppliedState => {
    this.#applied = { ...this.#applied, index: this.#applied.index + 1 };
    const { currentRevision: revision, compactRevision } = this.store;
    this.durable = { revision, compactRevision };
    return this.#applied;
  };

  async #open(): Promise<void> {
    const engine = await new MemoryEngines(this.fs).open(DIRECTORY);
    this.backend = await openBackend(engine);
    this.leases = new RecordedLeases();
    this.store = await Store.open({
      backend: this.backend,
      clock: this.#clock,
      leases: this.leases,
      freeze: this.freeze,
      onFatal: (error) => {
        this.errors.push(error);
      },
      ...(this.#options.cacheBytesMax === undefined
        ? {}
        : { cacheBytesMax: this.#options.cacheBytesMax }),
      ...(this.#options.images === true ? { images: this.#images() } : {}),
    });
  }

  #images(): IndexImages {
    const note = (msg: string): void => {
      this.logged.push(msg);
    };
    const log: Log = {
      debug: note,
      info: note,
      warn: note,
      error: note,
      fatal: note,
      enabled: () => true,
      withCaller: () => log,
    };
    const disk = (): FileSystem => this.faults(this.fs);
    const env = {
      log,
      get fs() {
        return disk();
      },
    };
    return { env, directory: () => DIRECTORY };
  }
}

export function rangeRequest(
  key: string,
  end = "",
  options: Partial<RangeRequest> = {},
): RangeRequest {
  return RangeRequest.create({ key: Buffer.from(key), rangeEnd: Buffer.from(end), ...options });
}

export function putRequest(
  key: string,
  value: string,
  options: Partial<PutRequest> = {},
): PutRequest {
  return PutRequest.create({ key: Buffer.from(key), value: Buffer.from(value), ...options });
}

/** `key=value@create,mod,version` of each, with `#lease` if there is one. */
export function describe(kvs: readonly KeyValue[]): string[] {
  return kvs.map((kv) => {
    const { createRevision, modRevision, version, lease } = kv;
    const leaseText = lease === 0n ? "" : `#${lease}`;
    const value = bytesToKey(kv.value);
    return `${bytesToKey(kv.key)}=${value}@${createRevision},${modRevision},${version}${leaseText}`;
  });
}

export function describeRecord(record: Uint8Array | undefined): string | undefined {
  return record === undefined ? undefined : describe([KeyValue.decode(record)])[0];
}
