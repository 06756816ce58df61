/**
 * The contract of a storage engine: an ordered map of byte strings with atomic durable batches and
 * frozen views. Small enough that LevelDB, RocksDB and a plain memory map all serve it;
 * `engine-conformance.ts` is the suite every implementation must pass.
 *
 * Keys are compared as unsigned bytes and are never empty. The engine is dumb: it knows neither
 * buckets nor checksums (see `backend.ts` and `checked-value.ts`).
 */

/** A half-open key range. A missing bound is open. */
export interface KeyRange {
  readonly gte?: Uint8Array | undefined;
  readonly lt?: Uint8Array | undefined;
}

export interface IterateOptions extends KeyRange {
  /** From the last key of the range to the first. */
  readonly reverse?: boolean;
  /** Values are not read; each value of the result is empty. */
  readonly keysOnly?: boolean;
  /** Keys are not read; each key of the result is empty. */
  readonly valuesOnly?: boolean;
  /** The view to walk; without it, the state at the time of the call. */
  readonly snapshot?: EngineSnapshot;
}

/** A frozen view. Pins old data until closed, so close it. */
export interface EngineSnapshot {
  /** Idempotent. Iterators that walk the view must be closed before. */
  close(): Promise<void>;
}

export type EngineEntry = readonly [key: Uint8Array, value: Uint8Array];

export interface EngineIterator {
  /**
   * The next entries in order, at most `maxItems` (fewer also when the engine's read-ahead buffer is
   * full); an empty array means the end. One call at a time.
   */
  next(maxItems: number): Promise<readonly EngineEntry[]>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Changes that are written as one, in order: a later one of the same key wins. */
export interface EngineBatch {
  readonly size: number;
  keyAt(at: number): Uint8Array;
  /** `undefined` deletes. */
  valueAt(at: number): Uint8Array | undefined;
}

/** A batch that is put together change by change. */
export class ListBatch implements EngineBatch {
  readonly #keys: Uint8Array[] = [];
  readonly #values: (Uint8Array | undefined)[] = [];

  get size(): number {
    return this.#keys.length;
  }

  put(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  delete(key: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(undefined);
  }

  keyAt(at: number): Uint8Array {
    return this.#keys[at]!;
  }

  valueAt(at: number): Uint8Array | undefined {
    return this.#values[at];
  }
}

/** Batches one after the other. Asked for changes in order it finds each at once. */
export class JoinedBatch implements EngineBatch {
  readonly size: number;
  readonly #parts: readonly EngineBatch[];
  /** The part asked last, and where it begins. */
  #part = 0;
  #start = 0;

  /** The parts must not grow any more. */
  constructor(parts: readonly EngineBatch[]) {
    this.#parts = parts;
    this.size = parts.reduce((sum, part) => sum + part.size, 0);
  }

  keyAt(at: number): Uint8Array {
    const part = this.#partWith(at);
    return part.keyAt(at - this.#start);
  }

  valueAt(at: number): Uint8Array | undefined {
    const part = this.#partWith(at);
    return part.valueAt(at - this.#start);
  }

  #partWith(at: number): EngineBatch {
    if (at < this.#start) {
      this.#part = 0;
      this.#start = 0;
    }
    while (at - this.#start >= this.#parts[this.#part]!.size) {
      this.#start += this.#parts[this.#part]!.size;
      this.#part += 1;
    }
    return this.#parts[this.#part]!;
  }
}

/**
 * An open engine. Returned buffers belong to the caller; a batch and its buffers must not change
 * until the write settles. Any rejected `write` leaves the engine unusable: what it holds on disk is either
 * without or with the whole batch, and only a reopen tells (see `EngineError`).
 */
export interface Engine {
  /** Blocks the event loop for a few microseconds (a page read, if the page is not cached). */
  get(key: Uint8Array, snapshot?: EngineSnapshot): Uint8Array | undefined;
  /** Values in the order of `keys`. All of one state. */
  getMany(
    keys: readonly Uint8Array[],
    snapshot?: EngineSnapshot,
  ): Promise<(Uint8Array | undefined)[]>;
  /** One atomic batch; durable when resolved. Calls are applied in order. */
  write(batch: EngineBatch): Promise<void>;
  /** Freezes the state of all writes that have resolved. */
  snapshot(): EngineSnapshot;
  iterate(options?: IterateOptions): EngineIterator;
  /** Drops deleted and overwritten data of the range from disk. */
  compactRange(range?: KeyRange): Promise<void>;
  /** Bytes of the files there are, garbage included. */
  sizeBytes(): Promise<number>;
  /** Approximate bytes on disk that live data would need. At most `sizeBytes()`. */
  sizeInUseBytes(): Promise<number>;
  /** Idempotent. Waits for running calls; closes what was left open. */
  close(): Promise<void>;
}

/** Opens the engine in a directory, creating both if needed. Throws `EngineError`. */
export type EngineOpener = (directory: string) => Promise<Engine>;

export type EngineErrorCode =
  /** Another process (or another opener in this one) holds the directory. */
  | "engine/locked"
  /** The engine found its own files damaged. */
  | "engine/corrupt"
  /** The engine was closed, or closed itself after a failed write. */
  | "engine/closed"
  /** Any other failure of the disk or the engine. */
  | "engine/io";

export class EngineError extends Error {
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "EngineError";
    this.code = code;
  }
}
