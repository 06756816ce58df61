/**
 * Where the engine lives, and how a whole new one takes its place.
 *
 *   <data>/                      0700
 *   <data>/member/               0700
 *   <data>/member/STORE          names the live engine directory
 *   <data>/member/store-<n>/     n in 16 hexadecimal digits, rising with every replacement; what the
 *                                owner of the content keeps beside the engine's files goes with it
 *   <data>/member/wal/           the write-ahead log
 *
 * A received snapshot is loaded into a directory of its own beside the live one. `STORE` is replaced
 * atomically once the new engine is durable, so a crash leaves either the old store or the new one;
 * directories that `STORE` does not name are removed at the next open. The engine's own lock on the
 * live directory is the lock of the data directory: open it before the log is touched.
 */
import type { Env } from "../env/env.ts";
import type { FileSystem } from "../env/file-system.ts";
import { readFile, replaceFile, tryStat } from "../env/file-io.ts";
import {
  createPrivateDirectory,
  directoryAccessProblem,
  ensurePrivateDirectory,
} from "../env/private-directory.ts";
import { CorruptionError } from "../lib/corruption-error.ts";
import type { Backend } from "./backend.ts";
import { formerKeyValue } from "./buckets.ts";
import type { Engine, EngineOpener } from "./engine.ts";
import { openBackend } from "./open-backend.ts";

const POINTER = "STORE";

/** A data directory of a build whose records lay elsewhere in the store. */
export class StoreFormatError extends Error {
  override readonly name = "StoreFormatError";

  constructor(dataDir: string) {
    super(
      `data directory ${dataDir} is of an older build, whose format cannot be read any more: ` +
        "save a snapshot with that build and restore it, or let the member join anew",
    );
  }
}

export interface StoreDirOptions {
  readonly env: Pick<Env, "clock" | "fs" | "log">;
  /** The data directory, an absolute path. Created if it is missing. */
  readonly dataDir: string;
  readonly openEngine: EngineOpener;
}

/** A store that is being filled and is not the live one yet. */
export interface StagedStore {
  readonly backend: Backend;
  /**
   * Makes it the live store, durably; what it must hold is in a durable checkpoint by then. Closes
   * the old store and removes its files. The staged backend goes on as the live one.
   */
  activate(): Promise<void>;
  /** Closes and removes it. */
  discard(): Promise<void>;
}

export class StoreDir {
  readonly #options: StoreDirOptions;
  readonly #memberDir: string;
  #backend: Backend;
  #number: number;
  /** The highest number ever used by this process. */
  #highest: number;

  constructor(options: StoreDirOptions, memberDir: string, backend: Backend, number: number) {
    this.#options = options;
    this.#memberDir = memberDir;
    this.#backend = backend;
    this.#number = number;
    this.#highest = number;
  }

  /** The live store. */
  get backend(): Backend {
    return this.#backend;
  }

  /** The directory of the live store. */
  get directory(): string {
    return `${this.#memberDir}/${storeName(this.#number)}`;
  }

  /** `<data>/member/wal`, for the write-ahead log. */
  get walDir(): string {
    return `${this.#memberDir}/wal`;
  }

  /** An empty store beside the live one. */
  async stageStore(): Promise<StagedStore> {
    this.#highest += 1;
    const number = this.#highest;
    const { env, openEngine } = this.#options;
    const path = `${this.#memberDir}/${storeName(number)}`;
    await env.fs.remove(path);
    await createPrivateDirectory(env.fs, path);
    const backend = await openBackend(await openEngine(path));
    return {
      backend,
      activate: () => this.#activate(backend, number),
      discard: async () => {
        await backend.close();
        await env.fs.remove(path);
      },
    };
  }

  /** Closes the live store, which unlocks the data directory. */
  close(): Promise<void> {
    return this.#backend.close();
  }

