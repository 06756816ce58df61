/** Streaming a backup: blobs of 32 KiB with the bytes that remain, the digest as a last message. */
import { SnapshotResponse } from "@kvorum/proto";
import type { Log } from "../env/env.ts";
import { assert } from "../lib/assert.ts";
import type { BackupStream, MemberPort } from "../member/ports.ts";
import type { Call, ResponseSink } from "../rpc/service.ts";
import { untilWritable } from "./until-writable.ts";

const BLOB_BYTES = 32 * 1024;
const DIGEST_BYTES = 32;

interface Stream {
  readonly call: Call;
  readonly sink: ResponseSink<SnapshotResponse>;
}

/** Cuts chunks of any size into blobs of a fixed size; `flush` gives what is left over. */
class BlobCutter {
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;

  /** Takes a chunk; the blobs that are complete are given to `emit`. */
  push(chunk: Uint8Array, emit: (blob: Uint8Array) => void): void {
    let rest = chunk;
    while (this.#pendingBytes + rest.length >= BLOB_BYTES) {
      const taken = BLOB_BYTES - this.#pendingBytes;
      this.#keep(rest.subarray(0, taken));
      rest = rest.subarray(taken);
      this.flush(emit);
    }
    this.#keep(rest);
  }

  flush(emit: (blob: Uint8Array) => void): void {
    if (this.#pendingBytes === 0) return;
    const [only] = this.#pending;
    const isWhole = this.#pending.length === 1 && only !== undefined;
    const blob = isWhole ? only : Buffer.concat(this.#pending, this.#pendingBytes);
    this.#pending = [];
    this.#pendingBytes = 0;
    emit(blob);
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#pending.push(part);
    this.#pendingBytes += part.length;
  }
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
  const digest: Uint8Array[] = [];
  let received = 0;
  let sent = 0;
  const emit = (blob: Uint8Array): void => {
    sent += blob.length;
    const remainingBytes = bodyBytes - sent;
    sink.write(SnapshotResponse.create({ remainingBytes, blob, version }));
  };
  for await (const chunk of backup.chunks) {
    const cut = Math.max(0, Math.min(chunk.length, bodyBytes - received));
    received += chunk.length;
    body.push(chunk.subarray(0, cut), emit);
    if (received >= bodyBytes) body.flush(emit);
    if (cut < chunk.length) digest.push(chunk.subarray(cut));
    if (!sink.isWritable) await untilWritable(call, sink);
    if (call.isCanceled) return;
  }
  assert(received === backup.totalBytes, `a backup of ${backup.totalBytes} bytes had ${received}`);
  sink.write(SnapshotResponse.create({ blob: Buffer.concat(digest), version }));
}
