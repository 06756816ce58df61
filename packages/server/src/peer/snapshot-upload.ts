/** A snapshot being received: one framed Raft message, then the bytes of the state. */
import { decodeMessage } from "../raft/codec.ts";
import type { Message } from "../raft/messages.ts";
import { SNAPSHOT_MESSAGE_BYTES_MAX } from "./protocol.ts";

const HEADER_BYTES = 4;

export interface SnapshotUpload {
  readonly message: Message;
  /** What follows; ends early, with an error, when the sender breaks off. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Reads the message, leaves the rest to be read. */
export async function readSnapshotUpload(body: AsyncIterable<Buffer>): Promise<SnapshotUpload> {
  const source = body[Symbol.asyncIterator]();
  let read = Buffer.alloc(0);
  const readUntil = async (bytes: number): Promise<void> => {
    while (read.length < bytes) {
      const { done, value } = await source.next();
      if (done === true) throw new Error("snapshot upload ends inside its message");
      read = Buffer.concat([read, value]);
    }
  };
  await readUntil(HEADER_BYTES);
  const length = read.readUInt32LE(0);
  if (length > SNAPSHOT_MESSAGE_BYTES_MAX)
    throw new RangeError(`snapshot message of ${length} bytes`);
  await readUntil(HEADER_BYTES + length);
  const message = decodeMessage(read.subarray(HEADER_BYTES, HEADER_BYTES + length));
  return { message, chunks: remainder(read.subarray(HEADER_BYTES + length), source) };
}

async function* remainder(first: Buffer, source: AsyncIterator<Buffer>): AsyncIterable<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await source.next(); next.done !== true; next = await source.next()) {
    yield next.value;
  }
}
