/**
 * The state of a member as a byte stream, for a member that is too far behind for the log: every
 * record of a frozen view of the backend.
 *
 *   stream  := record* end
 *   record  := bucket:u8 (≥ 1)  keyLength:u32  valueLength:u32  key  value     (little-endian)
 *   end     := 0:u8  crc:u32    CRC-32C over everything before
 *
 * Chunks may be cut anywhere. A stream without its end is no snapshot.
 */
import { CorruptionError } from "../lib/corruption-error.ts";
import { crc32c } from "../lib/crc32c.ts";
import type { FrozenView } from "../storage/backend.ts";
import { entryBatches } from "../storage/entry-batches.ts";
import { type Bucket, buckets, isBucket, isOfBackend } from "../storage/buckets.ts";

const RECORD_HEADER_BYTES = 9;
const END_BYTES = 5;
const CHUNK_BYTES = 256 * 1024;
/** Longer than any key or value can be; protects the reader's memory. */
const FIELD_BYTES_MAX = 1024 * 1024 * 1024;

/** Buckets whose records make up the state; the backend's own are written by the receiver's. */
function stateBuckets(): Bucket[] {
  return Object.values(buckets).filter((bucket) => !isOfBackend(bucket));
}

/**
 * The whole view in order of buckets and keys. All chunks lie in the same memory: each is void as soon as
 * the next is asked for. Does not close the view.
 */
export async function* encodeSnapshot(view: FrozenView): AsyncGenerator<Uint8Array> {
  const chunk = new ChunkBuffer();
  for (const bucket of stateBuckets()) {
    for await (const entries of entryBatches(view.iterate(bucket))) {
      for (const [key, value] of entries) {
        for (const part of [recordHeader(bucket, key.length, value.length), key, value]) {
          for (let at = chunk.add(part, 0); chunk.isFull; at = chunk.add(part, at)) {
            yield chunk.take();
          }
        }
      }
    }
  }
  yield chunk.take();
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(chunk.crc, 1);
  yield end;
}

/** Memory that is filled again and again: new memory for each chunk keeps the garbage collector busy. */
class ChunkBuffer {
  readonly #bytes = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #used = 0;
  #crc = 0;

  /** Of all that was taken. */
  get crc(): number {
    return this.#crc;
  }

  get isFull(): boolean {
    return this.#used === CHUNK_BYTES;
  }

  /** Adds what there is room for of the part from `start` on; returns where it ends. */
  add(part: Uint8Array, start: number): number {
    const end = Math.min(part.length, start + CHUNK_BYTES - this.#used);
    this.#bytes.set(
      start === 0 && end === part.length ? part : part.subarray(start, end),
      this.#used,
    );
    this.#used += end - start;
    return end;
  }

  take(): Uint8Array {
    const chunk = this.#bytes.subarray(0, this.#used);
    this.#crc = crc32c(chunk, this.#crc);
    this.#used = 0;
    return chunk;
  }
}

function recordHeader(bucket: Bucket, keyLength: number, valueLength: number): Buffer {
  const header = Buffer.allocUnsafe(RECORD_HEADER_BYTES);
  header[0] = bucket;
  header.writeUInt32LE(keyLength, 1);
  header.writeUInt32LE(valueLength, 5);
  return header;
}

export type SnapshotVisitor = (bucket: Bucket, key: Uint8Array, value: Uint8Array) => void;

/** Reads a stream back. Throws CorruptionError for anything but a whole, unaltered snapshot. */
export class SnapshotReader {
  readonly #visit: SnapshotVisitor;
  /** The beginning of a record that goes on in the next chunk, */
  #parts: Buffer[] = [];
  #gathered = 0;
  /** and how long it must be, as far as is known. */
  #needed = 0;
  #offset = 0;
  #crc = 0;
  #ended = false;

  constructor(visit: SnapshotVisitor) {
    this.#visit = visit;
  }

  /**
   * Visits each record that the chunk completes. The visited bytes lie in the chunk, which must not change
   * any more.
   */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    let at = this.#complete(bytes);
    while (at < bytes.length) {
      const length = this.#take(bytes, at);
      if (length === 0) {
        this.#keep(bytes.subarray(at));
        return;
      }
      at += length;
    }
  }

  /** To be called when the stream is over. */
  finish(): void {
    if (!this.#ended || this.#gathered > 0) this.#fail("snapshot stream is cut off");
  }

  /** Goes on with the record that was begun; returns where it ends. */
  #complete(bytes: Buffer): number {
    let at = 0;
    while (this.#gathered > 0 && at < bytes.length) {
      const part = bytes.subarray(at, at + this.#needed - this.#gathered);
      at += part.length;
      this.#keep(part);
      if (this.#gathered < this.#needed) continue;
      const whole = Buffer.concat(this.#parts, this.#gathered);
      this.#parts = [];
      this.#gathered = 0;
      // Only now it may say how long it is.
      if (this.#take(whole, 0) === 0) this.#keep(whole);
    }
    return at;
  }

  #keep(part: Buffer): void {
    this.#parts.push(part);
    this.#gathered += part.length;
  }

  /** Bytes of the record at `at`, now visited; 0 when it is not whole yet. */
  #take(bytes: Buffer, at: number): number {
    if (this.#ended) this.#fail("bytes after the end of the snapshot");
    const length = this.#lengthAt(bytes, at);
    this.#needed = length;
    if (bytes.length - at < length) return 0;
    if (bytes[at] === 0) this.#takeEnd(bytes, at);
    else this.#takeRecord(bytes, at, at + length);
    this.#offset += length;
    return length;
  }

  /** Of what begins at `at`; of its header where that is not whole. */
  #lengthAt(bytes: Buffer, at: number): number {
    const bucket = bytes[at]!;
    if (bucket === 0) return END_BYTES;
    if (!isBucket(bucket) || isOfBackend(bucket)) this.#fail(`unknown bucket ${bucket}`);
    if (bytes.length - at < RECORD_HEADER_BYTES) return RECORD_HEADER_BYTES;
    const keyLength = bytes.readUInt32LE(at + 1);
    const valueLength = bytes.readUInt32LE(at + 5);
    if (Math.max(keyLength, valueLength) > FIELD_BYTES_MAX) this.#fail("impossible record length");
    return RECORD_HEADER_BYTES + keyLength + valueLength;
  }

  #takeRecord(bytes: Buffer, start: number, end: number): void {
    this.#crc = crc32c(bytes, this.#crc, start, end);
    const keyStart = start + RECORD_HEADER_BYTES;
    const keyEnd = keyStart + bytes.readUInt32LE(start + 1);
    const bucket = bytes[start] as Bucket;
    this.#visit(bucket, bytes.subarray(keyStart, keyEnd), bytes.subarray(keyEnd, end));
  }

  #takeEnd(bytes: Buffer, at: number): void {
    if (bytes.readUInt32LE(at + 1) !== this.#crc) this.#fail("snapshot checksum does not match");
    this.#ended = true;
  }

  #fail(reason: string): never {
    throw new CorruptionError("snapshot stream", this.#offset, reason);
  }
}
