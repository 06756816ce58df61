/**
 * The snapshot file as a stream: a bbolt image and the SHA-256 of it. Memory stays flat and no
 * temporary file is written, whatever the size of the store.
 */
import { createHash } from "node:crypto";
import type { BucketSource } from "./bolt/bucket-source.ts";
import { planImage } from "./bolt/image-plan.ts";
import { writeImage } from "./bolt/image-writer.ts";
import { PageSlabs } from "./bolt/page-slabs.ts";
import { DIGEST_BYTES } from "./digest.ts";

export interface SnapshotStream {
  /** Size of the database image; what etcd counts `remaining_bytes` down from. */
  readonly imageBytes: number;
  /** Size of the file, digest included. */
  readonly totalBytes: number;
  /**
   * The file in order, once: chunks of about 128 KiB, then the digest in a chunk of its own. Entries
   * are read as chunks are pulled; ending the iteration early ends the sources' iterations.
   */
  readonly chunks: AsyncGenerator<Buffer>;
  /** Gives a chunk back whose memory may be used again: whoever keeps chunks does not call it. */
  release(chunk: Buffer): void;
}

/**
 * Plans the file from one pass over the lengths of all entries. `buckets` are in ascending order
 * of name and stay frozen until the stream has ended. Rejects when a source does.
 */
export async function openSnapshotStream(
  buckets: readonly BucketSource[],
): Promise<SnapshotStream> {
  const plan = await planImage(buckets);
  const slabs = new PageSlabs();
  return {
    imageBytes: plan.bytes,
    totalBytes: plan.bytes + DIGEST_BYTES,
    chunks: withDigest(writeImage(buckets, plan, slabs)),
    release: (chunk) => slabs.release(chunk),
  };
}

async function* withDigest(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}
