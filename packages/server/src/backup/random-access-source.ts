import { readFully } from "../env/file-io.ts";
import type { File, FileSystem } from "../env/file-system.ts";
import { CorruptionError } from "../lib/corruption-error.ts";

/** A file of known, unchanging size that can be read anywhere. */
export interface RandomAccessSource {
  /** The file's path, for messages. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`; the range lies within `size`. The buffer is the caller's
   * and is not written to again.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over an open file. Close it. */
export class FileSource implements RandomAccessSource {
  readonly name: string;
  readonly size: number;
  readonly #file: File;
  readonly #reads = new Set<Promise<unknown>>();

  private constructor(file: File, size: number) {
    this.name = file.path;
    this.size = size;
    this.#file = file;
  }

  /** Opens for reading; rejects as `FileSystem.open` does. */
  static async open(fs: FileSystem, path: string): Promise<FileSource> {
    const file = await fs.open(path);
    try {
      return new FileSource(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Throws `CorruptionError` when the file has become shorter. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const buffer = Buffer.allocUnsafeSlow(length);
    const reading = readFully(this.#file, buffer, offset);
    this.#reads.add(reading);
    const count = await reading.finally(() => this.#reads.delete(reading));
    if (count < length) {
      const reason = `file ends, ${length - count} more bytes wanted`;
      throw new CorruptionError(this.name, offset + count, reason);
    }
    return buffer;
  }

  /** Waits for reads that nobody waits for any more. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#reads);
    await this.#file.close();
  }
}

/** A source over bytes in memory. */
export function bytesSource(name: string, bytes: Uint8Array): RandomAccessSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
  };
}
