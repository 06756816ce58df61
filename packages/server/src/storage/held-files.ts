import type { File, FileSystem } from "../env/file-system.ts";

/** LevelDB's tables, and the logs of what is in no table yet. */
const HELD = /\.(?:ldb|log)$/;
/** Of the file descriptors, which connections need too. */
const FILES_MAX = 1000;

/**
 * Keeps LevelDB's files open, so that it can delete them in no time. LevelDB 1.20 deletes under the lock
 * that every read takes, and freeing the blocks of one table takes a file system up to a millisecond:
 * those of a compaction would stop the event loop for dozens. A file that is open loses its name alone;
 * its blocks are freed when it is closed here, in a thread for which nobody waits.
 *
 * Nothing depends on it: a file that is not held is deleted as it would be anyway.
 */
export class HeldFiles {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #files = new Map<string, File>();
  #updating: Promise<void> | undefined = undefined;
  #isClosed = false;

  constructor(fs: FileSystem, directory: string) {
    this.#fs = fs;
    this.#directory = directory;
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
      if (this.#isClosed || this.#files.size === FILES_MAX) {
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
    } catch {
      // It may be gone already, or there are no descriptors left: it is not held then.
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
