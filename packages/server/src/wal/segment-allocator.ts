import type { Clock } from "../env/env.ts";
import type { File, FileSystem } from "../env/file-system.ts";
import { writeFully } from "../env/file-io.ts";
import { assert } from "../lib/assert.ts";
import { toError } from "../lib/error-code.ts";

const CHUNK_BYTES = 1024 * 1024;

/** The name of a segment that is being prepared. Left over, it is removed at the next open. */
export const preparedName = "next.tmp";

/**
 * Prepares the file of the next segment: real zeros, written and synced in chunks in the background,
 * so that later syncs have neither size nor extents to write. Works only as fast as the current
 * segment fills up, so an idle log writes nothing and a busy one spreads the load.
 */
export class SegmentAllocator {
  readonly #fs: FileSystem;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #zeros: Uint8Array;
  readonly #size: number;
  #file: File | undefined;
  #written = 0;
  #target = 0;
  #failure: Error | undefined;
  #work: Promise<void> | undefined;

  /** `size` is that of the file to prepare, in bytes. */
  constructor(fs: FileSystem, clock: Clock, directory: string, size: number) {
    this.#fs = fs;
    this.#clock = clock;
    this.#path = `${directory}/${preparedName}`;
    this.#size = size;
    this.#zeros = new Uint8Array(Math.min(CHUNK_BYTES, size));
  }

  get path(): string {
    return this.#path;
  }

  get size(): number {
    return this.#size;
  }

  /** Lets the work go on to twice the given fraction of the file. Never throws; failures wait in `take`. */
  advance(fraction: number): void {
    this.#target = Math.max(this.#target, Math.min(this.#size, 2 * fraction * this.#size));
    if (this.#work === undefined && this.#failure === undefined && this.#written < this.#target) {
      this.#work = this.#run()
        .catch((error: unknown) => {
          this.#failure = toError(error);
        })
        .finally(() => {
          this.#work = undefined;
        });
    }
  }

  /** Finishes the file and hands it over, opened for durable writes. Rejects if any step failed. */
  async take(): Promise<File> {
    await this.#finish(1);
    assert(this.#written >= this.#size, `prepared ${this.#written} of ${this.#size} bytes`);
    return this.#file!;
  }

  /** Stops and removes the file. */
  async discard(): Promise<void> {
    await this.#work;
    await this.#file?.close();
    await this.#fs.remove(this.#path);
  }

  async #finish(fraction: number): Promise<void> {
    this.advance(fraction);
    await this.#work;
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    if (this.#written < this.#size) {
      await this.#finish(fraction);
    }
  }

  async #run(): Promise<void> {
    this.#file ??= await this.#fs.open(this.#path, {
      access: "read-write",
      create: "may",
      truncate: true,
      dataSync: true,
    });
    while (this.#written < this.#target) {
      const chunk = this.#zeros.subarray(0, this.#size - this.#written);
      await writeFully(this.#file, chunk, this.#written);
      this.#written += chunk.length;
      await new Promise<void>((resolve) => {
        this.#clock.defer(resolve);
      });
    }
  }
}
