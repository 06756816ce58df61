/**
 * The engine of simulations and tests: the whole map in memory, and a journal of its batches on the
 * given file system, which brings durability, latency, crashes and sizes with it. A batch is visible
 * once it is durable. Copies the map when a view of it is held during a write.
 */
import type { File, FileSystem } from "../env/file-system.ts";
import { readFully, writeFully } from "../env/file-io.ts";
import { bytesToKey, keyToBytes } from "../lib/bytes.ts";
import { toError } from "../lib/error-code.ts";
import { EngineError } from "./engine.ts";
import type {
  Engine,
  EngineBatch,
  EngineEntry,
  EngineIterator,
  EngineOpener,
  EngineSnapshot,
  IterateOptions,
} from "./engine.ts";
import { decodeJournal, encodeJournalBatch } from "./memory-journal.ts";

const JOURNAL = "journal";

/** A state of the map. Frozen, once a view or an iterator holds it. */
class MemoryState implements EngineSnapshot {
  readonly map: Map<string, Uint8Array>;
  /** Held by a view: must not change any more. */
  shared = false;
  #sorted: string[] | undefined;

  constructor(map: Map<string, Uint8Array>) {
    this.map = map;
  }

  /** The keys in order. */
  get sorted(): readonly string[] {
    this.#sorted ??= [...this.map.keys()].sort();
    return this.#sorted;
  }

  /** The state after `batch`: this one changed, or a changed copy if it is shared. */
  after(batch: EngineBatch): MemoryState {
    const next = new MemoryState(this.shared ? new Map(this.map) : this.map);
    for (let at = 0; at < batch.size; at++) {
      const key = bytesToKey(batch.keyAt(at));
      const value = batch.valueAt(at);
      if (value === undefined) {
        next.map.delete(key);
      } else {
        next.map.set(key, Uint8Array.from(value));
      }
    }
    return next;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryIterator implements EngineIterator {
  readonly #state: MemoryState;
  readonly #keysOnly: boolean;
  readonly #valuesOnly: boolean;
  readonly #step: number;
  #at: number;
  #left: number;

  constructor(state: MemoryState, options: IterateOptions) {
    this.#state = state;
    this.#keysOnly = options.keysOnly === true;
    this.#valuesOnly = options.valuesOnly === true;
    const start = options.gte === undefined ? 0 : lowerBound(state.sorted, options.gte);
    const end =
      options.lt === undefined ? state.sorted.length : lowerBound(state.sorted, options.lt);
    this.#left = Math.max(0, end - start);
    this.#step = options.reverse === true ? -1 : 1;
    this.#at = options.reverse === true ? end - 1 : start;
  }

  async next(maxItems: number): Promise<readonly EngineEntry[]> {
    await Promise.resolve();
    const entries: EngineEntry[] = [];
    for (; entries.length < maxItems && this.#left > 0; this.#left -= 1) {
      const key = this.#state.sorted[this.#at]!;
      this.#at += this.#step;
      const value = this.#keysOnly ? new Uint8Array(0) : Buffer.from(this.#state.map.get(key)!);
      entries.push([this.#valuesOnly ? new Uint8Array(0) : keyToBytes(key), value]);
    }
    return entries;
  }

  close(): Promise<void> {
    this.#left = 0;
    return Promise.resolve();
  }
}

/** The first place in `keys` whose key is not less than `bound`. */
function lowerBound(keys: readonly string[], bound: Uint8Array): number {
  const wanted = bytesToKey(bound);
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/**
 * The engines of one simulated machine. A new object after a simulated crash has no directory locked,
 * as a new process would find it.
 */
export class MemoryEngines {
  readonly #fs: FileSystem;
  readonly #open = new Set<string>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  readonly open: EngineOpener = async (directory) => {
    if (this.#open.has(directory)) {
      const message = `data directory ${directory} is in use by another process`;
      throw new EngineError("engine/locked", message);
    }
    this.#open.add(directory);
    try {
      const release = (): void => {
        this.#open.delete(directory);
      };
      return await openMemoryEngine(this.#fs, directory, release);
    } catch (error) {
      this.#open.delete(directory);
      throw new EngineError("engine/io", toError(error).message, error);
    }
  };
}

async function openMemoryEngine(
  fs: FileSystem,
  directory: string,
  release: () => void,
): Promise<Engine> {
  const path = `${directory}/${JOURNAL}`;
  const file = await fs.open(path, { access: "read-write", create: "may", dataSync: true });
  await fs.syncDirectory(directory);
  const bytes = new Uint8Array((await file.stat()).size);
  await readFully(file, bytes, 0);
  const journal = decodeJournal(bytes);
  if (journal.end < bytes.length) {
    await file.truncate(journal.end);
  }
  await file.sync();
  let state = new MemoryState(new Map());
  for (const batch of journal.batches) {
    state = state.after(batch);
  }
  return new MemoryEngine(file, state, journal.end, release);
}

class MemoryEngine implements Engine {
  readonly #file: File;
  readonly #release: () => void;
  #state: MemoryState;
  #end: number;
  #writes: Promise<void> = Promise.resolve();
  #failure: EngineError | undefined;
  #closed = false;

  constructor(file: File, state: MemoryState, end: number, release: () => void) {
    this.#file = file;
    this.#state = state;
    this.#end = end;
    this.#release = release;
  }

  get(key: Uint8Array, snapshot?: EngineSnapshot): Uint8Array | undefined {
    const value = this.#view(snapshot).map.get(bytesToKey(key));
    return value === undefined ? undefined : Buffer.from(value);
  }

  async getMany(
    keys: readonly Uint8Array[],
    snapshot?: EngineSnapshot,
  ): Promise<(Uint8Array | undefined)[]> {
    const values = keys.map((key) => this.get(key, snapshot));
    await Promise.resolve();
    return values;
  }

  write(batch: EngineBatch): Promise<void> {
    const write = this.#writes.then(() => this.#write(batch));
    // A failure is the caller's to handle; the next write sees it in `#failure`.
    this.#writes = write.catch(() => undefined);
    return write;
  }

  snapshot(): EngineSnapshot {
    const state = this.#view(undefined);
    state.shared = true;
    return state;
  }

  iterate(options: IterateOptions = {}): EngineIterator {
    const state = this.#view(options.snapshot);
    state.shared = true;
    return new MemoryIterator(state, options);
  }

  async compactRange(): Promise<void> {
    await this.#writes;
  }

  async sizeBytes(): Promise<number> {
    await this.#writes;
    return this.#end;
  }

  async sizeInUseBytes(): Promise<number> {
    let sum = 0;
    for (const [key, value] of this.#view(undefined).map) {
      sum += key.length + value.length;
    }
    return Math.min(sum, await this.sizeBytes());
  }

  async close(): Promise<void> {
    if (this.#closed) {
      return;
    }
    this.#closed = true;
    await this.#writes;
    await this.#file.close();
    this.#release();
  }

  async #write(batch: EngineBatch): Promise<void> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (this.#closed) {
      throw new EngineError("engine/closed", "the engine is closed");
    }
    const bytes = encodeJournalBatch(batch);
    try {
      await writeFully(this.#file, bytes, this.#end);
    } catch (error) {
      this.#failure = new EngineError("engine/io", toError(error).message, error);
      throw this.#failure;
    }
    this.#end += bytes.length;
    this.#state = this.#state.after(batch);
  }

  #view(snapshot: EngineSnapshot | undefined): MemoryState {
    if (this.#closed) {
      throw new EngineError("engine/closed", "the engine is closed");
    }
    return snapshot instanceof MemoryState ? snapshot : this.#state;
  }
}
