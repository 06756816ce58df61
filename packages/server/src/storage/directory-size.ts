import type { FileSystem } from "../env/file-system.ts";
import { errorCode } from "../lib/error-code.ts";

/** Of a table; LevelDB's other files grow, or are written again. */
const TABLE_SUFFIX = ".ldb";

interface Table {
  readonly bytes: number;
  /** It has not grown since the look before: a table that is written is written to its end. */
  readonly isWhole: boolean;
}

/**
 * How much is in LevelDB's directory. A large store has thousands of tables, and is measured every
 * second: those that are known to be whole are not looked at again.
 */
export class DirectorySize {
  readonly #fs: FileSystem;
  readonly #directory: string;
  #tables: ReadonlyMap<string, Table> = new Map();

  constructor(fs: FileSystem, directory: string) {
    this.#fs = fs;
    this.#directory = directory;
  }

  /** `names`: what is in the directory. */
  async measure(names: readonly string[]): Promise<number> {
    const tables = new Map<string, Table>();
    let sum = 0;
    for (const name of names) {
      const known = this.#tables.get(name);
      const bytes = known?.isWhole === true ? known.bytes : await this.#fileBytes(name);
      sum += bytes;
      if (name.endsWith(TABLE_SUFFIX)) {
        tables.set(name, { bytes, isWhole: bytes > 0 && known?.bytes === bytes });
      }
    }
    this.#tables = tables;
    return sum;
  }

  /** Files come and go while LevelDB compacts. */
  async #fileBytes(name: string): Promise<number> {
    try {
      return (await this.#fs.stat(`${this.#directory}/${name}`)).size;
    } catch (error) {
      if (errorCode(error) === "ENOENT") {
        return 0;
      }
      throw error;
    }
  }
}
