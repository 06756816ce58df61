/**
 * The trailer of a snapshot file: 32 bytes of SHA-256 over the image before it. An image is whole
 * pages, so a file has a trailer exactly when its size modulo 512 is 32; a database file copied
 * from a data directory has none.
 */
import { createHash } from "node:crypto";
import type { RandomAccessSource } from "./random-access-source.ts";

export const DIGEST_BYTES = 32;

/** The smallest disk sector: every page size is a multiple of it. */
const SECTOR_BYTES = 512;
const READ_BYTES = 1024 * 1024;

export function hasDigest(fileBytes: number): boolean {
  return fileBytes % SECTOR_BYTES === DIGEST_BYTES;
}

/** Size of the file without its trailer, if it has one. */
export function imageBytesOf(fileBytes: number): number {
  return hasDigest(fileBytes) ? fileBytes - DIGEST_BYTES : fileBytes;
}

/** A file without a digest, or with one that its content does not have. Texts are etcd's. */
export class SnapshotDigestError extends Error {
  override readonly name = "SnapshotDigestError";
}

/** Reads the whole file once and throws `SnapshotDigestError` unless it is as it was saved. */
export async function verifyDigest(source: RandomAccessSource): Promise<void> {
  if (!hasDigest(source.size)) {
    throw new SnapshotDigestError("snapshot missing hash but --skip-hash-check=false");
  }
  const imageBytes = imageBytesOf(source.size);
  const hash = createHash("sha256");
  for (let offset = 0; offset < imageBytes; offset += READ_BYTES) {
    hash.update(await source.read(offset, Math.min(READ_BYTES, imageBytes - offset)));
  }
  const expected = await source.read(imageBytes, DIGEST_BYTES);
  const actual = hash.digest();
  if (!actual.equals(expected)) {
    throw new SnapshotDigestError(
      `expected sha256 ${asGoSlice(expected)}, got ${asGoSlice(actual)}`,
    );
  }
}

function asGoSlice(bytes: Uint8Array): string {
  return `[${[...bytes].join(" ")}]`;
}