  async #activate(backend: Backend, number: number): Promise<void> {
    const { fs } = this.#options.env;
    await writePointer(fs, this.#memberDir, number);
    const old = { backend: this.#backend, number: this.#number };
    this.#backend = backend;
    this.#number = number;
    await old.backend.close();
    await fs.remove(`${this.#memberDir}/${storeName(old.number)}`);
    await fs.syncDirectory(this.#memberDir);
  }
}

/**
 * Opens the store of a data directory, creating an empty one if there is none. Rejects with
 * `EngineError` `engine/locked` if another process uses it, `DirectoryAccessError` if `member` is not
 * ours alone, `StoreFormatError` if an older build has written it, `CorruptionError` if the store
 * cannot be trusted.
 */
export async function openStoreDir(options: StoreDirOptions): Promise<StoreDir> {
  const { env, dataDir, openEngine } = options;
  const memberDir = `${dataDir}/member`;
  await prepareDirectories(options, memberDir);
  const number = (await readPointer(env.fs, memberDir)) ?? (await createFirst(env.fs, memberDir));
  const path = `${memberDir}/${storeName(number)}`;
  if ((await tryStat(env.fs, path)) === undefined) {
    throw new CorruptionError(`${memberDir}/${POINTER}`, 0, `${storeName(number)} is missing`);
  }
  const engine = await openEngine(path);
  if (await hasFormerRecords(engine)) {
    await engine.close();
    throw new StoreFormatError(dataDir);
  }
  const backend = await openBackend(engine);
  await removeLeftovers(env.fs, memberDir, number);
  return new StoreDir(options, memberDir, backend, number);
}

async function hasFormerRecords(engine: Engine): Promise<boolean> {
  const range = { gte: Uint8Array.of(formerKeyValue), lt: Uint8Array.of(formerKeyValue + 1) };
  const iterator = engine.iterate({ ...range, keysOnly: true });
  try {
    return (await iterator.next(1)).length > 0;
  } finally {
    await iterator.close();
  }
}

async function prepareDirectories(options: StoreDirOptions, memberDir: string): Promise<void> {
  const { env, dataDir } = options;
  if (!(await createPrivateDirectory(env.fs, dataDir))) {
    // As etcd does: operators hand over directories of their own making, so this is only a warning.
    const problem = await directoryAccessProblem(env.fs, dataDir);
    if (problem !== undefined) {
      env.log.warn("check file permission", { error: problem });
    }
  }
  await ensurePrivateDirectory(env.fs, memberDir);
}

/** The first store's directory must be durable before the pointer that names it. */
async function createFirst(fs: FileSystem, memberDir: string): Promise<number> {
  await createPrivateDirectory(fs, `${memberDir}/${storeName(1)}`);
  await writePointer(fs, memberDir, 1);
  return 1;
}

async function readPointer(fs: FileSystem, memberDir: string): Promise<number | undefined> {
  const path = `${memberDir}/${POINTER}`;
  if ((await tryStat(fs, path)) === undefined) {
    return undefined;
  }
  const text = Buffer.from(await readFile(fs, path)).toString("latin1");
  const number = parseStoreName(text.replace(/\n$/, ""));
  if (number === undefined) {
    throw new CorruptionError(path, 0, "it names no store");
  }
  return number;
}

function writePointer(fs: FileSystem, memberDir: string, number: number): Promise<void> {
  return replaceFile(fs, memberDir, POINTER, Buffer.from(`${storeName(number)}\n`));
}

/** Only after the live store is locked: a starting process must not remove a running one's files. */
async function removeLeftovers(fs: FileSystem, memberDir: string, live: number): Promise<void> {
  for (const name of await fs.readdir(memberDir)) {
    const number = parseStoreName(name);
    if ((number !== undefined && number !== live) || name === `${POINTER}.tmp`) {
      await fs.remove(`${memberDir}/${name}`);
    }
  }
  await fs.syncDirectory(memberDir);
}

function storeName(number: number): string {
  return `store-${number.toString(16).padStart(16, "0")}`;
}

function parseStoreName(name: string): number | undefined {
  const match = /^store-([0-9a-f]{16})$/.exec(name);
  const number = match === null ? Number.NaN : Number.parseInt(match[1]!, 16);
  return Number.isSafeInteger(number) ? number : undefined;
}
