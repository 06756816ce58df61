/** Message compression: requests may be gzipped, responses are not. */
import { gunzipSync } from "node:zlib";
import { RpcError, StatusCode } from "./status.ts";

/** What we say we understand. */
export const ACCEPTED_ENCODINGS = "identity,gzip";

export function isKnownEncoding(encoding: string): boolean {
  return encoding === "identity" || encoding === "gzip";
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}

/** Throws `RpcError` when the bytes are no gzip, or become more than `bytesMax`. */
export function inflate(bytes: Uint8Array, bytesMax: number): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (error) {
    if (isTooLarge(error)) {
      const text = `grpc: received message after decompression larger than max ${bytesMax}`;
      throw new RpcError(StatusCode.ResourceExhausted, text, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    const text = `grpc: failed to decompress the received message: ${reason}`;
    throw new RpcError(StatusCode.Internal, text, { cause: error });
  }
}
