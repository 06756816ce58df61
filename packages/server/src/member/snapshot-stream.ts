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

/** The whole view in order of buckets and keys. Does not close the view. */
export async function* encodeSnapshot(view: FrozenView): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  let crc = 0;
  const flush = (): Uint8Array => {
    const chunk = Buffer.concat(parts, bytes);
    crc = crc32c(chunk, crc);
    parts = [];
    bytes = 0;
    return chunk;
  };
  for (const bucket of stateBuckets()) {
    for await (const entries of entryBatches(view.iterate(bucket))) {
      for (const [key, value] of entries) {
        parts.push(recordHeader(bucket, key.length, value.length), key, value);
        bytes += RECORD_HEADER_BYTES + key.length + value.length;
        if (bytes >= CHUNK_BYTES) yield flush();
      }
    }
  }
  yield flush();
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(crc, 1);
  yield end;
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
  #unread: Buffer = Buffer.alloc(0);
  #offset = 0;
  #crc = 0;
  #ended = false;

  constructor(visit: SnapshotVisitor) {
    this.#visit = visit;
  }

  /** Visits each record that the chunk completes. The visited bytes are copies. */
  push(chunk: Uint8Array): void {
    let bytes =
      this.#unread.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#unread, chunk]);
    for (let length = this.#take(bytes); length > 0; length = this.#take(bytes)) {
      this.#offset += length;
      bytes = bytes.subarray(length);
    }
    this.#unread = bytes;
  }

  /** To be called when the stream is over. */
  finish(): void {
    if (!this.#ended || this.#unread.length > 0) this.#fail("snapshot stream is cut off");
  }

  /** Bytes of the first record in `bytes`, now visited; 0 when it is not whole yet. */
  #take(bytes: Buffer): number {
    if (bytes.length === 0) return 0;
    if (this.#ended) this.#fail("bytes after the end of the snapshot");
    const bucket = bytes[0]!;
    if (bucket === 0) return this.#takeEnd(bytes);
    if (bytes.length < RECORD_HEADER_BYTES) return 0;
    const keyLength = bytes.readUInt32LE(1);
    const valueLength = bytes.readUInt32LE(5);
    if (!isBucket(bucket) || isOfBackend(bucket)) this.#fail(`unknown bucket ${bucket}`);
    if (Math.max(keyLength, valueLength) > FIELD_BYTES_MAX) this.#fail("impossible record length");
    const length = RECORD_HEADER_BYTES + keyLength + valueLength;
    if (bytes.length < length) return 0;
    this.#crc = crc32c(bytes.subarray(0, length), this.#crc);
    const valueStart = RECORD_HEADER_BYTES + keyLength;
    const key = Buffer.from(bytes.subarray(RECORD_HEADER_BYTES, valueStart));
    this.#visit(bucket, key, Buffer.from(bytes.subarray(valueStart, length)));
    return length;
  }

  #takeEnd(bytes: Buffer): number {
    if (bytes.length < END_BYTES) return 0;
    if (bytes.readUInt32LE(1) !== this.#crc) this.#fail("snapshot checksum does not match");
    this.#ended = true;
    return END_BYTES;
  }

  #fail(reason: string): never {
    throw new CorruptionError("snapshot stream", this.#offset, reason);
  }
}
