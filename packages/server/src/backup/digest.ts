/**
 * The trailer of a snapshot file: 32 bytes of SHA-256 over the image before it. An image is whole
 * pages, so a file has a trailer exactly when its size modulo 512 is 32; a database file copied
 * from a data directory has none.
 */
import { createHash } from "node:crypto";
import type { RandomAccessSource } from "./random-access-source.ts";

export const DIGEST_BYTES = 32;

/** The smallest disk sector: every page size is a multiple of it. */
const SECTOR_BYTES = 512;
const READ_BYTES = 1024 * 1024;
const GAP_BYTES_MAX = 64 * 1024;

export function hasDigest(fileBytes: number): boolean {
  return fileBytes % SECTOR_BYTES === DIGEST_BYTES;
}

/** Size of the file without its trailer, if it has one. */
export function imageBytesOf(fileBytes: number): number {
  return hasDigest(fileBytes) ? fileBytes - DIGEST_BYTES : fileBytes;
}

/** A file without a digest, or with one that its content does not have. Texts are etcd's. */
export class SnapshotDigestError extends Error {
  override readonly name = "SnapshotDigestError";
}

/**
 * Hashes what is read through it, as far as that is read in the order of the file, so that a file
 * which is read anyway need not be read again to be verified.
 */
export class DigestSource implements RandomAccessSource {
  readonly #inner: RandomAccessSource;
  readonly #imageBytes: number;
  readonly #hash = createHash("sha256");
  /** What lies before is hashed. */
  #hashed = 0;

  constructor(inner: RandomAccessSource) {
    this.#inner = inner;
    this.#imageBytes = imageBytesOf(inner.size);
  }

  get name(): string {
    return this.#inner.name;
  }

  get size(): number {
    return this.#inner.size;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    // A short gap is filled: what follows it is often the whole file in order.
    if (offset > this.#hashed && offset - this.#hashed <= GAP_BYTES_MAX) {
      await this.#advance(offset);
    }
    const bytes = await this.#inner.read(offset, length);
    this.#take(bytes, offset);
    return bytes;
  }

  /** Reads what is missing, and throws `SnapshotDigestError` unless the file is as it was saved. */
  async verify(): Promise<void> {
    if (!hasDigest(this.size)) {
      throw new SnapshotDigestError("snapshot missing hash but --skip-hash-check=false");
    }
    await this.#advance(this.#imageBytes);
    const expected = await this.#inner.read(this.#imageBytes, DIGEST_BYTES);
    const actual = this.#hash.digest();
    if (!actual.equals(expected)) {
      throw new SnapshotDigestError(
        `expected sha256 ${asGoSlice(expected)}, got ${asGoSlice(actual)}`,
      );
    }
  }

  async #advance(end: number): Promise<void> {
    while (this.#hashed < end) {
      const at = this.#hashed;
      const length = Math.min(READ_BYTES, end - at);
      this.#take(await this.#inner.read(at, length), at);
    }
  }

  #take(bytes: Uint8Array, offset: number): void {
    const end = Math.min(offset + bytes.length, this.#imageBytes);
    if (offset <= this.#hashed && this.#hashed < end) {
      this.#hash.update(bytes.subarray(this.#hashed - offset, end - offset));
      this.#hashed = end;
    }
  }
}

function asGoSlice(bytes: Uint8Array): string {
  return `[${[...bytes].join(" ")}]`;
}
