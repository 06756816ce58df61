/**
 * Frames on a peer stream: a 32-bit little-endian length, then that many bytes of one encoded Raft
 * message. Length 0 is a heartbeat of the link itself, so that an idle stream can be told from a
 * dead one.
 */

/** A longer frame means the peer speaks something else; the stream is closed. */
export const FRAME_BYTES_MAX: number = 512 * 1024 * 1024;

const HEADER_BYTES = 4;

export const LINK_HEARTBEAT: Uint8Array = new Uint8Array(HEADER_BYTES);

export function frameHeader(length: number): Uint8Array {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(length, 0);
  return header;
}

/** Cuts a byte stream into frames, whatever the chunking. Heartbeats are passed over. */
export class FrameReader {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Bytes of the frame being read, header included; undefined until its header is whole. */
  #wanted: number | undefined;

  /** The frames that `chunk` completes, in order. Throws RangeError on an impossible length. */
  push(chunk: Buffer): Buffer[] {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    const frames: Buffer[] = [];
    for (let frame = this.#take(); frame !== undefined; frame = this.#take()) {
      if (frame.length > 0) frames.push(frame);
    }
    return frames;
  }

  #take(): Buffer | undefined {
    this.#wanted ??= this.#frameLength();
    if (this.#wanted === undefined || this.#pendingBytes < this.#wanted) return undefined;
    const joined = this.#joined();
    const frame = joined.subarray(HEADER_BYTES, this.#wanted);
    const rest = joined.subarray(this.#wanted);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    this.#wanted = undefined;
    return frame;
  }

  #frameLength(): number | undefined {
    if (this.#pendingBytes < HEADER_BYTES) return undefined;
    const length = this.#joined().readUInt32LE(0);
    if (length > FRAME_BYTES_MAX) throw new RangeError(`peer frame of ${length} bytes`);
    return HEADER_BYTES + length;
  }

  #joined(): Buffer {
    if (this.#pending.length > 1) this.#pending = [Buffer.concat(this.#pending)];
    return this.#pending[0] ?? Buffer.alloc(0);
  }
}
