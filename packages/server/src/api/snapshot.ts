/** Streaming a backup: blobs of 32 KiB with the bytes that remain, the digest as a last message. */
import { SnapshotResponse } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import type { LongMessage } from "../lib/long-message.ts";
import { PartsMessage } from "../lib/parts-message.ts";
import { VARINT_BYTES_MAX, writeVarint } from "../lib/varint.ts";
import type { BackupStream, MemberPort } from "../member/ports.ts";
import type { Call, ResponseSink } from "../rpc/service.ts";
import { untilWritable } from "./until-writable.ts";

const BLOB_BYTES = 32 * 1024;
const DIGEST_BYTES = 32;
/** Field `blob` on the wire, the length behind it. */
const BLOB_TAG = 0x1a;

interface Stream {
  readonly call: Call;
  readonly sink: ResponseSink<SnapshotResponse>;
}

/** A part of the file that goes into one message. */
interface Blob {
  readonly parts: readonly Buffer[];
  readonly bytes: number;
  /** The chunks that end in it, or before it. */
  readonly ended: readonly Buffer[];
}

/** Cuts chunks of any size into blobs of a fixed size; `flush` gives what is left over. */
class BlobCutter {
  #parts: Buffer[] = [];
  #bytes = 0;
  #ended: Buffer[] = [];

  /** Takes the first `length` bytes of a chunk; the blobs that are complete are given to `emit`. */
  push(chunk: Buffer, length: number, emit: (blob: Blob) => void): void {
    for (let at = 0; at < length; ) {
      const end = Math.min(at + BLOB_BYTES - this.#bytes, length);
      this.#parts.push(chunk.subarray(at, end));
      this.#bytes += end - at;
      at = end;
      if (at === length) this.#ended.push(chunk);
      if (this.#bytes === BLOB_BYTES) this.flush(emit);
    }
  }

  flush(emit: (blob: Blob) => void): void {
    if (this.#bytes === 0) return;
    const blob = { parts: this.#parts, bytes: this.#bytes, ended: this.#ended };
    this.#parts = [];
    this.#bytes = 0;
    this.#ended = [];
    emit(blob);
  }
}

/** The response with a blob, which is not copied before it is sent; `onSent` when it is. */
function blobMessage(
  { parts, bytes }: Blob,
  fields: Pick<SnapshotResponse, "remainingBytes" | "version">,
  onSent: () => void,
): LongMessage {
  const head = Buffer.alloc(1 + VARINT_BYTES_MAX);
  head[0] = BLOB_TAG;
  const headEnd = writeVarint(head, 1, bytes);
  const others = SnapshotResponse.encode(SnapshotResponse.create(fields));
  return new PartsMessage([others, head.subarray(0, headEnd), ...parts], onSent);
}

export async function sendSnapshot(member: MemberPort, log: Log, stream: Stream): Promise<void> {
  const backup = await member.backup();
  const fields = { "total-bytes": backup.totalBytes, "storage-version": backup.version };
  log.info("sending database snapshot to client", fields);
  await sendBlobs(backup, stream);
  if (stream.call.isCanceled) return;
  stream.sink.end();
  log.info("successfully sent database snapshot to client", fields);
}

async function sendBlobs(backup: BackupStream, { call, sink }: Stream): Promise<void> {
  const bodyBytes = backup.totalBytes - DIGEST_BYTES;
  const { version } = backup;
  const body = new BlobCutter();
  const digest: Buffer[] = [];
  let received = 0;
  let sent = 0;
  const emit = (blob: Blob): void => {
    sent += blob.bytes;
    const remainingBytes = bodyBytes - sent;
    const release = (): void => blob.ended.forEach((chunk) => backup.release(chunk));
    sink.writeEncoded(blobMessage(blob, { remainingBytes, version }, release));
  };
  for await (const chunk of backup.chunks) {
    const cut = Math.max(0, Math.min(chunk.length, bodyBytes - received));
    received += chunk.length;
    // A chunk may be gone as soon as its part of the body is sent.
    if (cut < chunk.length) digest.push(Buffer.from(chunk.subarray(cut)));
    body.push(chunk, cut, emit);
    if (received >= bodyBytes) body.flush(emit);
    if (!sink.isWritable) await untilWritable(call, sink);
    if (call.isCanceled) return;
  }
  assert(received === backup.totalBytes, `a backup of ${backup.totalBytes} bytes had ${received}`);
  sink.write(SnapshotResponse.create({ blob: Buffer.concat(digest), version }));
}
