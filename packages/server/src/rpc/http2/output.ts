/**
 * Bytes on their way to a socket. Frames are written into slabs; large payloads go between them as they
 * are. Slabs come from a pool that all connections of a server share: a connection holds one only from
 * its first frame of a turn until the socket has taken it.
 */
import type { LongMessage } from "../../lib/long-message.ts";
import { SlabPool } from "../../lib/slab-pool.ts";

const SLAB_BYTES = 16 * 1024;
const POOLED_SLABS_MAX = 256;
const NO_BYTES = Buffer.alloc(0);
/** Payloads up to this are copied: cheaper than a buffer of their own in a vectored write. */
const COPY_BYTES_MAX = 4096;

/** A pool for all connections of a server. */
export function outputSlabs(): SlabPool {
  return new SlabPool(SLAB_BYTES, POOLED_SLABS_MAX);
}

export class Output {
  readonly #pool: SlabPool;
  /** Where to write next: `slab[used]`, after `reserve`. */
  slab: Buffer = NO_BYTES;
  used = 0;
  #sealed = 0;
  #slabs: Buffer[] = [];
  /** Those of which the socket has not taken everything. */
  #lent: Buffer[] = [];
  #chunks: Buffer[] = [];
  #chunkBytes = 0;

  constructor(pool: SlabPool) {
    this.#pool = pool;
  }

  get size(): number {
    return this.#chunkBytes + this.used - this.#sealed;
  }

  /** Makes room for `count` bytes at `slab[used]`. */
  reserve(count: number): void {
    if (this.slab.length - this.used >= count) return;
    this.#seal();
    this.slab = this.#pool.take(count);
    this.#slabs.push(this.slab);
    this.used = 0;
    this.#sealed = 0;
  }

  /** Writes `bytes`, which must not change until they are sent. */
  append(bytes: Uint8Array): void {
    if (bytes.length > COPY_BYTES_MAX) {
      this.#seal();
      this.#push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return;
    }
    this.reserve(bytes.length);
    this.slab.set(bytes, this.used);
    this.used += bytes.length;
  }

  /** Writes the next `count` bytes of a message. */
  appendOf(message: LongMessage, count: number): void {
    for (let left = count; left > 0; ) {
      this.reserve(1);
      const end = Math.min(this.used + left, this.slab.length);
      message.take(this.slab, this.used, end);
      left -= end - this.used;
      this.used = end;
    }
  }

  /** All that was written, in order. The buffers are in use until `recycle` or `returned`. */
  take(): Buffer[] {
    this.#seal();
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#chunkBytes = 0;
    return chunks;
  }

  /** What `take` gave is still being sent: `returned` will be called. */
  lend(): void {
    if (this.#lent.length < POOLED_SLABS_MAX) this.#lent.push(...this.#slabs);
    this.#begin();
  }

  /** What `take` gave is still being sent, and nobody will say when it is: the slabs are not used again. */
  abandon(): void {
    this.#begin();
  }

  /** What was lent has been sent. */
  returned(): void {
    this.#pool.giveAll(this.#lent);
  }

  /** All that `take` ever gave has been sent. */
  recycle(): void {
    this.returned();
    this.#pool.giveAll(this.#slabs);
    this.#begin();
  }

  #begin(): void {
    this.#slabs.length = 0;
    this.slab = NO_BYTES;
    this.used = 0;
    this.#sealed = 0;
  }

  #seal(): void {
    if (this.used > this.#sealed) this.#push(this.slab.subarray(this.#sealed, this.used));
    this.#sealed = this.used;
  }

  #push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#chunkBytes += chunk.length;
  }
}
