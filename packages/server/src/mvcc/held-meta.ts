import type { Backend } from "../storage/backend.ts";
import { buckets } from "../storage/buckets.ts";

/** Entries are joined up to this size, half a page. */
const PIECE_BYTES = 4096;

/**
 * Entries of bucket key-meta that must not be in any checkpoint yet: joined into pieces as they come,
 * so that handing over a hundred thousand takes a moment.
 */
export class HeldMeta {
  readonly #keys: Uint8Array[] = [];
  readonly #pieces: Buffer[] = [];
  #piece: Buffer = Buffer.alloc(0);
  #used = 0;

  /** In order of revision; copies the entry. */
  add(revisionKey: () => Uint8Array, entry: Uint8Array): void {
    if (this.#used + entry.length > this.#piece.length) {
      this.#endPiece();
      this.#piece = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, entry.length));
      this.#keys.push(revisionKey());
    }
    this.#piece.set(entry, this.#used);
    this.#used += entry.length;
  }

  /** Hands everything over; to be called once. */
  moveTo(backend: Pick<Backend, "pack">): void {
    this.#endPiece();
    for (const [at, key] of this.#keys.entries()) {
      backend.pack(buckets.keyMeta, key, this.#pieces[at]!);
    }
  }

  #endPiece(): void {
    if (this.#used > 0) {
      this.#pieces.push(this.#piece.subarray(0, this.#used));
    }
    this.#used = 0;
  }
}
