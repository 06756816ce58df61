import type { File, FileSystem } from "../env/file-system.ts";
import { errorCode } from "../lib/error-code.ts";

/** LevelDB's tables, and the logs of what is in no table yet. */
const HELD = /\.(?:ldb|log)$/;
const FILES_MAX = 1000;
/** Of the files that the process may have open; LevelDB takes as many, the rest is for connections. */
const SHARE = 1 / 5;

const NO_DESCRIPTORS: ReadonlySet<string> = new Set(["EMFILE", "ENFILE"]);

/** How many to hold where the process may have `openFilesMax` open. */
export function heldFilesMax(openFilesMax: number): number {
  return Math.min(FILES_MAX, Math.floor(openFilesMax * SHARE));
}

/**
 * Keeps LevelDB's files open, so that it can delete them in no time. LevelDB 1.20 deletes under the lock
 * that every read takes, and freeing the blocks of one table takes a file system up to a millisecond:
 * those of a compaction would stop the event loop for dozens. A file that is open loses its name alone;
 * its blocks are freed when it is closed here, in a thread for which nobody waits.
 *
 * A file that is not held is deleted as it would be anyway. When the process has no descriptors left, it
 * gives back all it has, for good.
 */
export class HeldFiles {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #filesMax: number;
  readonly #files = new Map<string, File>();
  #updating: Promise<void> | undefined = undefined;
  #isClosed = false;

  constructor(fs: FileSystem, directory: string, filesMax: number) {
    this.#fs = fs;
    this.#directory = directory;
    this.#filesMax = filesMax;
  }

  /** `names`: what is in the directory. Opens what is new, and closes what is gone. Never rejects. */
  update(names: readonly string[]): Promise<void> {
    this.#updating ??= this.#update(names).finally(() => {
      this.#updating = undefined;
    });
    return this.#updating;
  }

  /** Closes all; later updates do nothing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#updating;
    await this.#release([...this.#files.keys()]);
  }

  async #update(names: readonly string[]): Promise<void> {
    const present = new Set(names);
    await this.#release([...this.#files.keys()].filter((name) => !present.has(name)));
    for (const name of present) {
      if (this.#isClosed || this.#files.size >= this.#filesMax) {
        return;
      }
      if (HELD.test(name) && !this.#files.has(name)) {
        await this.#hold(name);
      }
    }
  }

  async #hold(name: string): Promise<void> {
    try {
      this.#files.set(name, await this.#fs.open(`${this.#directory}/${name}`));
    } catch (error) {
      // It may be gone already.
      if (NO_DESCRIPTORS.has(errorCode(error) ?? "")) {
        this.#isClosed = true;
        await this.#release([...this.#files.keys()]);
      }
    }
  }

  async #release(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const file = this.#files.get(name);
      this.#files.delete(name);
      // Nothing was written through it.
      await file?.close().catch(() => undefined);
    }
  }
}
