/**
 * Keeps the newest records of keys in memory, on their `KeyIndex`, up to a number of bytes. First in,
 * first out: what was written or read longest ago leaves first.
 */
import { RingBuffer } from "../lib/ring-buffer.ts";
import type { KeyIndex } from "./index/key-index.ts";

/** What a cached record costs beside its bytes: a Buffer object and a place in the queue. */
const OVERHEAD_BYTES = 128;
const QUEUE_LENGTH_MAX = 2 ** 26;

export class RecordCache {
  readonly #bytesMax: number;
  /** Every key index with a record is in here, and some whose record is gone. */
  readonly #queue = new RingBuffer<KeyIndex>(QUEUE_LENGTH_MAX);
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** `record` is the newest version of the key. */
  set(keyIndex: KeyIndex, record: Uint8Array): void {
    if (keyIndex.record === undefined) {
      this.#queue.push(keyIndex);
      this.#bytes += OVERHEAD_BYTES;
    } else {
      this.#bytes -= keyIndex.record.length;
    }
    keyIndex.record = record;
    this.#bytes += record.length;
    this.#evict();
  }

  delete(keyIndex: KeyIndex): void {
    if (keyIndex.record !== undefined) {
      this.#bytes -= keyIndex.record.length + OVERHEAD_BYTES;
      keyIndex.record = undefined;
    }
  }

  #evict(): void {
    const lengthMax = Math.ceil(this.#bytesMax / OVERHEAD_BYTES) + 1;
    while (this.#bytes > this.#bytesMax || this.#queue.size > lengthMax) {
      const oldest = this.#queue.shift();
      if (oldest === undefined) {
        return;
      }
      this.delete(oldest);
    }
  }
}
